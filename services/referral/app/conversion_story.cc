#include "services/referral/app/conversion_story.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "services/referral/app/reward_standing.h"
#include "services/referral/domain/campaign.h"
#include "services/referral/domain/conversion.h"
#include "services/referral/domain/errors.h"
#include "services/referral/domain/explanation.h"
#include "services/referral/domain/occasion.h"
#include "services/referral/domain/reward.h"
#include "services/referral/store/conversion_tables.h"
#include "services/referral/store/customer_tables.h"
#include "services/referral/store/program_tables.h"
#include "services/referral/store/referral_tables.h"
#include "services/referral/store/reward_tables.h"
#include "services/referral/store/row_reader.h"

namespace kith::referral::app {
namespace {

using domain::Conversion;
using domain::Referral;
using domain::Reward;
using domain::RuleInForce;
using domain::Trigger;
using domain::Unpaid;

// One conversion that counts for a referral, before the rules of the version that judged it.
class Teller {
 public:
  Teller(store::RowReader& rows, const domain::ProgramVersion& version,
         const Referral& referral, const Conversion& conversion, absl::Time now)
      : rows_(rows),
        version_(version),
        referral_(referral),
        conversion_(conversion),
        now_(now),
        begun_(domain::BegunUnder(rows.Select<store::VersionsOfProgram>(referral.program_id),
                                  referral)),
        rewards_(rows.Select<store::RewardsByReferral>(
            {referral.program_id, referral.referral_id})) {}

  std::vector<RuleStory> TellAll() {
    std::vector<RuleStory> stories;
    for (const RuleInForce& rule : RulesPerhapsFor(version_, begun_, referral_)) {
      stories.push_back(Tell(rule));
    }
    if (conversion_.reversed()) {
      std::erase_if(stories, [](const RuleStory& story) { return story.rewards.empty(); });
    }
    return stories;
  }

 private:
  RuleStory Tell(const RuleInForce& rule) {
    RuleStory story = StoryOf(rule, version_);
    bool made_any = false;
    for (const Reward* reward : rewards_) {
      if (reward->conversion_id != conversion_.conversion_id || !domain::IsBy(*reward, rule))
        continue;
      story.rewards.push_back(*reward);
      const bool is_its_own = domain::IsFor(*reward, referral_) && !domain::MakesWay(*reward);
      if (!is_its_own && !conversion_.reversed()) continue;
      made_any = true;
      if (story.unpaid.reason.empty()) story.unpaid = WhyAsItIs(*reward);
      if (reward->cause != domain::kCapReached) continue;
      story.caps = domain::ParseExplanation(reward->explanation).caps;
    }
    if (made_any || conversion_.reversed()) return story;
    story.unpaid = WhyNone(rule);
    const Reward* last = story.rewards.empty() ? nullptr : &story.rewards.back();
    if (last != nullptr && last->closed_by == domain::kByRecalculation &&
        story.unpaid.reason == domain::unpaid::kNotGranted) {
      story.unpaid = WhyAsItIs(*last);
    }
    return story;
  }

  // Of a reward that is there: why it is not on its way, or stands though it was reversed.
  Unpaid WhyAsItIs(const Reward& reward) {
    const domain::RewardRule* rule = MakerOf(rows_, reward);
    if (conversion_.reversed()) {
      Unpaid kept = WhyKept(reward, rule, *conversion_.reversal_time, now_);
      if (kept.reason == kStillConverted && referral_.conversion_id.empty()) {
        return Because(kStillReached, "the advocate has as many successes without it");
      }
      if (!kept.reason.empty()) return kept;
    }
    return WhyNotOnItsWay(rows_, reward, rule, now_);
  }

  Unpaid WhyNone(const RuleInForce& rule) {
    Unpaid why = WhyNotInForce(version_, begun_, rule, referral_);
    if (why.reason.empty()) why = domain::WhyNotAsked(*rule.rule, conversion_);
    if (!why.reason.empty()) return why;
    if (referral_.fraud == domain::FraudState::kRejected) {
      return Because(domain::kFraudRejected, "the referral was rejected as a fraud");
    }
    return rule.rule->trigger == Trigger::kNthSuccess ? WhyNotNth(rule) : WhyNotThis(rule);
  }

  Unpaid WhyNotNth(const RuleInForce& rule) {
    if (!IsLive()) return Other(referral_.conversion_id, "converts the referral");
    if (referral_.fraud == domain::FraudState::kHeld) return WaitsToBeCounted();
    domain::Occasion occasion = Occasion(Trigger::kNthSuccess);
    const int64_t successes = CountNow(rows_, version_, rule, occasion);
    occasion.count = successes;
    const bool filled_now =
        domain::FillsCount(*rule.rule, successes) &&
        rows_.Find<store::RewardTable>(
            {referral_.program_id, domain::RewardId(rule, occasion)}) == nullptr;
    if (filled_now) {
      Unpaid why = WhyNotProposed(rows_, version_, rule, occasion, now_);
      if (!why.reason.empty()) return why;
    }
    return NotReached(rule, "successes", referral_.advocate_id, successes);
  }

