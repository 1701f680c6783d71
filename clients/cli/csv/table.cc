#include "clients/cli/csv/table.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "clients/cli/text/parse.h"
#include "common/base/status_macros.h"

namespace kith::cli::csv {
namespace {

bool Contains(const std::vector<std::string>& list, const std::string& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

// The columns of the schema that `header` names, if `separator` is between them.
size_t CountKnown(absl::string_view header, char separator, const Schema& schema) {
  size_t count = 0;
  for (const absl::string_view field : absl::StrSplit(header, separator)) {
    const std::string name = absl::AsciiStrToLower(
        absl::StripAsciiWhitespace(absl::StrReplaceAll(field, {{"\"", ""}})));
    if (Contains(schema.required, name) || Contains(schema.optional, name)) ++count;
  }
  return count;
}

// What a file with this first line looks like, which cannot be read; empty: like none that is
// known.
std::string WhatElse(absl::string_view header, const Schema& schema) {
  if (absl::StartsWith(header, "\xFF\xFE") || absl::StartsWith(header, "\xFE\xFF") ||
      absl::StrContains(header, absl::string_view("\0", 1))) {
    return "the file looks like UTF-16; save it as CSV in UTF-8";
  }
  constexpr std::pair<char, absl::string_view> kSeparators[] = {
      {';', "semicolons"}, {'\t', "tabs"}, {'|', "bars"}};
  const size_t by_commas = CountKnown(header, ',', schema);
  for (const auto& [separator, name] : kSeparators) {
    if (CountKnown(header, separator, schema) <= by_commas) continue;
    return absl::StrCat("the columns look separated by ", name,
                        "; save it as CSV with commas between them");
  }
  return "";
}

// An error about a column.
absl::Status About(const std::string& column, absl::string_view text) {
  return absl::InvalidArgumentError(absl::StrCat(column, ": ", text));
}

}  // namespace

const std::string& Row::Get(const std::string& column) const {
  static const auto& empty = *new std::string();
  const auto found = values.find(column);
  return found == values.end() ? empty : found->second;
}

absl::StatusOr<std::string> Row::Required(const std::string& column) const {
  const std::string& value = Get(column);
  if (value.empty()) return About(column, "is empty");
  return value;
}

absl::StatusOr<absl::Time> Row::RequiredTime(const std::string& column) const {
  KITH_ASSIGN_OR_RETURN(const std::string text, Required(column));
  auto time = ParseTimeText(text);
  if (!time.ok()) return About(column, time.status().message());
  return time;
}

absl::StatusOr<Money> Row::Amount(absl::string_view default_currency) const {
  KITH_ASSIGN_OR_RETURN(const std::string text, Required("amount"));
  std::string currency = Get("currency");
  if (currency.empty()) currency = std::string(default_currency);
  if (currency.empty()) return About("currency", "is empty");
  auto money = ParseMajorUnits(text, currency);
  if (!money.ok()) return About("amount", money.status().message());
  if (money->minor < 0) return About("amount", absl::StrCat("'", text, "' is negative"));
  return money;
}

absl::StatusOr<TableReader> TableReader::Open(std::istream& in, const Schema& schema) {
  TableReader table(in);
  Record record;
  if (!table.reader_.Next(&record)) {
    return absl::InvalidArgumentError(
        "the file is empty; its first line must name the columns");
  }
  const absl::Status status =
      record.error.empty()
          ? table.TakeHeader(record, schema)
          : absl::InvalidArgumentError(absl::StrCat("line 1: ", record.error));
  if (status.ok()) return table;
  const std::string otherwise = WhatElse(record.raw, schema);
  return otherwise.empty() ? status : absl::InvalidArgumentError(otherwise);
}

absl::Status TableReader::TakeHeader(const Record& record, const Schema& schema) {
  header_ = record.raw;
  std::set<std::string> seen;
  for (const std::string& field : record.fields) {
    const std::string name =
        absl::AsciiStrToLower(std::string(absl::StripAsciiWhitespace(field)));
    const bool known = Contains(schema.required, name) || Contains(schema.optional, name);
    if (known && !seen.insert(name).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("the column '", name, "' is there twice"));
    }
    columns_.push_back(known ? name : "");
    if (!known && !name.empty()) ignored_.push_back(name);
  }
  std::vector<std::string> missing;
  for (const std::string& column : schema.required) {
    if (seen.count(column) == 0) missing.push_back(absl::StrCat("'", column, "'"));
  }
  if (missing.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("required column missing: ", absl::StrJoin(missing, ", "), "; needed are ",
                   absl::StrJoin(schema.required, ", ")));
}

bool TableReader::Has(const std::string& column) const { return Contains(columns_, column); }

bool TableReader::Next(Row* row) {
  Record record;
  if (!reader_.Next(&record)) return false;
  *row = Row{record.line, std::move(record.raw), std::move(record.error), {}};
  if (!row->error.empty()) return true;
  if (record.fields.size() != columns_.size()) {
    row->error = absl::StrCat("has ", record.fields.size(), " fields, the header has ",
                              columns_.size());
    return true;
  }
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].empty()) continue;
    row->values[columns_[i]] = std::string(absl::StripAsciiWhitespace(record.fields[i]));
  }
  return true;
}

}  // namespace kith::cli::csv
