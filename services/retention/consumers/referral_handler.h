// Follows the referral service's feed.
#ifndef KITH_SERVICES_RETENTION_CONSUMERS_REFERRAL_HANDLER_H_
#define KITH_SERVICES_RETENTION_CONSUMERS_REFERRAL_HANDLER_H_

#include "common/feed/handler.h"

namespace kith::retention::consumers {

// Learns channel, referrer and, where nothing better is known, signup time from
// signup_attributed; passes over other facts and sources. A fact without a customer is
// refused (UNREADABLE_FACT).
class ReferralHandler final : public feed::Handler {
 public:
  void Prefetch(const feed::Event& event, exec::Loader& loader) const override;
  absl::Status Apply(const feed::Event& event, exec::Unit& unit,
                     absl::Time now) const override;
};

}  // namespace kith::retention::consumers

#endif  // KITH_SERVICES_RETENTION_CONSUMERS_REFERRAL_HANDLER_H_
