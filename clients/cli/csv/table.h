// CSV records by column name, checked against what a kind of file must have.
#ifndef KITH_CLIENTS_CLI_CSV_TABLE_H_
#define KITH_CLIENTS_CLI_CSV_TABLE_H_

#include <cstdint>
#include <istream>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "clients/cli/csv/reader.h"
#include "common/base/money.h"

namespace kith::cli::csv {

// The columns of a kind of file.
struct Schema {
  std::vector<std::string> required;
  std::vector<std::string> optional;
};

// One record. Values are trimmed.
struct Row {
  int64_t line = 0;
  std::string raw;
  std::string error;  // not empty: the record is broken, values are empty
  std::map<std::string, std::string> values;

  // The value of a column; empty when the file has no such column.
  const std::string& Get(const std::string& column) const;
  // The value of a column, or an error that names it.
  absl::StatusOr<std::string> Required(const std::string& column) const;
  // The time in a column.
  absl::StatusOr<absl::Time> RequiredTime(const std::string& column) const;
  // The amount in `amount` with `currency`, which is that of the program when the row has
  // none. An error when it is no decimal, negative, or the currency is missing.
  absl::StatusOr<Money> Amount(absl::string_view default_currency) const;
};

// Reads a file with a header line. Column order is free; names are trimmed and compared
// without case; columns that the schema does not know are ignored. Not thread-safe.
class TableReader {
 public:
  // Reads the header. INVALID_ARGUMENT when it lacks a required column, names one twice, or
  // the file is empty; what has other separators than commas, or is UTF-16, is told as such.
  // `in` outlives the reader.
  static absl::StatusOr<TableReader> Open(std::istream& in, const Schema& schema);

  // False at the end. A broken record is a row with an error.
  bool Next(Row* row);
  // The header line as it stands in the file.
  const std::string& header() const { return header_; }
  // Whether the file has this column of the schema.
  bool Has(const std::string& column) const;
  // Names of columns that are not read; those without a name are left out.
  const std::vector<std::string>& ignored() const { return ignored_; }
  int64_t bytes_consumed() const { return reader_.bytes_consumed(); }
  bool failed() const { return reader_.failed(); }

 private:
  explicit TableReader(std::istream& in) : reader_(in) {}
  absl::Status TakeHeader(const Record& record, const Schema& schema);

  Reader reader_;
  std::string header_;
  std::vector<std::string> columns_;  // by position; empty for an ignored one
  std::vector<std::string> ignored_;
};

}  // namespace kith::cli::csv

#endif  // KITH_CLIENTS_CLI_CSV_TABLE_H_
