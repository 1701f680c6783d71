// Follows the retention and advocacy feeds for what rewards depend on.
#ifndef KITH_SERVICES_REFERRAL_CONSUMERS_LIFECYCLE_HANDLER_H_
#define KITH_SERVICES_REFERRAL_CONSUMERS_LIFECYCLE_HANDLER_H_

#include "common/feed/handler.h"

namespace kith::referral::consumers {

// From `retention`: aha_reached, customer_churned, customer_reactivated. From `advocacy`:
// tier_changed, segment_changed. Others, and those of other sources, are passed over.
// Into quarantine: UNREADABLE_FACT (nobody is named), PROGRAM_UNREADABLE. A fact without a
// time happened when it was recorded.
class LifecycleHandler final : public feed::Handler {
 public:
  void Prefetch(const feed::Event& event, exec::Loader& loader) const override;
  absl::Status Apply(const feed::Event& event, exec::Unit& unit,
                     absl::Time now) const override;
};

}  // namespace kith::referral::consumers

#endif  // KITH_SERVICES_REFERRAL_CONSUMERS_LIFECYCLE_HANDLER_H_
