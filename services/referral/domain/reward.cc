#include "services/referral/domain/reward.h"

#include "absl/strings/str_cat.h"
#include "common/base/money.h"

namespace kith::referral::domain {

std::string RewardId(absl::string_view conversion_id, absl::string_view rule_id) {
  return absl::StrCat(conversion_id, ":", rule_id);
}

const std::string& RecipientOf(RewardSide side, const Referral& referral) {
  return side == RewardSide::kReferrer ? referral.advocate_id : referral.referee();
}

std::optional<int64_t> AmountDue(const RewardRule& rule,
                                 std::optional<int64_t> conversion_minor, int64_t granted) {
  const int64_t base = conversion_minor.value_or(0);
  if (rule.min_conversion_minor.has_value() && base < *rule.min_conversion_minor) {
    return std::nullopt;
  }
  if (rule.max_rewards_per_recipient.has_value() &&
      granted >= *rule.max_rewards_per_recipient) {
    return std::nullopt;
  }
  const int64_t amount = rule.fixed_minor.has_value()
                             ? *rule.fixed_minor
                             : PercentOf(base, rule.percent_basis_points.value_or(0));
  return amount > 0 ? std::optional(amount) : std::nullopt;
}

std::optional<Reward> DueReward(const ProgramVersion& version, const RewardRule& rule,
                                const Referral& referral, const Conversion& conversion,
                                int64_t granted, absl::Time now) {
  const std::string& recipient = RecipientOf(rule.side, referral);
  const auto amount = AmountDue(rule, conversion.amount_minor, granted);
  if (recipient.empty() || !amount.has_value()) return std::nullopt;
  Reward reward;
  reward.program_id = conversion.program_id;
  reward.reward_id = RewardId(conversion.conversion_id, rule.rule_id);
  reward.referral_id = referral.referral_id;
  reward.conversion_id = conversion.conversion_id;
  reward.rule_id = rule.rule_id;
  reward.program_version = version.version;
  reward.side = rule.side;
  reward.recipient_id = recipient;
  reward.kind = rule.kind;
  reward.amount_minor = *amount;
  reward.currency = version.program.currency;
  reward.available_time = conversion.conversion_time + rule.holding_period;
  reward.created_time = now;
  return reward;
}

int OwnSide(absl::string_view account) { return account == kLiabilityAccount ? -1 : 1; }

std::array<LedgerEntry, 2> LedgerEntries(const Reward& reward, EntryKind kind,
                                         absl::Time time) {
  const int64_t debit =
      kind == EntryKind::kAccrual ? reward.amount_minor : -reward.amount_minor;
  LedgerEntry expense{.program_id = reward.program_id,
                      .reward_id = reward.reward_id,
                      .kind = kind,
                      .account = std::string(kExpenseAccount),
                      .currency = reward.currency,
                      .amount_minor = debit,
                      .entry_time = time};
  LedgerEntry liability = expense;
  liability.account = std::string(kLiabilityAccount);
  liability.amount_minor = -debit;
  return {expense, liability};
}

}  // namespace kith::referral::domain
