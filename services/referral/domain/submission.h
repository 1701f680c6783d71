// Whether a lead is accepted.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_SUBMISSION_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_SUBMISSION_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/referral/domain/advocate.h"
#include "services/referral/domain/model.h"
#include "services/referral/domain/program.h"

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
  std::string phone_hash;
  std::string name_hash;
  std::string sealed_note;
  std::vector<std::string> expectations;
  Attributes attributes;
};

// What is known about the two people of a lead.
struct LeadContext {
  const Program* program = nullptr;        // in force at its submission; nullptr: none was
  const Advocate* advocate = nullptr;      // nullptr: not enrolled
  std::vector<const Customer*> customers;  // with the referee's id, address or number
  std::vector<const Referral*> leads;      // accepted ones that may name the same referee
  bool email_opted_out = false;
  bool phone_opted_out = false;
  absl::Time now;
};

// Whether `lead` is what was stored as `stored`. An absent time equals every time, because
// the same call sent again has another one. The note is compared as it is sealed.
bool SameContent(const Lead& lead, const Referral& stored);

// What of an accepted lead may not be meant so, by the program in force at its submission
// (nullptr: none was). A campaign that the program does not have is a mere label: it divides
// reports, and no campaign's rules apply.
inline constexpr absl::string_view kUnknownCampaign = "UNKNOWN_CAMPAIGN";
std::vector<std::string> WarningsOf(const Referral& referral, const Program* program);

// Whether an earlier lead names the same referee: by the same id, address or number; or by
// the same name, from the same advocate, as long as no id, address or number tells the two
// apart (two friends may be namesakes).
bool NamesTheSame(const Lead& lead, const Referral& earlier);

// Whether an earlier lead keeps one of `advocate_id`, submitted at `submitted`, from naming
// the same referee, by the rules in force then (nullptr: there are none). One that was
// rejected as a fraud keeps its own advocate only. Another one keeps everybody for its window,
// whatever became of it, and for good once a signup or a conversion came to it.
bool Keeps(const Referral& earlier, absl::string_view advocate_id, absl::Time submitted,
           const Program* program);

// OK, or why the lead is refused. The reasons are checked in this order:
//   TIME_IN_FUTURE
//   REFERRAL_ID_REUSED   the ids of referrals that begin with a signup are taken
//   REFEREE_MISSING      neither id nor address nor number
//   UNKNOWN_ADVOCATE
//   ADVOCATE_SUSPENDED
//   NOT_ELIGIBLE         the advocate, by the rules in force at the submission
//   SELF_REFERRAL        the advocate's own id, mail address or number
//   OPTED_OUT            the address or the number
//   EXISTING_CUSTOMER    signed up before the submission; a lead of the same instant counts,
//                        unless its time is that of the call
//   ALREADY_REFERRED     an earlier lead names the same referee, and keeps others from it
//   CAMPAIGN_CLOSED, NOT_IN_AUDIENCE
// A lead that passes is judged by the fraud rules last (FRAUD_REJECTED, see app/fraud.h).
absl::Status JudgeLead(const Lead& lead, const LeadContext& context);

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_SUBMISSION_H_
