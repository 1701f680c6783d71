#include "services/referral/domain/identity.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/ids.h"
#include "common/base/spelling.h"
#include "services/referral/domain/email.h"
#include "services/referral/domain/errors.h"

namespace kith::referral::domain {
namespace {

constexpr size_t kLeastPhoneDigits = 5;
constexpr size_t kMostPhoneDigits = 17;  // 15 and `00` before them
constexpr size_t kIpGroups = 8;

using Domains = absl::flat_hash_set<std::string>;

// The usual providers of mail for everybody.
const Domains& FreeMailDomains() {
  static const auto* const kDomains = new Domains(
      {"126.com",       "163.com",        "aol.com",      "att.net",        "bigpond.com",
       "bluewin.ch",    "btinternet.com", "comcast.net",  "daum.net",       "fastmail.com",
       "free.fr",       "freenet.de",     "gmail.com",    "gmx.at",         "gmx.ch",
       "gmx.com",       "gmx.de",         "gmx.net",      "googlemail.com", "hanmail.net",
       "hey.com",       "hotmail.co.uk",  "hotmail.com",  "hotmail.de",     "hotmail.fr",
       "hotmail.it",    "icloud.com",     "interia.pl",   "laposte.net",    "libero.it",
       "live.com",      "mac.com",        "mail.com",     "mail.ru",        "me.com",
       "msn.com",       "naver.com",      "o2.pl",        "online.no",      "orange.fr",
       "outlook.com",   "outlook.de",     "outlook.fr",   "pm.me",          "posteo.de",
       "proton.me",     "protonmail.com", "qq.com",       "rediffmail.com", "rocketmail.com",
       "sbcglobal.net", "seznam.cz",      "sfr.fr",       "sky.com",        "t-online.de",
       "telenet.be",    "tuta.io",        "tutanota.com", "uol.com.br",     "verizon.net",
       "wanadoo.fr",    "web.de",         "wp.pl",        "yahoo.co.in",    "yahoo.co.jp",
       "yahoo.co.uk",   "yahoo.com",      "yahoo.com.br", "yahoo.de",       "yahoo.es",
       "yahoo.fr",      "yahoo.it",       "yandex.com",   "yandex.ru",      "ymail.com",
       "ziggo.nl",      "zoho.com"});
  return *kDomains;
}

// The usual providers of throw-away addresses.
const Domains& DisposableDomains() {
  static const auto* const kDomains = new Domains({"10minutemail.com",
                                                   "10minutemail.net",
                                                   "1secmail.com",
                                                   "byom.de",
                                                   "burnermail.io",
                                                   "discard.email",
                                                   "dispostable.com",
                                                   "einrot.com",
                                                   "emailondeck.com",
                                                   "fakeinbox.com",
                                                   "getairmail.com",
                                                   "getnada.com",
                                                   "grr.la",
                                                   "guerrillamail.biz",
                                                   "guerrillamail.com",
                                                   "guerrillamail.net",
                                                   "guerrillamail.org",
                                                   "guerrillamailblock.com",
                                                   "inboxkitten.com",
                                                   "mail-temp.com",
                                                   "mailcatch.com",
                                                   "maildrop.cc",
                                                   "mailinator.com",
                                                   "mailinator.net",
                                                   "mailnesia.com",
                                                   "mailnull.com",
                                                   "minuteinbox.com",
                                                   "mintemail.com",
                                                   "moakt.com",
                                                   "mohmal.com",
                                                   "mytemp.email",
                                                   "mytrashmail.com",
                                                   "nada.email",
                                                   "sharklasers.com",
                                                   "spam4.me",
                                                   "spambog.com",
                                                   "spamgourmet.com",
                                                   "temp-mail.io",
                                                   "temp-mail.org",
                                                   "tempail.com",
                                                   "tempinbox.com",
                                                   "tempmail.dev",
                                                   "tempmail.plus",
                                                   "tempmailo.com",
                                                   "tempr.email",
                                                   "throwawaymail.com",
                                                   "trashmail.com",
                                                   "trashmail.de",
                                                   "trashmail.net",
                                                   "wegwerfmail.de",
                                                   "yopmail.com",
                                                   "yopmail.fr",
                                                   "yopmail.net"});
  return *kDomains;
}

bool Names(const std::vector<std::string>& domains, absl::string_view domain) {
  for (const std::string& named : domains) {
    if (absl::EqualsIgnoreCase(named, domain)) return true;
  }
  return false;
}

std::string Digits(absl::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (absl::ascii_isdigit(static_cast<unsigned char>(c))) digits.push_back(c);
  }
  return digits;
}

// The groups of one side of `::`; without leading zeros.
std::vector<std::string> IpGroups(absl::string_view text) {
  std::vector<std::string> groups;
  for (absl::string_view group : absl::StrSplit(text, ':', absl::SkipEmpty())) {
    while (group.size() > 1 && group[0] == '0') group.remove_prefix(1);
    groups.emplace_back(group);
  }
  return groups;
}

bool IsIpv4(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '.');
  return parts.size() == 4 && std::all_of(parts.begin(), parts.end(), [](auto part) {
           int value = 0;
           return !part.empty() && part.size() <= 3 && Digits(part).size() == part.size() &&
                  absl::SimpleAtoi(part, &value) && value <= 255;
         });
}

