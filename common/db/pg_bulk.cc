#include "common/db/pg_bulk.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace kith::db {
namespace {

constexpr Oid kBytea = 17;
constexpr Oid kInt8 = 20;
constexpr Oid kText = 25;
constexpr Oid kFloat8 = 701;

absl::string_view TypeName(Oid type) {
  switch (type) {
    case kBytea:
      return "bytea";
    case kInt8:
      return "bigint";
    case kText:
      return "text";
    case kFloat8:
      return "double precision";
    default:
      return {};
  }
}

// `$n` becomes `kith.pn`, except within literals.
std::string OverArrays(absl::string_view sql) {
  std::string out;
  bool quoted = false;
  for (const char c : sql) {
    if (c == '\'') quoted = !quoted;
    if (c == '$' && !quoted) {
      absl::StrAppend(&out, "kith.p");
    } else {
      out.push_back(c);
    }
  }
  return out;
}

// The length of the parenthesis that `text` begins with, both ends included; 0 for none.
size_t ParenthesisLength(absl::string_view text) {
  int depth = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '(') ++depth;
    if (text[i] == ')' && --depth == 0) return i + 1;
    if (depth == 0) return 0;
  }
  return 0;
}

std::vector<absl::string_view> Split(absl::string_view parenthesis) {
  std::vector<absl::string_view> parts =
      absl::StrSplit(parenthesis.substr(1, parenthesis.size() - 2), ',');
  for (absl::string_view& part : parts) part = absl::StripAsciiWhitespace(part);
  return parts;
}

void AppendInt(uint64_t value, int bytes, std::string& out) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(value >> shift));
  }
}

void AppendBytes(const std::string& bytes, std::string& out) {
  AppendInt(bytes.size(), 4, out);
  out += bytes;
}

// Appends a value of the array in the server's binary form.
bool AppendElement(const Value& value, Oid type, std::string& out) {
  if (std::holds_alternative<Null>(value)) {
    AppendInt(0xFFFFFFFF, 4, out);
    return true;
  }
  if (const auto* text = std::get_if<std::string>(&value); text != nullptr && type == kText) {
    if (std::memchr(text->data(), '\0', text->size()) != nullptr) return false;
    AppendBytes(*text, out);
    return true;
  }
  if (const auto* blob = std::get_if<Blob>(&value); blob != nullptr && type == kBytea) {
    AppendBytes(blob->bytes, out);
    return true;
  }
  const auto* integer = std::get_if<int64_t>(&value);
  const auto* real = std::get_if<double>(&value);
  uint64_t bits = 0;
  if (type == kInt8 && integer != nullptr) {
    bits = static_cast<uint64_t>(*integer);
  } else if (type == kFloat8 && (integer != nullptr || real != nullptr)) {
    bits = std::bit_cast<uint64_t>(real != nullptr ? *real : static_cast<double>(*integer));
  } else {
    return false;
  }
  AppendInt(8, 4, out);
  AppendInt(bits, 8, out);
  return true;
}

// One parameter of all calls: dimensions, whether there are NULLs, the type of the elements,
// then the one dimension's size and lower bound, then the elements.
std::optional<Blob> EncodeArray(absl::Span<const Call> calls, size_t parameter, Oid type) {
  Blob array;
  AppendInt(1, 4, array.bytes);
  AppendInt(1, 4, array.bytes);
  AppendInt(type, 4, array.bytes);
  AppendInt(calls.size(), 4, array.bytes);
  AppendInt(1, 4, array.bytes);
  for (const Call& call : calls) {
    if (!AppendElement(call.params[parameter], type, array.bytes)) return std::nullopt;
  }
  return array;
}

}  // namespace

std::optional<PgBulk> PgBulk::Make(absl::string_view sql, const std::vector<Oid>& types) {
  PgBulk bulk;
  bulk.types_ = types;
  const bool known = std::none_of(types.begin(), types.end(),
                                  [](Oid type) { return TypeName(type).empty(); });
  if (types.empty() || !known) return std::nullopt;
  if (bulk.MakeSelect(sql) || bulk.MakeInsert(sql)) return bulk;
  return std::nullopt;
}

