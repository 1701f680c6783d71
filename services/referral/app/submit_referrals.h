// Submits leads, each accepted or refused on its own.
#ifndef KITH_SERVICES_REFERRAL_APP_SUBMIT_REFERRALS_H_
#define KITH_SERVICES_REFERRAL_APP_SUBMIT_REFERRALS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/executor/executor.h"
#include "services/referral/app/fraud.h"
#include "services/referral/app/refusals.h"
#include "services/referral/app/results.h"
#include "services/referral/app/rules.h"
#include "services/referral/domain/model.h"
#include "services/referral/domain/submission.h"

namespace kith::referral::app {

// A lead that was accepted.
struct SubmittedReferral {
  domain::Referral referral;
  std::vector<std::string> warnings;  // see domain::WarningsOf
};

// An accepted lead is stored; rewards, milestones and fit follow from it, its first contact is
// scheduled by the SLA, and customers whom it names and who signed up later are judged again.
class SubmitReferrals final : public exec::Command {
 public:
  struct NewLead {
    domain::Lead lead;  // without hashes and note
    std::string email;  // empty: not known, as all below
    std::string phone;
    std::string name;
    std::string note;
    std::string ip_address;  // of who submits it
    std::string device_id;
  };
  using Response = Results<SubmittedReferral>;

  // Draws what the notes are sealed with.
  SubmitReferrals(std::string program_id, std::vector<NewLead> leads,
                  Encoder<Response> encode);

  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  // A lead as the program's key makes it.
  struct Prepared {
    domain::Lead lead;
    domain::Identity identity;
    std::string email_domain;
    std::vector<std::string> phone_hashes;  // see domain::HashesOfPhone
  };

  // The leads under the program's key, made once: hashes cost more than the look-ups. Empty
  // while the key is not loaded. An absent time is taken for `now`.
  const std::vector<Prepared>& Prepare(const Rules& rules, absl::Time now) const;
  Prepared PrepareOne(const Rules& rules, const NewLead& input, const std::string& nonce,
                      absl::Time now) const;
  void WantLead(exec::Loader& loader, const Rules& rules, const Prepared& prepared) const;
  domain::LeadContext ContextOf(exec::Unit& unit, const Rules& rules, const Prepared& prepared,
                                absl::Time now) const;
  FraudSubject SubjectOf(const Prepared& prepared, absl::Time submitted) const;
  absl::StatusOr<domain::Referral> Submit(exec::Unit& unit, const Rules& rules,
                                          const Prepared& prepared, const NewLead& input,
                                          absl::Time now) const;
  absl::StatusOr<domain::Referral> SubmitAgain(const Rules& rules, domain::Lead lead,
                                               const NewLead& input,
                                               const domain::Referral& stored) const;
  void Store(exec::Unit& unit, const domain::Referral& referral, bool alert_referee) const;

  const std::string program_id_;
  const std::vector<NewLead> leads_;
  const Encoder<Response> encode_;
  std::vector<std::string> nonces_;  // one a lead; empty for one without a note
  mutable std::string prepared_key_;
  mutable std::vector<Prepared> prepared_;
  mutable RefusalTally refused_;
};

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_SUBMIT_REFERRALS_H_
