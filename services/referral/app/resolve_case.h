// A person decides a fraud case.
#ifndef KITH_SERVICES_REFERRAL_APP_RESOLVE_CASE_H_
#define KITH_SERVICES_REFERRAL_APP_RESOLVE_CASE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/executor/executor.h"
#include "services/referral/app/results.h"
#include "services/referral/app/rules.h"
#include "services/referral/domain/fraud_case.h"

namespace kith::referral::app {

// Approved: the referral's rewards go on, and who signed up meanwhile and was refused to the
// lead by the rules comes to it. Rejected: they are cancelled or clawed back, what converted
// counts for the referral no more, the fraud counts against the advocate, and as many as the
// rules in force now say suspend him or her. A case
// whose referral has come to belong to another advocate meanwhile leaves the referral alone,
// unless it still waits for the case. The same decision again changes nothing, but
// that what an older version of the service left converted counts no more; another one is
// CASE_RESOLVED, and the same with another note than the one that is kept
// CASE_ALREADY_RESOLVED.
class ResolveCase final : public exec::Command {
 public:
  struct Request {
    std::string program_id;
    std::string referral_id;
    bool approve = false;
    std::string decided_by;
    std::string note;
  };
  // Without the note in the clear: responses are stored.
  struct Response {
    domain::FraudCase fraud_case;
    bool advocate_suspended = false;
  };

  // Draws what the note is sealed with.
  ResolveCase(Request request, Encoder<Response> encode);

  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  // CASE_ALREADY_RESOLVED when the request's note would be lost.
  absl::Status CheckNote(const domain::FraudCase& stored, const Rules& rules) const;
  // The case as decided.
  domain::FraudCase Decided(domain::FraudCase open, const Rules& rules, absl::Time now) const;
  void OpenOrCloseGate(exec::Unit& unit, const Rules& rules, const domain::FraudCase& decided,
                       absl::Time now) const;
  // Has what a rejected referral converted count no more, if it still does.
  void RejectAgain(exec::Unit& unit, const Rules& rules, const domain::FraudCase& kept,
                   absl::Time now) const;
  // Whether that suspended the advocate.
  bool CountFraud(exec::Unit& unit, const Rules& rules, const domain::FraudCase& decided,
                  absl::Time now) const;

  const Request request_;
  const std::string nonce_;
  const Encoder<Response> encode_;
};

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_RESOLVE_CASE_H_
