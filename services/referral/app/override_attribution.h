// A person decides who brought a customer.
#ifndef KITH_SERVICES_REFERRAL_APP_OVERRIDE_ATTRIBUTION_H_
#define KITH_SERVICES_REFERRAL_APP_OVERRIDE_ATTRIBUTION_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/executor/executor.h"
#include "services/referral/app/results.h"
#include "services/referral/domain/model.h"
#include "services/referral/domain/override.h"

namespace kith::referral::app {

// Keeps the decision, publishes attribution_overridden, and makes it so (see
// AttributeByDecision). Rewards of the referral that is left are taken back with cause
// `override`. A decision for whom the customer has already is kept too, and moves nothing.
// Errors: those of domain::CheckOverride.
class OverrideAttribution final : public exec::Command {
 public:
  struct Request {
    std::string program_id;
    std::string customer_id;
    std::string advocate_id;  // empty: nobody
    std::string decided_by;
    std::string cause;
  };
  struct Response {
    domain::Customer customer;
    domain::AttributionOverride decision;
  };

  OverrideAttribution(Request request, Encoder<Response> encode);

  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  const Request request_;
  const Encoder<Response> encode_;
};

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_OVERRIDE_ATTRIBUTION_H_
