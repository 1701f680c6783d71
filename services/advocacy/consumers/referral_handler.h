// Follows the referral feed: enrolments, conversions and their reversals.
#ifndef KITH_SERVICES_ADVOCACY_CONSUMERS_REFERRAL_HANDLER_H_
#define KITH_SERVICES_ADVOCACY_CONSUMERS_REFERRAL_HANDLER_H_

#include "common/feed/handler.h"

namespace kith::advocacy::consumers {

// Errors, each a reason in the quarantine: UNKNOWN_CONVERSION, CONVERSION_CONFLICT,
// MALFORMED_FACT. A fact without a time is taken to have happened when it was recorded.
class ReferralHandler final : public feed::Handler {
 public:
  void Prefetch(const feed::Event& event, exec::Loader& loader) const override;
  absl::Status Apply(const feed::Event& event, exec::Unit& unit,
                     absl::Time now) const override;
};

}  // namespace kith::advocacy::consumers

#endif  // KITH_SERVICES_ADVOCACY_CONSUMERS_REFERRAL_HANDLER_H_
