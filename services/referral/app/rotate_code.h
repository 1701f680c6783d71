// Gives an advocate a new personal code instead of the one before.
#ifndef KITH_SERVICES_REFERRAL_APP_ROTATE_CODE_H_
#define KITH_SERVICES_REFERRAL_APP_ROTATE_CODE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/executor/executor.h"
#include "services/referral/app/results.h"
#include "services/referral/domain/advocate.h"

namespace kith::referral::app {

// The old code is retired, and honoured for the `code_grace` of the rules in force from now.
// Errors: ADVOCATE_NOT_FOUND, TOO_MANY_CODES.
class RotateCode final : public exec::Command {
 public:
  struct Response {
    domain::Code code;
    domain::Code retired;
  };

  RotateCode(std::string program_id, std::string advocate_id, Encoder<Response> encode);

  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  const std::string program_id_;
  const std::string advocate_id_;
  const Encoder<Response> encode_;
};

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_ROTATE_CODE_H_
