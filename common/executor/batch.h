// One transaction's worth of commands. Internal to the executor.
#ifndef KITH_COMMON_EXECUTOR_BATCH_H_
#define KITH_COMMON_EXECUTOR_BATCH_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/base/clock.h"
#include "common/db/db.h"
#include "common/executor/executor.h"
#include "common/executor/unit.h"

namespace kith::exec {

// What became of a batch's commands.
struct BatchOutcome {
  std::vector<absl::StatusOr<std::string>> responses;  // one for each command
  int64_t replays = 0;
  int64_t misses = 0;
  std::optional<int64_t> head_position;  // set when events were published
  absl::Duration commit_time = absl::ZeroDuration();
};

// Runs commands of one shard in one transaction, once. An error means that nothing is
// stored, unless db::IsCommitUnknown says that this is open; running the batch again
// settles it, because stored responses are found.
class Batch {
 public:
  // A transaction, its wait for a connection included, ends by `deadline`.
  Batch(db::Database& database, const Clock& clock, int shard, absl::Time deadline)
      : database_(database), clock_(clock), shard_(shard), deadline_(deadline) {}
  absl::StatusOr<BatchOutcome> Run(absl::Span<Submission* const> submissions);

 private:
  absl::StatusOr<std::string> DecideOne(const Submission& submission, Unit& unit,
                                        absl::Time now, BatchOutcome& outcome);
  absl::Status Prefetch(absl::Span<Submission* const> submissions, Unit& unit,
                        int64_t& head_position);
  std::vector<db::Call> Writes(const Unit& unit, absl::Time now, int64_t head_position);

  db::Database& database_;
  const Clock& clock_;
  const int shard_;
  const absl::Time deadline_;
};

}  // namespace kith::exec

#endif  // KITH_COMMON_EXECUTOR_BATCH_H_
