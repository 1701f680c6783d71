// Submits leads, each accepted or refused on its own.
#ifndef KITH_SERVICES_REFERRAL_APP_SUBMIT_REFERRALS_H_
#define KITH_SERVICES_REFERRAL_APP_SUBMIT_REFERRALS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/executor/executor.h"
#include "services/referral/app/results.h"
#include "services/referral/app/rules.h"
#include "services/referral/domain/model.h"
#include "services/referral/domain/submission.h"

namespace kith::referral::app {

class SubmitReferrals final : public exec::Command {
 public:
  struct NewLead {
    domain::Lead lead;  // without the hash of the address
    std::string email;  // empty: not known
  };
  using Response = Results<domain::Referral>;

  SubmitReferrals(std::string program_id, std::vector<NewLead> leads,
                  Encoder<Response> encode);

  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  void WantLead(exec::Loader& loader, const Rules& rules, const domain::Lead& lead) const;
  domain::LeadContext ContextOf(exec::Unit& unit, const domain::Lead& lead,
                                absl::Time now) const;
  absl::StatusOr<domain::Referral> Submit(exec::Unit& unit, const Rules& rules,
                                          const domain::Lead& lead, absl::Time now) const;

  const std::string program_id_;
  const std::vector<NewLead> leads_;
  const Encoder<Response> encode_;
};

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_SUBMIT_REFERRALS_H_
