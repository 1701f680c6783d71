#include "services/referral/domain/counting.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "services/referral/domain/campaign.h"

namespace kith::referral::domain {

bool IsOverCounts(Trigger trigger) {
  return trigger == Trigger::kMilestone || trigger == Trigger::kNthSuccess;
}

bool IsCounted(const RuleInForce& rule, const Referral& referral) {
  if (!referral.cleared()) return false;
  if (rule.rule->trigger == Trigger::kNthSuccess) return !referral.conversion_id.empty();
  if (referral.origin != ReferralOrigin::kLead) return false;
  if (rule.campaign != nullptr && referral.campaign_by_code) return false;
  return rule.rule->milestone_of == MilestoneOf::kSubmitted || referral.ever_qualified;
}

std::optional<std::string> SeasonOf(const Judges& judges, const Referral& referral) {
  const ProgramVersion* begun = BegunUnder(judges.versions, referral);
  if (begun == nullptr) begun = judges.judging;
  if (begun == nullptr) return std::nullopt;
  const Campaign* campaign = FindCampaign(begun->program, referral.campaign);
  if (campaign == nullptr) return std::nullopt;
  const absl::TimeZone zone = ZoneOf(begun->program);
  const auto season = SeasonAt(*campaign, CampaignTime(referral), zone);
  if (!season.has_value()) return std::nullopt;
  if (season->start == campaign->start_time) return "";
  return absl::StrCat(absl::ToCivilYear(season->start, zone).year());
}

int64_t CountUnder(const Judges& judges, const RuleInForce& rule, const std::string& season,
                   const Advocate& advocate, const std::vector<const Referral*>& of_campaign) {
  if (rule.campaign == nullptr) {
    const Counted& counted = advocate.counted;
    if (rule.rule->trigger == Trigger::kNthSuccess) return counted.successes;
    const bool submitted = rule.rule->milestone_of == MilestoneOf::kSubmitted;
    return submitted ? counted.leads : counted.qualified;
  }
  return std::count_if(of_campaign.begin(), of_campaign.end(), [&](const Referral* referral) {
    return IsCounted(rule, *referral) && SeasonOf(judges, *referral) == season;
  });
}

std::optional<Numbered> NumberOf(const Reward& reward) {
  if (!IsOverCounts(reward.trigger)) return std::nullopt;
  absl::string_view rest = reward.reward_id;
  if (!reward.campaign.empty() &&
      !absl::ConsumePrefix(&rest, absl::StrCat(reward.campaign, "/"))) {
    return std::nullopt;
  }
  const std::string whose = absl::StrCat(reward.rule_id, ":", reward.recipient_id);
  if (!absl::ConsumePrefix(&rest, whose)) return std::nullopt;
  Numbered numbered;
  const size_t mark = rest.find('#');
  if (mark == absl::string_view::npos) return std::nullopt;
  absl::string_view season = rest.substr(0, mark);
  absl::ConsumePrefix(&season, "@");
  numbered.season = std::string(season);
  rest.remove_prefix(mark + 1);
  const absl::string_view number = rest.substr(0, rest.find('~'));
  if (!absl::SimpleAtoi(number, &numbered.number)) return std::nullopt;
  return numbered;
}

}  // namespace kith::referral::domain
