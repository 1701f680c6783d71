// Page tokens of listings: where the last page ended, bound to the listing and its filter.
#ifndef KITH_COMMON_BASE_PAGE_TOKEN_H_
#define KITH_COMMON_BASE_PAGE_TOKEN_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace kith {

// The token of a page that ended with the row `last_key`. `listing` names the listing with
// everything that its rows were chosen by, in any unambiguous text. A token is opaque to
// clients, but not secret: it holds `last_key`.
std::string MakePageToken(absl::string_view listing, absl::string_view last_key);

// The key in `token`; empty for an empty token (the first page). INVALID_PAGE_TOKEN when it
// was not made for this listing.
absl::StatusOr<std::string> ReadPageToken(absl::string_view listing, absl::string_view token);

}  // namespace kith

#endif  // KITH_COMMON_BASE_PAGE_TOKEN_H_
