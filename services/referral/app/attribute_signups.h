// Judges who brought new customers.
#ifndef KITH_SERVICES_REFERRAL_APP_ATTRIBUTE_SIGNUPS_H_
#define KITH_SERVICES_REFERRAL_APP_ATTRIBUTE_SIGNUPS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/executor/executor.h"
#include "services/referral/app/results.h"
#include "services/referral/app/rules.h"
#include "services/referral/domain/attribution.h"
#include "services/referral/domain/model.h"

namespace kith::referral::app {

// One signup or many: an encoder of a single one refuses the command when it is refused.
class AttributeSignups final : public exec::Command {
 public:
  struct NewSignup {
    domain::Signup signup;   // without hashes; the code as typed
    std::string email = "";  // empty: not known, as all below
    std::string phone = "";
    std::string device_id = "";
    std::string payment_fingerprint = "";
    std::string ip_address = "";
  };
  using Response = Results<domain::Customer>;

  AttributeSignups(std::string program_id, std::vector<NewSignup> signups,
                   Encoder<Response> encode);

  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  // A signup as the program's key makes it.
  struct Prepared {
    domain::Signup signup;
    std::string email_domain;
  };

  // The signups under the program's key. Made once a key, because hashes cost more than all
  // the rest of a look-up. Empty while the key is not loaded. An absent time is taken for
  // `now`.
  const std::vector<Prepared>& Prepare(const Rules& rules, absl::Time now) const;
  absl::StatusOr<domain::Customer> AttributeOne(exec::Unit& unit, const Rules& rules,
                                                const NewSignup& input,
                                                const Prepared& prepared,
                                                absl::Time now) const;

  const std::string program_id_;
  const std::vector<NewSignup> signups_;  // with codes in normal form
  const Encoder<Response> encode_;
  mutable std::string prepared_key_;
  mutable std::vector<Prepared> prepared_;
};

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_ATTRIBUTE_SIGNUPS_H_
