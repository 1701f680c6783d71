#include "services/referral/app/fraud_gate.h"

#include <string>
#include <utility>

#include "services/referral/app/counting.h"
#include "services/referral/app/due.h"
#include "services/referral/app/facts.h"
#include "services/referral/app/grants.h"
#include "services/referral/app/reward_facts.h"
#include "services/referral/domain/lead.h"
#include "services/referral/domain/withdrawal.h"
#include "services/referral/store/conversion_tables.h"
#include "services/referral/store/customer_tables.h"
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

void Withdraw(exec::Unit& unit, const Referral& referral) {
  if (referral.customer_id.empty()) return;
  const auto* stored =
      unit.Find<store::CustomerTable>({referral.program_id, referral.customer_id});
  if (stored == nullptr || stored->judgement.referral_id != referral.referral_id) return;
  const bool withdrawn = referral.fraud == domain::FraudState::kRejected;
  if (domain::IsWithdrawn(stored->judgement) == withdrawn) return;
  domain::Customer customer = *stored;
  domain::SetWithdrawn(withdrawn, customer.judgement);
  unit.Put<store::CustomerTable>(customer);
  PublishSignupAttributed(unit, customer);
}

void WantRejection(exec::Loader& loader, const Rules& rules, const Referral& referral) {
  WantUnreached(loader, rules, referral);
  if (!referral.customer_id.empty()) {
    loader.Want<store::CustomerTable>({referral.program_id, referral.customer_id});
  }
  WantDue(loader, referral.program_id, DueKind::kFollowUp, referral.referral_id);
  if (referral.conversion_id.empty()) return;
  loader.Want<store::ConversionTable>({referral.program_id, referral.conversion_id});
}

void WantApproval(exec::Loader& loader, const Rules& rules, const Referral& referral) {
  if (!referral.cleared()) WantGateOpened(loader, rules, referral);
}

void ApproveReferral(exec::Unit& unit, const Rules& rules, Referral referral, absl::Time now) {
  const bool opens = !referral.cleared();
  referral.fraud = domain::FraudState::kApproved;
  unit.Put<store::ReferralTable>(referral);
  Withdraw(unit, referral);
  if (opens) OnGateOpened(unit, rules, referral, now);
  OnFraudApproved(unit, rules, referral, now);
  if (opens && !referral.conversion_id.empty()) PublishThankYouDue(unit, referral);
}

void RejectReferral(exec::Unit& unit, const Rules& rules, Referral referral, absl::Time now) {
  if (domain::AwaitsContact(referral)) {
    Unschedule(unit, referral.program_id, DueKind::kFollowUp, referral.referral_id);
  }
  const Referral before = referral;
  referral.fraud = domain::FraudState::kRejected;
  Uncount(unit, referral, now);
  unit.Put<store::ReferralTable>(referral);
  Withdraw(unit, referral);
  OnFraudRejected(unit, rules, before, now);
}

}  // namespace kith::referral::app
