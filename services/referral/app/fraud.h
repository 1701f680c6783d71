// Honesty of a referral, judged when it is submitted and when its customer signs up.
#ifndef KITH_SERVICES_REFERRAL_APP_FRAUD_H_
#define KITH_SERVICES_REFERRAL_APP_FRAUD_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/executor/unit.h"
#include "services/referral/app/rules.h"
#include "services/referral/domain/advocate.h"
#include "services/referral/domain/fraud.h"
#include "services/referral/domain/model.h"

namespace kith::referral::app {

// What is judged.
struct FraudSubject {
  std::string program_id;
  std::string referral_id;
  std::string advocate_id;
  std::string customer_id;   // of a signup, or the id that a lead named; may be empty
  domain::Identity referee;  // email_hash too
  std::string email_domain;  // of the referee, in the clear, for this judgement only
  std::string source;        // of the traffic
  bool signup = false;       // of a lead: ip and device are those of who submitted it
  absl::Time time;
};

// Wants what judging and recording need. Nothing when the version in force has no fraud rules.
void WantFraud(exec::Loader& loader, const Rules& rules, const FraudSubject& subject);

// Judges by the version in force at the subject's time; kClear without fraud rules. Changes
// nothing. What a person decided about this referral and advocate stands (kApproved or
// kRejected), and a subject that was recorded is answered as it was then. What was found at
// the submission of a lead is added to what its signup shows.
domain::FraudVerdict JudgeFraud(exec::Unit& unit, const Rules& rules,
                                const FraudSubject& subject);

// Keeps the day's counts, where a lead was submitted from, and the verdict; opens a case when
// it holds, or files a resolved one when it rejects. A case that is open stays open, whatever
// is found later: it gains evidence, and a person decides. Does nothing for a subject that was
// recorded before. The caller puts verdict.state and score into the referral.
void RecordFraud(exec::Unit& unit, const Rules& rules, const FraudSubject& subject,
                 const domain::FraudVerdict& verdict, absl::Time now);

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_FRAUD_H_
