#include "common/server/periodic.h"

#include <algorithm>
#include <utility>

#include "common/base/status_macros.h"
#include "common/executor/store_setup.h"
#include "common/log/log.h"

namespace kith::server {
namespace {

constexpr int64_t kSweepStep = 1000;
// A round that failed is not left undone for a day.
constexpr absl::Duration kAfterFailure = absl::Minutes(10);
// A table is analysed in a fraction of a second, and stopping waits for it. Only where that is
// not enough there is more time.
constexpr absl::Duration kUsualAnalysis = absl::Seconds(5);
constexpr absl::Duration kLongestAnalysis = absl::Minutes(1);

}  // namespace

Periodic::Periodic(std::string name, absl::Duration interval)
    : name_(std::move(name)), interval_(interval) {}

Periodic::~Periodic() { Periodic::Stop(); }

void Periodic::Start() {
  thread_ = std::thread([this] { Loop(); });
}

void Periodic::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

bool Periodic::stopping() {
  absl::MutexLock lock(&mutex_);
  return stopping_;
}

absl::Time Periodic::Deadline() const { return SystemClock().Now() + interval_; }

void Periodic::Loop() {
  bool stop = false;
  while (!stop) {
    const absl::Status status = RunOnce();
    if (!status.ok()) log::Warn("job_failed", {{"job", name_}, {"cause", status.message()}});
    const absl::Duration wait = status.ok() ? interval_ : std::min(interval_, kAfterFailure);
    absl::MutexLock lock(&mutex_);
    stop = mutex_.AwaitWithTimeout(absl::Condition(&stopping_), wait);
  }
}

ResponseSweeper::ResponseSweeper(db::Database& database, const Clock& clock,
                                 absl::Duration keep, absl::Duration interval)
    : Periodic("response_sweeper", interval),
      database_(database),
      clock_(clock),
      keep_(keep) {}

absl::Status ResponseSweeper::RunOnce() {
  const absl::Time before = clock_.Now() - keep_;
  exec::ResponseWalk walk;
  while (!walk.done && !stopping()) {
    KITH_RETURN_IF_ERROR(
        exec::DeleteStoredResponses(database_, before, kSweepStep, walk).status());
  }
  return absl::OkStatus();
}

StatisticsKeeper::StatisticsKeeper(db::Database& database, absl::Duration interval)
    : Periodic("statistics_keeper", interval), database_(database) {}

absl::Status StatisticsKeeper::RunOnce() {
  absl::Duration longest = kUsualAnalysis;
  bool grown = true;
  while (grown && !stopping()) {
    const absl::StatusOr<bool> refreshed =
        database_.RefreshStatistics(SystemClock().Now() + longest);
    if (absl::IsDeadlineExceeded(refreshed.status()) && longest < kLongestAnalysis) {
      longest = std::min(2 * longest, kLongestAnalysis);
      continue;
    }
    KITH_ASSIGN_OR_RETURN(grown, refreshed);
  }
  return absl::OkStatus();
}

}  // namespace kith::server
