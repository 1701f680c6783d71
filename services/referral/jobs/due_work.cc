#include "services/referral/jobs/due_work.h"

#include <map>
#include <memory>
#include <utility>

#include "absl/synchronization/blocking_counter.h"
#include "common/base/ids.h"
#include "common/base/status_macros.h"
#include "services/referral/app/apply_due.h"

namespace kith::referral::jobs {
namespace {

absl::Time MachineNow() { return SystemClock().Now(); }

// Whether it is the store or the executor that cannot just now, whatever the work is.
bool IsPassing(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) ||
         absl::IsResourceExhausted(status) || absl::IsAborted(status);
}

}  // namespace

DueWork::DueWork(db::Database& database, exec::Executor& executor, const Clock& clock,
                 metrics::Registry& registry, absl::Duration interval)
    : Periodic("due_work", interval),
      database_(database),
      executor_(executor),
      clock_(clock),
      done_(registry.GetCounter("kith_referral_due_done_total",
                                "Things that were done when their time had come.")),
      failed_(registry.GetCounter("kith_referral_due_failed_total",
                                  "Attempts to do something whose time had come, in vain.")),
      holder_(NewUuid(MachineNow())) {}

absl::Status DueWork::RunOnce() {
  const absl::Time now = clock_.Now();
  std::erase_if(resting_,
                [rested = MachineNow()](const auto& entry) { return entry.second <= rested; });
  absl::Status result;
  store::DueEntry last;
  const store::DueEntry* after = nullptr;
  while (!stopping()) {
    KITH_ASSIGN_OR_RETURN(const Entries page, ReadPage(now, after));
    std::vector<Part> parts = Split(page);
    Run(parts);
    for (const Part& part : parts) result.Update(Finish(part));
    if (static_cast<int64_t>(page.size()) < kPageSize) break;
    last = page.back();
    after = &last;
  }
  return result;
}

absl::StatusOr<DueWork::Entries> DueWork::ReadPage(absl::Time now,
                                                   const store::DueEntry* after) {
  KITH_ASSIGN_OR_RETURN(const auto transaction,
                        database_.BeginRead(MachineNow() + absl::Seconds(10)));
  return store::ReadDue(*transaction, now, after, kPageSize);
}

std::vector<DueWork::Part> DueWork::Split(const Entries& page) const {
  std::vector<Part> parts;
  std::map<std::string, size_t> open;  // the part of a program that has room
  for (const store::DueEntry& entry : page) {
    if (resting_.contains(store::DueTable::KeyOf(entry))) continue;
    const auto it = open.find(entry.program_id);
    size_t index = it == open.end() ? parts.size() : it->second;
    if (index == parts.size() || parts[index].entries.size() >= kMaxSubjects) {
      index = parts.size();
      parts.push_back({ShardOf(entry.program_id, executor_.shards()), {}, std::string()});
      open[entry.program_id] = index;
    }
    parts[index].entries.push_back(entry);
  }
  return parts;
}

void DueWork::Run(std::vector<Part>& parts) {
  absl::BlockingCounter running(static_cast<int>(parts.size()));
  const absl::Time machine_now = MachineNow();
  for (Part& part : parts) {
    exec::Submission submission;
    submission.program_id = part.entries.front().program_id;
    submission.method = "ApplyDue";
    submission.weight = static_cast<int64_t>(part.entries.size());
    submission.deadline = machine_now + absl::Seconds(30);
    submission.command = std::make_unique<app::ApplyDue>(
        submission.program_id, app::DueWorker{holder_, part.shard, machine_now}, part.entries);
    submission.done = [&part, &running](absl::StatusOr<std::string> done) {
      part.done = std::move(done);
      running.DecrementCount();
    };
    executor_.Submit(std::move(submission));
  }
  running.Wait();
}

absl::Status DueWork::Finish(const Part& part) {
  const size_t size = part.entries.size();
  if (part.done.ok()) {
    if (!part.done->empty()) done_.Increment(static_cast<double>(size));
    return absl::OkStatus();
  }
  if (IsPassing(part.done.status())) return part.done.status();
  if (size == 1) {
    failed_.Increment();
    resting_[store::DueTable::KeyOf(part.entries.front())] = MachineNow() + kRest;
    return part.done.status();
  }
  // One of them may spoil it for the others.
  std::vector<Part> single;
  for (const store::DueEntry& entry : part.entries) {
    single.push_back({part.shard, {entry}, std::string()});
  }
  Run(single);
  absl::Status result;
  for (const Part& each : single) result.Update(Finish(each));
  return result;
}

}  // namespace kith::referral::jobs
