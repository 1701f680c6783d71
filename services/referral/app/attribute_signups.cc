#include "services/referral/app/attribute_signups.h"

#include <algorithm>
#include <map>
#include <utility>

#include "common/base/status_macros.h"
#include "services/referral/app/attribution.h"
#include "services/referral/app/lifecycle.h"
#include "services/referral/domain/errors.h"
#include "services/referral/domain/identity.h"
#include "services/referral/domain/link.h"
#include "services/referral/domain/submission.h"
#include "services/referral/store/conversion_tables.h"
#include "services/referral/store/customer_tables.h"

namespace kith::referral::app {
namespace {

// A signup without a time is told so late at most.
constexpr absl::Duration kToldLate = absl::Hours(24);

using NewSignup = AttributeSignups::NewSignup;

// The signup with hashes instead of what identifies the customer.
domain::Signup Hashed(const NewSignup& input, const Rules& rules, absl::Time now) {
  const auto* version = rules.InForce(input.signup.signup_time.value_or(now));
  domain::Signup signup = input.signup;
  signup.code = domain::CodeOf(rules.versions(), input.signup.code);
  signup.identity = domain::HashIdentity(
      rules.key(),
      {input.email, input.phone, input.device_id, input.payment_fingerprint, input.ip_address},
      version == nullptr ? domain::FraudRules() : version->program.fraud,
      rules.CallingCode(input.signup.signup_time.value_or(now)));
  signup.email_hash = std::move(signup.identity.email_hash);
  signup.identity.email_hash.clear();
  return signup;
}

// When somebody signed up of whom it is told now: before the payments that were told just
// before.
absl::Time TimeToldLate(exec::Unit& unit, const store::IdKey& customer, absl::Time now) {
  absl::Time time = now;
  for (const auto* paid : unit.Select<store::OpenByCustomer>(customer)) {
    if (paid->conversion_time >= now - kToldLate) time = std::min(time, paid->conversion_time);
  }
  return time;
}

// Wants who was the first with this address or number until now.
template <class Index>
void WantFirst(exec::Loader& loader, const Rules& rules, const domain::Customer& customer,
               const std::string& value) {
  if (value.empty()) return;
  const auto alike = loader.PeekAll<Index>({customer.program_id, value});
  const auto* first = domain::FirstUntilNow(customer, alike);
  if (first != nullptr) WantAttribution(loader, rules, *first, "");
}

template <class Index>
void AddFirst(exec::Unit& unit, const domain::Customer& customer, const std::string& value,
              std::map<std::string, domain::Customer>& found) {
  if (value.empty()) return;
  const auto alike = unit.Select<Index>({customer.program_id, value});
  const auto* first = domain::FirstUntilNow(customer, alike);
  if (first != nullptr) found[first->customer_id] = *first;
}

// That they are no new customers is known only now: they are judged again. Before this
// customer is, so that a lead that they leave is free for it.
void JudgeThoseAfter(exec::Unit& unit, const Rules& rules, const domain::Customer& customer,
                     absl::Time now) {
  std::map<std::string, domain::Customer> after;
  AddFirst<store::CustomersByEmail>(unit, customer, customer.email_hash, after);
  AddFirst<store::CustomersByPhone>(unit, customer, customer.identity.phone_hash, after);
  if (after.empty()) return;
  // They are judged by who is there.
  unit.Put<store::CustomerTable>(customer);
  for (auto& [id, other] : after) Attribute(unit, rules, std::move(other), now);
  unit.Erase<store::CustomerTable>(store::CustomerTable::KeyOf(customer));
}

}  // namespace

AttributeSignups::AttributeSignups(std::string program_id, std::vector<NewSignup> signups,
                                   Encoder<Response> encode)
    : program_id_(std::move(program_id)),
      signups_(std::move(signups)),
      encode_(std::move(encode)) {}

const std::vector<AttributeSignups::Prepared>& AttributeSignups::Prepare(
    const Rules& rules, absl::Time now) const {
  if (rules.key().empty() || prepared_key_ == rules.key()) return prepared_;
  prepared_.clear();
  for (const NewSignup& input : signups_) {
    prepared_.push_back({Hashed(input, rules, now), domain::DomainOf(input.email)});
  }
  prepared_key_ = std::string(rules.key());
  return prepared_;
}

void AttributeSignups::Prefetch(exec::Loader& loader) const {
  Rules::Want(loader, program_id_);
  const Rules rules = Rules::Peek(loader, program_id_);
  for (const Prepared& prepared : Prepare(rules, loader.about_now())) {
    WantEarlyCustomer(loader, program_id_, prepared.signup.customer_id);
    domain::Customer customer =
        domain::ToCustomer(program_id_, prepared.signup, loader.about_now());
    AddEarlyLife(loader, customer);
    WantAttribution(loader, rules, customer, "", "", prepared.email_domain);
    WantFirst<store::CustomersByEmail>(loader, rules, customer, customer.email_hash);
    WantFirst<store::CustomersByPhone>(loader, rules, customer, customer.identity.phone_hash);
  }
}

absl::StatusOr<std::string> AttributeSignups::Decide(exec::Unit& unit, absl::Time now) const {
  KITH_ASSIGN_OR_RETURN(const Rules rules, Rules::Load(unit, program_id_));
  Response response;
  const std::vector<Prepared>& prepared = Prepare(rules, now);
  for (size_t i = 0; i < prepared.size(); ++i) {
    response.push_back(AttributeOne(unit, rules, signups_[i], prepared[i], now));
  }
  return encode_(response);
}

absl::StatusOr<domain::Customer> AttributeSignups::AttributeOne(exec::Unit& unit,
                                                                const Rules& rules,
                                                                const NewSignup& input,
                                                                const Prepared& prepared,
                                                                absl::Time now) const {
  const domain::Signup& signup = prepared.signup;
  const store::IdKey key = {program_id_, signup.customer_id};
  if (const auto* found = unit.Find<store::CustomerTable>(key)) {
    // A link that was told before its template was stated is its code by now.
    domain::Customer stored = *found;
    stored.code = domain::CodeOf(rules.versions(), stored.code);
    if (domain::SameContent(signup, stored)) return *found;
    // Told again without a time, it is of the time when it was told first.
    const bool timed = signup.signup_time.has_value();
    if (!timed && domain::SameContent(Hashed(input, rules, stored.signup_time), stored)) {
      return *found;
    }
    return MakeFieldError(domain::errors::kCustomerExists, "customer_id",
                          "signed up before with other content");
  }
  domain::Customer customer = domain::ToCustomer(program_id_, signup, now);
  if (!signup.signup_time.has_value()) customer.signup_time = TimeToldLate(unit, key, now);
  KITH_RETURN_IF_ERROR(domain::CheckNotInFuture(customer.signup_time, now, "signup_time"));
  TakeEarlyLife(unit, customer);
  JudgeThoseAfter(unit, rules, customer, now);
  Attribute(unit, rules, customer, now, prepared.email_domain);
  const auto* judged = unit.Find<store::CustomerTable>(key);
  return judged == nullptr ? customer : *judged;
}

}  // namespace kith::referral::app