std::string PgBulk::Arrays(absl::string_view more_columns) const {
  std::string arrays, columns;
  for (size_t i = 1; i <= types_.size(); ++i) {
    const absl::string_view comma = i == 1 ? "" : ", ";
    absl::StrAppend(&arrays, comma, "$", i, "::", TypeName(types_[i - 1]), "[]");
    absl::StrAppend(&columns, comma, "p", i);
  }
  const absl::string_view ordinality = more_columns.empty() ? "" : " WITH ORDINALITY";
  return absl::StrCat("unnest(", arrays, ")", ordinality, " AS kith (", columns, more_columns,
                      ")");
}

bool PgBulk::MakeSelect(absl::string_view sql) {
  if (!absl::StartsWith(sql, "SELECT ") || absl::StrContains(sql, " FOR ") ||
      absl::StrContains(sql, " OFFSET ")) {
    return false;
  }
  is_select_ = true;
  sql_ = absl::StrCat("SELECT kith.o, found.* FROM ", Arrays(", o"), ", LATERAL (",
                      OverArrays(sql), " OFFSET 0) AS found");
  return true;
}

bool PgBulk::MakeInsert(absl::string_view sql) {
  // A subquery could see what the runs before it did.
  if (!absl::StartsWith(sql, "INSERT INTO ") || absl::StrContains(sql, "SELECT")) return false;
  const size_t begin = sql.find('(');
  if (begin == absl::string_view::npos) return false;
  const absl::string_view columns = sql.substr(begin, ParenthesisLength(sql.substr(begin)));
  absl::string_view rest = sql.substr(begin + columns.size());
  if (columns.empty() || !absl::ConsumePrefix(&rest, " VALUES ")) return false;
  const absl::string_view values = rest.substr(0, ParenthesisLength(rest));
  const absl::string_view tail = rest.substr(values.size());
  if (values.empty() || absl::StrContains(tail, "$") ||
      !ReadConflictKey(columns, values, tail)) {
    return false;
  }
  sql_ = absl::StrCat(sql.substr(0, begin + columns.size()), " SELECT ",
                      OverArrays(values.substr(1, values.size() - 2)), " FROM ", Arrays(""),
                      tail);
  return true;
}

// A statement may not change a row twice, while one run after another may.
bool PgBulk::ReadConflictKey(absl::string_view columns, absl::string_view values,
                             absl::string_view tail) {
  if (tail.empty()) return true;
  if (!absl::ConsumePrefix(&tail, " ON CONFLICT ")) return false;
  const absl::string_view target = tail.substr(0, ParenthesisLength(tail));
  if (target.empty()) return false;
  const std::vector<absl::string_view> names = Split(columns);
  const std::vector<absl::string_view> expressions = Split(values);
  if (names.size() != expressions.size()) return false;
  for (const absl::string_view name : Split(target)) {
    const auto it = std::find(names.begin(), names.end(), name);
    if (it == names.end()) return false;
    absl::string_view expression = expressions[it - names.begin()];
    size_t parameter = 0;
    if (!absl::ConsumePrefix(&expression, "$") || !absl::SimpleAtoi(expression, &parameter) ||
        parameter < 1 || parameter > types_.size()) {
      return false;
    }
    key_.push_back(parameter - 1);
  }
  return true;
}

bool PgBulk::HaveDistinctKeys(absl::Span<const Call> calls) const {
  if (key_.empty()) return true;
  absl::flat_hash_set<std::string> seen;
  for (const Call& call : calls) {
    std::string key;
    for (const size_t parameter : key_) {
      if (!AppendElement(call.params[parameter], types_[parameter], key)) return false;
    }
    if (!seen.insert(std::move(key)).second) return false;
  }
  return true;
}

std::optional<Params> PgBulk::Encode(absl::Span<const Call> calls) const {
  for (const Call& call : calls) {
    if (call.params.size() != types_.size()) return std::nullopt;
  }
  if (!HaveDistinctKeys(calls)) return std::nullopt;
  Params arrays;
  for (size_t i = 0; i < types_.size(); ++i) {
    std::optional<Blob> array = EncodeArray(calls, i, types_[i]);
    if (!array.has_value()) return std::nullopt;
    arrays.emplace_back(*std::move(array));
  }
  return arrays;
}

}  // namespace kith::db
