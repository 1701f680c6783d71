// Follows the feeds of referral and retention: their facts start and end playbooks.
//
//   referral_submitted   starts referral_submitted for the advocate
//   signup_attributed    starts signup_attributed for the customer, when there is a referrer;
//                        ends what it started, when there is none (any more), until there is
//   referral_converted   starts referral_converted for the advocate; ends playbooks
//                        with exit_on_conversion of the referral and of the customer
//   conversion_reversed  ends the playbooks that the conversion started; a conversion that
//                        takes its place, or the same one when it is told live again, starts
//                        them again
//   customer_onboarded   starts customer_onboarded for the customer
//   aha_reached          starts aha_reached for the customer
//   customer_churned     starts customer_churned for the customer; ends playbooks with
//                        exit_on_churn of the customer
//   customer_reactivated ends the playbooks that an earlier churn of the customer started, and
//                        lets the next churn start customer_churned again
//
// Other facts only make their program known. A playbook is started by facts that arrive after
// it was applied. The feeds may arrive in any order relative to each other.
#ifndef KITH_SERVICES_OUTREACH_CONSUMERS_FACT_HANDLER_H_
#define KITH_SERVICES_OUTREACH_CONSUMERS_FACT_HANDLER_H_

#include "absl/status/status.h"
#include "common/feed/handler.h"

namespace kith::outreach {

// Error of Apply: MALFORMED_FACT.
class FactHandler final : public feed::Handler {
 public:
  void Prefetch(const feed::Event& event, exec::Loader& loader) const override;
  absl::Status Apply(const feed::Event& event, exec::Unit& unit,
                     absl::Time now) const override;
};

}  // namespace kith::outreach

#endif  // KITH_SERVICES_OUTREACH_CONSUMERS_FACT_HANDLER_H_