  Unpaid WhyNotThis(const RuleInForce& rule) {
    if (rule.rule->occurrence != domain::Occurrence::kEvery) {
      if (const Reward* reward = OfAnother(rule)) {
        const absl::string_view has = domain::Stands(*reward) ? "has" : "had";
        return Other(reward->conversion_id,
                     absl::StrCat(has, " the reward, which is given once"));
      }
      const bool needs_live = rule.rule->event.empty();
      if (needs_live && !IsLive()) {
        return Other(referral_.conversion_id, "converts the referral");
      }
    }
    Unpaid why = WhyNotProposed(rows_, version_, rule, Occasion(Trigger::kConverted), now_);
    return why.reason.empty() ? WouldPayNow() : why;
  }

  // The reward that another conversion of the referral has by this rule.
  const Reward* OfAnother(const RuleInForce& rule) {
    for (const Reward* reward : rewards_) {
      const bool another =
          !reward->conversion_id.empty() && reward->conversion_id != conversion_.conversion_id;
      const bool of_it = another && domain::IsBy(*reward, rule) &&
                         !domain::MakesWay(*reward) && domain::IsFor(*reward, referral_);
      if (!of_it) continue;
      if (domain::Stands(*reward)) return reward;
      if (!rule.rule->event.empty() && WasGiven(*reward)) return reward;
    }
    return nullptr;
  }

  // Though it was not taken, or was taken back.
  bool WasGiven(const Reward& reward) {
    if (reward.cause == domain::kFraudRejected) return false;
    const auto* conversion =
        rows_.Find<store::ConversionTable>({reward.program_id, reward.conversion_id});
    return conversion == nullptr || !conversion->reversed();
  }

  Unpaid Other(const std::string& conversion_id, absl::string_view what) const {
    return Because(
        domain::unpaid::kNotTheFirst,
        absl::StrCat(conversion_id.empty() ? "no conversion" : conversion_id, " ", what));
  }

  bool IsLive() const { return referral_.conversion_id == conversion_.conversion_id; }

  domain::Occasion Occasion(Trigger trigger) {
    domain::Occasion occasion =
        StoredOccasion(rows_, referral_, trigger, conversion_.conversion_time);
    occasion.conversion = &conversion_;
    return occasion;
  }

  store::RowReader& rows_;
  const domain::ProgramVersion& version_;
  const Referral& referral_;
  const Conversion& conversion_;
  const absl::Time now_;
  const domain::ProgramVersion* const begun_;
  const std::vector<const Reward*> rewards_;
};

// Why it counts for nothing before any rule is asked; empty: it counts.
std::string WhyNotAtAll(store::RowReader& rows, const Conversion& conversion,
                        const domain::ProgramVersion* version) {
  if (conversion.reversed()) return "REVERSED";
  if (conversion.referral_id.empty()) {
    const auto* customer =
        conversion.customer_id.empty()
            ? nullptr
            : rows.Find<store::CustomerTable>({conversion.program_id, conversion.customer_id});
    return std::string(domain::WhyUncounted(conversion, customer));
  }
  return version == nullptr ? "NO_RULES" : "";
}

void View(ConversionView& view, const Conversion& conversion, const Referral* referral) {
  view.conversion = conversion;
  view.live = referral != nullptr && referral->conversion_id == conversion.conversion_id;
}

}  // namespace

absl::StatusOr<ConversionStory> TellConversion(db::ReadTransaction& transaction,
                                               const std::string& program_id,
                                               const std::string& conversion_id,
                                               absl::Time now) {
  store::RowReader rows(transaction);
  const auto* conversion = rows.Find<store::ConversionTable>({program_id, conversion_id});
  if (!rows.status().ok()) return rows.status();
  if (conversion == nullptr) {
    return MakeFieldError(domain::errors::kConversionNotFound, "conversion_id",
                          "must be a recorded conversion");
  }
  const Referral* referral =
      conversion->referral_id.empty()
          ? nullptr
          : rows.Find<store::ReferralTable>({program_id, conversion->referral_id});
  const auto* version =
      rows.Find<store::ProgramVersionTable>({program_id, conversion->program_version});
  ConversionStory story;
  View(story.view, *conversion, referral);
  story.program_version = conversion->program_version;
  story.reason = WhyNotAtAll(rows, *conversion, version);
  if (conversion->referral_id.empty()) story.view.uncounted = story.reason;
  if (conversion->referral_id.empty() && conversion->reversed()) story.view.uncounted.clear();
  if (referral != nullptr) story.advocate_id = referral->advocate_id;
  const bool told = story.reason.empty() || conversion->reversed();
  if (referral != nullptr && version != nullptr && told) {
    story.rules = Teller(rows, *version, *referral, *conversion, now).TellAll();
  }
  for (const RuleStory& rule : story.rules) {
    for (const Reward& reward : rule.rewards) {
      if (reward.amount_minor > 0) story.view.reward_ids.push_back(reward.reward_id);
    }
  }
  if (!rows.status().ok()) return rows.status();
  return story;
}

}  // namespace kith::referral::app
