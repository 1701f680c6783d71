#include "services/advocacy/app/apply_scoring_policy.h"

#include "common/base/status_macros.h"
#include "services/advocacy/app/program_rules.h"
#include "services/advocacy/store/tables.h"

namespace kith::advocacy::app {

void ApplyScoringPolicy::Prefetch(exec::Loader& loader) const {
  WantRules(loader, program_id_);
  if (const Versions versions = PeekRules(loader, program_id_); !versions.empty()) {
    loader.Want<store::PolicyTable>({program_id_, versions.back()->version + 1});
  } else {
    loader.Want<store::PolicyTable>({program_id_, 1});
  }
}

absl::StatusOr<std::string> ApplyScoringPolicy::Decide(exec::Unit& unit,
                                                       absl::Time now) const {
  KITH_RETURN_IF_ERROR(domain::Validate(draft_));
  domain::ScoringPolicy policy = domain::Complete(draft_);
  const Versions versions = RulesOf(unit, program_id_);
  const domain::PolicyVersion* newest = versions.empty() ? nullptr : versions.back();
  ApplyPolicyResult result;
  result.version = newest == nullptr ? 0 : newest->version;
  result.changed = newest == nullptr || newest->policy != policy;
  result.differences =
      domain::Differences(newest == nullptr ? nullptr : &newest->policy, policy);
  if (result.changed) {
    ++result.version;
    if (!dry_run_) Store(unit, result.version, std::move(policy), now);
  }
  return encode_(result);
}

void ApplyScoringPolicy::Store(exec::Unit& unit, int64_t version, domain::ScoringPolicy policy,
                               absl::Time now) const {
  domain::PolicyVersion row{program_id_, version, now, std::move(policy)};
  if (version == 1) row.effective_time = std::nullopt;
  unit.Put<store::PolicyTable>(std::move(row));
  unit.Put<store::ProgramTable>({program_id_, version});
}

}  // namespace kith::advocacy::app
