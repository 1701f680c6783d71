#include "services/referral/domain/codes.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/ids.h"

namespace kith::referral::domain {
namespace {

constexpr uint64_t kRadix = kCodeAlphabet.size();
static_assert(kRadix == 31, "the check character needs a prime");

// The character that makes the weighted sum of all places 0; weights are 1, 2, 3, …
char CheckCharacter(absl::string_view body) {
  uint64_t sum = 0;
  for (size_t i = 0; i < body.size(); ++i) sum += (i + 1) * kCodeAlphabet.find(body[i]);
  // The last place weighs kCodeLength, whose inverse modulo 31 is 4 (8 * 4 = 32).
  static_assert(kCodeLength * 4 % kRadix == 1);
  return kCodeAlphabet[(kRadix - sum % kRadix) * 4 % kRadix];
}

char WithoutLookAlike(char c) {
  switch (c) {
    case 'O':
      return '0';
    case 'I':
    case 'L':
      return '1';
    case 'S':
      return '5';
    case 'U':
      return 'V';
    default:
      return c;
  }
}

}  // namespace

std::string MakeCode(absl::string_view program_id, absl::string_view owner, int salt) {
  // Ids hold no line feeds, so that different arguments give different texts.
  const std::string digest = Sha256(absl::StrCat(program_id, "\n", owner, "\n", salt));
  uint64_t number = 0;
  for (int i = 0; i < 8; ++i) number = number << 8 | static_cast<uint8_t>(digest[i]);
  std::string code;
  for (int i = 0; i < kCodeLength - 1; ++i, number /= kRadix) {
    code.push_back(kCodeAlphabet[number % kRadix]);
  }
  code.push_back(CheckCharacter(code));
  return code;
}

std::string CampaignCodeOwner(absl::string_view advocate_id, absl::string_view campaign) {
  return absl::StrCat(advocate_id, " ", campaign);
}

std::string NormalizeCode(absl::string_view typed) {
  std::string code;
  for (const char c : typed) {
    if (c == ' ' || c == '-') continue;
    code.push_back(WithoutLookAlike(absl::ascii_toupper(static_cast<unsigned char>(c))));
  }
  return code;
}

bool IsWellFormedCode(absl::string_view code) {
  if (code.size() != kCodeLength) return false;
  for (const char c : code) {
    if (kCodeAlphabet.find(c) == absl::string_view::npos) return false;
  }
  return CheckCharacter(code.substr(0, kCodeLength - 1)) == code.back();
}

absl::Status CheckVanityCode(absl::string_view code) {
  const bool fits = code.size() >= kMinVanityLength && code.size() <= kMaxVanityLength &&
                    std::all_of(code.begin(), code.end(), [](unsigned char c) {
                      return absl::ascii_isupper(c) || absl::ascii_isdigit(c);
                    });
  if (!fits) {
    return MakeFieldError(kith::errors::kInvalidField, "vanity",
                          absl::StrCat("must have ", kMinVanityLength, " to ",
                                       kMaxVanityLength, " letters and digits"));
  }
  if (IsWellFormedCode(code)) {
    return MakeFieldError(kith::errors::kInvalidField, "vanity",
                          "must not look like a personal code: add or change a character");
  }
  return absl::OkStatus();
}

}  // namespace kith::referral::domain
