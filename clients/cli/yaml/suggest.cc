#include <algorithm>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/yaml/convert.h"

namespace kith::cli {
namespace {

// Insertions, deletions and replacements that turn `a` into `b`.
size_t EditDistance(const std::string& a, const std::string& b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row.back();
}

}  // namespace

std::string Suggest(const std::string& name, const std::vector<std::string>& known) {
  const std::string* best = nullptr;
  size_t distance = std::max<size_t>(2, name.size() / 3) + 1;
  for (const std::string& candidate : known) {
    const size_t found = EditDistance(name, candidate);
    if (found >= distance) continue;
    distance = found;
    best = &candidate;
  }
  const std::string list = absl::StrCat("known are ", absl::StrJoin(known, ", "));
  return best == nullptr ? list : absl::StrCat("did you mean '", *best, "'? (", list, ")");
}

}  // namespace kith::cli
