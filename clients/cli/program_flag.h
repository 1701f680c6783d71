// The program of commands that take it as a flag.
#ifndef KITH_CLIENTS_CLI_PROGRAM_FLAG_H_
#define KITH_CLIENTS_CLI_PROGRAM_FLAG_H_

#include <string>

#include "CLI/App.hpp"
#include "absl/status/statusor.h"
#include "clients/cli/caller.h"

namespace kith::cli {

// Adds --program, or KITH_PROGRAM; `program` must outlive the command.
void AddProgramFlag(CLI::App& command, std::string& program);

// What was given or, without it, the only program that there is. Errors: there are several,
// or none; those of the referral service, which is asked.
absl::StatusOr<std::string> ProgramOrOnly(Caller& caller, const std::string& given);

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_PROGRAM_FLAG_H_
