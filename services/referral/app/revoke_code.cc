#include "services/referral/app/revoke_code.h"

#include <utility>

#include "common/base/status_macros.h"
#include "services/referral/app/codes.h"
#include "services/referral/app/decisions.h"
#include "services/referral/app/rules.h"
#include "services/referral/domain/codes.h"
#include "services/referral/domain/errors.h"
#include "services/referral/store/advocate_tables.h"

namespace kith::referral::app {

RevokeCode::RevokeCode(std::string program_id, std::string code, std::string requested_by,
                       Encoder<Response> encode)
    : program_id_(std::move(program_id)),
      code_(domain::NormalizeCode(code)),
      requested_by_(std::move(requested_by)),
      encode_(std::move(encode)) {}

void RevokeCode::Prefetch(exec::Loader& loader) const {
  Rules::Want(loader, program_id_);
  loader.Want<store::CodeTable>({program_id_, code_});
  WantDecision(loader, program_id_, store::kRevoked, code_);
}

absl::StatusOr<std::string> RevokeCode::Decide(exec::Unit& unit, absl::Time now) const {
  KITH_ASSIGN_OR_RETURN(const Rules rules, Rules::Load(unit, program_id_));
  const auto* stored = unit.Find<store::CodeTable>({program_id_, code_});
  if (stored == nullptr) {
    return MakeFieldError(domain::errors::kCodeNotFound, "code",
                          "must be the code of an enrolled advocate");
  }
  if (stored->honoured(now)) {
    KeepDecision(unit, program_id_, store::kRevoked, code_, requested_by_, now);
  }
  domain::Code revoked = Retire(unit, *stored, now, now);
  const Decision* decision = FindDecision(unit, program_id_, store::kRevoked, code_);
  if (decision != nullptr) revoked.revoked_by = decision->decided_by;
  return encode_(WithLink(std::move(revoked), rules, now));
}

}  // namespace kith::referral::app