bool IsHexGroup(absl::string_view group) {
  return !group.empty() && group.size() <= 4 &&
         std::all_of(group.begin(), group.end(),
                     [](unsigned char c) { return absl::ascii_isxdigit(c); });
}

// The groups of an address or of a side of its `::`; an IPv4 address at the end is two. -1
// when it is none.
int CountGroups(absl::string_view text, bool at_end) {
  if (text.empty()) return 0;
  const std::vector<absl::string_view> groups = absl::StrSplit(text, ':');
  int count = 0;
  for (size_t i = 0; i < groups.size(); ++i) {
    const bool v4 = at_end && i + 1 == groups.size() && IsIpv4(groups[i]);
    if (!v4 && !IsHexGroup(groups[i])) return -1;
    count += v4 ? 2 : 1;
  }
  return count;
}

bool IsIpv6(absl::string_view text) {
  const int whole = static_cast<int>(kIpGroups);
  const size_t gap = text.find("::");
  if (gap == absl::string_view::npos) return CountGroups(text, true) == whole;
  const int head = CountGroups(text.substr(0, gap), false);
  const int tail = CountGroups(text.substr(gap + 2), true);
  return head >= 0 && tail >= 0 && head + tail < whole;
}

absl::string_view SpaceOf(IdentityKind kind) {
  switch (kind) {
    case IdentityKind::kEmail:
      return "email";
    case IdentityKind::kEmailDomain:
      return "domain";
    case IdentityKind::kPhone:
      return "phone";
    case IdentityKind::kDevice:
      return "device";
    case IdentityKind::kPayment:
      return "payment";
    case IdentityKind::kIp:
      return "ip";
  }
  return "";
}

// What numbers begin with inside a country where that is not a single 0: another prefix, or
// none, where a 0 belongs to the number.
absl::string_view TrunkPrefix(absl::string_view calling_code) {
  static constexpr std::pair<absl::string_view, absl::string_view> kPrefixes[] = {
      {"+1", "1"},  {"+7", "8"},  {"+36", "06"}, {"+39", ""},
      {"+225", ""}, {"+242", ""}, {"+378", ""}};
  for (const auto& [code, prefix] : kPrefixes) {
    if (code == calling_code) return prefix;
  }
  return "0";
}

// The number of `calling_code` that these digits are inside its country.
std::string Internationally(absl::string_view digits, absl::string_view calling_code) {
  // There an area code may begin with the prefix.
  constexpr size_t kDigitsWithEight = 11;
  const absl::string_view prefix = TrunkPrefix(calling_code);
  if (prefix != "8" || digits.size() == kDigitsWithEight) {
    absl::ConsumePrefix(&digits, prefix);
  }
  return absl::StrCat(calling_code, digits);
}

std::string NormalForm(IdentityKind kind, absl::string_view value,
                       absl::string_view calling_code) {
  switch (kind) {
    case IdentityKind::kEmail:
      return NormalizeEmail(value);
    case IdentityKind::kEmailDomain:
      value = absl::StripAsciiWhitespace(value);
      absl::ConsumePrefix(&value, "@");
      return AsciiDomain(value);
    case IdentityKind::kPhone:
      return NormalizePhone(value, calling_code);
    case IdentityKind::kIp:
      return NormalizeIp(value);
    case IdentityKind::kDevice:
    case IdentityKind::kPayment:
      break;
  }
  return std::string(absl::StripAsciiWhitespace(value));
}

std::string HashIn(absl::string_view key, absl::string_view space, absl::string_view normal) {
  if (normal.empty()) return "";
  const absl::string_view end("\0", 1);
  return HmacSha256(key, absl::StrCat(space, end, normal));
}

}  // namespace

absl::Status CheckForm(const RawIdentity& raw) {
  if (!raw.phone.empty() && !IsPhone(raw.phone)) {
    return MakeFieldError(errors::kIdentityInvalid, "phone",
                          "must be a phone number, such as +49 30 1234567");
  }
  if (!raw.ip_address.empty() && !IsIp(raw.ip_address)) {
    return MakeFieldError(errors::kIdentityInvalid, "ip_address",
                          "must be an IPv4 or IPv6 address");
  }
  return absl::OkStatus();
}

bool IsPhone(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  absl::ConsumePrefix(&text, "+");
  const size_t digits = Digits(text).size();
  return digits >= kLeastPhoneDigits && digits <= kMostPhoneDigits &&
         text.find_first_not_of("0123456789 ()-./\t") == absl::string_view::npos;
}

bool IsIp(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  return absl::StrContains(text, ":") ? IsIpv6(text) : IsIpv4(text);
}

