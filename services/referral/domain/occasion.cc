#include "services/referral/domain/occasion.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "services/referral/domain/amount.h"
#include "services/referral/domain/names.h"

namespace kith::referral::domain {
namespace {

void AddAttributes(absl::string_view prefix, const Attributes& attributes,
                   FieldValues& values) {
  for (const auto& [name, value] : attributes) values[absl::StrCat(prefix, name)] = value;
}

void AddOrder(const Conversion& conversion, FieldValues& values) {
  AddAttributes("order.", conversion.attributes, values);
  if (!conversion.event.empty()) values["order.event"] = conversion.event;
  if (conversion.amount_minor.has_value()) {
    values["order.amount_minor"] = absl::StrCat(*conversion.amount_minor);
  }
  if (conversion.annual_minor.has_value()) {
    values["order.annual_minor"] = absl::StrCat(*conversion.annual_minor);
  }
  std::map<std::string, int64_t> lines;
  for (const Line& line : conversion.lines) {
    lines[line.name] = SaturatingAdd(lines[line.name], line.amount_minor);
  }
  for (const auto& [name, minor] : lines) {
    values[absl::StrCat("order.line.", name)] = absl::StrCat(minor);
  }
}

void AddReferral(const Referral& referral, FieldValues& values) {
  AddAttributes("lead.", referral.attributes, values);
  if (!referral.campaign.empty()) values["referral.campaign"] = referral.campaign;
  values["referral.evidence"] = std::string(Name(referral.evidence));
  values["referral.origin"] = std::string(Name(referral.origin));
  values["referral.lead_state"] = std::string(Name(referral.lead_state));
}

// What the id of a reward names besides its rule.
enum class Subject { kConversion, kReferral, kCount };

Subject SubjectOf(Trigger trigger) {
  switch (trigger) {
    case Trigger::kConverted:
      return Subject::kConversion;
    case Trigger::kNthSuccess:
    case Trigger::kMilestone:
      return Subject::kCount;
    default:
      return Subject::kReferral;
  }
}

}  // namespace

absl::Time CampaignTime(const Referral& referral) {
  const bool by_lead = referral.origin == ReferralOrigin::kLead && !referral.campaign_by_code;
  if (by_lead) return referral.submitted_time;
  return referral.signup_time.value_or(referral.submitted_time);
}

std::string RewardId(absl::string_view conversion_id, absl::string_view rule_id) {
  return absl::StrCat(conversion_id, ":", rule_id);
}

std::string RewardId(const RuleInForce& rule, const Occasion& occasion) {
  switch (occasion.trigger) {
    case Trigger::kConverted:
      if (rule.campaign == nullptr) {
        return RewardId(occasion.conversion->conversion_id, rule.rule->rule_id);
      }
      return absl::StrCat(RuleKey(rule), ":", occasion.conversion->conversion_id);
    case Trigger::kNthSuccess:
    case Trigger::kMilestone:
      return absl::StrCat(RuleKey(rule), ":", occasion.referral->advocate_id,
                          occasion.season.empty() ? "" : "@", occasion.season, "#",
                          occasion.count);
    default:
      return absl::StrCat(RuleKey(rule), ":", occasion.referral->referral_id);
  }
}

bool IsFor(const Reward& reward, const Referral& referral) {
  return reward.side != RewardSide::kReferrer || reward.recipient_id == referral.advocate_id;
}

bool IsBy(const Reward& reward, const RuleInForce& rule) {
  const absl::string_view campaign =
      rule.campaign == nullptr ? absl::string_view() : rule.campaign->campaign_id;
  return reward.rule_id == rule.rule->rule_id && reward.campaign == campaign;
}

bool IsOf(const Reward& reward, const RuleInForce& rule, const Occasion& occasion) {
  if (!IsBy(reward, rule) || SubjectOf(reward.trigger) != SubjectOf(occasion.trigger) ||
      !IsFor(reward, *occasion.referral)) {
    return false;
  }
  switch (SubjectOf(occasion.trigger)) {
    case Subject::kConversion:
      return reward.conversion_id == occasion.conversion->conversion_id;
    case Subject::kReferral:
      return reward.referral_id == occasion.referral->referral_id;
    case Subject::kCount:
      break;
  }
  return true;  // counts of one rule read the same only if they are
}

std::string SuccessorId(absl::string_view reward_id, int n) {
  return n == 1 ? std::string(reward_id) : absl::StrCat(reward_id, "~", n);
}

const std::string& RecipientOf(RewardSide side, const Referral& referral) {
  return side == RewardSide::kReferrer ? referral.advocate_id : referral.referee();
}

const ProgramVersion* BegunUnder(absl::Span<const ProgramVersion* const> versions,
                                 const Referral& referral) {
  if (referral.campaign.empty()) return nullptr;
  if (referral.campaign_by_code) return VersionInForce(versions, CampaignTime(referral));
  for (const ProgramVersion* version : versions) {
    if (version->version == referral.program_version) return version;
  }
  return nullptr;
}

std::vector<RuleInForce> RulesFor(const ProgramVersion& judging, const ProgramVersion* begun,
                                  const Referral& referral) {
  const Program& program = begun == nullptr ? judging.program : begun->program;
  const Campaign* joined = FindCampaign(program, referral.campaign);
  const bool is_in = joined != nullptr &&
                     SeasonAt(*joined, CampaignTime(referral), ZoneOf(program)).has_value();
  if (!is_in) return RulesFor(judging.program, absl::string_view());
  if (FindCampaign(judging.program, referral.campaign) != nullptr) {
    return RulesFor(judging.program, absl::string_view(referral.campaign));
  }
  std::vector<RuleInForce> rules;
  if (!joined->replaces_rewards) rules = RulesFor(judging.program, absl::string_view());
  for (const RewardRule& rule : joined->rewards) rules.push_back({&rule, joined, begun});
  return rules;
}

const ProgramVersion& VersionOf(const ProgramVersion& judging, const RuleInForce& rule) {
  return rule.version == nullptr ? judging : *rule.version;
}

bool FillsCount(const RewardRule& rule, int64_t count) {
  if (rule.count < 1 || count < rule.count) return false;
  return rule.repeat ? count % rule.count == 0 : count == rule.count;
}

FieldValues FieldsOf(const Occasion& occasion, int64_t ordinal) {
  FieldValues values;
  AddReferral(*occasion.referral, values);
  if (occasion.customer != nullptr) {
    AddAttributes("customer.", occasion.customer->attributes, values);
    values["customer.channel"] = occasion.customer->channel();
  }
  if (occasion.conversion != nullptr) AddOrder(*occasion.conversion, values);
  if (occasion.advocate != nullptr) AddFields(*occasion.advocate, values);
  values["occasion.ordinal"] = absl::StrCat(ordinal);
  if (occasion.count > 0) values["occasion.count"] = absl::StrCat(occasion.count);
  return values;
}

}  // namespace kith::referral::domain
