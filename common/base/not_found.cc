#include "common/base/not_found.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace kith {

absl::Status ProgramNotFound(absl::string_view program_id) {
  ErrorDetails details;
  details.fields.push_back({"program_id", "must be a program that was applied"});
  details.metadata.emplace_back("program_id", std::string(program_id));
  return MakeDetailedError(errors::kProgramNotFound, std::move(details),
                           absl::StrCat("the program ", program_id, " does not exist"));
}

}  // namespace kith
