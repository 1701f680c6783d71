#include "services/referral/domain/program_fields.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "services/referral/domain/field_text.h"

namespace kith::referral::domain {
namespace {

// One member of T and its name; without a name, its own members stand in its place.
template <class T, class M>
struct Member {
  absl::string_view name;
  M T::*member;
  bool always;  // written at its default as well
};
template <class T, class M>
constexpr Member<T, M> Maybe(absl::string_view name, M T::*member) {
  return {name, member, false};
}
template <class T, class M>
constexpr Member<T, M> Always(absl::string_view name, M T::*member) {
  return {name, member, true};
}

// The members of each struct, in the order in which they are written. Names are those of the
// messages, and never change: stored programs have them.
template <class T>
constexpr std::tuple<> kMembers;

template <>
constexpr auto kMembers<Amount> =
    std::make_tuple(Maybe("fixed_minor", &Amount::fixed_minor),
                    Maybe("percent_basis_points", &Amount::percent_basis_points),
                    Maybe("annual_percent_basis_points", &Amount::annual_percent_basis_points),
                    Maybe("line", &Amount::line));

template <>
constexpr auto kMembers<AmountCase> = std::make_tuple(Maybe("when", &AmountCase::when),
                                                      Maybe("", &AmountCase::amount));

template <>
constexpr auto kMembers<Cap> = std::make_tuple(Maybe("max_rewards", &Cap::max_rewards),
                                               Maybe("max_minor", &Cap::max_minor));

template <>
constexpr auto kMembers<RewardRule> = std::make_tuple(
    Always("side", &RewardRule::side), Always("kind", &RewardRule::kind),
    Always("trigger", &RewardRule::trigger), Maybe("event", &RewardRule::event),
    Maybe("occurrence", &RewardRule::occurrence), Maybe("count", &RewardRule::count),
    Maybe("repeat", &RewardRule::repeat), Maybe("milestone_of", &RewardRule::milestone_of),
    Maybe("retained_days", &RewardRule::retained_days), Maybe("", &RewardRule::amount),
    Maybe("cases", &RewardRule::cases), Maybe("unit", &RewardRule::unit),
    Maybe("item", &RewardRule::item), Maybe("condition", &RewardRule::condition),
    Maybe("min_conversion_minor", &RewardRule::min_conversion_minor),
    Maybe("max_rewards_per_recipient", &RewardRule::max_rewards_per_recipient),
    Maybe("caps", &RewardRule::caps), Always("holding_period", &RewardRule::holding_period),
    Maybe("release_event", &RewardRule::release_event),
    Maybe("expires_after", &RewardRule::expires_after),
    Maybe("clawback_window", &RewardRule::clawback_window),
    Maybe("churn_clawback_window", &RewardRule::churn_clawback_window));

template <>
constexpr auto kMembers<SignalWeight> = std::make_tuple(Always("weight",
                                                               &SignalWeight::weight));

template <>
constexpr auto kMembers<VelocityLimit> = std::make_tuple(Always("max_per_day",
                                                                &VelocityLimit::max_per_day));

template <>
constexpr auto kMembers<FraudRules> = std::make_tuple(
    Maybe("enabled", &FraudRules::enabled), Maybe("weights", &FraudRules::weights),
    Maybe("hold_at", &FraudRules::hold_at), Maybe("reject_at", &FraudRules::reject_at),
    Maybe("suspend_after", &FraudRules::suspend_after),
    Maybe("velocity", &FraudRules::velocity), Maybe("chain_depth", &FraudRules::chain_depth),
    Maybe("free_mail_domains", &FraudRules::free_mail_domains),
    Maybe("disposable_domains", &FraudRules::disposable_domains),
    Maybe("paid_sources", &FraudRules::paid_sources));

template <>
constexpr auto kMembers<QualityRules> = std::make_tuple(
    Maybe("enabled", &QualityRules::enabled), Maybe("metric", &QualityRules::metric),
    Maybe("false_alarm_ppm", &QualityRules::false_alarm_ppm),
    Maybe("drop_basis_points", &QualityRules::drop_basis_points),
    Maybe("baseline_basis_points", &QualityRules::baseline_basis_points),
    Maybe("min_baseline_outcomes", &QualityRules::min_baseline_outcomes),
    Maybe("outcome_within", &QualityRules::outcome_within),
    Maybe("auto_pause", &QualityRules::auto_pause));

template <>
constexpr auto kMembers<Campaign> = std::make_tuple(
    Maybe("display_name", &Campaign::display_name), Always("kind", &Campaign::kind),
    Maybe("cause", &Campaign::cause), Maybe("link_template", &Campaign::link_template),
    Maybe("start_time", &Campaign::start_time), Maybe("end_time", &Campaign::end_time),
    Maybe("recurrence", &Campaign::recurrence), Maybe("audience", &Campaign::audience),
    Maybe("replaces_rewards", &Campaign::replaces_rewards),
    Maybe("rewards", &Campaign::rewards), Maybe("caps", &Campaign::caps),
    Maybe("quality", &Campaign::quality),
    Maybe("further_quality", &Campaign::further_quality));

template <>
constexpr auto kMembers<AttributionRules> =
    std::make_tuple(Always("touch_window", &AttributionRules::touch_window),
                    Always("lead_window", &AttributionRules::lead_window),
                    Always("model", &AttributionRules::model),
                    Maybe("code_grace", &AttributionRules::code_grace),
                    Maybe("credit_half_life", &AttributionRules::credit_half_life));

template <>
constexpr auto kMembers<SuccessRules> =
    std::make_tuple(Maybe("events", &SuccessRules::events),
                    Maybe("min_amount_minor", &SuccessRules::min_amount_minor));

template <>
constexpr auto kMembers<LeadRules> = std::make_tuple(
    Maybe("fit", &LeadRules::fit), Maybe("follow_up_sla", &LeadRules::follow_up_sla),
    Maybe("alert_referee", &LeadRules::alert_referee));

template <>
constexpr auto kMembers<Program> = std::make_tuple(
    Maybe("display_name", &Program::display_name), Always("currency", &Program::currency),
    Always("time_zone", &Program::time_zone),
    Maybe("default_calling_code", &Program::default_calling_code),
    Maybe("link_template", &Program::link_template),
    Maybe("attribution", &Program::attribution),
    Maybe("advocate_eligibility", &Program::advocate_eligibility),
    Maybe("leads", &Program::leads), Maybe("success", &Program::success),
    Maybe("rewards", &Program::rewards), Maybe("caps", &Program::caps),
    Maybe("fraud", &Program::fraud), Maybe("campaigns", &Program::campaigns));

template <class T>
concept Described = std::tuple_size_v<std::remove_const_t<decltype(kMembers<T>)>> >
0;

// What names an element of a list, and the element that has a name.
std::string KeyOf(const RewardRule& rule, size_t) { return rule.rule_id; }
std::string KeyOf(const Campaign& campaign, size_t) { return campaign.campaign_id; }
std::string KeyOf(const SignalWeight& weight, size_t) { return FieldText(weight.signal); }
std::string KeyOf(const VelocityLimit& limit, size_t) { return FieldText(limit.dimension); }
std::string KeyOf(const Cap& cap, size_t) {
  return absl::StrCat(Name(cap.scope), "/", Name(cap.period));
}
std::string KeyOf(const AmountCase&, size_t position) { return absl::StrCat(position); }

bool SetKey(RewardRule& rule, absl::string_view key) { return ParseField(key, rule.rule_id); }
bool SetKey(Campaign& campaign, absl::string_view key) {
  return ParseField(key, campaign.campaign_id);
}
bool SetKey(SignalWeight& weight, absl::string_view key) {
  return ParseField(key, weight.signal);
}
bool SetKey(VelocityLimit& limit, absl::string_view key) {
  return ParseField(key, limit.dimension);
}
bool SetKey(Cap& cap, absl::string_view key) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(key, absl::MaxSplits('/', 1));
  return ParseField(parts.first, cap.scope) && ParseField(parts.second, cap.period);
}
bool SetKey(AmountCase&, absl::string_view key) {
  int64_t position = 0;
  return absl::SimpleAtoi(key, &position);
}

// Writes all members of a struct.
class Writer {
 public:
  template <Described T>
  void WriteAll(const T& from, const std::string& prefix) {
    static const T* const defaults = new T();
    std::apply(
        [&](const auto&... member) {
          (Write(from.*member.member, prefix, member.name,
                 !member.always && from.*member.member == defaults->*member.member),
           ...);
        },
        kMembers<T>);
  }
  std::vector<Field> Take() && { return std::move(fields_); }

