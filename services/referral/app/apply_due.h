// Does what is due of one program. An internal command: jobs/due_work.h gives it.
#ifndef KITH_SERVICES_REFERRAL_APP_APPLY_DUE_H_
#define KITH_SERVICES_REFERRAL_APP_APPLY_DUE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/executor/executor.h"
#include "services/referral/app/rules.h"
#include "services/referral/store/due_tables.h"

namespace kith::referral::app {

// Who asks for due work to be done.
struct DueWorker {
  std::string holder;      // names this process and no other
  int shard = 0;           // of the program
  absl::Time machine_now;  // leases go by machine time, whatever clock the service goes by
};

// Takes or renews the lease of the unit's shard and, if it has it, does the entries: each one
// that is stored still and due by now is removed and carried out by the rows that it is about.
// One that was moved meanwhile, or that the clock has not reached (it may have been set back),
// is left alone. The lease is checked in the transaction that does the work: that fences off a
// worker who was presumed dead.
class ApplyDue final : public exec::Command {
 public:
  static constexpr absl::Duration kLease = absl::Seconds(10);

  // `entries` are of one program, in the order in which they are to be done.
  ApplyDue(std::string program_id, DueWorker worker, std::vector<store::DueEntry> entries);
  void Prefetch(exec::Loader& loader) const override;
  // The response is empty when another worker has the lease.
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  void WantEntry(exec::Loader& loader, const Rules& rules, const store::DueEntry& entry) const;
  void DoEntry(exec::Unit& unit, const Rules& rules, const store::DueEntry& entry,
               absl::Time now) const;
  void DoRetained(exec::Unit& unit, const Rules& rules, const std::string& referral_id,
                  absl::Time now) const;

  const std::string program_id_;
  const DueWorker worker_;
  const std::vector<store::DueEntry> entries_;
};

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_APPLY_DUE_H_
