#include "services/retention/app/apply_policy.h"

#include <optional>

#include "common/base/status_macros.h"
#include "services/retention/store/tables.h"

namespace kith::retention::app {

void ApplyPolicy::Prefetch(exec::Loader& loader) const {
  loader.Want<store::ProgramTable>(program_id_);
  const store::Program* program = loader.Peek<store::ProgramTable>(program_id_);
  const int64_t version = program != nullptr ? program->policy_version : 0;
  if (version > 0) loader.Want<store::PolicyTable>({program_id_, version});
  loader.Want<store::PolicyTable>({program_id_, version + 1});
}

absl::StatusOr<std::string> ApplyPolicy::Decide(exec::Unit& unit, absl::Time now) const {
  KITH_RETURN_IF_ERROR(Validate(policy_));
  const store::Program* known = unit.Find<store::ProgramTable>(program_id_);
  store::Program program = known != nullptr ? *known : store::Program{program_id_, 0, {}};
  std::optional<Policy> current;
  if (program.policy_version > 0) {
    const auto* stored = unit.Find<store::PolicyTable>({program_id_, program.policy_version});
    if (stored != nullptr) current = stored->policy;
  }
  PolicyResult result{program.policy_version, current != policy_, Compare(current, policy_)};
  if (result.changed) {
    result.version = ++program.policy_version;
    if (!dry_run_) {
      Extend(program.eras, result.version, now, policy_);
      unit.Put<store::ProgramTable>(std::move(program));
      unit.Put<store::PolicyTable>({program_id_, result.version, now, policy_});
    }
  }
  return encode_(result);
}

}  // namespace kith::retention::app
