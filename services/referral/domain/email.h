// Mail addresses: compared by a keyed hash, never kept or logged themselves.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_EMAIL_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_EMAIL_H_

#include <string>

#include "absl/strings/string_view.h"

namespace kith::referral::domain {

// One form for all spellings of a mailbox: without the differences of case, in any script, and
// without the `+tag`, the domain as DNS knows it; at Gmail also without dots and with its one
// domain.
std::string NormalizeEmail(absl::string_view email);

// HMAC-SHA-256 of the normal form under the program's key (32 bytes). Empty for no address.
std::string HashEmail(absl::string_view key, absl::string_view email);

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_EMAIL_H_
