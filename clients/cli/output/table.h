// Text tables for people.
#ifndef KITH_CLIENTS_CLI_OUTPUT_TABLE_H_
#define KITH_CLIENTS_CLI_OUTPUT_TABLE_H_

#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace kith::cli {

enum class Align { kLeft, kRight };

// A column of a table.
struct Column {
  std::string name;
  Align align = Align::kLeft;
};

// Collects rows and prints them with columns as wide as their widest cell. Widths count
// code points; control characters of cells are shown as `?`. Without rows it is a sentence:
// `no rewards`.
class Table {
 public:
  // `rows` is what the rows are, in the plural.
  Table(std::string rows, std::vector<Column> columns)
      : what_(std::move(rows)), columns_(std::move(columns)) {}

  // `cells` has at most as many entries as there are columns; missing ones are empty.
  void Add(std::vector<std::string> cells);
  bool empty() const { return rows_.empty(); }
  // With `color`, the header is bold (ANSI).
  void Print(std::ostream& out, bool color, absl::string_view indent = "") const;

 private:
  const std::string what_;
  const std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// `text` with control characters replaced, so that data cannot drive a terminal.
std::string Printable(absl::string_view text);

// Prints a heading, bold with `color`, and an empty line before it.
void PrintHeading(std::ostream& out, bool color, absl::string_view text);

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_OUTPUT_TABLE_H_
