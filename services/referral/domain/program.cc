#include "services/referral/domain/program.h"

#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"
#include "common/base/spelling.h"
#include "services/referral/domain/errors.h"
#include "services/referral/domain/link.h"
#include "services/referral/domain/names.h"
#include "services/referral/domain/reward_rule_checks.h"
#include "services/referral/domain/violations.h"

namespace kith::referral::domain {
namespace {

constexpr absl::Duration kYear = absl::Hours(24 * 365);

// Notes each value that an earlier one of the list has as well; `name` shows it.
template <class T, class NameOf>
void CheckDistinct(const std::vector<T>& list, const std::string& field,
                   absl::string_view member, NameOf name, Violations& violations) {
  std::set<std::string> seen;
  for (size_t i = 0; i < list.size(); ++i) {
    const std::string text(name(list[i]));
    violations.Check(seen.insert(text).second, absl::StrCat(field, "[", i, "]", member),
                     absl::StrCat("'", text, "' is given twice; keep one"));
  }
}

void CheckAttribution(const AttributionRules& rules, Violations& violations) {
  violations.CheckDuration(rules.touch_window, "program.attribution.touch_window");
  violations.CheckDuration(rules.lead_window, "program.attribution.lead_window");
  violations.CheckDuration(rules.code_grace, "program.attribution.code_grace");
  violations.CheckSpan(rules.credit_half_life, "program.attribution.credit_half_life");
}

void CheckCallingCode(absl::string_view code, Violations& violations) {
  absl::string_view digits = code;
  const bool plus = absl::ConsumePrefix(&digits, "+");
  const bool ok = plus && !digits.empty() && digits.size() <= 3 && digits[0] != '0' &&
                  digits.find_first_not_of("0123456789") == absl::string_view::npos;
  violations.Check(
      code.empty() || ok, "program.default_calling_code",
      absl::StrCat("'", code, "' must be a + and one to three digits, such as +49"));
}

void CheckLinkTemplate(absl::string_view text, std::string field, Violations& violations) {
  const std::string problem = LinkTemplateProblem(text);
  violations.Check(problem.empty(), std::move(field), absl::StrCat("'", text, "' ", problem));
}

void CheckDomains(const std::vector<std::string>& domains, const std::string& field,
                  Violations& violations) {
  for (size_t i = 0; i < domains.size(); ++i) {
    const std::string& name = domains[i];
    std::string path = absl::StrCat(field, "[", i, "]");
    if (!absl::StrContains(name, ".") || name.find_first_of("@ ") != std::string::npos) {
      violations.Check(false, std::move(path),
                       absl::StrCat("'", name, "' must be a domain, such as example.com"));
      continue;
    }
    const std::string domain = AsciiDomain(name);
    violations.Check(name == domain, std::move(path),
                     absl::StrCat("'", name, "' must be written as '", domain, "'"));
  }
}

void CheckFraud(const FraudRules& rules, Violations& violations) {
  if (!rules.enabled) return;
  violations.Check(rules.hold_at <= rules.reject_at, "program.fraud.hold_at",
                   absl::StrCat("must not be above reject_at, ", rules.reject_at));
  CheckDistinct(
      rules.weights, "program.fraud.weights", ".signal",
      [](const SignalWeight& weight) { return Name(weight.signal); }, violations);
  CheckDistinct(
      rules.velocity, "program.fraud.velocity", ".dimension",
      [](const VelocityLimit& limit) { return Name(limit.dimension); }, violations);
  CheckDomains(rules.free_mail_domains, "program.fraud.free_mail_domains", violations);
  CheckDomains(rules.disposable_domains, "program.fraud.disposable_domains", violations);
}

void CheckCampaignTimes(const Campaign& campaign, const std::string& path,
                        Violations& violations) {
  violations.Check(campaign.start_time < campaign.end_time, path + "end_time",
                   "must be after start_time");
  if (campaign.recurrence == Recurrence::kNone) return;
  const bool bounded = campaign.start_time != absl::InfinitePast() &&
                       campaign.end_time != absl::InfiniteFuture();
  violations.Check(bounded, path + "recurrence",
                   "a campaign that comes again needs start_time and end_time");
  violations.Check(!bounded || campaign.end_time - campaign.start_time < kYear,
                   path + "end_time",
                   "must be less than a year after start_time when the campaign comes again");
}

void CheckQuality(const Campaign& campaign, const std::string& path, Violations& violations) {
  violations.CheckSpan(campaign.quality.outcome_within, path + "quality.outcome_within");
  violations.CheckSpan(campaign.further_quality.outcome_within,
                       path + "further_quality.outcome_within");
  if (!campaign.further_quality.enabled) return;
  violations.Check(campaign.quality.enabled, path + "further_quality",
                   "must be left out without quality");
  violations.Check(campaign.quality.metric != campaign.further_quality.metric,
                   path + "further_quality.metric", "must be another than that of quality");
}

void CheckCampaigns(const std::vector<Campaign>& campaigns, Violations& violations) {
  CheckDistinct(
      campaigns, "program.campaigns", ".campaign_id",
      [](const Campaign& campaign) { return campaign.campaign_id; }, violations);
  for (size_t i = 0; i < campaigns.size(); ++i) {
    const Campaign& campaign = campaigns[i];
    const std::string path = absl::StrCat("program.campaigns[", i, "].");
    violations.Check(
        campaign.cause.empty() || campaign.kind == CampaignKind::kFundraiser, path + "cause",
        absl::StrCat("belongs to a fundraiser; must be left out with ", Name(campaign.kind)));
    CheckLinkTemplate(campaign.link_template, path + "link_template", violations);
    CheckCampaignTimes(campaign, path, violations);
    violations.CheckCondition(campaign.audience, path + "audience", {"advocate"});
    CheckRewardRules(campaign.rewards, path + "rewards", violations);
    CheckCaps(campaign.caps, path + "caps", violations);
    CheckQuality(campaign, path, violations);
  }
}

}  // namespace

absl::Status ValidateProgram(const Program& program) {
  Violations violations;
  CheckCallingCode(program.default_calling_code, violations);
  CheckLinkTemplate(program.link_template, "program.link_template", violations);
  CheckAttribution(program.attribution, violations);
  violations.CheckCondition(program.advocate_eligibility, "program.advocate_eligibility",
                            {"advocate"});
  violations.CheckCondition(program.leads.fit, "program.leads.fit", {"lead", "advocate"});
  violations.CheckSpan(program.leads.follow_up_sla, "program.leads.follow_up_sla");
  CheckDistinct(
      program.success.events, "program.success.events", "",
      [](const std::string& event) { return event; }, violations);
  CheckRewardRules(program.rewards, "program.rewards", violations);
  CheckCaps(program.caps, "program.caps", violations);
  CheckFraud(program.fraud, violations);
  CheckCampaigns(program.campaigns, violations);
  return std::move(violations).ToStatus();
}

absl::Status CheckReadable(const ProgramVersion& version) {
  if (version.unreadable.empty()) return absl::OkStatus();
  return MakeError(
      errors::kProgramUnreadable,
      absl::StrCat("version ", version.version, " of program ", version.program.program_id,
                   " cannot be read by this binary: it is damaged, or a newer "
                   "one wrote it"));
}

absl::StatusOr<std::optional<absl::Time>> EffectiveTime(const ProgramVersion* in_force,
                                                        std::optional<absl::Time> requested,
                                                        absl::Time now) {
  if (in_force == nullptr) return requested;
  const absl::Time time = requested.value_or(now);
  if (in_force->effective_time.has_value() && time < *in_force->effective_time) {
    return MakeFieldError(
        kith::errors::kInvalidField, "program.effective_time",
        absl::StrCat("must not be before that of version ", in_force->version, ", ",
                     absl::FormatTime(*in_force->effective_time)));
  }
  return std::optional<absl::Time>(time);
}

absl::Status CheckCurrency(const ProgramVersion* newest, const Program& program) {
  if (newest == nullptr || newest->program.currency == program.currency) {
    return absl::OkStatus();
  }
  return MakeFieldError(errors::kCurrencyChanged, "program.currency",
                        absl::StrCat("must stay ", newest->program.currency,
                                     "; another currency is another program"));
}

const ProgramVersion* VersionInForce(absl::Span<const ProgramVersion* const> versions,
                                     absl::Time time) {
  for (auto it = versions.rbegin(); it != versions.rend(); ++it) {
    const auto& from = (*it)->effective_time;
    if (!from.has_value() || *from <= time) return *it;
  }
  return nullptr;
}

const Program* ProgramInForce(absl::Span<const ProgramVersion* const> versions,
                              absl::Time time) {
  const ProgramVersion* version = VersionInForce(versions, time);
  return version == nullptr ? nullptr : &version->program;
}

}  // namespace kith::referral::domain
