// The refusals of what is not there that any service may return.
#ifndef KITH_COMMON_BASE_NOT_FOUND_H_
#define KITH_COMMON_BASE_NOT_FOUND_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace kith {

// PROGRAM_NOT_FOUND of `program_id`, which message and metadata name.
absl::Status ProgramNotFound(absl::string_view program_id);

}  // namespace kith

#endif  // KITH_COMMON_BASE_NOT_FOUND_H_
