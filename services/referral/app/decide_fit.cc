#include "services/referral/app/decide_fit.h"

#include <optional>
#include <utility>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/referral/app/grants.h"
#include "services/referral/app/leads.h"
#include "services/referral/app/rules.h"
#include "services/referral/domain/errors.h"
#include "services/referral/store/referral_tables.h"

namespace kith::referral::app {

DecideFit::DecideFit(std::string program_id, std::string referral_id,
                     domain::FitDecision decision, Encoder<Response> encode)
    : program_id_(std::move(program_id)),
      referral_id_(std::move(referral_id)),
      decision_(std::move(decision)),
      encode_(std::move(encode)) {}

void DecideFit::Prefetch(exec::Loader& loader) const {
  Rules::Want(loader, program_id_);
  loader.Want<store::ReferralTable>({program_id_, referral_id_});
  const auto* lead = loader.Peek<store::ReferralTable>({program_id_, referral_id_});
  if (lead == nullptr) return;
  const Rules rules = Rules::Peek(loader, program_id_);
  WantLeadChange(loader, rules, *lead);
  WantGrants(loader, rules, *lead, lead->customer_id, loader.about_now());
}

absl::StatusOr<std::string> DecideFit::Decide(exec::Unit& unit, absl::Time now) const {
  KITH_ASSIGN_OR_RETURN(const Rules rules, Rules::Load(unit, program_id_));
  const auto* lead = unit.Find<store::ReferralTable>({program_id_, referral_id_});
  if (lead == nullptr) {
    return MakeFieldError(domain::errors::kReferralNotFound, "referral_id",
                          "must be an accepted lead");
  }
  KITH_ASSIGN_OR_RETURN(const std::optional<domain::LeadChange> change,
                        domain::JudgeFitDecision(*lead, decision_, now));
  if (!change.has_value()) return encode_(*lead);
  return encode_(ChangeLead(unit, rules, *lead, *change, now));
}

}  // namespace kith::referral::app
