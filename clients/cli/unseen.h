// Programs that a service has seen nothing of yet: the services other than the referral
// service learn of a program by a policy of their own or by the first fact about it, and
// refuse until then what the referral service knows.
#ifndef KITH_CLIENTS_CLI_UNSEEN_H_
#define KITH_CLIENTS_CLI_UNSEEN_H_

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "clients/cli/caller.h"

namespace kith::cli {

// Whether a service refuses because it does not know the program (PROGRAM_NOT_FOUND).
bool IsProgramNotFound(const absl::Status& refusal);

// Whether that is only because it has seen nothing of it yet: the referral service, which is
// asked, knows the program. False when that cannot be told.
bool IsUnseen(Caller& caller, const std::string& program_id, const absl::Status& refusal);

// `no data yet: the retention service has seen no rules and no facts of this program`.
std::string UnseenText(Target target);

// What a service answers to a read-out: the answer of one that has nothing when it has seen
// nothing of the program yet.
template <class Response>
struct ReadOut {
  Response response;
  bool seen = true;
};
template <class Response, class Request>
absl::StatusOr<ReadOut<Response>> AskReadOut(Caller& caller, Target target,
                                             const Request& request) {
  absl::StatusOr<Response> response = Ask<Response>(caller, target, request);
  if (response.ok()) return ReadOut<Response>{*std::move(response), true};
  if (!IsUnseen(caller, request.program_id(), response.status())) return response.status();
  return ReadOut<Response>{Response(), false};
}

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_UNSEEN_H_
