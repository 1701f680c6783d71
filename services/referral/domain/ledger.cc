#include "services/referral/domain/ledger.h"

namespace kith::referral::domain {
namespace {

std::array<LedgerEntry, 2> Booking(const Reward& reward, EntryKind kind,
                                   const Accounts& accounts, int64_t amount_minor,
                                   absl::Time time) {
  LedgerEntry debit{.program_id = reward.program_id,
                    .reward_id = reward.reward_id,
                    .kind = kind,
                    .account = std::string(accounts.debit),
                    .currency = reward.currency,
                    .amount_minor = amount_minor,
                    .entry_time = time,
                    .sequence = 0};
  LedgerEntry credit = debit;
  credit.account = std::string(accounts.credit);
  credit.amount_minor = -amount_minor;
  return {debit, credit};
}

}  // namespace

int OwnSide(absl::string_view account) {
  return account == kLiabilityAccount || account == kPaidAccount ? -1 : 1;
}

Accounts AccountsOf(EntryKind kind, bool reversed) {
  switch (kind) {
    case EntryKind::kAccrual:
    case EntryKind::kAdjustment:
      return {kExpenseAccount, kLiabilityAccount};
    case EntryKind::kPayment:
      return {kLiabilityAccount, kPaidAccount};
    case EntryKind::kReversal:
    case EntryKind::kExpiry:
      return {kLiabilityAccount, kExpenseAccount};
    case EntryKind::kClawback:
      return {kReceivableAccount, reversed ? kLiabilityAccount : kExpenseAccount};
  }
  return {kExpenseAccount, kLiabilityAccount};
}

std::array<LedgerEntry, 2> LedgerEntries(const Reward& reward, EntryKind kind, absl::Time time,
                                         bool reversed) {
  return Booking(reward, kind, AccountsOf(kind, reversed), reward.amount_minor, time);
}

std::array<LedgerEntry, 2> AdjustmentEntries(const Reward& reward, int64_t delta_minor,
                                             int64_t version, absl::Time time) {
  auto entries = Booking(reward, EntryKind::kAdjustment, AccountsOf(EntryKind::kAdjustment),
                         delta_minor, time);
  for (LedgerEntry& entry : entries) entry.sequence = version;
  return entries;
}

}  // namespace kith::referral::domain
