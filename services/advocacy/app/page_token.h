// Page tokens: where the last page of a listing ended, bound to the listing's filter.
#ifndef KITH_SERVICES_ADVOCACY_APP_PAGE_TOKEN_H_
#define KITH_SERVICES_ADVOCACY_APP_PAGE_TOKEN_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace kith::advocacy::app {

// The token for the page after `last`, an id that is not empty.
std::string MakePageToken(absl::string_view last, absl::string_view filter);

// The id that a token was made with; empty for an empty token. INVALID_PAGE_TOKEN when it
// was not made for this filter.
absl::StatusOr<std::string> ParsePageToken(absl::string_view token, absl::string_view filter);

}  // namespace kith::advocacy::app

#endif  // KITH_SERVICES_ADVOCACY_APP_PAGE_TOKEN_H_
