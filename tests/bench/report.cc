#include "tests/bench/report.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace kith::bench {
namespace {

std::string Target(const Row& row) {
  if (row.at_least) return absl::StrFormat(">= %.4g", *row.at_least);
  if (row.at_most) return absl::StrFormat("<= %.4g", *row.at_most);
  return "";
}

}  // namespace

std::string Table(const std::vector<Row>& rows) {
  size_t width = 4;
  for (const Row& row : rows) width = std::max(width, row.name.size());
  std::string out = absl::StrFormat("%-*s  %12s %-8s %-10s %-5s %s\n", static_cast<int>(width),
                                    "row", "value", "unit", "must be", "", "detail");
  for (const Row& row : rows) {
    absl::StrAppendFormat(&out, "%-*s  %12.3f %-8s %-10s %-5s %s\n", static_cast<int>(width),
                          row.name, row.value, row.unit, Target(row), row.ok() ? "ok" : "MISS",
                          row.detail);
  }
  return out;
}

std::string Json(const std::vector<Row>& rows) {
  nlohmann::ordered_json json;
  json["rows"] = nlohmann::ordered_json::array();
  for (const Row& row : rows) {
    nlohmann::ordered_json one;
    one["name"] = row.name;
    one["value"] = row.value;
    one["unit"] = row.unit;
    if (row.at_least) one["at_least"] = *row.at_least;
    if (row.at_most) one["at_most"] = *row.at_most;
    one["ok"] = row.ok();
    one["detail"] = row.detail;
    json["rows"].push_back(std::move(one));
  }
  return json.dump(2) + "\n";
}

}  // namespace kith::bench
