#include "common/rpc/text_rules.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/money.h"

namespace kith::rpc {
namespace {

unsigned char Byte(char c) { return static_cast<unsigned char>(c); }

bool IsText(absl::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const unsigned char c = Byte(text[i]);
    if (c >= 0x20 && c != 0x7F && c != 0xC2) continue;
    if (c == '\n' || c == '\t') continue;
    // U+0080 to U+009F are control characters too; in UTF-8 they start with C2.
    if (c == 0xC2 && i + 1 < text.size() && Byte(text[i + 1]) >= 0xA0) continue;
    return false;
  }
  return true;
}

bool IsId(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return Byte(c) >= 0x21 && Byte(c) <= 0x7E; });
}

bool IsInName(char c) {
  return absl::ascii_islower(Byte(c)) || absl::ascii_isdigit(Byte(c)) || c == '_' ||
         c == '-' || c == '.';
}

bool IsName(absl::string_view text) {
  return absl::ascii_islower(Byte(text[0])) && std::all_of(text.begin(), text.end(), IsInName);
}

// `paid-search` for `Paid Search`; empty for what is not ASCII.
std::string NameLike(absl::string_view text) {
  std::string name;
  for (const char c : text) {
    if (!absl::ascii_isascii(Byte(c))) return "";
    if (IsInName(absl::ascii_tolower(Byte(c)))) {
      name.push_back(absl::ascii_tolower(Byte(c)));
    } else if (!name.empty() && name.back() != '-') {
      name.push_back('-');
    }
  }
  while (!name.empty() && name.back() == '-') name.pop_back();
  return name;
}

bool IsDomain(absl::string_view domain) {
  int labels = 0;
  for (const absl::string_view label : absl::StrSplit(domain, '.')) {
    if (label.empty() || label.front() == '-' || label.back() == '-') return false;
    ++labels;
  }
  return labels >= 2;
}

bool IsEmail(absl::string_view text) {
  const size_t at = text.find('@');
  if (at == absl::string_view::npos || at == 0 || at > 64 || text.size() > 254) return false;
  if (text.find('@', at + 1) != absl::string_view::npos || !IsText(text)) return false;
  if (text.find_first_of(" \t\n<>,;\"") != absl::string_view::npos) return false;
  return IsDomain(text.substr(at + 1));
}

bool IsZoneSpelling(absl::string_view name) {
  const auto allowed = [](char c) {
    return absl::ascii_isalnum(Byte(c)) || c == '_' || c == '-' || c == '+' || c == '/';
  };
  return name.size() <= 64 && absl::ascii_isalpha(Byte(name[0])) && name != "localtime" &&
         std::all_of(name.begin(), name.end(), allowed);
}

// Abseil remembers every name it was ever asked for, known or not; so it is asked only for
// names that the database has.
bool IsInZoneDatabase(absl::string_view name) {
  const char* dir = std::getenv("TZDIR");
  const std::string path =
      absl::StrCat(dir != nullptr ? dir : "/usr/share/zoneinfo", "/", name);
  struct stat info {};
  absl::TimeZone zone;
  return stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) &&
         absl::LoadTimeZone(name, &zone);
}

}  // namespace

bool IsTimeZone(absl::string_view name) {
  static absl::Mutex& mutex = *new absl::Mutex();
  static auto& known = *new absl::flat_hash_set<std::string>{"UTC"};
  {
    const absl::ReaderMutexLock lock(&mutex);
    if (known.contains(name)) return true;
  }
  if (!IsZoneSpelling(name) || !IsInZoneDatabase(name)) return false;
  const absl::MutexLock lock(&mutex);
  known.emplace(name);
  return true;
}

bool HasForm(kith::type::v1::Pattern pattern, absl::string_view text) {
  switch (pattern) {
    case kith::type::v1::PATTERN_ID:
      return IsId(text);
    case kith::type::v1::PATTERN_CURRENCY:
      return IsCurrency(text);
    case kith::type::v1::PATTERN_TIME_ZONE:
      return IsTimeZone(text);
    case kith::type::v1::PATTERN_EMAIL:
      return IsEmail(text);
    case kith::type::v1::PATTERN_NAME:
      return IsName(text);
    default:
      return IsText(text);
  }
}

absl::string_view DescribeForm(kith::type::v1::Pattern pattern) {
  switch (pattern) {
    case kith::type::v1::PATTERN_ID:
      return "printable ASCII without spaces";
    case kith::type::v1::PATTERN_CURRENCY:
      return "the ISO 4217 code of a currency, three upper-case letters such as EUR";
    case kith::type::v1::PATTERN_TIME_ZONE:
      return "a name of the IANA time zone database, such as Europe/Berlin";
    case kith::type::v1::PATTERN_EMAIL:
      return "a mail address";
    case kith::type::v1::PATTERN_NAME:
      return "a lower-case name of letters, digits, '_', '-' and '.'";
    default:
      return "text without control characters";
  }
}

std::string SuggestForm(kith::type::v1::Pattern pattern, absl::string_view text) {
  std::string like;
  if (pattern == kith::type::v1::PATTERN_NAME) like = NameLike(text);
  if (pattern == kith::type::v1::PATTERN_CURRENCY) like = absl::AsciiStrToUpper(text);
  if (like.empty() || !HasForm(pattern, like)) return "";
  return absl::StrCat("; '", like, "' would do");
}

}  // namespace kith::rpc
