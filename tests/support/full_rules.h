// A program that uses every part of the rules, for measurements and for tests under load.
#ifndef KITH_TESTS_SUPPORT_FULL_RULES_H_
#define KITH_TESTS_SUPPORT_FULL_RULES_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "kith/referral/v1/referral.pb.h"

namespace kith::test {

inline constexpr int64_t kReferrerReward = 2500;  // minor units, per converted referral
inline constexpr int64_t kRefereeReward = 1000;
inline constexpr int64_t kSuccessMinor = 1000;  // the least payment that converts

// Two-sided rewards held for `holding_period` (cash for the referrer, whose amount is a case
// for the plan `pro`; credit for the referee, which expires), caps of the rules, of recipients
// by year and of the program; fit rules (`lead.seats` at least 10), a follow-up within two
// days, success from kSuccessMinor on. Fraud rules with all signals: a lead at the advocate's
// own company is held, one with an address at `throwaway.example` rejected.
kith::referral::v1::Program FullRules(absl::string_view program_id,
                                      absl::Duration holding_period);

}  // namespace kith::test

#endif  // KITH_TESTS_SUPPORT_FULL_RULES_H_
