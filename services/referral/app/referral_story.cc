#include "services/referral/app/referral_story.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "services/referral/app/retention_grants.h"
#include "services/referral/app/reward_standing.h"
#include "services/referral/domain/errors.h"
#include "services/referral/domain/explanation.h"
#include "services/referral/domain/reward.h"
#include "services/referral/store/advocate_tables.h"
#include "services/referral/store/customer_tables.h"
#include "services/referral/store/program_tables.h"
#include "services/referral/store/referral_tables.h"
#include "services/referral/store/reward_tables.h"
#include "services/referral/store/row_reader.h"

namespace kith::referral::app {
namespace {

using domain::Customer;
using domain::ProgramVersion;
using domain::Referral;
using domain::Reward;
using domain::RewardRule;
using domain::RuleInForce;
using domain::Trigger;
using domain::Unpaid;

std::string TextOf(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d %H:%M UTC", time, absl::UTCTimeZone());
}

bool IsOverConversions(Trigger trigger) {
  return trigger == Trigger::kConverted || trigger == Trigger::kNthSuccess;
}

// Whether it is a lead that earns by a rule, and it has to be known to fit.
bool IsOverLeads(const RewardRule& rule) {
  return rule.trigger == Trigger::kSubmitted || rule.trigger == Trigger::kQualified ||
         rule.trigger == Trigger::kMilestone;
}
bool NeedsFit(const RewardRule& rule) {
  return rule.trigger == Trigger::kQualified ||
         (rule.trigger == Trigger::kMilestone &&
          rule.milestone_of == domain::MilestoneOf::kQualified);
}

// One referral before the rules of the versions that judge it.
class Teller {
 public:
  Teller(store::RowReader& rows, const Referral& referral, absl::Time now)
      : rows_(rows),
        referral_(referral),
        now_(now),
        versions_(rows.Select<store::VersionsOfProgram>(referral.program_id)),
        begun_(domain::BegunUnder(versions_, referral)),
        rewards_(rows.Select<store::RewardsByReferral>(
            {referral.program_id, referral.referral_id})) {
    if (referral.customer_id.empty()) return;
    customer_ = rows.Find<store::CustomerTable>({referral.program_id, referral.customer_id});
  }

  std::vector<RuleStory> TellAll() {
    std::vector<RuleStory> stories;
    for (const ProgramVersion* version : versions_) {
      for (const RuleInForce& rule : RulesPerhapsFor(*version, begun_, referral_)) {
        if (JudgeOf(*rule.rule) == version) stories.push_back(Tell(*version, rule));
      }
    }
    TellOfOthers(stories);
    return stories;
  }

 private:
  // When what earns a rule's reward happened, as far as it decides which version judges;
  // nullopt: it has not.
  std::optional<absl::Time> TimeOf(const RewardRule& rule) const {
    if (IsOverConversions(rule.trigger)) return referral_.conversion_time;
    if (IsOverLeads(rule)) {
      if (referral_.origin != domain::ReferralOrigin::kLead) return std::nullopt;
      if (!NeedsFit(rule)) return referral_.submitted_time;
      if (!referral_.ever_qualified) return std::nullopt;
      return referral_.qualified_time.value_or(referral_.submitted_time);
    }
    if (rule.trigger != Trigger::kAhaReached) return referral_.signup_time;
    return customer_ == nullptr ? std::nullopt : customer_->aha_time;
  }

  const ProgramVersion* JudgeOf(const RewardRule& rule) const {
    return domain::VersionInForce(versions_, TimeOf(rule).value_or(now_));
  }

  RuleStory Tell(const ProgramVersion& version, const RuleInForce& rule) {
    RuleStory story = StoryOf(rule, version);
    bool has_its_own = false;
    for (const Reward* reward : rewards_) {
      if (!domain::IsBy(*reward, rule)) continue;
      Add(story, *reward);
      has_its_own = has_its_own || IsItsOwn(*reward);
    }
    if (has_its_own) return story;
    story.unpaid = WhyNone(version, rule);
    const Reward* last = story.rewards.empty() ? nullptr : &story.rewards.back();
    if (last != nullptr && last->closed_by == domain::kByRecalculation &&
        story.unpaid.reason == domain::unpaid::kNotGranted) {
      story.unpaid = WhyNotOnItsWay(rows_, *last, MakerOf(rows_, *last), now_);
    }
    return story;
  }

  // Not one of an advocate who had the customer before.
  bool IsItsOwn(const Reward& reward) const {
    return domain::IsFor(reward, referral_) && !domain::MakesWay(reward);
  }

  void Add(RuleStory& story, const Reward& reward) {
    told_.insert(reward.reward_id);
    story.rewards.push_back(reward);
    if (!IsItsOwn(reward)) return;
    if (story.unpaid.reason.empty()) {
      story.unpaid = WhyNotOnItsWay(rows_, reward, MakerOf(rows_, reward), now_);
    }
    if (reward.cause != domain::kCapReached) return;
    story.caps = domain::ParseExplanation(reward.explanation).caps;
  }

