#include "services/referral/domain/reward_rule_checks.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/referral/domain/amount.h"
#include "services/referral/domain/names.h"

namespace kith::referral::domain {
namespace {

constexpr int64_t kWholePercentOff = 10000;  // basis points

bool IsCounted(Trigger trigger) {
  return trigger == Trigger::kNthSuccess || trigger == Trigger::kMilestone;
}

// Kinds that make sense only with the name of a thing.
bool NeedsItem(RewardKind kind) {
  return kind == RewardKind::kPhysicalGift || kind == RewardKind::kEventTicket ||
         kind == RewardKind::kFeatureUnlock || kind == RewardKind::kPlanUpgrade ||
         kind == RewardKind::kEarlyAccess;
}

int CountOf(const Amount& amount) {
  return (amount.fixed_minor.has_value() ? 1 : 0) +
         (amount.percent_basis_points.has_value() ? 1 : 0) +
         (amount.annual_percent_basis_points.has_value() ? 1 : 0) +
         (amount.line.empty() ? 0 : 1);
}

// What is known of whatever earns the reward.
std::vector<absl::string_view> FieldsOf(Trigger trigger) {
  switch (trigger) {
    case Trigger::kSubmitted:
    case Trigger::kQualified:
    case Trigger::kMilestone:
      return {"lead", "advocate", "referral", "occasion"};
    case Trigger::kSignedUp:
    case Trigger::kRetained:
    case Trigger::kAhaReached:
      return {"lead", "customer", "advocate", "referral", "occasion"};
    case Trigger::kConverted:
    case Trigger::kNthSuccess:
      break;
  }
  return {"lead", "customer", "order", "advocate", "referral", "occasion"};
}

// One rule and where it stands.
class RuleCheck {
 public:
  RuleCheck(const RewardRule& rule, std::string path, Violations& violations)
      : rule_(rule), path_(std::move(path)), violations_(violations) {}

  void CheckAll() {
    CheckTrigger();
    CheckKind();
    CheckAmounts();
    CheckConditions();
    CheckTimes();
    CheckCaps(rule_.caps, path_ + "caps", violations_);
  }

 private:
  void Check(bool ok, absl::string_view field, std::string description) {
    violations_.Check(ok, absl::StrCat(path_, field), std::move(description));
  }
  // A field of other triggers must be left out.
  void CheckOnlyWith(bool given, bool fits, absl::string_view field,
                     absl::string_view triggers) {
    Check(!given || fits, field,
          absl::StrCat("belongs to ", triggers, "; must be left out with ",
                       Name(rule_.trigger)));
  }

  void CheckTrigger() {
    const Trigger trigger = rule_.trigger;
    const bool converted = trigger == Trigger::kConverted;
    CheckOnlyWith(!rule_.event.empty(), converted, "event", "converted");
    CheckOnlyWith(rule_.occurrence != Occurrence::kFirst, converted, "occurrence",
                  "converted");
    CheckOnlyWith(rule_.min_conversion_minor.has_value(), IsOfConversion(trigger),
                  "min_conversion_minor", "converted and nth_success");
    CheckOnlyWith(rule_.count != 0, IsCounted(trigger), "count", "milestone and nth_success");
    CheckOnlyWith(rule_.repeat, IsCounted(trigger), "repeat", "milestone and nth_success");
    CheckOnlyWith(rule_.milestone_of != MilestoneOf::kSubmitted,
                  trigger == Trigger::kMilestone, "milestone_of", "milestone");
    CheckOnlyWith(rule_.retained_days != 0, trigger == Trigger::kRetained, "retained_days",
                  "retained");
    if (IsCounted(trigger)) {
      Check(rule_.count >= 1, "count",
            absl::StrCat("a ", trigger == Trigger::kMilestone ? "milestone" : "Nth success",
                         " needs a count of at least 1"));
      Check(rule_.side == RewardSide::kReferrer, "side",
            absl::StrCat("must be referrer: ", Name(trigger), " is what an advocate reaches"));
    }
    if (trigger == Trigger::kRetained) {
      Check(rule_.retained_days >= 1, "retained_days",
            "a retained customer needs at least 1 day");
    }
  }

  void CheckKind() {
    const std::string kind(Name(rule_.kind));
    Check(rule_.kind != RewardKind::kInKind || !rule_.unit.empty(), "unit",
          "in_kind needs the unit that its amount counts, such as mb");
    Check(rule_.kind == RewardKind::kInKind || rule_.unit.empty(), "unit",
          absl::StrCat("belongs to in_kind; must be left out with ", kind));
    Check(!NeedsItem(rule_.kind) || !rule_.item.empty(), "item",
          absl::StrCat(kind, " needs the name of the item"));
  }

