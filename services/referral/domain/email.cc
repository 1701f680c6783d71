#include "services/referral/domain/email.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/base/ids.h"
#include "common/base/spelling.h"

namespace kith::referral::domain {

std::string NormalizeEmail(absl::string_view email) {
  email = absl::StripAsciiWhitespace(email);
  const size_t at = email.rfind('@');
  if (at == absl::string_view::npos) return LowerCase(email);
  std::string local = LowerCase(email.substr(0, at));
  std::string domain = AsciiDomain(email.substr(at + 1));
  // A mailbox whose name begins with '+' has no tag.
  if (const size_t plus = local.find('+'); plus != std::string::npos && plus > 0) {
    local.resize(plus);
  }
  if (domain == "googlemail.com") domain = "gmail.com";
  if (domain == "gmail.com") local = absl::StrReplaceAll(local, {{".", ""}});
  return absl::StrCat(local, "@", domain);
}

std::string HashEmail(absl::string_view key, absl::string_view email) {
  return email.empty() ? std::string() : HmacSha256(key, NormalizeEmail(email));
}

}  // namespace kith::referral::domain
