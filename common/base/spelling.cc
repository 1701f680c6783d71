#include "common/base/spelling.h"

#include <idn2.h>
#include <unicase.h>
#include <uninorm.h>
#include <unistr.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>

#include "absl/strings/ascii.h"

namespace kith {
namespace {

bool IsAscii(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return absl::ascii_isascii(c); });
}

struct Free {
  void operator()(void* memory) const { std::free(memory); }
};

}  // namespace

std::string LowerCase(absl::string_view text) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  if (IsAscii(text) || u8_check(bytes, text.size()) != nullptr) {
    return absl::AsciiStrToLower(text);
  }
  size_t size = 0;
  const std::unique_ptr<uint8_t, Free> lower(
      u8_tolower(bytes, text.size(),
                 /*iso639_language=*/nullptr, UNINORM_NFKC, /*resultbuf=*/nullptr, &size));
  if (lower == nullptr) return absl::AsciiStrToLower(text);
  return std::string(reinterpret_cast<const char*>(lower.get()), size);
}

std::string AsciiDomain(absl::string_view domain) {
  if (IsAscii(domain)) return absl::AsciiStrToLower(domain);
  char* ascii = nullptr;
  const int rc = idn2_to_ascii_8z(std::string(domain).c_str(), &ascii,
                                  IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
  const std::unique_ptr<char, Free> owner(ascii);
  return rc == IDN2_OK ? std::string(ascii) : LowerCase(domain);
}

}  // namespace kith