 private:
  template <class M>
  void Write(const M& value, const std::string& prefix, absl::string_view name, bool omit) {
    std::string text = omit ? std::string() : FieldText(value);
    if (!text.empty()) fields_.push_back({absl::StrCat(prefix, name), std::move(text)});
  }
  template <Described T>
  void Write(const T& value, const std::string& prefix, absl::string_view name, bool) {
    WriteAll(value, name.empty() ? prefix : absl::StrCat(prefix, name, "."));
  }
  template <Described T>
  void Write(const std::vector<T>& list, const std::string& prefix, absl::string_view name,
             bool) {
    for (size_t i = 0; i < list.size(); ++i) {
      WriteAll(list[i], absl::StrCat(prefix, name, "[", KeyOf(list[i], i), "]."));
    }
  }

  std::vector<Field> fields_;
};

// Sets the member that `path` names; false when there is none or the text is none of its.
template <Described T>
bool SetField(T& out, absl::string_view path, absl::string_view text);

template <class M>
bool SetMember(M& out, absl::string_view name, absl::string_view path,
               absl::string_view text) {
  return path == name && ParseField(text, out);
}

template <Described T>
bool SetMember(T& out, absl::string_view name, absl::string_view path,
               absl::string_view text) {
  if (!name.empty() && !(absl::ConsumePrefix(&path, name) && absl::ConsumePrefix(&path, ".")))
    return false;
  return SetField(out, path, text);
}

template <Described T>
bool SetMember(std::vector<T>& list, absl::string_view name, absl::string_view path,
               absl::string_view text) {
  if (!absl::ConsumePrefix(&path, name) || !absl::ConsumePrefix(&path, "[")) return false;
  const size_t end = path.find("].");
  if (end == absl::string_view::npos) return false;
  // Fields of one element follow each other, so that it is always the last one.
  const absl::string_view key = path.substr(0, end);
  if (list.empty() || KeyOf(list.back(), list.size() - 1) != key) {
    if (!SetKey(list.emplace_back(), key)) return false;
  }
  return SetField(list.back(), path.substr(end + 2), text);
}

template <Described T>
bool SetField(T& out, absl::string_view path, absl::string_view text) {
  return std::apply(
      [&](const auto&... member) {
        return (... || SetMember(out.*member.member, member.name, path, text));
      },
      kMembers<T>);
}

}  // namespace

std::vector<Field> ToFields(const Program& program) {
  Writer writer;
  writer.WriteAll(program, "");
  return std::move(writer).Take();
}

absl::StatusOr<Program> FromFields(std::string program_id, absl::Span<const Field> fields) {
  Program program;
  program.program_id = std::move(program_id);
  for (const Field& field : fields) {
    if (!SetField(program, field.path, field.value)) {
      return absl::InternalError(absl::StrCat("bad program field ", field.path));
    }
  }
  return program;
}

std::vector<FieldChange> Differences(const Program* before, const Program& after) {
  std::map<std::string, FieldChange> changes;
  const std::vector<Field> old_fields =
      before == nullptr ? std::vector<Field>() : ToFields(*before);
  for (const Field& field : old_fields) changes[field.path].old_value = field.value;
  for (Field& field : ToFields(after)) changes[field.path].new_value = std::move(field.value);
  std::vector<FieldChange> result;
  for (auto& [path, change] : changes) {
    if (change.old_value == change.new_value) continue;
    change.path = path;
    result.push_back(std::move(change));
  }
  return result;
}

}  // namespace kith::referral::domain
