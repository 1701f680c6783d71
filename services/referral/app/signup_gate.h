// Whether a signup is honest: the fraud rules, asked about each advocate who would win it.
#ifndef KITH_SERVICES_REFERRAL_APP_SIGNUP_GATE_H_
#define KITH_SERVICES_REFERRAL_APP_SIGNUP_GATE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/executor/unit.h"
#include "services/referral/app/fraud.h"
#include "services/referral/app/rules.h"
#include "services/referral/domain/attribution.h"
#include "services/referral/domain/model.h"

namespace kith::referral::app {

// The signup of a customer, if it were that of this advocate and referral. `email_domain`: see
// FraudSubject.
FraudSubject SignupSubject(const domain::Customer& customer, const std::string& advocate_id,
                           const std::string& referral_id, const std::string& email_domain);

// Asks the fraud rules about each who would win, records what they say, and remembers what
// they said of the last. Of a touch that decides they are told where its traffic came from, if
// that is bought, else where the signup says.
class SignupGate {
 public:
  // All outlive the gate.
  SignupGate(exec::Unit& unit, const Rules& rules, const domain::Customer& customer,
             const std::string& email_domain, absl::Time now);

  // See domain::IsFraud. Who has the customer already is not judged again.
  bool IsFraud(const domain::Evidence& leader, const std::string& referral_id);
  // Of the winner; nullopt: nobody new won.
  const std::optional<domain::FraudVerdict>& verdict() const { return verdict_; }
  // The referrals that the customer was refused to.
  const std::vector<std::string>& rejected() const { return rejected_; }

 private:
  bool ComesFromBought(const domain::Evidence& leader) const;

  exec::Unit& unit_;
  const Rules& rules_;
  const domain::Customer& customer_;
  const domain::Judgement before_;
  const std::string& email_domain_;
  const absl::Time now_;
  std::optional<domain::FraudVerdict> verdict_;
  std::vector<std::string> rejected_;
};

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_SIGNUP_GATE_H_
