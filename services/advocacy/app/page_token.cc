#include "services/advocacy/app/page_token.h"

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/ids.h"

namespace kith::advocacy::app {
namespace {

// Binds the token to filter and id, so that a damaged one is noticed.
std::string Mark(absl::string_view last, absl::string_view filter) {
  return absl::StrCat(
      absl::Hex(StableHash(absl::StrCat(filter, "\n", last)), absl::kZeroPad16));
}

}  // namespace

std::string MakePageToken(absl::string_view last, absl::string_view filter) {
  return absl::WebSafeBase64Escape(absl::StrCat(Mark(last, filter), last));
}

absl::StatusOr<std::string> ParsePageToken(absl::string_view token, absl::string_view filter) {
  if (token.empty()) return std::string();
  std::string text;
  const size_t mark = 16;
  if (!absl::WebSafeBase64Unescape(token, &text) || text.size() <= mark ||
      !absl::StartsWith(text, Mark(absl::string_view(text).substr(mark), filter))) {
    return MakeFieldError(errors::kInvalidPageToken, "page_token",
                          "must come from an earlier page of the same listing");
  }
  return text.substr(mark);
}

}  // namespace kith::advocacy::app
