// What values of options and words of the command line look like, for the end of each help.
#ifndef KITH_CLIENTS_CLI_FORMS_H_
#define KITH_CLIENTS_CLI_FORMS_H_

#include <string>

#include "CLI/App.hpp"
#include "absl/strings/string_view.h"

namespace kith::cli {

// What `WORD`, `TIME` and so on stand for; empty for a name that says it itself, such as FILE.
absl::string_view FormOf(absl::string_view name);

// The forms of the options and words of `command`, a line each, below `Forms:`; empty for
// none.
std::string DescribeForms(const CLI::App& command);

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_FORMS_H_
