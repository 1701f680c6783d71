#include "common/base/page_token.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/ids.h"

namespace kith {
namespace {

// What a token of this listing begins with. It also covers the key, so that a changed token
// is noticed.
std::string Seal(absl::string_view listing, absl::string_view last_key) {
  return Sha256(absl::StrCat(listing.size(), ":", listing, last_key)).substr(0, 8);
}

}  // namespace

std::string MakePageToken(absl::string_view listing, absl::string_view last_key) {
  return absl::WebSafeBase64Escape(absl::StrCat(Seal(listing, last_key), last_key));
}

absl::StatusOr<std::string> ReadPageToken(absl::string_view listing, absl::string_view token) {
  if (token.empty()) return std::string();
  std::string bytes;
  if (absl::WebSafeBase64Unescape(token, &bytes) && bytes.size() > 8) {
    std::string last_key = bytes.substr(8);
    if (Seal(listing, last_key) == bytes.substr(0, 8)) return last_key;
  }
  return MakeFieldError(errors::kInvalidPageToken, "page_token",
                        "must come from the page before, with the same filter");
}

}  // namespace kith
