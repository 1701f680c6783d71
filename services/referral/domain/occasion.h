// What may earn rewards: something happened to a referral. Each occasion gives at most one
// reward of each rule, whose id is made of both.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_OCCASION_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_OCCASION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "services/referral/domain/campaign.h"
#include "services/referral/domain/condition.h"
#include "services/referral/domain/model.h"

namespace kith::referral::domain {

struct Occasion {
  Trigger trigger = Trigger::kConverted;
  absl::Time time;                         // when it happened
  const Referral* referral = nullptr;      // never nullptr
  const Customer* customer = nullptr;      // of the referral, if signed up
  const Advocate* advocate = nullptr;      // of the referral
  const Conversion* conversion = nullptr;  // of kConverted and kNthSuccess
  int64_t count = 0;                       // of kMilestone and kNthSuccess
  std::string season = {};                 // of the same, by a campaign: see counting.h
};

// The id of the reward of a conversion by a rule of the program itself.
std::string RewardId(absl::string_view conversion_id, absl::string_view rule_id);
// The id of the reward of any rule: the above, or `<rule key>:<occasion>`, where the occasion
// is the conversion's id, the referral's, or `<advocate>#<count>`, of a later run of a
// campaign `<advocate>@<year>#<count>`.
std::string RewardId(const RuleInForce& rule, const Occasion& occasion);
// Whether a reward is by this rule: of its name, and of its campaign or of none like it.
bool IsBy(const Reward& reward, const RuleInForce& rule);
// Whether a reward is one of the referral as it is: not one of an advocate who had its
// customer before.
bool IsFor(const Reward& reward, const Referral& referral);
// Whether a reward is of this rule and occasion and IsFor its referral, and not of others that
// read the same: the ids of conversions, referrals and advocates may hold all that ids of
// rewards are made with.
bool IsOf(const Reward& reward, const RuleInForce& rule, const Occasion& occasion);
// The id of its `n`th successor, given when the reward was taken back because the signup or
// conversion moved to another referral, or when another occasion has the id: the id itself for
// 1, then `<id>~<n>`.
std::string SuccessorId(absl::string_view reward_id, int n);

// Who receives a reward of `side`: the advocate or the referee; empty while the referee's
// customer id is not known.
const std::string& RecipientOf(RewardSide side, const Referral& referral);

// When a referral came under the rules of its campaign.
absl::Time CampaignTime(const Referral& referral);
// The version under which a referral came to its campaign: that of its lead or, without a lead
// or if the customer's code brought the campaign, that of the signup. nullptr: none was in
// force. `versions`: all, oldest first.
const ProgramVersion* BegunUnder(absl::Span<const ProgramVersion* const> versions,
                                 const Referral& referral);
// The rules for a referral by the version that judges: those of its campaign too, if that was
// running, by the version `begun` under which the referral came to it (nullptr: the one that
// judges), when the lead was submitted or, without a lead or if the code brought the campaign,
// when the customer signed up. A campaign that the version has not got any more stands as it
// was in `begun`: what was promised is not taken back.
std::vector<RuleInForce> RulesFor(const ProgramVersion& judging, const ProgramVersion* begun,
                                  const Referral& referral);
// The version that a rule is of.
const ProgramVersion& VersionOf(const ProgramVersion& judging, const RuleInForce& rule);

// Whether an occasion of that count fills a milestone or is an Nth success.
bool FillsCount(const RewardRule& rule, int64_t count);

// What conditions see of it (see condition.h). `ordinal`: of this reward among those of its
// rule for its recipient, from 1.
FieldValues FieldsOf(const Occasion& occasion, int64_t ordinal);

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_OCCASION_H_
