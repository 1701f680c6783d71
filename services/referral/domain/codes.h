// Referral codes: short, readable aloud, and safe against typing errors.
//
// A code is eight characters of an alphabet of 31 that has no two look-alikes. The last one
// is a check character: because 31 is a prime and the weights of the places differ, a code
// with one wrong character or with two neighbours swapped is never a code of anybody's.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_CODES_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_CODES_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace kith::referral::domain {

inline constexpr absl::string_view kCodeAlphabet = "0123456789ABCDEFGHJKMNPQRTVWXYZ";
inline constexpr int kCodeLength = 8;

// The code of an owner: always the same for the same arguments. `salt` is 0 for an owner's
// first code; it is counted up while a code is taken.
std::string MakeCode(absl::string_view program_id, absl::string_view owner, int salt);

// The owner of the codes that an advocate has for a campaign; of personal codes, the
// advocate's id is the owner. Ids hold no spaces, so that no two owners are the same.
std::string CampaignCodeOwner(absl::string_view advocate_id, absl::string_view campaign);

// The form in which codes are kept and compared: upper-case, without spaces and dashes, and
// with look-alikes replaced (O by 0, I and L by 1, S by 5, U by V). Other characters stay.
std::string NormalizeCode(absl::string_view typed);

// Whether a code in normal form could be one that MakeCode gives: it has the right length,
// alphabet and check character.
bool IsWellFormedCode(absl::string_view code);

// Why a code that is out of use counts for nobody, more exactly than CODE_RETIRED.
inline constexpr absl::string_view kCodeRevoked = "CODE_REVOKED";
inline constexpr absl::string_view kCodeRotated = "CODE_ROTATED";

inline constexpr int kMinVanityLength = 4;
inline constexpr int kMaxVanityLength = 20;
// INVALID_FIELD unless this normal form may be a vanity code: 4 to 20 of A-Z and 0-9, and
// not well-formed as above, so that no advocate's future code is ever taken.
absl::Status CheckVanityCode(absl::string_view code);

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_CODES_H_
