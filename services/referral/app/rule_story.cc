#include "services/referral/app/rule_story.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/referral/app/counting.h"
#include "services/referral/app/reward_standing.h"
#include "services/referral/domain/counting.h"
#include "services/referral/domain/reward.h"
#include "services/referral/store/advocate_tables.h"
#include "services/referral/store/customer_tables.h"
#include "services/referral/store/program_tables.h"
#include "services/referral/store/reward_tables.h"

namespace kith::referral::app {

using domain::Referral;
using domain::RuleInForce;
using domain::Unpaid;

RuleStory StoryOf(const RuleInForce& rule, const domain::ProgramVersion& judging) {
  RuleStory story;
  story.rule_key = domain::RuleKey(rule);
  story.side = rule.rule->side;
  story.trigger = rule.rule->trigger;
  story.program_version = domain::VersionOf(judging, rule).version;
  return story;
}

std::vector<RuleInForce> RulesPerhapsFor(const domain::ProgramVersion& version,
                                         const domain::ProgramVersion* begun,
                                         const Referral& referral) {
  std::vector<RuleInForce> rules;
  for (const domain::RewardRule& rule : version.program.rewards) {
    rules.push_back({&rule, nullptr});
  }
  const domain::Campaign* campaign = domain::FindCampaign(version.program, referral.campaign);
  const bool gone = campaign == nullptr && begun != nullptr;
  if (gone) campaign = domain::FindCampaign(begun->program, referral.campaign);
  if (campaign == nullptr) return rules;
  for (const domain::RewardRule& rule : campaign->rewards) {
    rules.push_back({&rule, campaign, gone ? begun : nullptr});
  }
  return rules;
}

Unpaid WhyNotInForce(const domain::ProgramVersion& version,
                     const domain::ProgramVersion* begun, const RuleInForce& rule,
                     const Referral& referral) {
  const std::vector<RuleInForce> in_force = domain::RulesFor(version, begun, referral);
  const bool holds =
      std::any_of(in_force.begin(), in_force.end(),
                  [&](const RuleInForce& other) { return other.rule == rule.rule; });
  if (holds) return {};
  if (rule.campaign != nullptr) {
    return Because(domain::unpaid::kCampaignClosed,
                   absl::StrCat("the referral did not begin while ",
                                rule.campaign->campaign_id, " was running"));
  }
  return Because(domain::unpaid::kReplaced,
                 absl::StrCat("the rules of ", referral.campaign, " stand instead"));
}

const domain::RewardRule* MakerOf(store::RowReader& rows, const domain::Reward& reward) {
  const auto* version =
      rows.Find<store::ProgramVersionTable>({reward.program_id, reward.program_version});
  return version == nullptr ? nullptr : domain::RuleOf(version->program, reward).rule;
}

domain::Occasion StoredOccasion(store::RowReader& rows, const Referral& referral,
                                domain::Trigger trigger, absl::Time time) {
  domain::Occasion occasion;
  occasion.trigger = trigger;
  occasion.time = time;
  occasion.referral = &referral;
  occasion.advocate =
      rows.Find<store::AdvocateTable>({referral.program_id, referral.advocate_id});
  if (!referral.customer_id.empty()) {
    occasion.customer =
        rows.Find<store::CustomerTable>({referral.program_id, referral.customer_id});
  }
  return occasion;
}

Unpaid WhyNotProposed(store::RowReader& rows, const domain::ProgramVersion& version,
                      const RuleInForce& rule, const domain::Occasion& occasion,
                      absl::Time now) {
  const Referral& referral = *occasion.referral;
  const std::string& recipient = domain::RecipientOf(rule.rule->side, referral);
  const auto* use = rows.Find<store::CapUseTable>(store::CapUseTable::ToKey(
      referral.program_id, domain::RuleCountKey(domain::RuleKey(rule), recipient)));
  Unpaid why;
  const int64_t granted = use == nullptr ? 0 : use->count.rewards;
  domain::Propose(domain::VersionOf(version, rule), rule, occasion, granted, now, &why);
  return why;
}

Unpaid WouldPayNow() {
  return Because(domain::unpaid::kNotGranted,
                 "by the facts of now it would pay; they were other ones then");
}

Unpaid NotReached(const RuleInForce& rule, absl::string_view what,
                  const std::string& advocate_id, int64_t so_far) {
  const std::string where =
      rule.campaign == nullptr ? "" : absl::StrCat(" in ", rule.campaign->campaign_id);
  return Because(domain::unpaid::kNotReached,
                 absl::StrCat("it pays ", rule.rule->repeat ? "every " : "number ",
                              rule.rule->count, " of the advocate's ", what, where,
                              so_far < rule.rule->count
                                  ? ", and by now "
                                  : ", and this is not the one it pays for; by now ",
                              advocate_id, " has ", so_far));
}

Unpaid WaitsToBeCounted() {
  return Because(kFraudDecision, "it is counted if the fraud decision finds it honest");
}

int64_t CountNow(store::RowReader& rows, const domain::ProgramVersion& version,
                 const RuleInForce& rule, domain::Occasion& occasion) {
  const Referral& referral = *occasion.referral;
  const auto versions = rows.Select<store::VersionsOfProgram>(referral.program_id);
  const domain::Judges judges = {versions, &version};
  if (rule.campaign != nullptr) {
    occasion.season = domain::SeasonOf(judges, referral).value_or("");
  }
  return CountFor(rows, judges, rule, {referral.program_id, referral.advocate_id},
                  occasion.season);
}

}  // namespace kith::referral::app
