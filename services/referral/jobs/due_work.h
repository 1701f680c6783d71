// Has due work done, again and again. What is due is read from rows, so that nothing is lost
// with a process, whatever its clock does; replicas share by leases (see app/apply_due.h).
#ifndef KITH_SERVICES_REFERRAL_JOBS_DUE_WORK_H_
#define KITH_SERVICES_REFERRAL_JOBS_DUE_WORK_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/db/db.h"
#include "common/executor/executor.h"
#include "common/metrics/registry.h"
#include "common/server/periodic.h"
#include "services/referral/store/due_tables.h"

namespace kith::referral::jobs {

// Metrics: kith_referral_due_done_total and kith_referral_due_failed_total, entries.
class DueWork final : public server::Periodic {
 public:
  static constexpr int64_t kPageSize = 1000;   // entries read at once
  static constexpr size_t kMaxSubjects = 500;  // of one command
  static constexpr absl::Duration kRest = absl::Minutes(1);

  // The references must outlive it.
  DueWork(db::Database& database, exec::Executor& executor, const Clock& clock,
          metrics::Registry& registry, absl::Duration interval = absl::Milliseconds(250));
  ~DueWork() override { Stop(); }
  // Does all that is due by now. An entry that cannot be done does not keep the others from
  // being done; it is tried again kRest later. The error is that of the first that failed.
  absl::Status RunOnce() override;

 private:
  using Entries = std::vector<store::DueEntry>;
  struct Part {
    int shard = 0;
    Entries entries;  // of one program
    absl::StatusOr<std::string> done = std::string();
  };
  absl::StatusOr<Entries> ReadPage(absl::Time now, const store::DueEntry* after);
  std::vector<Part> Split(const Entries& page) const;
  // Submits all, waits for all.
  void Run(std::vector<Part>& parts);
  absl::Status Finish(const Part& part);

  db::Database& database_;
  exec::Executor& executor_;
  const Clock& clock_;
  metrics::Counter& done_;
  metrics::Counter& failed_;
  const std::string holder_;
  // Entries that could not be done, with the machine time until which they rest. Of the thread
  // of RunOnce.
  std::map<store::DueTable::Key, absl::Time> resting_;
};

}  // namespace kith::referral::jobs

#endif  // KITH_SERVICES_REFERRAL_JOBS_DUE_WORK_H_
