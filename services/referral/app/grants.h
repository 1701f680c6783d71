// Everything that makes, releases and takes back rewards, by what happened. The only place
// where rewards and the ledger change, besides fulfilment. Each function does nothing twice:
// a reward's id is made of its rule and its occasion.
#ifndef KITH_SERVICES_REFERRAL_APP_GRANTS_H_
#define KITH_SERVICES_REFERRAL_APP_GRANTS_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/executor/unit.h"
#include "services/referral/app/rules.h"
#include "services/referral/domain/model.h"

namespace kith::referral::app {

// Wants what the functions below may need for this referral: its advocate and customer, its
// rewards, the cap rows of both ends for `time` and for the rules of the version in force
// then. `customer_id` may be empty or not a customer yet. OnFraudRejected needs what
// WantUnreached wants besides.
void WantGrants(exec::Loader& loader, const Rules& rules, const domain::Referral& referral,
                const std::string& customer_id, absl::Time time);

// Wants besides what a customer brings to a referral: what its lead has earned for a referee
// who was not known then, and, with `aha_time`, what was told of the customer before.
// `referral` is as it is with the customer.
void WantWelcome(exec::Loader& loader, const Rules& rules, const domain::Referral& referral,
                 std::optional<absl::Time> aha_time);

// A lead was accepted: rewards for submission and for milestones of submitted contacts.
// The referral has been put, so that it is counted; while it is held for fraud it is not (see
// counting.h).
void OnSubmitted(exec::Unit& unit, const Rules& rules, const domain::Referral& referral,
                 absl::Time now);
// A lead was found qualified for the first time, and has been put so.
void OnQualified(exec::Unit& unit, const Rules& rules, const domain::Referral& referral,
                 absl::Time time, absl::Time now);
// A customer was attributed to `referral`: signup rewards, and the clock of retained-N-days
// starts.
void OnSignedUp(exec::Unit& unit, const Rules& rules, const domain::Referral& referral,
                absl::Time now);
// The referee reached the success event at `time`.
void OnAha(exec::Unit& unit, const Rules& rules, const domain::Referral& referral,
           absl::Time time, absl::Time now);
// The referee left at `time`: what was not available by then is taken back, and the rest by
// the churn windows, but nothing that is for the advocate's count; no retained-N-days rewards
// after it.
void OnChurned(exec::Unit& unit, const Rules& rules, const domain::Referral& referral,
               absl::Time time, absl::Time now);
// The referee came back at `time`: retained-N-days go on from then.
void OnReactivated(exec::Unit& unit, const Rules& rules, const domain::Referral& referral,
                   absl::Time time, absl::Time now);
// Retained-N-days rules that are due by now; schedules the next.
void OnRetainedDue(exec::Unit& unit, const Rules& rules, const domain::Referral& referral,
                   absl::Time now);
// The fraud gate opened (its pending rewards go on to approved, held or available), or closed
// (all of its rewards are cancelled, paid ones clawed back; so are milestones and Nth
// successes of the advocate's that are not reached without it, which may be reached again).
// `before`: the referral as it was before it was rejected.
void OnFraudApproved(exec::Unit& unit, const Rules& rules, const domain::Referral& referral,
                     absl::Time now);
void OnFraudRejected(exec::Unit& unit, const Rules& rules, const domain::Referral& before,
                     absl::Time now);
// A reward's holding period is over (publishes reward_available once), or its time to take it.
void OnRewardDue(exec::Unit& unit, const std::string& program_id, const std::string& reward_id,
                 absl::Time now);
void OnRewardExpired(exec::Unit& unit, const std::string& program_id,
                     const std::string& reward_id, absl::Time now);
// The recipient has it: books the payment.
void OnRewardFulfilled(exec::Unit& unit, domain::Reward reward, absl::Time now);
// Takes one reward back, whatever its state: cancelled while unpaid and pending or approved,
// reversed in the ledger while unpaid, clawed back by negative entries when paid. One that a
// provider is at is marked only (its reversal_time is set): it is decided by the provider's
// report. `by`: who decided, if a person did.
void TakeBack(exec::Unit& unit, domain::Reward reward, absl::string_view cause, absl::Time now,
              absl::string_view by = {});

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_GRANTS_H_