  // Rewards by rules that the versions above do not have.
  void TellOfOthers(std::vector<RuleStory>& stories) {
    for (const Reward* reward : rewards_) {
      if (told_.count(reward->reward_id) > 0) continue;
      RuleStory story;
      story.rule_key = reward->campaign.empty()
                           ? reward->rule_id
                           : absl::StrCat(reward->campaign, "/", reward->rule_id);
      story.side = reward->side;
      story.trigger = reward->trigger;
      story.program_version = reward->program_version;
      Add(story, *reward);
      stories.push_back(std::move(story));
    }
  }

  Unpaid WhyNone(const ProgramVersion& version, const RuleInForce& rule) {
    Unpaid why = WhyNotInForce(version, begun_, rule, referral_);
    if (why.reason.empty()) why = WhyNotYet(*rule.rule);
    if (!why.reason.empty()) return why;
    if (referral_.fraud == domain::FraudState::kRejected) {
      return Because(domain::kFraudRejected, "the referral was rejected as a fraud");
    }
    domain::Occasion occasion =
        StoredOccasion(rows_, referral_, rule.rule->trigger, OccasionTime(*rule.rule));
    if (rule.rule->trigger == Trigger::kMilestone) return WhyNotNth(version, rule, occasion);
    why = WhyNotProposed(rows_, version, rule, occasion, now_);
    return why.reason.empty() ? WouldPayNow() : why;
  }

  absl::Time OccasionTime(const RewardRule& rule) const {
    return rule.trigger == Trigger::kRetained ? RetainedTime(referral_, rule)
                                              : TimeOf(rule).value_or(now_);
  }

  Unpaid WhyNotNth(const ProgramVersion& version, const RuleInForce& rule,
                   domain::Occasion occasion) {
    if (referral_.fraud == domain::FraudState::kHeld) return WaitsToBeCounted();
    const int64_t contacts = CountNow(rows_, version, rule, occasion);
    occasion.count = contacts;
    const bool filled_now =
        domain::FillsCount(*rule.rule, contacts) &&
        rows_.Find<store::RewardTable>(
            {referral_.program_id, domain::RewardId(rule, occasion)}) == nullptr;
    if (filled_now) {
      Unpaid why = WhyNotProposed(rows_, version, rule, occasion, now_);
      if (!why.reason.empty()) return why;
    }
    return NotReached(rule, NeedsFit(*rule.rule) ? "qualified leads" : "leads",
                      referral_.advocate_id, contacts);
  }

  // Why what earns a rule's reward has not happened. No reason: it has.
  Unpaid WhyNotYet(const RewardRule& rule) const {
    namespace unpaid = domain::unpaid;
    if (IsOverConversions(rule.trigger)) {
      return Because(unpaid::kOverConversions,
                     referral_.conversion_id.empty()
                         ? std::string("conversions earn it, and none converts the referral")
                         : absl::StrCat("conversions earn it, each by itself; ",
                                        referral_.conversion_id, " converts the referral"));
    }
    if (IsOverLeads(rule)) {
      if (referral_.origin != domain::ReferralOrigin::kLead) {
        return Because(unpaid::kNotALead,
                       "a lead earns it, and the referral began with a signup");
      }
      if (!NeedsFit(rule) || referral_.ever_qualified) return {};
      return Because(unpaid::kNotYet,
                     referral_.fit == domain::Fit::kBad
                         ? absl::StrCat("the lead was found not to fit, by ", referral_.fit_by)
                         : std::string("the lead is not known to fit, as yet"));
    }
    if (!referral_.signup_time.has_value()) {
      return Because(unpaid::kNotYet, "nobody has signed up for it, as yet");
    }
    if (rule.trigger == Trigger::kRetained)
      return WhyNotRetained(RetainedTime(referral_, rule));
    if (rule.trigger == Trigger::kAhaReached && !TimeOf(rule).has_value()) {
      return Because(unpaid::kNotYet,
                     "the customer has not reached the success event, as yet");
    }
    return {};
  }

  Unpaid WhyNotRetained(absl::Time due) const {
    if (customer_ != nullptr && customer_->churned_time.has_value() &&
        *customer_->churned_time < due) {
      return Because(domain::kNotRetained,
                     absl::StrCat("the customer left at ", TextOf(*customer_->churned_time),
                                  ", before ", TextOf(due)));
    }
    if (due <= now_) return {};
    return Because(
        domain::unpaid::kNotYet,
        absl::StrCat("it is earned at ", TextOf(due), ", if the customer stays until then"));
  }

  store::RowReader& rows_;
  const Referral& referral_;
  const absl::Time now_;
  const std::vector<const ProgramVersion*> versions_;  // oldest first
  const ProgramVersion* const begun_;
  const std::vector<const Reward*> rewards_;
  const Customer* customer_ = nullptr;
  std::set<std::string> told_;  // rewards
};

}  // namespace

absl::StatusOr<ReferralStory> TellReferral(db::ReadTransaction& transaction,
                                           const std::string& program_id,
                                           const std::string& referral_id, absl::Time now) {
  store::RowReader rows(transaction);
  const auto* referral = rows.Find<store::ReferralTable>({program_id, referral_id});
  if (!rows.status().ok()) return rows.status();
  if (referral == nullptr) {
    return MakeFieldError(domain::errors::kReferralNotFound, "referral_id",
                          "must be an accepted referral");
  }
  ReferralStory story{*referral, Teller(rows, *referral, now).TellAll()};
  if (!rows.status().ok()) return rows.status();
  return story;
}

}  // namespace kith::referral::app
