#include "services/referral/domain/amount.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/money.h"

namespace kith::referral::domain {
namespace {

FoundAmount Share(int64_t base, int64_t basis_points, absl::string_view of) {
  const int64_t exact = PercentOf(base, basis_points);
  FoundAmount found;
  found.minor = std::clamp<int64_t>(exact, 0, kMaxRewardMinor);
  found.text = absl::StrFormat("%d.%02d %% of %s%d = %d", basis_points / 100,
                               basis_points % 100, of, base, exact);
  if (found.minor < exact) absl::StrAppend(&found.text, ", at most ", found.minor);
  return found;
}

FoundAmount LineAmount(const std::string& name, const Conversion* conversion) {
  int64_t sum = 0;
  if (conversion != nullptr) {
    for (const Line& line : conversion->lines) {
      if (line.name == name) sum = SaturatingAdd(sum, line.amount_minor);
    }
  }
  sum = std::clamp<int64_t>(sum, 0, kMaxRewardMinor);
  return {sum, absl::StrCat("line ", name, " = ", sum)};
}

}  // namespace

bool IsMoney(RewardKind kind) {
  switch (kind) {
    case RewardKind::kCash:
    case RewardKind::kCredit:
    case RewardKind::kFeeWaiver:
    case RewardKind::kGiftCard:
    case RewardKind::kDonation:
      return true;
    default:
      return false;
  }
}

std::string UnitOf(const RewardRule& rule, absl::string_view program_currency) {
  switch (rule.kind) {
    case RewardKind::kPercentOff:
      return "basis_points";
    case RewardKind::kFreePeriod:
      return "days";
    case RewardKind::kFeatureUnlock:
    case RewardKind::kPlanUpgrade:
    case RewardKind::kEarlyAccess:
      return "unlock";
    case RewardKind::kInKind:
      return rule.unit;
    case RewardKind::kPoints:
      return "points";
    case RewardKind::kPhysicalGift:
      return "gift";
    case RewardKind::kEventTicket:
      return "ticket";
    case RewardKind::kContestEntry:
      return "entry";
    default:
      return std::string(program_currency);
  }
}

bool IsCountedByOne(RewardKind kind) {
  switch (kind) {
    case RewardKind::kFeatureUnlock:
    case RewardKind::kPlanUpgrade:
    case RewardKind::kEarlyAccess:
    case RewardKind::kPhysicalGift:
    case RewardKind::kEventTicket:
    case RewardKind::kContestEntry:
      return true;
    default:
      return false;
  }
}

FoundAmount EvaluateAmount(const Amount& amount, RewardKind kind,
                           const Conversion* conversion) {
  const int64_t base = conversion == nullptr ? 0 : conversion->amount_minor.value_or(0);
  const int64_t annual = conversion == nullptr ? 0 : conversion->annual_minor.value_or(0);
  if (amount.fixed_minor.has_value()) {
    return {std::min(*amount.fixed_minor, kMaxRewardMinor),
            absl::StrCat("fixed: ", *amount.fixed_minor)};
  }
  if (amount.percent_basis_points.has_value()) {
    return Share(base, *amount.percent_basis_points, "");
  }
  if (amount.annual_percent_basis_points.has_value()) {
    return Share(annual, *amount.annual_percent_basis_points, "the annual ");
  }
  if (!amount.line.empty()) return LineAmount(amount.line, conversion);
  if (IsCountedByOne(kind)) return {1, "one"};
  return {0, "no amount is stated"};
}

WantedAmount Want(const RewardRule& rule, const FieldValues& values,
                  const Conversion* conversion) {
  for (const AmountCase& option : rule.cases) {
    if (!Holds(option.when, values)) continue;
    return {EvaluateAmount(option.amount, rule.kind, conversion),
            Evaluate(option.when, values).tests};
  }
  return {EvaluateAmount(rule.amount, rule.kind, conversion), {}};
}

int64_t SaturatingAdd(int64_t a, int64_t b) {
  int64_t sum = 0;
  if (!__builtin_add_overflow(a, b, &sum)) return sum;
  return b > 0 ? std::numeric_limits<int64_t>::max() : std::numeric_limits<int64_t>::min();
}

}  // namespace kith::referral::domain
