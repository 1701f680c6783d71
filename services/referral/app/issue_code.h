// Gives an advocate one more code.
#ifndef KITH_SERVICES_REFERRAL_APP_ISSUE_CODE_H_
#define KITH_SERVICES_REFERRAL_APP_ISSUE_CODE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/executor/executor.h"
#include "services/referral/app/results.h"
#include "services/referral/app/rules.h"
#include "services/referral/domain/advocate.h"

namespace kith::referral::app {

// A vanity code, or one of a campaign. A code that the advocate has already, and that is not
// retired, is returned as stored. Errors: ADVOCATE_NOT_FOUND, INVALID_FIELD (no vanity code),
// CODE_TAKEN, CAMPAIGN_NOT_FOUND (not of the newest rules), TOO_MANY_CODES.
class IssueCode final : public exec::Command {
 public:
  struct Request {
    std::string program_id;
    std::string advocate_id;
    std::string vanity;    // as typed; empty: a campaign code
    std::string campaign;  // exactly one of both
  };
  using Response = domain::Code;

  IssueCode(Request request, Encoder<Response> encode);

  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  absl::StatusOr<domain::Code> IssueVanity(exec::Unit& unit, absl::Time now) const;
  absl::StatusOr<domain::Code> IssueForCampaign(exec::Unit& unit, const Rules& rules,
                                                absl::Time now) const;

  const Request request_;
  const std::string vanity_;  // in normal form
  const Encoder<Response> encode_;
};

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_ISSUE_CODE_H_
