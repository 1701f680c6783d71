#include "services/advocacy/domain/policy.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status_macros.h"
#include "services/advocacy/domain/errors.h"

namespace kith::advocacy::domain {
namespace {

constexpr int64_t kDefaultReferralPoints = 75;

std::vector<Behaviour> DefaultBehaviours() {
  return {
      {.name = "case_study", .points = 100},
      {.name = "community_answer", .points = 25},
      {.name = "educational_content", .points = 150},
      {.name = "meetup", .points = 150},
      {.name = "review", .points = 50},
      {.name = "social_mention", .points = 10},
      {.name = "speaking", .points = 200},
      {.name = "testimonial", .points = 75},
      {.name = "user_generated_content", .points = 50},
  };
}

std::vector<Tier> DefaultTiers() {
  return {
      {"supporter", 100, {"newsletter recognition", "advocacy toolkit"}},
      {"defender", 250, {"exclusive community", "quarterly strategy calls"}},
      {"champion", 500, {"early access to features", "direct line to the product team"}},
  };
}

absl::Status ValidateBehaviours(const std::vector<Behaviour>& behaviours) {
  std::set<absl::string_view> names;
  for (size_t i = 0; i < behaviours.size(); ++i) {
    const Behaviour& behaviour = behaviours[i];
    if (!names.insert(behaviour.name).second) {
      return MakeFieldError(errors::kInvalidPolicy,
                            absl::StrCat("policy.behaviours[", i, "].name"),
                            "must be unique in the policy");
    }
    if (behaviour.max_per_period.has_value() && behaviour.period_days <= 0) {
      return MakeFieldError(errors::kInvalidPolicy,
                            absl::StrCat("policy.behaviours[", i, "].period_days"),
                            "must be at least 1 when max_per_period is set");
    }
  }
  return absl::OkStatus();
}

absl::Status ValidateTiers(const std::vector<Tier>& tiers) {
  std::set<absl::string_view> names;
  for (size_t i = 0; i < tiers.size(); ++i) {
    if (!names.insert(tiers[i].name).second) {
      return MakeFieldError(errors::kInvalidPolicy, absl::StrCat("policy.tiers[", i, "].name"),
                            "must be unique in the policy");
    }
    if (i > 0 && tiers[i].min_points <= tiers[i - 1].min_points) {
      return MakeFieldError(errors::kInvalidPolicy,
                            absl::StrCat("policy.tiers[", i, "].min_points"),
                            "must be greater than that of the tier before");
    }
  }
  return absl::OkStatus();
}

// A policy as texts by field path.
std::map<std::string, std::string> Flatten(const ScoringPolicy* policy) {
  std::map<std::string, std::string> fields;
  if (policy == nullptr) return fields;
  fields["referral_points"] = absl::StrCat(policy->referral_points);
  for (const Behaviour& behaviour : policy->behaviours) {
    const std::string path = absl::StrCat("behaviours[", behaviour.name, "].");
    fields[path + "points"] = absl::StrCat(behaviour.points);
    if (behaviour.max_per_period.has_value()) {
      fields[path + "max_per_period"] = absl::StrCat(*behaviour.max_per_period);
    }
    if (behaviour.period_days != 0) {
      fields[path + "period_days"] = absl::StrCat(behaviour.period_days);
    }
  }
  for (const Tier& tier : policy->tiers) {
    const std::string path = absl::StrCat("tiers[", tier.name, "].");
    fields[path + "min_points"] = absl::StrCat(tier.min_points);
    if (!tier.benefits.empty()) {
      fields[path + "benefits"] = absl::StrJoin(tier.benefits, "; ");
    }
  }
  return fields;
}

}  // namespace

const ScoringPolicy& DefaultPolicy() {
  static const auto& policy =
      *new ScoringPolicy{DefaultBehaviours(), DefaultTiers(), kDefaultReferralPoints};
  return policy;
}

ScoringPolicy Complete(PolicyDraft draft) {
  ScoringPolicy policy = DefaultPolicy();
  if (!draft.behaviours.empty()) policy.behaviours = std::move(draft.behaviours);
  if (!draft.tiers.empty()) policy.tiers = std::move(draft.tiers);
  if (draft.referral_points.has_value()) policy.referral_points = *draft.referral_points;
  std::sort(policy.behaviours.begin(), policy.behaviours.end(),
            [](const Behaviour& a, const Behaviour& b) { return a.name < b.name; });
  return policy;
}

absl::Status Validate(const PolicyDraft& draft) {
  KITH_RETURN_IF_ERROR(ValidateBehaviours(draft.behaviours));
  return ValidateTiers(draft.tiers);
}

std::vector<PolicyDifference> Differences(const ScoringPolicy* before,
                                          const ScoringPolicy& after) {
  std::map<std::string, PolicyDifference> differences;
  for (const auto& [field, value] : Flatten(before)) {
    differences[field] = {field, value, ""};
  }
  for (const auto& [field, value] : Flatten(&after)) {
    PolicyDifference& difference = differences[field];
    difference.field = field;
    difference.new_value = value;
  }
  std::vector<PolicyDifference> changed;
  for (auto& [field, difference] : differences) {
    if (difference.old_value != difference.new_value) changed.push_back(std::move(difference));
  }
  return changed;
}

const Behaviour* FindBehaviour(const ScoringPolicy& policy, absl::string_view name) {
  const auto it = std::find_if(policy.behaviours.begin(), policy.behaviours.end(),
                               [name](const Behaviour& b) { return b.name == name; });
  return it == policy.behaviours.end() ? nullptr : &*it;
}

}  // namespace kith::advocacy::domain
