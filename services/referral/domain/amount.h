// How much a rule grants: fixed, by percentage, by a line of the order, by cases.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_AMOUNT_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_AMOUNT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/referral/domain/condition.h"
#include "services/referral/domain/reward_model.h"
#include "services/referral/domain/reward_rule.h"

namespace kith::referral::domain {

// The largest reward, which is also the largest fixed amount: what a percentage gives beyond
// it is cut off, so that sums of rewards stay in 64 bits.
inline constexpr int64_t kMaxRewardMinor = 1000000000000;

// Whether a kind is paid in the program's currency.
bool IsMoney(RewardKind kind);
// Reward.currency of a rule: the program's currency for money, else what the amount counts:
// `basis_points`, `days`, `points`, `unlock`, `gift`, `ticket`, `entry`, or the rule's unit.
std::string UnitOf(const RewardRule& rule, absl::string_view program_currency);
// Whether a kind counts as one when its rule states no amount.
bool IsCountedByOne(RewardKind kind);

// An amount and how it was found, for people.
struct FoundAmount {
  int64_t minor = 0;  // 0: nothing is owed
  std::string text;   // "20.00 % of 5000 = 1000"
};
// The amount for a conversion (nullptr: none; then only fixed amounts give something).
// Percentages are rounded half to even; a conversion without the figure counts as 0.
FoundAmount EvaluateAmount(const Amount& amount, RewardKind kind,
                           const Conversion* conversion);

// The amount of the first case that holds, else the rule's own, and the tests of that case.
struct WantedAmount {
  FoundAmount amount;
  std::vector<TestOutcome> case_tests;
};
WantedAmount Want(const RewardRule& rule, const FieldValues& values,
                  const Conversion* conversion);

// a + b, at the ends of the range instead of beyond them.
int64_t SaturatingAdd(int64_t a, int64_t b);

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_AMOUNT_H_
