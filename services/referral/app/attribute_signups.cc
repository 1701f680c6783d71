#include "services/referral/app/attribute_signups.h"

#include <utility>

#include "common/base/status_macros.h"
#include "services/referral/app/attribution.h"
#include "services/referral/domain/codes.h"
#include "services/referral/domain/errors.h"
#include "services/referral/domain/submission.h"
#include "services/referral/store/referral_tables.h"

namespace kith::referral::app {
namespace {

using NewSignup = AttributeSignups::NewSignup;

std::vector<NewSignup> Normalized(std::vector<NewSignup> signups) {
  for (NewSignup& input : signups) {
    input.signup.code = domain::NormalizeCode(input.signup.code);
  }
  return signups;
}

domain::Signup WithHash(const NewSignup& input, const Rules& rules) {
  domain::Signup signup = input.signup;
  signup.email_hash = rules.HashEmail(input.email);
  return signup;
}

}  // namespace

AttributeSignups::AttributeSignups(std::string program_id, std::vector<NewSignup> signups,
                                   Encoder<Response> encode)
    : program_id_(std::move(program_id)),
      signups_(Normalized(std::move(signups))),
      encode_(std::move(encode)) {}

void AttributeSignups::Prefetch(exec::Loader& loader) const {
  Rules::Want(loader, program_id_);
  const Rules rules = Rules::Peek(loader, program_id_);
  for (const NewSignup& input : signups_) {
    WantAttribution(loader, rules,
                    domain::ToCustomer(program_id_, WithHash(input, rules), absl::UnixEpoch()),
                    "");
  }
}

absl::StatusOr<std::string> AttributeSignups::Decide(exec::Unit& unit, absl::Time now) const {
  KITH_ASSIGN_OR_RETURN(const Rules rules, Rules::Load(unit, program_id_));
  Response response;
  for (const NewSignup& input : signups_) {
    response.push_back(AttributeOne(unit, rules, WithHash(input, rules), now));
  }
  return encode_(response);
}

absl::StatusOr<domain::Customer> AttributeSignups::AttributeOne(exec::Unit& unit,
                                                                const Rules& rules,
                                                                const domain::Signup& signup,
                                                                absl::Time now) const {
  const store::IdKey key = {program_id_, signup.customer_id};
  if (const auto* stored = unit.Find<store::CustomerTable>(key)) {
    if (domain::SameContent(signup, *stored)) return *stored;
    return MakeFieldError(domain::errors::kCustomerExists, "customer_id",
                          "signed up before with other content");
  }
  const domain::Customer customer = domain::ToCustomer(program_id_, signup, now);
  KITH_RETURN_IF_ERROR(domain::CheckNotInFuture(customer.signup_time, now, "signup_time"));
  Attribute(unit, rules, customer, now);
  const auto* judged = unit.Find<store::CustomerTable>(key);
  return judged == nullptr ? customer : *judged;
}

}  // namespace kith::referral::app
