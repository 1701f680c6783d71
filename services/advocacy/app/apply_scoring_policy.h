// Applies a scoring policy: a new version when it differs from the newest.
#ifndef KITH_SERVICES_ADVOCACY_APP_APPLY_SCORING_POLICY_H_
#define KITH_SERVICES_ADVOCACY_APP_APPLY_SCORING_POLICY_H_

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "common/executor/executor.h"
#include "services/advocacy/domain/policy.h"

namespace kith::advocacy::app {

struct ApplyPolicyResult {
  int64_t version = 0;  // in the store afterwards; of a dry run: that would be
  bool changed = false;
  std::vector<domain::PolicyDifference> differences;
};

// The first version is in force since ever, a later one from the time it is applied; what
// was judged before stays as it is. Error: INVALID_POLICY.
class ApplyScoringPolicy final : public exec::Command {
 public:
  using Encoder = std::function<std::string(const ApplyPolicyResult&)>;
  ApplyScoringPolicy(std::string program_id, domain::PolicyDraft draft, bool dry_run,
                     Encoder encode)
      : program_id_(std::move(program_id)),
        draft_(std::move(draft)),
        dry_run_(dry_run),
        encode_(std::move(encode)) {}
  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  void Store(exec::Unit& unit, int64_t version, domain::ScoringPolicy policy,
             absl::Time now) const;

  const std::string program_id_;
  const domain::PolicyDraft draft_;
  const bool dry_run_;
  const Encoder encode_;
};

}  // namespace kith::advocacy::app

#endif  // KITH_SERVICES_ADVOCACY_APP_APPLY_SCORING_POLICY_H_
