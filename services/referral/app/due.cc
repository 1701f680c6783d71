#include "services/referral/app/due.h"

#include "services/referral/store/due_tables.h"

namespace kith::referral::app {
namespace {

store::DueTable::Key KeyOf(const std::string& program_id, DueKind kind,
                           const std::string& subject_id) {
  return {program_id, std::string(Name(kind)), subject_id};
}

}  // namespace

absl::string_view Name(DueKind kind) {
  switch (kind) {
    case DueKind::kFollowUp:
      return "follow_up";
    case DueKind::kRewardAvailable:
      return "reward_available";
    case DueKind::kRewardExpiry:
      return "reward_expiry";
    case DueKind::kRetained:
      return "retained";
    case DueKind::kLease:
      return "lease";
    case DueKind::kOutcome:
      return "outcome";
  }
  return "";
}

std::optional<DueKind> ParseDueKind(absl::string_view name) {
  for (const DueKind kind :
       {DueKind::kFollowUp, DueKind::kRewardAvailable, DueKind::kRewardExpiry,
        DueKind::kRetained, DueKind::kLease, DueKind::kOutcome}) {
    if (name == Name(kind)) return kind;
  }
  return std::nullopt;
}

void Schedule(exec::Unit& unit, const std::string& program_id, DueKind kind,
              const std::string& subject_id, absl::Time time) {
  unit.Put<store::DueTable>({program_id, std::string(Name(kind)), subject_id, time});
}

void Unschedule(exec::Unit& unit, const std::string& program_id, DueKind kind,
                const std::string& subject_id) {
  unit.Erase<store::DueTable>(KeyOf(program_id, kind, subject_id));
}

bool IsScheduled(exec::Unit& unit, const std::string& program_id, DueKind kind,
                 const std::string& subject_id) {
  return unit.Find<store::DueTable>(KeyOf(program_id, kind, subject_id)) != nullptr;
}

void WantDue(exec::Loader& loader, const std::string& program_id, DueKind kind,
             const std::string& subject_id) {
  loader.Want<store::DueTable>(KeyOf(program_id, kind, subject_id));
}

}  // namespace kith::referral::app
