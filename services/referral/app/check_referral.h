// Says what the fraud rules in force would make of a referral now.
#ifndef KITH_SERVICES_REFERRAL_APP_CHECK_REFERRAL_H_
#define KITH_SERVICES_REFERRAL_APP_CHECK_REFERRAL_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/executor/executor.h"
#include "services/referral/app/fraud.h"
#include "services/referral/app/results.h"
#include "services/referral/app/rules.h"
#include "services/referral/domain/fraud.h"
#include "services/referral/domain/identity.h"

namespace kith::referral::app {

// Changes nothing; a command because it judges by the same code as the ones that do. Run it
// without a request id, so that its answer is not stored either.
class CheckReferral final : public exec::Command {
 public:
  struct Request {
    std::string program_id;
    std::string advocate_id;
    std::string customer_id;  // empty: not known
    domain::RawIdentity identity;
    std::string source;
    bool signup = false;
  };
  struct Response {
    domain::FraudVerdict verdict;
    int64_t program_version = 0;  // 0: no fraud rules in force
  };

  CheckReferral(Request request, Encoder<Response> encode);

  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  FraudSubject SubjectOf(const Rules& rules, absl::Time now) const;

  const Request request_;
  const Encoder<Response> encode_;
};

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_CHECK_REFERRAL_H_
