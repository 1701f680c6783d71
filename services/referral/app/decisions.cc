#include "services/referral/app/decisions.h"

namespace kith::referral::app {

void WantDecision(exec::Loader& loader, const std::string& program_id, absl::string_view kind,
                  const std::string& subject_id) {
  loader.Want<store::DecisionTable>({program_id, std::string(kind), subject_id});
}

Decision KeepDecision(exec::Unit& unit, const std::string& program_id, absl::string_view kind,
                      const std::string& subject_id, const std::string& by, absl::Time now) {
  Decision decision{program_id, std::string(kind), subject_id, now, by};
  unit.Put<store::DecisionTable>(decision);
  return decision;
}

const Decision* FindDecision(exec::Unit& unit, const std::string& program_id,
                             absl::string_view kind, const std::string& subject_id) {
  return unit.Find<store::DecisionTable>({program_id, std::string(kind), subject_id});
}

}  // namespace kith::referral::app
