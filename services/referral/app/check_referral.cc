#include "services/referral/app/check_referral.h"

#include <utility>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/referral/app/fraud_lookups.h"
#include "services/referral/domain/errors.h"
#include "services/referral/store/advocate_tables.h"

namespace kith::referral::app {

CheckReferral::CheckReferral(Request request, Encoder<Response> encode)
    : request_(std::move(request)), encode_(std::move(encode)) {}

FraudSubject CheckReferral::SubjectOf(const Rules& rules, absl::Time now) const {
  const auto* version = rules.InForce(now);
  FraudSubject subject;
  subject.program_id = request_.program_id;
  // No lead has an empty id, so that nothing is known of this one.
  if (request_.signup) subject.referral_id = domain::SignupReferralId(request_.customer_id);
  subject.advocate_id = request_.advocate_id;
  subject.customer_id = request_.customer_id;
  subject.referee =
      domain::HashIdentity(rules.key(), request_.identity,
                           version == nullptr ? domain::FraudRules() : version->program.fraud,
                           rules.CallingCode(now));
  subject.email_domain = domain::DomainOf(request_.identity.email);
  subject.source = request_.source;
  subject.signup = request_.signup;
  subject.time = now;
  return subject;
}

void CheckReferral::Prefetch(exec::Loader& loader) const {
  Rules::Want(loader, request_.program_id);
  loader.Want<store::AdvocateTable>({request_.program_id, request_.advocate_id});
  const Rules rules = Rules::Peek(loader, request_.program_id);
  if (rules.key().empty()) return;
  WantFraud(loader, rules, SubjectOf(rules, loader.about_now()));
}

absl::StatusOr<std::string> CheckReferral::Decide(exec::Unit& unit, absl::Time now) const {
  KITH_ASSIGN_OR_RETURN(const Rules rules, Rules::Load(unit, request_.program_id));
  if (unit.Find<store::AdvocateTable>({request_.program_id, request_.advocate_id}) ==
      nullptr) {
    return MakeFieldError(domain::errors::kAdvocateNotFound, "advocate_id",
                          "must be an enrolled advocate");
  }
  const FraudSubject subject = SubjectOf(rules, now);
  const auto* version = FraudVersion(rules, subject);
  return encode_(
      {JudgeFraud(unit, rules, subject), version == nullptr ? 0 : version->version});
}

}  // namespace kith::referral::app
