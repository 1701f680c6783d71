#include "clients/cli/unseen.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "kith/referral/v1/referral.pb.h"

namespace kith::cli {

bool IsProgramNotFound(const absl::Status& refusal) {
  return GetErrorReason(refusal) == "PROGRAM_NOT_FOUND";
}

bool IsUnseen(Caller& caller, const std::string& program_id, const absl::Status& refusal) {
  if (!IsProgramNotFound(refusal)) return false;
  referral::v1::GetProgramRequest request;
  request.set_program_id(program_id);
  return Ask<referral::v1::GetProgramResponse>(caller, Target::kReferral, request).ok();
}

std::string UnseenText(Target target) {
  return absl::StrCat("no data yet: the ", TargetName(target),
                      " service has seen no rules and no facts of this program");
}

}  // namespace kith::cli
