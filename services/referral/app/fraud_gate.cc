#include "services/referral/app/fraud_gate.h"

#include <string>
#include <utility>

#include "services/referral/app/due.h"
#include "services/referral/app/facts.h"
#include "services/referral/app/grants.h"
#include "services/referral/domain/lead.h"
#include "services/referral/store/conversion_tables.h"
#include "services/referral/store/referral_tables.h"

namespace kith::referral::app {
namespace {

using domain::Referral;

// Why the conversion of a fraud counts no more.
constexpr absl::string_view kFraud = "fraud";

void Uncount(exec::Unit& unit, Referral& referral, absl::Time now) {
  if (referral.conversion_id.empty()) return;
  const auto* live =
      unit.Find<store::ConversionTable>({referral.program_id, referral.conversion_id});
  referral.conversion_id.clear();
  referral.conversion_time.reset();
  if (live == nullptr) return;
  domain::Conversion reversed = *live;
  reversed.reversal_time = now;
  reversed.cause = std::string(kFraud);
  PublishConversionReversed(unit, referral, reversed);
}

}  // namespace

void WantRejection(exec::Loader& loader, const Referral& referral) {
  WantDue(loader, referral.program_id, DueKind::kFollowUp, referral.referral_id);
  if (referral.conversion_id.empty()) return;
  loader.Want<store::ConversionTable>({referral.program_id, referral.conversion_id});
}

void ApproveReferral(exec::Unit& unit, const Rules& rules, Referral referral, absl::Time now) {
  referral.fraud = domain::FraudState::kApproved;
  unit.Put<store::ReferralTable>(referral);
  OnFraudApproved(unit, rules, referral, now);
}

void RejectReferral(exec::Unit& unit, const Rules& rules, Referral referral, absl::Time now) {
  if (domain::AwaitsContact(referral)) {
    Unschedule(unit, referral.program_id, DueKind::kFollowUp, referral.referral_id);
  }
  referral.fraud = domain::FraudState::kRejected;
  Uncount(unit, referral, now);
  unit.Put<store::ReferralTable>(referral);
  OnFraudRejected(unit, rules, referral, now);
}

}  // namespace kith::referral::app
