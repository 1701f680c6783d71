#include "services/referral/app/rotate_code.h"

#include <utility>

#include "common/base/status_macros.h"
#include "services/referral/app/codes.h"
#include "services/referral/app/rules.h"
#include "services/referral/domain/errors.h"
#include "services/referral/store/advocate_tables.h"

namespace kith::referral::app {

RotateCode::RotateCode(std::string program_id, std::string advocate_id,
                       Encoder<Response> encode)
    : program_id_(std::move(program_id)),
      advocate_id_(std::move(advocate_id)),
      encode_(std::move(encode)) {}

void RotateCode::Prefetch(exec::Loader& loader) const {
  Rules::Want(loader, program_id_);
  loader.Want<store::AdvocateTable>({program_id_, advocate_id_});
  WantNextCode(loader, program_id_, advocate_id_, advocate_id_);
  const auto* advocate = loader.Peek<store::AdvocateTable>({program_id_, advocate_id_});
  if (advocate != nullptr) loader.Want<store::CodeTable>({program_id_, advocate->code});
}

absl::StatusOr<std::string> RotateCode::Decide(exec::Unit& unit, absl::Time now) const {
  KITH_ASSIGN_OR_RETURN(const Rules rules, Rules::Load(unit, program_id_));
  const auto* stored = unit.Find<store::AdvocateTable>({program_id_, advocate_id_});
  if (stored == nullptr) {
    return MakeFieldError(domain::errors::kAdvocateNotFound, "advocate_id",
                          "must be an enrolled advocate");
  }
  KITH_RETURN_IF_ERROR(CheckMayHaveMore(unit, program_id_, advocate_id_));
  domain::Advocate advocate = *stored;
  Response response;
  if (const auto* old = unit.Find<store::CodeTable>({program_id_, advocate.code})) {
    const auto* version = rules.InForce(now);
    const absl::Duration grace = version == nullptr ? domain::AttributionRules().code_grace
                                                    : version->program.attribution.code_grace;
    response.retired = Retire(unit, *old, now, now + grace);
  }
  response.code.program_id = program_id_;
  response.code.advocate_id = advocate_id_;
  response.code.code = NextCode(unit, program_id_, advocate_id_, advocate_id_);
  response.code.issued_time = now;
  unit.Put<store::CodeTable>(response.code);
  advocate.code = response.code.code;
  unit.Put<store::AdvocateTable>(std::move(advocate));
  response.code = WithLink(std::move(response.code), rules, now);
  response.retired = WithLink(std::move(response.retired), rules, now);
  return encode_(response);
}

}  // namespace kith::referral::app
