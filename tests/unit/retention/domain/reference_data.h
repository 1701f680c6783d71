// Reference data sets of survival analysis (see data/SOURCE.md).
#ifndef KITH_TESTS_UNIT_RETENTION_DOMAIN_REFERENCE_DATA_H_
#define KITH_TESTS_UNIT_RETENTION_DOMAIN_REFERENCE_DATA_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "services/retention/domain/log_rank.h"
#include "services/retention/domain/tenure.h"

namespace kith::retention {

// Tenures of whoever left (events) and of whoever was censored.
Tenures MakeTenures(const std::vector<int64_t>& events, const std::vector<int64_t>& censored);

// Leukaemia: maintained and not.
Tenures AmlMaintained();
Tenures AmlNonmaintained();
// Freireich 1963: 6-MP and placebo.
Tenures FreireichTreated();
Tenures FreireichPlacebo();

// A data set in a file of data/: by stratum, then by group (all groups in every stratum).
std::map<std::string, std::map<std::string, Tenures>> ReadStrata(const std::string& file);
// The same without strata.
std::map<std::string, Tenures> ReadGroups(const std::string& file);
// The values of a map, as LogRank takes them.
Groups ToGroups(const std::map<std::string, Tenures>& groups);

}  // namespace kith::retention

#endif  // KITH_TESTS_UNIT_RETENTION_DOMAIN_REFERENCE_DATA_H_
