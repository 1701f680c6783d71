#include "services/referral/app/facts.h"

#include <string>

#include "common/feed/handler.h"
#include "kith/events/v1/events.pb.h"
#include "services/referral/app/fact_values.h"
#include "services/referral/domain/names.h"
#include "services/referral/domain/withdrawal.h"
#include "services/referral/store/referral_tables.h"

namespace kith::referral::app {

using events::v1::Fact;

void PublishAdvocateEnrolled(exec::Unit& unit, const domain::Advocate& advocate) {
  Fact fact;
  auto& enrolled = *fact.mutable_advocate_enrolled();
  enrolled.set_advocate_id(advocate.advocate_id);
  SetTime(*enrolled.mutable_enrolled_time(), advocate.enrolled_time);
  feed::Emit(unit, advocate.program_id, fact);
}

void PublishAdvocateUpdated(exec::Unit& unit, const domain::Advocate& advocate,
                            absl::Time time) {
  Fact fact;
  auto& updated = *fact.mutable_advocate_updated();
  updated.set_advocate_id(advocate.advocate_id);
  SetTime(*updated.mutable_update_time(), time);
  feed::Emit(unit, advocate.program_id, fact);
}

void PublishSignupAttributed(exec::Unit& unit, const domain::Customer& customer) {
  Fact fact;
  auto& attributed = *fact.mutable_signup_attributed();
  attributed.set_customer_id(customer.customer_id);
  domain::Judgement judgement = customer.judgement;
  if (domain::IsWithdrawn(judgement)) judgement = {};
  attributed.set_channel(customer.channel());
  attributed.set_advocate_id(judgement.advocate_id);
  attributed.set_referral_id(judgement.referral_id);
  SetTime(*attributed.mutable_signup_time(), customer.signup_time);
  attributed.set_evidence(std::string(domain::Name(judgement.evidence)));
  if (!judgement.referral_id.empty()) {
    const auto* referral =
        unit.Find<store::ReferralTable>({customer.program_id, judgement.referral_id});
    if (referral != nullptr) attributed.set_campaign(referral->campaign);
  }
  feed::Emit(unit, customer.program_id, fact);
}

void PublishReferralConverted(exec::Unit& unit, const domain::Referral& referral,
                              const domain::Conversion& conversion) {
  Fact fact;
  auto& converted = *fact.mutable_referral_converted();
  converted.set_conversion_id(conversion.conversion_id);
  converted.set_referral_id(referral.referral_id);
  converted.set_advocate_id(referral.advocate_id);
  converted.set_customer_id(conversion.customer_id);
  SetTime(*converted.mutable_conversion_time(), conversion.conversion_time);
  if (conversion.amount_minor.has_value()) {
    SetMoney(*converted.mutable_amount(), *conversion.amount_minor, conversion.currency);
  }
  feed::Emit(unit, referral.program_id, fact);
}

void PublishConversionReversed(exec::Unit& unit, const domain::Referral& referral,
                               const domain::Conversion& conversion) {
  Fact fact;
  auto& reversed = *fact.mutable_conversion_reversed();
  reversed.set_conversion_id(conversion.conversion_id);
  reversed.set_referral_id(referral.referral_id);
  reversed.set_advocate_id(referral.advocate_id);
  reversed.set_customer_id(conversion.customer_id);
  SetTime(*reversed.mutable_reversal_time(), conversion.reversal_time.value());
  reversed.set_cause(conversion.cause);
  feed::Emit(unit, referral.program_id, fact);
}

}  // namespace kith::referral::app
