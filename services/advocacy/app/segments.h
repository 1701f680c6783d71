// Who brings how much: segments, tiers, concentration. All read maintained counts, a few
// hundred rows however many advocates there are.
#ifndef KITH_SERVICES_ADVOCACY_APP_SEGMENTS_H_
#define KITH_SERVICES_ADVOCACY_APP_SEGMENTS_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/db.h"
#include "services/advocacy/domain/concentration.h"
#include "services/advocacy/domain/segments.h"
#include "services/advocacy/domain/tiers.h"

namespace kith::advocacy::app {

struct SegmentsReport {
  std::array<domain::SegmentSize, 3> segments;  // Champion first
  double goodness_of_variance_fit = 0;
  std::vector<domain::TierSize> tiers;  // lowest first, after one without a name
  int64_t points = 0;
  int64_t activities = 0;  // that count
};
// Error: PROGRAM_NOT_FOUND.
absl::StatusOr<SegmentsReport> GetSegments(db::Database& database,
                                           const std::string& program_id, absl::Time deadline);

struct TopShare {
  int64_t percent = 0;
  double share_of_successes = 0;
};
struct ConcentrationReport {
  int64_t advocates = 0;
  int64_t successes = 0;
  double gini = 0;
  std::array<TopShare, 4> top;  // 1, 5, 10 and 20 percent
  std::vector<domain::LorenzPoint> lorenz;
};
// `lorenz_points` 0 means 100; one is taken for two, the ends. Error: PROGRAM_NOT_FOUND.
absl::StatusOr<ConcentrationReport> GetConcentration(db::Database& database,
                                                     const std::string& program_id,
                                                     int lorenz_points, absl::Time deadline);

}  // namespace kith::advocacy::app

#endif  // KITH_SERVICES_ADVOCACY_APP_SEGMENTS_H_
