#include "services/advocacy/store/policy_codec.h"

#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace kith::advocacy::store {
namespace {

using Fields = std::vector<absl::string_view>;

template <class Int>
Int Number(absl::string_view text) {
  Int value = 0;
  return absl::SimpleAtoi(text, &value) ? value : 0;
}

domain::Behaviour ToBehaviour(const Fields& fields) {
  domain::Behaviour behaviour{std::string(fields[1]), Number<int64_t>(fields[2])};
  if (fields[3] != "-") behaviour.max_per_period = Number<int32_t>(fields[3]);
  behaviour.period_days = Number<int32_t>(fields[4]);
  return behaviour;
}

domain::Tier ToTier(const Fields& fields) {
  domain::Tier tier{std::string(fields[1]), Number<int64_t>(fields[2]), {}};
  for (size_t i = 3; i < fields.size(); ++i) {
    std::string benefit;
    if (absl::CUnescape(fields[i], &benefit)) tier.benefits.push_back(std::move(benefit));
  }
  return tier;
}

}  // namespace

std::string EncodePolicy(const domain::ScoringPolicy& policy) {
  std::string text = absl::StrCat("referral_points\t", policy.referral_points, "\n");
  for (const domain::Behaviour& behaviour : policy.behaviours) {
    absl::StrAppend(&text, "behaviour\t", behaviour.name, "\t", behaviour.points, "\t");
    if (behaviour.max_per_period.has_value()) {
      absl::StrAppend(&text, *behaviour.max_per_period);
    } else {
      absl::StrAppend(&text, "-");
    }
    absl::StrAppend(&text, "\t", behaviour.period_days, "\n");
  }
  for (const domain::Tier& tier : policy.tiers) {
    absl::StrAppend(&text, "tier\t", tier.name, "\t", tier.min_points);
    for (const std::string& benefit : tier.benefits) {
      absl::StrAppend(&text, "\t", absl::Utf8SafeCEscape(benefit));
    }
    absl::StrAppend(&text, "\n");
  }
  return text;
}

domain::ScoringPolicy DecodePolicy(absl::string_view text) {
  domain::ScoringPolicy policy;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    const Fields fields = absl::StrSplit(line, '\t');
    if (fields[0] == "referral_points" && fields.size() == 2) {
      policy.referral_points = Number<int64_t>(fields[1]);
    } else if (fields[0] == "behaviour" && fields.size() == 5) {
      policy.behaviours.push_back(ToBehaviour(fields));
    } else if (fields[0] == "tier" && fields.size() >= 3) {
      policy.tiers.push_back(ToTier(fields));
    }
  }
  return policy;
}

}  // namespace kith::advocacy::store
