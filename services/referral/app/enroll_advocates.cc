#include "services/referral/app/enroll_advocates.h"

#include <utility>

#include "common/base/status_macros.h"
#include "services/referral/app/attribution.h"
#include "services/referral/app/codes.h"
#include "services/referral/app/facts.h"
#include "services/referral/app/lifecycle.h"
#include "services/referral/domain/campaign.h"
#include "services/referral/domain/errors.h"
#include "services/referral/domain/identity.h"
#include "services/referral/domain/submission.h"
#include "services/referral/store/advocate_tables.h"
#include "services/referral/store/customer_tables.h"

namespace kith::referral::app {
namespace {

absl::Status CheckEligible(const domain::Advocate& advocate,
                           const domain::ProgramVersion* version) {
  if (version == nullptr || domain::IsEligible(version->program, advocate)) {
    return absl::OkStatus();
  }
  return MakeFieldError(domain::errors::kNotEligible, "advocate_id",
                        "must be an advocate whom the program's advocate_eligibility wants");
}

}  // namespace

EnrollAdvocates::EnrollAdvocates(std::string program_id, std::vector<NewAdvocate> advocates,
                                 Encoder<Response> encode)
    : program_id_(std::move(program_id)),
      advocates_(std::move(advocates)),
      encode_(std::move(encode)) {}

void EnrollAdvocates::Prefetch(exec::Loader& loader) const {
  Rules::Want(loader, program_id_);
  const Rules rules = Rules::Peek(loader, program_id_);
  for (const NewAdvocate& input : advocates_) {
    const store::IdKey key = {program_id_, input.advocate_id};
    loader.Want<store::AdvocateTable>(key);
    WantEarlyAdvocate(loader, program_id_, input.advocate_id);
    FreeCode(program_id_, input.advocate_id, 0, [&](const std::string& code) {
      loader.Want<store::CodeTable>({program_id_, code});
      return loader.Peek<store::CodeTable>({program_id_, code});
    });
    // Once the rules are loaded the advocate is too, if there is one: then nobody waits.
    if (rules.key().empty() || loader.Peek<store::AdvocateTable>(key) != nullptr) continue;
    loader.WantAll<store::CustomersByNamedReferrer>(key);
    for (const auto* customer : loader.PeekAll<store::CustomersByNamedReferrer>(key)) {
      WantAttribution(loader, rules, *customer, input.advocate_id);
    }
  }
}

absl::StatusOr<std::string> EnrollAdvocates::Decide(exec::Unit& unit, absl::Time now) const {
  KITH_ASSIGN_OR_RETURN(const Rules rules, Rules::Load(unit, program_id_));
  Response response;
  for (const NewAdvocate& input : advocates_) {
    response.push_back(Enroll(unit, rules, input, now));
  }
  return encode_(response);
}

domain::Advocate EnrollAdvocates::ToAdvocate(const Rules& rules, const NewAdvocate& input,
                                             absl::Time now) const {
  domain::Advocate advocate;
  advocate.program_id = program_id_;
  advocate.advocate_id = input.advocate_id;
  advocate.enrolled_time = input.enrolled_time.value_or(now);
  advocate.kind = input.kind;
  advocate.attributes = input.attributes;
  const auto* version = rules.InForce(advocate.enrolled_time);
  advocate.identity = domain::HashIdentity(
      rules.key(),
      {input.email, input.phone, input.device_id, input.payment_fingerprint, input.ip_address},
      version == nullptr ? domain::FraudRules() : version->program.fraud,
      rules.CallingCode(advocate.enrolled_time));
  advocate.email_hash = std::move(advocate.identity.email_hash);
  advocate.identity.email_hash.clear();
  return advocate;
}

absl::StatusOr<Enrolment> EnrollAdvocates::Enroll(exec::Unit& unit, const Rules& rules,
                                                  const NewAdvocate& input,
                                                  absl::Time now) const {
  const store::IdKey key = {program_id_, input.advocate_id};
  if (const auto* stored = unit.Find<store::AdvocateTable>(key)) {
    return Enrolment{.advocate = WithLink(*stored, rules, now)};
  }
  domain::Advocate enrolled = ToAdvocate(rules, input, now);
  KITH_RETURN_IF_ERROR(domain::CheckNotInFuture(enrolled.enrolled_time, now, "enrolled_time"));
  KITH_RETURN_IF_ERROR(domain::CheckForm({.email = {},
                                          .phone = input.phone,
                                          .device_id = {},
                                          .payment_fingerprint = {},
                                          .ip_address = input.ip_address}));
  AddEarlyLife(unit, enrolled);
  KITH_RETURN_IF_ERROR(CheckEligible(enrolled, rules.InForce(enrolled.enrolled_time)));
  enrolled.code = FreeCode(program_id_, input.advocate_id, 0, [&](const std::string& code) {
    return unit.Find<store::CodeTable>({program_id_, code});
  });
  domain::Code code;
  code.program_id = program_id_;
  code.code = enrolled.code;
  code.advocate_id = enrolled.advocate_id;
  code.issued_time = enrolled.enrolled_time;
  unit.Put<store::CodeTable>(std::move(code));
  unit.Put<store::AdvocateTable>(enrolled);
  ForgetEarlyLife(unit, enrolled);
  PublishAdvocateEnrolled(unit, enrolled);
  std::vector<domain::Customer> named;
  for (const auto* customer : unit.Select<store::CustomersByNamedReferrer>(key)) {
    named.push_back(*customer);
  }
  for (domain::Customer& customer : named) Attribute(unit, rules, std::move(customer), now);
  const auto* stored = unit.Find<store::AdvocateTable>(key);
  return Enrolment{.advocate = WithLink(stored == nullptr ? enrolled : *stored, rules, now),
                   .is_new = true};
}

}  // namespace kith::referral::app
