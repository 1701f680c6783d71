// Checks of text before it is put into messages, which hold UTF-8 only.
#ifndef KITH_CLIENTS_CLI_TEXT_UTF8_H_
#define KITH_CLIENTS_CLI_TEXT_UTF8_H_

#include "absl/strings/string_view.h"

namespace kith::cli {

// Whether `text` is well-formed UTF-8: no overlong forms, no surrogates, at most U+10FFFF.
bool IsValidUtf8(absl::string_view text);

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_TEXT_UTF8_H_
