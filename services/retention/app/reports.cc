#include "services/retention/app/reports.h"

#include <utility>

#include "common/base/status_macros.h"
#include "services/retention/app/read_program.h"
#include "services/retention/domain/errors.h"
#include "services/retention/store/queries.h"

namespace kith::retention::app {
namespace {

constexpr char kAll[] = "all";

// A population by channel at a time, in the snapshot it was read from.
struct Population {
  ProgramRead read;
  absl::Time as_of;
  TenuresByGroup channels;
};

absl::StatusOr<Population> ReadPopulation(db::Database& database, const Scope& scope,
                                          const Moment& moment) {
  const int64_t midnight = FloorDay(moment.now);
  Population population;
  population.as_of = scope.as_of.value_or(DayStart(midnight));
  if (population.as_of > moment.now + kMaxAhead) {
    return MakeFieldError(kTimeInFuture, "as_of_time", "must be at most a day from now");
  }
  KITH_ASSIGN_OR_RETURN(population.read,
                        ReadProgram(database, scope.program_id, moment.deadline));
  db::ReadTransaction& transaction = *population.read.transaction;
  KITH_ASSIGN_OR_RETURN(
      population.channels,
      population.as_of == DayStart(midnight)
          ? store::ReadPopulationAt(transaction, scope.program_id, midnight)
          : store::ScanPopulationAt(transaction, scope.program_id, population.as_of));
  return population;
}

TenuresByGroup Split(const TenuresByGroup& channels, bool by_channel) {
  TenuresByGroup groups;
  if (by_channel) {
    groups = channels;
    FoldSmallGroups(groups);
    return groups;
  }
  Tenures& all = groups[kAll];
  for (const auto& [channel, tenures] : channels) Merge(tenures, all);
  return groups;
}

absl::StatusOr<Policy> NewestPolicy(const ProgramRead& read) {
  const store::Program& program = read.program;
  if (program.policy_version == 0) return Policy();
  KITH_ASSIGN_OR_RETURN(auto stored, store::ReadPolicy(*read.transaction, program.program_id,
                                                       program.policy_version));
  return stored.has_value() ? stored->policy : Policy();
}

}  // namespace

absl::StatusOr<SurvivalReport> GetSurvival(db::Database& database, const Scope& scope,
                                           const Moment& moment) {
  KITH_ASSIGN_OR_RETURN(const Population population, ReadPopulation(database, scope, moment));
  SurvivalReport report;
  report.as_of = population.as_of;
  Groups groups;
  for (auto& [name, tenures] : Split(population.channels, scope.by_channel)) {
    report.groups.emplace(name, KaplanMeier(tenures));
    groups.push_back(tenures);
  }
  if (groups.size() > 1) report.log_rank = LogRank(groups);
  return report;
}

absl::StatusOr<ChurnReport> GetChurnByMonth(db::Database& database, const Scope& scope,
                                            const MonthWindow& window, const Moment& moment) {
  if (window.to < window.from) {
    return MakeFieldError(errors::kInvalidField, "to_month", "must not be before from_month");
  }
  KITH_ASSIGN_OR_RETURN(const Population population, ReadPopulation(database, scope, moment));
  KITH_ASSIGN_OR_RETURN(const Policy policy, NewestPolicy(population.read));
  ChurnReport report;
  report.as_of = population.as_of;
  report.referred_channel = policy.referred_channel;
  report.baseline_channel = policy.baseline_channel;
  for (const auto& [name, tenures] : Split(population.channels, scope.by_channel)) {
    report.groups.emplace(name, ChurnByMonth(tenures));
  }
  const auto referred = population.channels.find(policy.referred_channel);
  const auto baseline = population.channels.find(policy.baseline_channel);
  report.has_referred = referred != population.channels.end();
  report.has_baseline = baseline != population.channels.end();
  if (report.has_referred && report.has_baseline) {
    report.rate_ratio = CompareRates(ExposureIn(referred->second, window),
                                     ExposureIn(baseline->second, window));
  }
  return report;
}

absl::StatusOr<ProgramSummary> GetProgramSummary(db::Database& database,
                                                 const std::string& program_id,
                                                 absl::Time deadline, bool by_channel) {
  KITH_ASSIGN_OR_RETURN(const ProgramRead read, ReadProgram(database, program_id, deadline));
  KITH_ASSIGN_OR_RETURN(const Counters counters,
                        store::ReadTotals(*read.transaction, program_id));
  std::map<std::string, Revenue> by_channels;
  if (by_channel) {
    KITH_ASSIGN_OR_RETURN(by_channels,
                          store::ReadRevenueByChannel(*read.transaction, program_id));
  }
  ProgramSummary summary;
  summary.counts = Summarize(counters, by_channels);
  KITH_ASSIGN_OR_RETURN(summary.revenue, store::ReadRevenue(*read.transaction, program_id));
  return summary;
}

absl::StatusOr<ProgramCounts> CountAllPrograms(db::Database& database, absl::Time deadline) {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database.BeginRead(deadline));
  KITH_ASSIGN_OR_RETURN(const Counters counters, store::ReadTotalsOfAll(*transaction));
  ProgramCounts counts = Summarize(counters);
  counts.channels.clear();
  return counts;
}

}  // namespace kith::retention::app
