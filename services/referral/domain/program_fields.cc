#include "services/referral/domain/program_fields.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/referral/domain/names.h"

namespace kith::referral::domain {
namespace {

// How one member of T is written and read. An empty text means that it is absent.
template <class T>
struct Member {
  absl::string_view name;
  std::string (*get)(const T&);
  bool (*set)(T&, absl::string_view);
};

std::string IntText(const std::optional<int64_t>& value) {
  return value.has_value() ? absl::StrCat(*value) : std::string();
}

bool SetInt(std::optional<int64_t>& out, absl::string_view text) {
  int64_t value = 0;
  if (!absl::SimpleAtoi(text, &value)) return false;
  out = value;
  return true;
}

bool SetText(std::string& out, absl::string_view text) {
  out = std::string(text);
  return true;
}

template <class E>
bool SetEnum(E& out, absl::string_view text) {
  const std::optional<E> value = ParseName<E>(text);
  if (value.has_value()) out = *value;
  return value.has_value();
}

using Text = absl::string_view;

constexpr Member<Program> kProgramMembers[] = {
    {"display_name", [](const Program& p) { return p.display_name; },
     [](Program& p, Text v) { return SetText(p.display_name, v); }},
    {"currency", [](const Program& p) { return p.currency; },
     [](Program& p, Text v) { return SetText(p.currency, v); }},
    {"time_zone", [](const Program& p) { return p.time_zone; },
     [](Program& p, Text v) { return SetText(p.time_zone, v); }},
    {"attribution.touch_window",
     [](const Program& p) { return absl::FormatDuration(p.attribution.touch_window); },
     [](Program& p, Text v) { return absl::ParseDuration(v, &p.attribution.touch_window); }},
    {"attribution.lead_window",
     [](const Program& p) { return absl::FormatDuration(p.attribution.lead_window); },
     [](Program& p, Text v) { return absl::ParseDuration(v, &p.attribution.lead_window); }},
    {"attribution.model",
     [](const Program& p) { return std::string(Name(p.attribution.model)); },
     [](Program& p, Text v) { return SetEnum(p.attribution.model, v); }},
};

constexpr Member<RewardRule> kRuleMembers[] = {
    {"side", [](const RewardRule& r) { return std::string(Name(r.side)); },
     [](RewardRule& r, Text v) { return SetEnum(r.side, v); }},
    {"kind", [](const RewardRule& r) { return std::string(Name(r.kind)); },
     [](RewardRule& r, Text v) { return SetEnum(r.kind, v); }},
    {"fixed_minor", [](const RewardRule& r) { return IntText(r.fixed_minor); },
     [](RewardRule& r, Text v) { return SetInt(r.fixed_minor, v); }},
    {"percent_basis_points",
     [](const RewardRule& r) { return IntText(r.percent_basis_points); },
     [](RewardRule& r, Text v) { return SetInt(r.percent_basis_points, v); }},
    {"holding_period",
     [](const RewardRule& r) { return absl::FormatDuration(r.holding_period); },
     [](RewardRule& r, Text v) { return absl::ParseDuration(v, &r.holding_period); }},
    {"min_conversion_minor",
     [](const RewardRule& r) { return IntText(r.min_conversion_minor); },
     [](RewardRule& r, Text v) { return SetInt(r.min_conversion_minor, v); }},
    {"max_rewards_per_recipient",
     [](const RewardRule& r) { return IntText(r.max_rewards_per_recipient); },
     [](RewardRule& r, Text v) { return SetInt(r.max_rewards_per_recipient, v); }},
};

template <class T, size_t N>
void AppendFields(const T& from, const Member<T> (&members)[N], absl::string_view prefix,
                  std::vector<Field>& fields) {
  for (const Member<T>& member : members) {
    std::string value = member.get(from);
    if (!value.empty())
      fields.push_back({absl::StrCat(prefix, member.name), std::move(value)});
  }
}

template <class T, size_t N>
bool SetField(T& out, const Member<T> (&members)[N], absl::string_view name,
              absl::string_view value) {
  const auto* member = std::find_if(std::begin(members), std::end(members),
                                    [&](const Member<T>& m) { return m.name == name; });
  return member != std::end(members) && member->set(out, value);
}

// Fields of one rule follow each other, so that it is always the last one.
bool SetRuleField(Program& program, absl::string_view path, absl::string_view value) {
  const size_t end = path.find("].");
  if (end == absl::string_view::npos) return false;
  const absl::string_view rule_id = path.substr(0, end);
  if (program.rewards.empty() || program.rewards.back().rule_id != rule_id) {
    program.rewards.emplace_back().rule_id = std::string(rule_id);
  }
  return SetField(program.rewards.back(), kRuleMembers, path.substr(end + 2), value);
}

}  // namespace

std::vector<Field> ToFields(const Program& program) {
  std::vector<Field> fields;
  AppendFields(program, kProgramMembers, "", fields);
  for (const RewardRule& rule : program.rewards) {
    AppendFields(rule, kRuleMembers, absl::StrCat("rewards[", rule.rule_id, "]."), fields);
  }
  return fields;
}

absl::StatusOr<Program> FromFields(std::string program_id, absl::Span<const Field> fields) {
  Program program;
  program.program_id = std::move(program_id);
  for (const Field& field : fields) {
    absl::string_view path = field.path;
    const bool ok = absl::ConsumePrefix(&path, "rewards[")
                        ? SetRuleField(program, path, field.value)
                        : SetField(program, kProgramMembers, path, field.value);
    if (!ok) return absl::InternalError(absl::StrCat("bad program field ", field.path));
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
