// Milestones and Nth successes: what an advocate's count reaches is granted, and what it
// reaches no more is taken back.
#ifndef KITH_SERVICES_REFERRAL_APP_COUNTING_H_
#define KITH_SERVICES_REFERRAL_APP_COUNTING_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/executor/unit.h"
#include "services/referral/app/granting.h"
#include "services/referral/app/rules.h"
#include "services/referral/domain/counting.h"
#include "services/referral/domain/model.h"
#include "services/referral/store/advocate_tables.h"
#include "services/referral/store/keys.h"
#include "services/referral/store/referral_tables.h"

namespace kith::referral::app {

// How many of an advocate's referrals a rule over counts counts, by the rows of `rows`: a
// working set or a RowReader. `season`: see domain::SeasonOf.
template <class Rows>
int64_t CountFor(Rows& rows, const domain::Judges& judges, const domain::RuleInForce& rule,
                 const store::IdKey& advocate_key, const std::string& season) {
  const auto* advocate = rows.template Find<store::AdvocateTable>(advocate_key);
  if (advocate == nullptr) return 0;
  std::vector<const domain::Referral*> of_campaign;
  if (rule.campaign != nullptr) {
    of_campaign = rows.template Select<store::ReferralsOfCampaign>(
        {advocate_key.first, advocate_key.second, rule.campaign->campaign_id});
  }
  return domain::CountUnder(judges, rule, season, *advocate, of_campaign);
}

// Wants the rewards that a rule over counts gives for the count of now and the next ones, of
// which a batch may come over many. `occasion` has its referral.
void WantCounts(exec::Loader& loader, const Rules& rules, const Judging& judging,
                const domain::RuleInForce& rule, domain::Occasion occasion);
// Wants what TakeBackUnreached needs if this referral counts no more.
void WantUnreached(exec::Loader& loader, const Rules& rules, const domain::Referral& referral);
// Wants what OnGateOpened grants.
void WantGateOpened(exec::Loader& loader, const Rules& rules,
                    const domain::Referral& referral);

// The occasion's referral has come to be counted by milestones of these contacts, or as a
// success: grants what the count reaches by each rule. Does nothing for a referral that is not
// counted, as while its fraud gate is closed. Needs the referral and its advocate as stored.
void GrantMilestones(exec::Unit& unit, const Rules& rules, const Judging& judging,
                     domain::Occasion occasion, domain::MilestoneOf of, absl::Time now);
void GrantSuccesses(exec::Unit& unit, const Rules& rules, const Judging& judging,
                    domain::Occasion occasion, absl::Time now);

// The fraud gate of a stored referral has opened, so that it is counted from now on: grants
// what that reaches, by the rules of when it was submitted, qualified and converted. The
// rewards wait before the gate as its other ones do (see OnFraudApproved).
void OnGateOpened(exec::Unit& unit, const Rules& rules, const domain::Referral& referral,
                  absl::Time now);

// Why a referral counts no more.
struct Fall {
  std::string cause;                        // of the rewards that are taken back
  absl::string_view by;                     // see Reward.closed_by: they may be earned again
  bool of_leads = false;                    // milestones go too
  std::optional<absl::Time> reversal_time;  // clawback windows hold for it; absent: none does
};
// A referral counts no more: takes back those of its advocate's rewards that are not reached
// without it. `gone`: as it was before, with its live conversion. A reward that did not count
// it stays, be it short of its number, and so does one that its clawback window keeps: from
// then on until it is shorter still (see Explanation).
void TakeBackUnreached(exec::Unit& unit, const Rules& rules, const domain::Referral& gone,
                       const Fall& fall, absl::Time now);

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_COUNTING_H_
