#include "services/advocacy/app/segments.h"

#include "common/base/status_macros.h"
#include "services/advocacy/app/read_program.h"

namespace kith::advocacy::app {
namespace {

constexpr int kDefaultLorenzPoints = 100;
constexpr std::array<int64_t, 4> kTopPercents = {1, 5, 10, 20};

}  // namespace

absl::StatusOr<SegmentsReport> GetSegments(db::Database& database,
                                           const std::string& program_id,
                                           absl::Time deadline) {
  KITH_ASSIGN_OR_RETURN(const ProgramRead read, ReadProgram(database, program_id, deadline));
  KITH_ASSIGN_OR_RETURN(const store::Totals totals,
                        store::ReadTotals(*read.transaction, program_id));
  const domain::CutOff cut_off = read.cut_off();
  SegmentsReport report;
  report.segments = domain::CountSegments(cut_off, read.overview.successes);
  report.goodness_of_variance_fit = cut_off.goodness_of_variance_fit;
  report.tiers = domain::CountTiers(read.policy(), totals.points);
  for (const domain::PointsCount& count : totals.points) {
    report.points += count.points * count.advocates;
  }
  report.activities = totals.activities;
  return report;
}

absl::StatusOr<ConcentrationReport> GetConcentration(db::Database& database,
                                                     const std::string& program_id,
                                                     int lorenz_points, absl::Time deadline) {
  KITH_ASSIGN_OR_RETURN(const ProgramRead read, ReadProgram(database, program_id, deadline));
  const auto& counts = read.overview.successes;
  ConcentrationReport report;
  report.advocates = domain::TotalAdvocates(counts);
  report.successes = domain::TotalSuccesses(counts);
  report.gini = domain::Gini(counts);
  for (size_t i = 0; i < kTopPercents.size(); ++i) {
    report.top[i] = {kTopPercents[i], domain::TopShare(counts, kTopPercents[i])};
  }
  report.lorenz =
      domain::LorenzCurve(counts, lorenz_points == 0 ? kDefaultLorenzPoints : lorenz_points);
  return report;
}

}  // namespace kith::advocacy::app