std::string NormalizePhone(absl::string_view phone, absl::string_view calling_code) {
  phone = absl::StripAsciiWhitespace(phone);
  const bool plus = absl::StartsWith(phone, "+");
  const bool zeros = !plus && absl::StartsWith(Digits(phone), "00");
  const bool international = plus || zeros;
  std::string digits =
      Digits(international ? absl::StrReplaceAll(phone, {{"(0)", ""}}) : std::string(phone));
  if (zeros) digits.erase(0, 2);
  if (digits.size() < kLeastPhoneDigits) return "";
  if (international) return absl::StrCat("+", digits);
  return calling_code.empty() ? digits : Internationally(digits, calling_code);
}

std::string NormalizeIp(absl::string_view ip) {
  const std::string lower = absl::AsciiStrToLower(absl::StripAsciiWhitespace(ip));
  absl::string_view text = lower;
  if (!absl::StrContains(text, ":")) return lower;
  if (absl::StrContains(text, ".")) {
    absl::ConsumePrefix(&text, "::ffff:");
    return std::string(text);
  }
  const size_t gap = text.find("::");
  if (gap == absl::string_view::npos) return absl::StrJoin(IpGroups(text), ":");
  std::vector<std::string> groups = IpGroups(text.substr(0, gap));
  const std::vector<std::string> tail = IpGroups(text.substr(gap + 2));
  if (groups.size() + tail.size() > kIpGroups) return lower;
  groups.resize(kIpGroups - tail.size(), "0");
  groups.insert(groups.end(), tail.begin(), tail.end());
  return absl::StrJoin(groups, ":");
}

std::string NormalizeName(absl::string_view name) {
  const std::vector<absl::string_view> words =
      absl::StrSplit(name, absl::ByAnyChar(" \t\n\r\v\f"), absl::SkipEmpty());
  return LowerCase(absl::StrJoin(words, " "));
}

std::string DomainOf(absl::string_view email) {
  const size_t at = email.rfind('@');
  if (at == absl::string_view::npos) return "";
  return AsciiDomain(absl::StripAsciiWhitespace(email.substr(at + 1)));
}

bool IsFreeMail(absl::string_view domain, const FraudRules& rules) {
  return FreeMailDomains().contains(domain) || Names(rules.free_mail_domains, domain);
}

bool IsDisposable(absl::string_view domain, const FraudRules& rules) {
  while (!domain.empty()) {
    if (DisposableDomains().contains(domain) || Names(rules.disposable_domains, domain)) {
      return true;
    }
    const size_t dot = domain.find('.');
    if (dot == absl::string_view::npos) return false;
    domain.remove_prefix(dot + 1);
  }
  return false;
}

std::string KeyedHash(absl::string_view key, IdentityKind kind, absl::string_view value,
                      absl::string_view calling_code) {
  if (kind == IdentityKind::kEmail) return HashEmail(key, value);
  return HashIn(key, SpaceOf(kind), NormalForm(kind, value, calling_code));
}

std::string HashPhone(absl::string_view key, absl::string_view phone,
                      absl::string_view calling_code) {
  return KeyedHash(key, IdentityKind::kPhone, phone, calling_code);
}

std::vector<std::string> HashesOfPhone(absl::string_view key, absl::string_view phone,
                                       absl::string_view calling_code) {
  const std::string now = NormalizePhone(phone, calling_code);
  std::string before = NormalizePhone(phone);
  absl::string_view national = now;
  if (before == now && !calling_code.empty() && absl::ConsumePrefix(&national, calling_code)) {
    before = absl::StrCat(TrunkPrefix(calling_code), national);
  }
  std::vector<std::string> hashes;
  for (std::string hash : {HashPhone(key, now), HashPhone(key, before)}) {
    const bool known = !hashes.empty() && hashes.front() == hash;
    if (!hash.empty() && !known) hashes.push_back(std::move(hash));
  }
  return hashes;
}

std::string HashName(absl::string_view key, absl::string_view name) {
  return HashIn(key, "name", NormalizeName(name));
}

Identity HashIdentity(absl::string_view key, const RawIdentity& raw, const FraudRules& rules,
                      absl::string_view calling_code) {
  const std::string domain = DomainOf(raw.email);
  Identity identity;
  identity.email_hash = HashEmail(key, raw.email);
  if (!IsFreeMail(domain, rules)) {
    identity.domain_hash = KeyedHash(key, IdentityKind::kEmailDomain, domain);
  }
  identity.phone_hash = HashPhone(key, raw.phone, calling_code);
  identity.device_hash = KeyedHash(key, IdentityKind::kDevice, raw.device_id);
  identity.payment_hash = KeyedHash(key, IdentityKind::kPayment, raw.payment_fingerprint);
  identity.ip_hash = KeyedHash(key, IdentityKind::kIp, raw.ip_address);
  return identity;
}

}  // namespace kith::referral::domain
