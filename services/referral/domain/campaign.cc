#include "services/referral/domain/campaign.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "services/referral/domain/errors.h"

namespace kith::referral::domain {
namespace {

constexpr int kFebruary = 2;
constexpr int kLeapDay = 29;

// The same local day and hour `years` later.
absl::Time YearsLater(absl::Time time, int64_t years, absl::TimeZone zone) {
  const absl::CivilSecond local = absl::ToCivilSecond(time, zone);
  const absl::civil_year_t year = local.year() + years;
  int day = local.day();
  // CivilSecond would carry a day that the year does not have over into March.
  if (local.month() == kFebruary && day == kLeapDay &&
      absl::CivilDay(year, kFebruary, kLeapDay).month() != kFebruary) {
    --day;
  }
  const absl::CivilSecond later(year, local.month(), day, local.hour(), local.minute(),
                                local.second());
  const absl::Duration fraction = time - absl::FromUnixSeconds(absl::ToUnixSeconds(time));
  return absl::FromCivil(later, zone) + fraction;
}

// Of an end, which is exclusive: at midnight it stands for the day before.
absl::Time EndYearsLater(absl::Time end, int64_t years, absl::TimeZone zone) {
  const absl::CivilDay day = absl::ToCivilDay(end, zone);
  const bool leap_midnight =
      day.month() == kFebruary && day.day() == kLeapDay && end == absl::FromCivil(day, zone);
  if (!leap_midnight) return YearsLater(end, years, zone);
  return absl::FromCivil(absl::CivilDay(day.year() + years, kFebruary, kLeapDay), zone);
}

Season YearsLater(const Campaign& campaign, int64_t years, absl::TimeZone zone) {
  if (years == 0) return {campaign.start_time, campaign.end_time};
  return {YearsLater(campaign.start_time, years, zone),
          EndYearsLater(campaign.end_time, years, zone)};
}

bool Contains(const Season& season, absl::Time time) {
  return season.start <= time && time < season.end;
}

}  // namespace

const Campaign* FindCampaign(const Program& program, absl::string_view campaign_id) {
  if (campaign_id.empty()) return nullptr;
  const auto it =
      std::find_if(program.campaigns.begin(), program.campaigns.end(),
                   [&](const Campaign& known) { return known.campaign_id == campaign_id; });
  return it == program.campaigns.end() ? nullptr : &*it;
}

std::optional<Season> SeasonAt(const Campaign& campaign, absl::Time time,
                               absl::TimeZone zone) {
  const Season first = YearsLater(campaign, 0, zone);
  if (campaign.recurrence == Recurrence::kNone || time < first.end) {
    return Contains(first, time) ? std::optional(first) : std::nullopt;
  }
  // A run is shorter than a year: it began in the year of `time` or in the one before.
  const int64_t years =
      absl::ToCivilYear(time, zone) - absl::ToCivilYear(campaign.start_time, zone);
  for (const int64_t later : {years, years - 1}) {
    const Season season = YearsLater(campaign, later, zone);
    if (Contains(season, time)) return season;
  }
  return std::nullopt;
}

std::optional<absl::Time> NextStart(const Campaign& campaign, absl::Time time,
                                    absl::TimeZone zone) {
  if (time < campaign.start_time) return campaign.start_time;
  if (campaign.recurrence == Recurrence::kNone) return std::nullopt;
  const int64_t years =
      absl::ToCivilYear(time, zone) - absl::ToCivilYear(campaign.start_time, zone);
  const absl::Time this_year = YearsLater(campaign.start_time, years, zone);
  return time < this_year ? this_year : YearsLater(campaign.start_time, years + 1, zone);
}

absl::Status CheckCampaign(const Program& program, absl::string_view campaign_id,
                           const Advocate& advocate, absl::Time time) {
  const Campaign* campaign = FindCampaign(program, campaign_id);
  if (campaign == nullptr) return absl::OkStatus();
  if (!SeasonAt(*campaign, time, ZoneOf(program)).has_value()) {
    return MakeFieldError(errors::kCampaignClosed, "campaign",
                          "must be a campaign that is running then");
  }
  FieldValues values;
  AddFields(advocate, values);
  if (!Holds(campaign->audience, values)) {
    return MakeFieldError(errors::kNotInAudience, "campaign",
                          "must be a campaign that is for this advocate");
  }
  return absl::OkStatus();
}

bool IsEligible(const Program& program, const Advocate& advocate) {
  if (program.advocate_eligibility.always()) return true;
  FieldValues values;
  AddFields(advocate, values);
  return Holds(program.advocate_eligibility, values);
}

std::vector<RuleInForce> RulesFor(const Program& program, absl::string_view campaign_id) {
  const Campaign* campaign = FindCampaign(program, campaign_id);
  std::vector<RuleInForce> rules;
  if (campaign == nullptr || !campaign->replaces_rewards) {
    for (const RewardRule& rule : program.rewards) rules.push_back({&rule, nullptr});
  }
  if (campaign != nullptr) {
    for (const RewardRule& rule : campaign->rewards) rules.push_back({&rule, campaign});
  }
  return rules;
}

std::string RuleKey(const RuleInForce& rule) {
  if (rule.campaign == nullptr) return rule.rule->rule_id;
  return absl::StrCat(rule.campaign->campaign_id, "/", rule.rule->rule_id);
}

absl::TimeZone ZoneOf(const Program& program) {
  absl::TimeZone zone;
  if (!absl::LoadTimeZone(program.time_zone, &zone)) return absl::UTCTimeZone();
  return zone;
}

void AddFields(const Advocate& advocate, FieldValues& values) {
  for (const auto& [name, value] : advocate.attributes) {
    values[absl::StrCat("advocate.", name)] = value;
  }
  const std::pair<absl::string_view, const std::string&> texts[] = {
      {"kind", advocate.kind}, {"tier", advocate.tier}, {"segment", advocate.segment}};
  for (const auto& [name, value] : texts) {
    const std::string field = absl::StrCat("advocate.", name);
    values.erase(field);
    if (!value.empty()) values[field] = value;
  }
  const std::pair<absl::string_view, int64_t> counts[] = {
      {"referrals", advocate.referrals},
      {"signups", advocate.signups},
      {"conversions", advocate.conversions},
      {"qualified", advocate.qualified}};
  for (const auto& [name, count] : counts) {
    values[absl::StrCat("advocate.", name)] = absl::StrCat(count);
  }
}

}  // namespace kith::referral::domain
