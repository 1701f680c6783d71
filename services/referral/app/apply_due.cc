#include "services/referral/app/apply_due.h"

#include <utility>

#include "common/base/status_macros.h"
#include "services/referral/app/due.h"
#include "services/referral/app/fulfilment.h"
#include "services/referral/app/grants.h"
#include "services/referral/app/leads.h"
#include "services/referral/app/quality.h"
#include "services/referral/store/referral_tables.h"

namespace kith::referral::app {
namespace {

using store::DueEntry;
using store::DueLease;

// A lease that ends further ahead than one can be given was made by a clock that was wrong.
bool IsFree(const DueLease& lease, absl::Time now) {
  return lease.end_time <= now || lease.end_time > now + 2 * ApplyDue::kLease;
}

// Takes or renews the lease; false when another worker has it.
bool TakeLease(exec::Unit& unit, const DueWorker& worker) {
  const DueLease* stored = unit.Find<store::DueLeaseTable>(worker.shard);
  const bool own = stored != nullptr && stored->holder == worker.holder;
  if (stored != nullptr && !own && !IsFree(*stored, worker.machine_now)) return false;
  const absl::Time end = worker.machine_now + ApplyDue::kLease;
  // Renewed now and then only, so that it costs little.
  const bool renew = !own || stored->end_time < end - ApplyDue::kLease / 2 ||
                     stored->end_time > end + ApplyDue::kLease;
  if (renew) unit.Put<store::DueLeaseTable>({worker.shard, worker.holder, end});
  return true;
}

bool Is(const DueEntry& entry, DueKind kind) { return entry.kind == Name(kind); }

}  // namespace

ApplyDue::ApplyDue(std::string program_id, DueWorker worker, std::vector<DueEntry> entries)
    : program_id_(std::move(program_id)),
      worker_(std::move(worker)),
      entries_(std::move(entries)) {}

void ApplyDue::Prefetch(exec::Loader& loader) const {
  Rules::Want(loader, program_id_);
  loader.Want<store::DueLeaseTable>(worker_.shard);
  const Rules rules = Rules::Peek(loader, program_id_);
  for (const DueEntry& entry : entries_) WantEntry(loader, rules, entry);
}

void ApplyDue::WantEntry(exec::Loader& loader, const Rules& rules,
                         const DueEntry& entry) const {
  loader.Want<store::DueTable>(store::DueTable::KeyOf(entry));
  if (Is(entry, DueKind::kFollowUp)) {
    WantFollowUpDue(loader, program_id_, entry.subject_id);
  } else if (Is(entry, DueKind::kRetained)) {
    const store::IdKey key = {program_id_, entry.subject_id};
    loader.Want<store::ReferralTable>(key);
    const auto* referral = loader.Peek<store::ReferralTable>(key);
    if (referral == nullptr) return;
    WantGrants(loader, rules, *referral, referral->referee(),
               referral->signup_time.value_or(referral->submitted_time));
  } else if (Is(entry, DueKind::kOutcome)) {
    WantOutcomeDue(loader, rules, program_id_, entry.subject_id);
  } else {
    WantFulfilment(loader, rules, program_id_, entry.subject_id);
  }
}

absl::StatusOr<std::string> ApplyDue::Decide(exec::Unit& unit, absl::Time now) const {
  KITH_ASSIGN_OR_RETURN(const Rules rules, Rules::Load(unit, program_id_));
  if (!TakeLease(unit, worker_)) return std::string();
  for (const DueEntry& entry : entries_) {
    const store::DueTable::Key key = store::DueTable::KeyOf(entry);
    const DueEntry* stored = unit.Find<store::DueTable>(key);
    if (stored == nullptr || stored->due_time > now) continue;
    // What a newer version has scheduled is left to it.
    if (!ParseDueKind(entry.kind).has_value()) continue;
    unit.Erase<store::DueTable>(key);
    DoEntry(unit, rules, entry, now);
  }
  return std::string("done");
}

void ApplyDue::DoEntry(exec::Unit& unit, const Rules& rules, const DueEntry& entry,
                       absl::Time now) const {
  const std::string& subject = entry.subject_id;
  if (Is(entry, DueKind::kFollowUp)) {
    ApplyFollowUpDue(unit, program_id_, subject, now);
  } else if (Is(entry, DueKind::kRewardAvailable)) {
    OnRewardDue(unit, program_id_, subject, now);
  } else if (Is(entry, DueKind::kRewardExpiry)) {
    OnRewardExpired(unit, program_id_, subject, now);
  } else if (Is(entry, DueKind::kRetained)) {
    DoRetained(unit, rules, subject, now);
  } else if (Is(entry, DueKind::kLease)) {
    ApplyLeaseEnd(unit, program_id_, subject, now);
  } else if (Is(entry, DueKind::kOutcome)) {
    ApplyOutcomeDue(unit, rules, program_id_, subject, now);
  }
}

void ApplyDue::DoRetained(exec::Unit& unit, const Rules& rules, const std::string& referral_id,
                          absl::Time now) const {
  const auto* referral = unit.Find<store::ReferralTable>({program_id_, referral_id});
  if (referral != nullptr) OnRetainedDue(unit, rules, *referral, now);
}

}  // namespace kith::referral::app
