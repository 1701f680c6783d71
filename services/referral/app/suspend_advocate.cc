#include "services/referral/app/suspend_advocate.h"

#include <utility>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/referral/app/rules.h"
#include "services/referral/domain/errors.h"
#include "services/referral/store/advocate_tables.h"

namespace kith::referral::app {

SuspendAdvocate::SuspendAdvocate(std::string program_id, std::string advocate_id,
                                 ConductDecision decision, Encoder<Response> encode)
    : program_id_(std::move(program_id)),
      advocate_id_(std::move(advocate_id)),
      decision_(std::move(decision)),
      encode_(std::move(encode)) {}

void SuspendAdvocate::Prefetch(exec::Loader& loader) const {
  Rules::Want(loader, program_id_);
  WantSuspension(loader, program_id_, advocate_id_);
}

absl::StatusOr<std::string> SuspendAdvocate::Decide(exec::Unit& unit, absl::Time now) const {
  KITH_RETURN_IF_ERROR(Rules::Load(unit, program_id_).status());
  const auto* advocate = unit.Find<store::AdvocateTable>({program_id_, advocate_id_});
  if (advocate == nullptr) {
    return MakeFieldError(domain::errors::kAdvocateNotFound, "advocate_id",
                          "must be an enrolled advocate");
  }
  Suspend(unit, *advocate, decision_, now);
  advocate = unit.Find<store::AdvocateTable>({program_id_, advocate_id_});
  if (advocate == nullptr) return unit.status();
  return encode_(*advocate);
}

}  // namespace kith::referral::app
