// What somebody wrote, as messages repeat it.
#ifndef KITH_CLIENTS_CLI_TEXT_EXCERPT_H_
#define KITH_CLIENTS_CLI_TEXT_EXCERPT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace kith::cli {

// `'text'`; of a long one the beginning and the length: `'99999…' (300 characters)`.
std::string Excerpt(absl::string_view text);

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_TEXT_EXCERPT_H_
