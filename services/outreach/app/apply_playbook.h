// Applies a playbook: a new version when it differs from the newest. What was started with an
// older version keeps it.
#ifndef KITH_SERVICES_OUTREACH_APP_APPLY_PLAYBOOK_H_
#define KITH_SERVICES_OUTREACH_APP_APPLY_PLAYBOOK_H_

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "common/executor/executor.h"
#include "services/outreach/domain/playbook.h"
#include "services/outreach/domain/types.h"

namespace kith::outreach {

struct ApplyPlaybookResult {
  int64_t version = 0;   // in the store afterwards; of a dry run: that there would be
  bool changed = false;  // or would be
  std::vector<Difference> differences;
};

// Errors: INVALID_FIELD, TOO_MANY_PLAYBOOKS.
class ApplyPlaybook final : public exec::Command {
 public:
  using Encoder = std::function<std::string(const ApplyPlaybookResult&)>;
  ApplyPlaybook(Playbook playbook, bool dry_run, Encoder encode)
      : playbook_(std::move(playbook)), dry_run_(dry_run), encode_(std::move(encode)) {}
  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  void Store(const PlaybookVersion* newest, exec::Unit& unit, absl::Time now) const;

  const Playbook playbook_;
  const bool dry_run_;
  const Encoder encode_;
};

}  // namespace kith::outreach

#endif  // KITH_SERVICES_OUTREACH_APP_APPLY_PLAYBOOK_H_
