// Whether a lead is accepted.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_SUBMISSION_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_SUBMISSION_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/referral/domain/model.h"

namespace kith::referral::domain {

// INVALID_ARGUMENT TIME_IN_FUTURE when `time` is more than a day after `now` (clocks differ,
// and a fact of tomorrow is a mistake). `field` is the name of the time's field.
absl::Status CheckNotInFuture(absl::Time time, absl::Time now, absl::string_view field);

// A lead as submitted. An absent time means the time of the call.
struct Lead {
  std::string referral_id;
  std::string advocate_id;
  std::string referee_id;
  std::string email_hash;
  std::optional<absl::Time> submitted_time;
  std::string campaign;
};

// What is known about the two people of a lead.
struct LeadContext {
  const Advocate* advocate = nullptr;      // nullptr: not enrolled
  std::vector<const Customer*> customers;  // with the referee's id or mail address
  std::vector<const Referral*> leads;      // accepted ones that name the same referee
  absl::Time now;
};

// Whether `lead` is what was stored as `stored`. An absent time equals every time, because
// the same call sent again has another one.
bool SameContent(const Lead& lead, const Referral& stored);

// OK, or why the lead is refused. The reasons are checked in this order: TIME_IN_FUTURE,
// REFERRAL_ID_REUSED (the ids of referrals that begin with a signup are taken),
// REFEREE_MISSING, UNKNOWN_ADVOCATE, SELF_REFERRAL (same id or mail address),
// EXISTING_CUSTOMER (signed up by the time of submission), ALREADY_REFERRED (the first
// accepted lead wins).
absl::Status JudgeLead(const Lead& lead, const LeadContext& context);

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_SUBMISSION_H_
