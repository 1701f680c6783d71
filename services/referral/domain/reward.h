// What is owed for a conversion, and how the ledger says so.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_REWARD_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_REWARD_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/referral/domain/model.h"
#include "services/referral/domain/program.h"

namespace kith::referral::domain {

// A conversion earns at most one reward of each rule, and this is its id.
std::string RewardId(absl::string_view conversion_id, absl::string_view rule_id);

// Who receives a reward of `side`: the advocate or the referee; empty while the referee's
// customer id is not known.
const std::string& RecipientOf(RewardSide side, const Referral& referral);

// The amount that a rule grants for a conversion, in minor units; nullopt for nothing. A
// conversion without an amount counts as 0: it misses a minimum above 0 and earns no
// percentage. Percentages are rounded half to even. `granted` is the number of rewards of
// this rule that the recipient has and that are not reversed.
std::optional<int64_t> AmountDue(const RewardRule& rule,
                                 std::optional<int64_t> conversion_minor, int64_t granted);

// The reward of `rule` for the live conversion of a referral, judged by `version`; nullopt
// when nothing is due (yet). It may be paid a holding period after the conversion.
std::optional<Reward> DueReward(const ProgramVersion& version, const RewardRule& rule,
                                const Referral& referral, const Conversion& conversion,
                                int64_t granted, absl::Time now);

// The accounts of the ledger.
inline constexpr absl::string_view kExpenseAccount = "expense:rewards";
inline constexpr absl::string_view kLiabilityAccount = "liability:rewards";

// The sign of the side on which an account grows: +1 (debit) for the expense, -1 (credit)
// for the liability.
int OwnSide(absl::string_view account);

enum class EntryKind { kAccrual, kReversal };

// One line of the ledger. Debits are positive, credits negative.
struct LedgerEntry {
  std::string program_id;
  std::string reward_id;
  EntryKind kind = EntryKind::kAccrual;
  std::string account;
  std::string currency;
  int64_t amount_minor = 0;
  absl::Time entry_time;
  friend bool operator==(const LedgerEntry&, const LedgerEntry&) = default;
};

// The two lines, with the sum 0, that book a reward (debit expense, credit liability) or its
// reversal (the same with the signs changed).
std::array<LedgerEntry, 2> LedgerEntries(const Reward& reward, EntryKind kind,
                                         absl::Time time);

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_REWARD_H_
