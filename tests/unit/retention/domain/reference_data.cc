#include "tests/unit/retention/domain/reference_data.h"

#include <fstream>
#include <set>
#include <stdexcept>

#include "absl/strings/str_split.h"

namespace kith::retention {

Tenures MakeTenures(const std::vector<int64_t>& events, const std::vector<int64_t>& censored) {
  Tenures tenures;
  for (const int64_t day : events) ++tenures[day].events;
  for (const int64_t day : censored) ++tenures[day].censored;
  return tenures;
}

Tenures AmlMaintained() { return MakeTenures({9, 13, 18, 23, 31, 34, 48}, {13, 28, 45, 161}); }

Tenures AmlNonmaintained() {
  return MakeTenures({5, 5, 8, 8, 12, 23, 27, 30, 33, 43, 45}, {16});
}

Tenures FreireichTreated() {
  return MakeTenures({6, 6, 6, 7, 10, 13, 16, 22, 23},
                     {6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35});
}

Tenures FreireichPlacebo() {
  return MakeTenures({1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23},
                     {});
}

std::map<std::string, std::map<std::string, Tenures>> ReadStrata(const std::string& file) {
  std::ifstream stream(std::string(KITH_RETENTION_TEST_DATA) + "/" + file);
  std::string line;
  if (!std::getline(stream, line)) throw std::runtime_error("cannot read " + file);
  std::map<std::string, std::map<std::string, Tenures>> strata;
  std::set<std::string> groups;
  while (std::getline(stream, line)) {
    const std::vector<std::string> cells = absl::StrSplit(line, ',');
    TenureCount& count = strata[cells.at(3)][cells.at(2)][std::stoll(cells.at(0))];
    ++(cells.at(1) == "1" ? count.events : count.censored);
    groups.insert(cells.at(2));
  }
  for (auto& [name, stratum] : strata) {
    for (const std::string& group : groups) stratum[group];
  }
  return strata;
}

std::map<std::string, Tenures> ReadGroups(const std::string& file) {
  std::map<std::string, Tenures> groups;
  for (const auto& [name, stratum] : ReadStrata(file)) {
    for (const auto& [group, tenures] : stratum) Merge(tenures, groups[group]);
  }
  return groups;
}

Groups ToGroups(const std::map<std::string, Tenures>& groups) {
  Groups result;
  for (const auto& [name, tenures] : groups) result.push_back(tenures);
  return result;
}

}  // namespace kith::retention
