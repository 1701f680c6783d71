// What identifies people: compared by keyed hashes, never kept or logged itself.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_IDENTITY_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_IDENTITY_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "services/referral/domain/advocate.h"
#include "services/referral/domain/fraud_rules.h"

namespace kith::referral::domain {

// As it was given. Empty: not known.
struct RawIdentity {
  std::string email;
  std::string phone;
  std::string device_id;
  std::string payment_fingerprint;
  std::string ip_address;
};

// IDENTITY_INVALID, naming `phone` or `ip_address`, when it is given and is none: it would be
// compared with nothing, or with other nonsense.
absl::Status CheckForm(const RawIdentity& raw);

// What identifies somebody.
enum class IdentityKind { kEmail, kEmailDomain, kPhone, kDevice, kPayment, kIp };

// One form for all spellings of a number: `+` and digits; `00` at the beginning is `+`;
// everything but digits is dropped, and so is the `(0)` of an international number. Empty when
// there are fewer than 5 digits. A number without a calling code gets `calling_code` (`+` and
// digits) in place of what it begins with inside its country, mostly a 0; without one it is
// what its digits are.
std::string NormalizePhone(absl::string_view phone, absl::string_view calling_code = "");
// Whether a text is written as a phone number (an optional `+`, 5 to 17 digits, and what
// people put between them) or as a network address (IPv4, or IPv6 in any of its forms).
bool IsPhone(absl::string_view text);
bool IsIp(absl::string_view text);
// Lower-case; an IPv4 address in IPv6 clothes is the IPv4 address, and other IPv6 addresses
// are written out in full. What is no address stays as it is.
std::string NormalizeIp(absl::string_view ip);
// Without the differences of case, in any script; without spaces around and with single ones
// between.
std::string NormalizeName(absl::string_view name);
// The part after the last `@`, as DNS knows it; empty for no address.
std::string DomainOf(absl::string_view email);
bool IsFreeMail(absl::string_view domain, const FraudRules& rules);
// Also the subdomains of a disposable domain.
bool IsDisposable(absl::string_view domain, const FraudRules& rules);

// HMAC-SHA-256 under the program's key, each kind in a space of its own (the key is used on
// `<kind>\0<normal form>`; mail addresses as domain/email.h says, so that hashes made before
// still match). Empty for what is empty.
std::string KeyedHash(absl::string_view key, IdentityKind kind, absl::string_view value,
                      absl::string_view calling_code = "");
std::string HashPhone(absl::string_view key, absl::string_view phone,
                      absl::string_view calling_code = "");
// That hash, and behind it, of a number of the country of `calling_code`, the one under which
// rows have it that were written when there was no such code. Without empty ones.
std::vector<std::string> HashesOfPhone(absl::string_view key, absl::string_view phone,
                                       absl::string_view calling_code);
std::string HashName(absl::string_view key, absl::string_view name);
// `rules` tell which domains are free mail: those have no domain hash.
Identity HashIdentity(absl::string_view key, const RawIdentity& raw, const FraudRules& rules,
                      absl::string_view calling_code = "");

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_IDENTITY_H_