  void CheckAmounts() {
    const bool may_be_absent = IsCountedByOne(rule_.kind) || !rule_.cases.empty();
    const int count = CountOf(rule_.amount);
    Check(count == 1 || (count == 0 && may_be_absent), "amount",
          "exactly one of fixed_minor, percent_basis_points, annual_percent_basis_points and "
          "line is needed");
    CheckAmount(rule_.amount, "");
    for (size_t i = 0; i < rule_.cases.size(); ++i) {
      const AmountCase& item = rule_.cases[i];
      const std::string field = absl::StrCat("cases[", i, "].");
      Check(CountOf(item.amount) == 1, field + "amount",
            "exactly one of fixed_minor, percent_basis_points, annual_percent_basis_points "
            "and line is needed");
      Check(!item.when.always(), field + "when",
            "a case needs a condition; the amount of all others stands in the rule itself");
      CheckAmount(item.amount, field);
    }
  }

  void CheckAmount(const Amount& amount, const std::string& prefix) {
    const std::pair<absl::string_view, bool> of_order[] = {
        {"percent_basis_points", amount.percent_basis_points.has_value()},
        {"annual_percent_basis_points", amount.annual_percent_basis_points.has_value()},
        {"line", !amount.line.empty()}};
    for (const auto& [name, given] : of_order) {
      const std::string field = prefix + std::string(name);
      CheckOnlyWith(given, IsOfConversion(rule_.trigger), field, "converted and nth_success");
      Check(!given || IsMoney(rule_.kind) || rule_.kind == RewardKind::kPoints, field,
            absl::StrCat("is an amount of money; ", Name(rule_.kind), " needs fixed_minor"));
    }
    if (rule_.kind == RewardKind::kPercentOff) {
      Check(amount.fixed_minor.value_or(0) <= kWholePercentOff, prefix + "fixed_minor",
            "must be at most 10000 hundredths of a percent with percent_off");
    }
  }

  void CheckConditions() {
    CheckCondition(rule_.condition, "condition");
    for (size_t i = 0; i < rule_.cases.size(); ++i) {
      CheckCondition(rule_.cases[i].when, absl::StrCat("cases[", i, "].when"));
    }
  }

  void CheckCondition(const Condition& condition, const std::string& field) {
    violations_.CheckCondition(condition, path_ + field, FieldsOf(rule_.trigger));
    const auto counts = [](const Test& test) { return test.field == "occasion.count"; };
    for (const std::vector<Test>& all_of : condition.any_of) {
      Check(IsCounted(rule_.trigger) || std::none_of(all_of.begin(), all_of.end(), counts),
            field, "occasion.count is known of milestone and nth_success only; leave it out");
    }
  }

  void CheckTimes() {
    violations_.CheckDuration(rule_.holding_period, path_ + "holding_period");
    violations_.CheckSpan(rule_.expires_after, path_ + "expires_after");
    violations_.CheckSpan(rule_.clawback_window, path_ + "clawback_window");
    violations_.CheckSpan(rule_.churn_clawback_window, path_ + "churn_clawback_window");
  }

  const RewardRule& rule_;
  const std::string path_;
  Violations& violations_;
};

}  // namespace

bool IsOfConversion(Trigger trigger) {
  return trigger == Trigger::kConverted || trigger == Trigger::kNthSuccess;
}

void CheckRewardRules(const std::vector<RewardRule>& rules, const std::string& field,
                      Violations& violations) {
  std::set<std::string> ids;
  for (size_t i = 0; i < rules.size(); ++i) {
    const std::string path = absl::StrCat(field, "[", i, "].");
    violations.Check(ids.insert(rules[i].rule_id).second, path + "rule_id",
                     absl::StrCat("'", rules[i].rule_id, "' is used by an earlier rule"));
    RuleCheck(rules[i], path, violations).CheckAll();
  }
}

void CheckCaps(const std::vector<Cap>& caps, const std::string& field,
               Violations& violations) {
  std::set<std::pair<CapScope, CapPeriod>> seen;
  for (size_t i = 0; i < caps.size(); ++i) {
    const Cap& cap = caps[i];
    const std::string path = absl::StrCat(field, "[", i, "]");
    violations.Check(cap.max_rewards.has_value() || cap.max_minor.has_value(), path,
                     "a cap needs max_rewards, max_minor or both");
    violations.Check(seen.insert({cap.scope, cap.period}).second, path,
                     absl::StrCat("an earlier cap is of ", Name(cap.scope), " and ",
                                  Name(cap.period), " too; join them"));
  }
}

}  // namespace kith::referral::domain
