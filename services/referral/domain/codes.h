// Referral codes: short, readable aloud, and safe against typing errors.
//
// A code is eight characters of an alphabet of 31 that has no two look-alikes. The last one
// is a check character: because 31 is a prime and the weights of the places differ, a code
// with one wrong character or with two neighbours swapped is never a code of anybody's.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_CODES_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_CODES_H_

#include <string>

#include "absl/strings/string_view.h"

namespace kith::referral::domain {

inline constexpr absl::string_view kCodeAlphabet = "0123456789ABCDEFGHJKMNPQRTVWXYZ";
inline constexpr int kCodeLength = 8;

// The code of an advocate: always the same for the same arguments. `salt` is 0 unless that
// code belongs to another advocate already; then it is counted up.
std::string MakeCode(absl::string_view program_id, absl::string_view advocate_id, int salt);

// The form in which codes are kept and compared: upper-case, without spaces and dashes, and
// with look-alikes replaced (O by 0, I and L by 1, S by 5, U by V). Other characters stay.
std::string NormalizeCode(absl::string_view typed);

// Whether a code in normal form has the right length, alphabet and check character.
bool IsWellFormedCode(absl::string_view code);

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_CODES_H_
