#include "services/referral/app/suspensions.h"

#include <utility>

#include "services/referral/app/fraud_facts.h"
#include "services/referral/store/advocate_tables.h"
#include "services/referral/store/conduct_tables.h"

namespace kith::referral::app {
namespace {

void Keep(exec::Unit& unit, const domain::Advocate& advocate, bool suspended,
          const ConductDecision& decision, absl::Time now) {
  const auto before =
      unit.Select<store::NewestSuspension>({advocate.program_id, advocate.advocate_id});
  const int64_t sequence = before.empty() ? 1 : before.back()->sequence + 1;
  unit.Put<store::SuspensionTable>({advocate.program_id, advocate.advocate_id, sequence, now,
                                    suspended, decision.decided_by, decision.cause});
}

}  // namespace

void WantSuspension(exec::Loader& loader, const std::string& program_id,
                    const std::string& advocate_id) {
  loader.Want<store::AdvocateTable>({program_id, advocate_id});
  loader.WantAll<store::NewestSuspension>({program_id, advocate_id});
  for (const auto* newest :
       loader.PeekAll<store::NewestSuspension>({program_id, advocate_id})) {
    loader.Want<store::SuspensionTable>({program_id, advocate_id, newest->sequence + 1});
  }
  loader.Want<store::SuspensionTable>({program_id, advocate_id, 1});
}

bool Suspend(exec::Unit& unit, domain::Advocate advocate, const ConductDecision& decision,
             absl::Time now) {
  const bool fresh = !advocate.suspended();
  if (fresh) {
    advocate.suspended_time = now;
    advocate.suspension_cause = decision.cause;
    Keep(unit, advocate, true, decision, now);
    PublishAdvocateSuspended(unit, advocate);
  }
  unit.Put<store::AdvocateTable>(std::move(advocate));
  return fresh;
}

bool Reinstate(exec::Unit& unit, domain::Advocate advocate, const ConductDecision& decision,
               absl::Time now) {
  const bool fresh = advocate.suspended();
  if (fresh) {
    advocate.suspended_time.reset();
    advocate.suspension_cause.clear();
    Keep(unit, advocate, false, decision, now);
    PublishAdvocateReinstated(unit, advocate);
  }
  unit.Put<store::AdvocateTable>(std::move(advocate));
  return fresh;
}

}  // namespace kith::referral::app
