#include "common/executor/batch.h"

#include <memory>
#include <utility>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/executor/stored_response.h"

namespace kith::exec {
namespace {

// Takes the shard's turn: other writers of the shard wait here until we commit.
constexpr absl::string_view kLockShard =
    "UPDATE shard SET turn = turn + 1 WHERE shard = $1 RETURNING head_position";
constexpr absl::string_view kMoveHead = "UPDATE shard SET head_position = $2 WHERE shard = $1";
constexpr absl::string_view kInsertEvent =
    "INSERT INTO event (shard, position, program_id, recorded_at, fact) "
    "VALUES ($1, $2, $3, $4, $5)";

// Rounds of loading: keys, keys found in rows, keys found in those.
constexpr int kPrefetchRounds = 5;

StoredResponseTable::Key RequestKey(const Submission& submission) {
  return {submission.request_id, submission.program_id, std::string(submission.method)};
}

}  // namespace

absl::Status Batch::Prefetch(absl::Span<Submission* const> submissions, Unit& unit,
                             int64_t& head_position) {
  Loader loader(&unit, clock_.Now());
  for (const Submission* submission : submissions) {
    if (!submission->request_id.empty()) {
      loader.Want<StoredResponseTable>(RequestKey(*submission));
    }
  }
  std::vector<db::Call> lock = {{kLockShard, {int64_t{shard_}}}};
  for (int round = 0; round < kPrefetchRounds; ++round) {
    for (const Submission* submission : submissions) submission->command->Prefetch(loader);
    if (round > 0 && !unit.HasWants()) break;
    const std::vector<db::Result> results = unit.Load(std::exchange(lock, {}));
    KITH_RETURN_IF_ERROR(unit.status());
    if (round > 0) continue;
    if (results[0].rows.empty()) return absl::InternalError("the shard is not in the store");
    head_position = results[0].rows[0].Int(0);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> Batch::DecideOne(const Submission& submission, Unit& unit,
                                             absl::Time now, BatchOutcome& outcome) {
  const bool stored = !submission.request_id.empty();
  if (stored) {
    if (const auto* earlier = unit.Find<StoredResponseTable>(RequestKey(submission))) {
      if (earlier->fingerprint != submission.fingerprint) {
        return MakeFieldError(errors::kRequestIdReused, "request_id",
                              "was used before with other content; use a new one");
      }
      ++outcome.replays;
      return earlier->response;
    }
  }
  const Unit::Mark mark = unit.GetMark();
  absl::StatusOr<std::string> response = submission.command->Decide(unit, now);
  if (!response.ok()) {
    unit.RollbackTo(mark);
  } else if (stored && submission.command->IsStored(*response)) {
    unit.Put<StoredResponseTable>({submission.request_id, submission.program_id,
                                   std::string(submission.method), submission.fingerprint,
                                   *response, now});
  }
  return response;
}

std::vector<db::Call> Batch::Writes(const Unit& unit, absl::Time now, int64_t head_position) {
  std::vector<db::Call> calls = unit.Writes();
  if (unit.events().empty()) return calls;
  for (const PendingEvent& event : unit.events()) {
    calls.push_back({kInsertEvent,
                     {int64_t{shard_}, ++head_position, event.program_id, db::FromTime(now),
                      db::Blob{event.fact}}});
  }
  calls.push_back({kMoveHead, {int64_t{shard_}, head_position}});
  return calls;
}

absl::StatusOr<BatchOutcome> Batch::Run(absl::Span<Submission* const> submissions) {
  KITH_ASSIGN_OR_RETURN(auto transaction, database_.BeginWrite(deadline_));
  Unit unit(transaction.get(), shard_);
  int64_t head_position = 0;
  KITH_RETURN_IF_ERROR(Prefetch(submissions, unit, head_position));
  BatchOutcome outcome;
  const absl::Time now = clock_.Now();
  for (const Submission* submission : submissions) {
    outcome.responses.push_back(DecideOne(*submission, unit, now, outcome));
    KITH_RETURN_IF_ERROR(unit.status());
  }
  outcome.misses = unit.misses();
  const std::vector<db::Call> writes = Writes(unit, now, head_position);
  if (writes.empty()) return outcome;
  const absl::Time start = SystemClock().Now();
  KITH_RETURN_IF_ERROR(transaction->Commit(writes));
  outcome.commit_time = SystemClock().Now() - start;
  if (!unit.events().empty()) {
    outcome.head_position = head_position + static_cast<int64_t>(unit.events().size());
  }
  return outcome;
}

}  // namespace kith::exec
