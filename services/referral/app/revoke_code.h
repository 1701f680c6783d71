// Retires a code at once.
#ifndef KITH_SERVICES_REFERRAL_APP_REVOKE_CODE_H_
#define KITH_SERVICES_REFERRAL_APP_REVOKE_CODE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/executor/executor.h"
#include "services/referral/app/results.h"
#include "services/referral/domain/advocate.h"

namespace kith::referral::app {

// What happened with the code before now still counts, whenever it is reported. Who revokes it
// is kept, if it counted until now. Errors: CODE_NOT_FOUND.
class RevokeCode final : public exec::Command {
 public:
  using Response = domain::Code;

  // `code` as typed. `requested_by` may be empty: nobody said who.
  RevokeCode(std::string program_id, std::string code, std::string requested_by,
             Encoder<Response> encode);

  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  const std::string program_id_;
  const std::string code_;  // in normal form
  const std::string requested_by_;
  const Encoder<Response> encode_;
};

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_REVOKE_CODE_H_
