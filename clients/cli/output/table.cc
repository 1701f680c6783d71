#include "clients/cli/output/table.h"

#include <algorithm>

namespace kith::cli {
namespace {

constexpr absl::string_view kBold = "\033[1m";
constexpr absl::string_view kPlain = "\033[0m";

// Code points: every byte that does not continue another.
size_t Width(absl::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

std::string Padded(const std::string& text, size_t width, Align align) {
  const std::string space(width - std::min(width, Width(text)), ' ');
  return align == Align::kRight ? space + text : text + space;
}

}  // namespace

std::string Printable(absl::string_view text) {
  std::string out(text);
  for (char& c : out) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) c = '?';
  }
  return out;
}

void Table::Add(std::vector<std::string> cells) {
  cells.resize(columns_.size());
  for (std::string& cell : cells) cell = Printable(cell);
  rows_.push_back(std::move(cells));
}

void Table::Print(std::ostream& out, bool color, absl::string_view indent) const {
  if (rows_.empty()) {
    out << indent << "no " << what_ << '\n';
    return;
  }
  std::vector<size_t> widths;
  std::vector<std::string> header;
  for (size_t i = 0; i < columns_.size(); ++i) {
    widths.push_back(Width(columns_[i].name));
    header.push_back(columns_[i].name);
    for (const auto& row : rows_) widths[i] = std::max(widths[i], Width(row[i]));
  }
  const auto print_row = [&](const std::vector<std::string>& cells) {
    std::string line(indent);
    for (size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) line += "  ";
      line += Padded(cells[i], widths[i], columns_[i].align);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    return line;
  };
  if (color) out << kBold;
  out << print_row(header);
  if (color) out << kPlain;
  out << '\n';
  for (const auto& row : rows_) out << print_row(row) << '\n';
}

void PrintHeading(std::ostream& out, bool color, absl::string_view text) {
  out << '\n';
  if (color) out << kBold;
  out << text;
  if (color) out << kPlain;
  out << '\n';
}

}  // namespace kith::cli
