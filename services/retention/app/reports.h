// The reports of a program. All read one snapshot of the store and give up at `deadline`.
// Errors: PROGRAM_NOT_FOUND, and those named at each.
#ifndef KITH_SERVICES_RETENTION_APP_REPORTS_H_
#define KITH_SERVICES_RETENTION_APP_REPORTS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/money.h"
#include "common/db/db.h"
#include "services/retention/domain/churn.h"
#include "services/retention/domain/kaplan_meier.h"
#include "services/retention/domain/log_rank.h"
#include "services/retention/domain/population.h"

namespace kith::retention::app {

// What a report is about.
struct Scope {
  std::string program_id;
  bool by_channel = false;          // otherwise one group, named `all`
  std::optional<absl::Time> as_of;  // nullopt: the last midnight UTC
};

// When a read is made, and until when it may take.
struct Moment {
  absl::Time now;
  absl::Time deadline;
};

// Survival by group.
struct SurvivalReport {
  absl::Time as_of;
  std::map<std::string, SurvivalCurve> groups;
  std::optional<LogRankResult> log_rank;  // of two groups or more
};
// TIME_IN_FUTURE when as_of is more than a day ahead. The last midnight is answered from
// counters, any other time from the customers' rows.
absl::StatusOr<SurvivalReport> GetSurvival(db::Database& database, const Scope& scope,
                                           const Moment& moment);

// Churn by group and month.
struct ChurnReport {
  absl::Time as_of;
  std::map<std::string, std::vector<ChurnMonth>> groups;
  std::string referred_channel;
  std::string baseline_channel;
  bool has_referred = false;  // whether customers are of the channel
  bool has_baseline = false;
  std::optional<RateRatio> rate_ratio;  // of the two channels, when both have customers
};
// Like GetSurvival; INVALID_FIELD when the window ends before it begins.
absl::StatusOr<ChurnReport> GetChurnByMonth(db::Database& database, const Scope& scope,
                                            const MonthWindow& window, const Moment& moment);

// Counts and revenue, as of the last commit; with `by_channel` also the revenue of each
// channel, which takes looking at every customer who paid.
struct ProgramSummary {
  ProgramCounts counts;
  std::vector<Money> revenue;  // in order of currency
};
absl::StatusOr<ProgramSummary> GetProgramSummary(db::Database& database,
                                                 const std::string& program_id,
                                                 absl::Time deadline, bool by_channel = false);

// The counts of all programs together, without channels.
absl::StatusOr<ProgramCounts> CountAllPrograms(db::Database& database, absl::Time deadline);

}  // namespace kith::retention::app

#endif  // KITH_SERVICES_RETENTION_APP_REPORTS_H_
