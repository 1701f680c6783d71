// The rules of a program that are in force, of which the newest may be planned for later only.
#ifndef KITH_CLIENTS_CLI_COMMANDS_IN_FORCE_H_
#define KITH_CLIENTS_CLI_COMMANDS_IN_FORCE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/cli/env.h"
#include "kith/referral/v1/referral.pb.h"

namespace kith::cli {

struct InForce {
  referral::v1::GetProgramResponse stored;  // the newest one while none is in force yet
  std::string plan;  // `version 3 is planned from 2027-01-01 UTC`; empty: the newest holds
};

// Of a program whose newest version is `newest`.
absl::StatusOr<InForce> FindInForce(Env& env, referral::v1::GetProgramResponse newest);
// Of a program.
absl::StatusOr<InForce> ReadInForce(Env& env, const std::string& program_id);

// Says on stderr what is planned, if something is.
void NotePlan(Env& env, absl::string_view program_id, absl::string_view plan);

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_COMMANDS_IN_FORCE_H_
