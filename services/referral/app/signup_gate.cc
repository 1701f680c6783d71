#include "services/referral/app/signup_gate.h"

#include "services/referral/domain/fraud_signals.h"
#include "services/referral/store/referral_tables.h"

namespace kith::referral::app {

FraudSubject SignupSubject(const domain::Customer& customer, const std::string& advocate_id,
                           const std::string& referral_id, const std::string& email_domain) {
  FraudSubject subject;
  subject.program_id = customer.program_id;
  subject.referral_id = referral_id;
  subject.advocate_id = advocate_id;
  subject.customer_id = customer.customer_id;
  subject.referee = customer.identity;
  subject.referee.email_hash = customer.email_hash;
  subject.email_domain = email_domain;
  subject.source = customer.source;
  subject.signup = true;
  subject.time = customer.signup_time;
  return subject;
}

SignupGate::SignupGate(exec::Unit& unit, const Rules& rules, const domain::Customer& customer,
                       const std::string& email_domain, absl::Time now)
    : unit_(unit),
      rules_(rules),
      customer_(customer),
      before_(customer.judgement),
      email_domain_(email_domain),
      now_(now) {}

bool SignupGate::IsFraud(const domain::Evidence& leader, const std::string& referral_id) {
  const std::string& advocate_id = leader.advocate_id;
  verdict_.reset();
  // Who has the customer already was judged then, and counted; a person may have decided
  // since.
  if (before_.advocate_id == advocate_id && before_.referral_id == referral_id) {
    const auto* referral =
        unit_.Find<store::ReferralTable>({customer_.program_id, referral_id});
    return referral != nullptr && referral->fraud == domain::FraudState::kRejected;
  }
  FraudSubject subject = SignupSubject(customer_, advocate_id, referral_id, email_domain_);
  if (ComesFromBought(leader)) subject.source = leader.source;
  verdict_ = JudgeFraud(unit_, rules_, subject);
  RecordFraud(unit_, rules_, subject, *verdict_, now_);
  if (verdict_->state != domain::FraudState::kRejected) return false;
  rejected_.push_back(referral_id);
  return true;
}

bool SignupGate::ComesFromBought(const domain::Evidence& leader) const {
  const auto* version = rules_.InForce(customer_.signup_time);
  return version != nullptr && domain::IsBought(leader.source, version->program.fraud);
}

}  // namespace kith::referral::app
