// Stores a new version of a program's retention policy.
#ifndef KITH_SERVICES_RETENTION_APP_APPLY_POLICY_H_
#define KITH_SERVICES_RETENTION_APP_APPLY_POLICY_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "common/executor/executor.h"
#include "services/retention/domain/policy.h"

namespace kith::retention::app {

// What applying did, or would do.
struct PolicyResult {
  int64_t version = 0;
  bool changed = false;
  std::vector<PolicyDifference> differences;
};

// The command. A policy equal to the newest version changes nothing. A dry run writes
// nothing; its version is the one that applying would lead to. The success rule of the new
// version holds for activities from `now` on. Error: INVALID_FIELD.
class ApplyPolicy final : public exec::Command {
 public:
  using Encoder = std::function<std::string(const PolicyResult&)>;
  ApplyPolicy(std::string program_id, Policy policy, bool dry_run, Encoder encode)
      : program_id_(std::move(program_id)),
        policy_(std::move(policy)),
        dry_run_(dry_run),
        encode_(std::move(encode)) {}
  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  const std::string program_id_;
  const Policy policy_;
  const bool dry_run_;
  const Encoder encode_;
};

}  // namespace kith::retention::app

#endif  // KITH_SERVICES_RETENTION_APP_APPLY_POLICY_H_
