// Moves leads on, each accepted or refused on its own.
#ifndef KITH_SERVICES_REFERRAL_APP_UPDATE_LEADS_H_
#define KITH_SERVICES_REFERRAL_APP_UPDATE_LEADS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/executor/executor.h"
#include "services/referral/app/results.h"
#include "services/referral/app/rules.h"
#include "services/referral/domain/lead.h"
#include "services/referral/domain/model.h"

namespace kith::referral::app {

class UpdateLeads final : public exec::Command {
 public:
  struct Update {
    std::string referral_id;
    domain::LeadUpdate update;
  };
  using Response = Results<domain::Referral>;

  UpdateLeads(std::string program_id, std::vector<Update> updates, Encoder<Response> encode);

  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  absl::StatusOr<domain::Referral> Apply(exec::Unit& unit, const Rules& rules,
                                         const Update& update, absl::Time now) const;

  const std::string program_id_;
  const std::vector<Update> updates_;
  const Encoder<Response> encode_;
};

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_UPDATE_LEADS_H_
