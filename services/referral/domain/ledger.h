// The double-entry ledger behind the rewards. Append-only: what was booked is never changed,
// what was wrong is booked back. The entries of each booking sum to 0, and so does the ledger.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_LEDGER_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_LEDGER_H_

#include <array>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/referral/domain/reward_model.h"

namespace kith::referral::domain {

inline constexpr absl::string_view kExpenseAccount = "expense:rewards";
inline constexpr absl::string_view kLiabilityAccount = "liability:rewards";
inline constexpr absl::string_view kPaidAccount = "paid:rewards";
inline constexpr absl::string_view kReceivableAccount = "receivable:clawback";

// The sign of the side on which an account grows: +1 (debit) for the expense and for what
// recipients owe, -1 (credit) for the liability and for what was paid.
int OwnSide(absl::string_view account);

// What is booked, debit first:
//   accrual     expense    / liability   the reward came to be owed
//   payment     liability  / paid        the recipient has it
//   reversal    liability  / expense     it was taken back before it was paid
//   expiry      liability  / expense     it was not taken in time
//   clawback    receivable / expense     it was taken back after it was paid; of a payment
//                                        that came after a reversal: receivable / liability
//   adjustment  expense    / liability   a recalculation changed it (negative: it fell)
enum class EntryKind { kAccrual, kPayment, kReversal, kClawback, kExpiry, kAdjustment };

// One line of the ledger. Debits are positive, credits negative.
struct LedgerEntry {
  std::string program_id;
  std::string reward_id;
  EntryKind kind = EntryKind::kAccrual;
  std::string account;
  std::string currency;
  int64_t amount_minor = 0;
  absl::Time entry_time;
  int64_t sequence = 0;  // of an adjustment: the version that it was recalculated by
  friend bool operator==(const LedgerEntry&, const LedgerEntry&) = default;
};

// The two accounts of a booking. `reversed`: the reward's accrual was booked back before.
struct Accounts {
  absl::string_view debit;
  absl::string_view credit;
};
Accounts AccountsOf(EntryKind kind, bool reversed = false);

// A booking of the reward's whole amount.
std::array<LedgerEntry, 2> LedgerEntries(const Reward& reward, EntryKind kind, absl::Time time,
                                         bool reversed = false);
// The booking of a change of the reward's amount by `delta_minor`, made by `version`.
std::array<LedgerEntry, 2> AdjustmentEntries(const Reward& reward, int64_t delta_minor,
                                             int64_t version, absl::Time time);

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_LEDGER_H_
