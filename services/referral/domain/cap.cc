#include "services/referral/domain/cap.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "services/referral/domain/amount.h"

namespace kith::referral::domain {
namespace {

constexpr absl::string_view kRulePrefix = "rule/";

absl::CivilDay FirstDay(CapPeriod period, absl::CivilDay day) {
  switch (period) {
    case CapPeriod::kWeek:
      return absl::PrevWeekday(day + 1, absl::Weekday::monday);
    case CapPeriod::kMonth:
      return absl::CivilDay(absl::CivilMonth(day));
    case CapPeriod::kYear:
      return absl::CivilDay(absl::CivilYear(day));
    case CapPeriod::kLifetime:
    case CapPeriod::kDay:
      return day;
  }
  return day;
}

void AddCaps(const std::vector<Cap>& caps, const std::string& holder,
             const std::string& recipient_id, absl::Time time, const Program& program,
             std::vector<CapInForce>& out) {
  for (const Cap& cap : caps) {
    CapInForce met;
    met.cap = cap;
    met.key.holder = holder;
    if (cap.scope == CapScope::kRecipient) met.key.recipient_id = recipient_id;
    met.key.period = cap.period;
    // The zone is looked up for calendar periods only.
    if (cap.period != CapPeriod::kLifetime) {
      met.key.period_start = PeriodStart(cap.period, time, ZoneOf(program));
    }
    out.push_back(std::move(met));
  }
}

// The caps of the rule, of its campaign and of the program.
std::vector<CapInForce> CapsOver(const Program& program, const RuleInForce& rule,
                                 const std::string& recipient_id, absl::Time time) {
  std::vector<CapInForce> caps = CapsOfRule(program, rule, recipient_id, time);
  const auto append = [&](std::vector<CapInForce> more) {
    std::move(more.begin(), more.end(), std::back_inserter(caps));
  };
  if (rule.campaign != nullptr) {
    append(CapsOfCampaign(program, *rule.campaign, recipient_id, time));
  }
  append(CapsOfProgram(program, recipient_id, time));
  return caps;
}

}  // namespace

absl::Time PeriodStart(CapPeriod period, absl::Time time, absl::TimeZone zone) {
  if (period == CapPeriod::kLifetime) return absl::UnixEpoch();
  return absl::FromCivil(FirstDay(period, absl::ToCivilDay(time, zone)), zone);
}

CapKey RuleCountKey(absl::string_view rule_key, absl::string_view recipient_id) {
  return {absl::StrCat(kRulePrefix, rule_key), std::string(recipient_id), CapPeriod::kLifetime,
          absl::UnixEpoch()};
}

std::vector<CapInForce> CapsOfRule(const Program& program, const RuleInForce& rule,
                                   const std::string& recipient_id, absl::Time time) {
  std::vector<CapInForce> caps;
  if (!rule.rule->max_rewards_per_recipient.has_value() && rule.rule->caps.empty()) {
    return caps;
  }
  const CapKey count_key = RuleCountKey(RuleKey(rule), recipient_id);
  if (rule.rule->max_rewards_per_recipient.has_value()) {
    Cap cap;
    cap.max_rewards = rule.rule->max_rewards_per_recipient;
    caps.push_back({count_key, cap});
  }
  AddCaps(rule.rule->caps, count_key.holder, recipient_id, time, program, caps);
  return caps;
}

std::vector<CapInForce> CapsOfCampaign(const Program& program, const Campaign& campaign,
                                       const std::string& recipient_id, absl::Time time) {
  std::vector<CapInForce> caps;
  AddCaps(campaign.caps, absl::StrCat("campaign/", campaign.campaign_id), recipient_id, time,
          program, caps);
  return caps;
}

std::vector<CapInForce> CapsOfProgram(const Program& program, const std::string& recipient_id,
                                      absl::Time time) {
  std::vector<CapInForce> caps;
  AddCaps(program.caps, "program", recipient_id, time, program, caps);
  return caps;
}

std::vector<CapInForce> CapsInForce(const Program& program, const RuleInForce& rule,
                                    const std::string& recipient_id, absl::Time time) {
  std::vector<CapInForce> caps = CapsOver(program, rule, recipient_id, time);
  for (CapInForce& cap : caps) {
    if (!CountsAmount(cap.key, rule.rule->kind)) cap.cap.max_minor.reset();
  }
  std::erase_if(caps, [](const CapInForce& cap) {
    return !cap.cap.max_rewards.has_value() && !cap.cap.max_minor.has_value();
  });
  return caps;
}

bool CountsAmount(const CapKey& key, RewardKind kind) {
  return IsMoney(kind) || absl::StartsWith(key.holder, kRulePrefix);
}

std::vector<CapKey> CountedUnder(const Program& program, const RuleInForce& rule,
                                 const std::string& recipient_id, absl::Time time) {
  std::vector<CapKey> keys = {RuleCountKey(RuleKey(rule), recipient_id)};
  for (CapInForce& cap : CapsOver(program, rule, recipient_id, time)) {
    if (std::find(keys.begin(), keys.end(), cap.key) == keys.end()) {
      keys.push_back(std::move(cap.key));
    }
  }
  return keys;
}

CapOutcome MeetCap(const CapInForce& cap, const CapCount& count, int64_t& wanted_minor) {
  CapOutcome outcome;
  outcome.key = cap.key;
  outcome.scope = cap.cap.scope;
  int64_t left = wanted_minor;
  if (cap.cap.max_rewards.has_value()) {
    outcome.rewards_left = std::max<int64_t>(0, *cap.cap.max_rewards - count.rewards);
    if (*outcome.rewards_left == 0) left = 0;
  }
  if (cap.cap.max_minor.has_value()) {
    outcome.minor_left = std::max<int64_t>(0, *cap.cap.max_minor - count.minor);
    left = std::min(left, *outcome.minor_left);
  }
  outcome.bound = left < wanted_minor;
  wanted_minor = left;
  return outcome;
}

}  // namespace kith::referral::domain
