// Enrols advocates and gives each a code.
#ifndef KITH_SERVICES_REFERRAL_APP_ENROLL_ADVOCATES_H_
#define KITH_SERVICES_REFERRAL_APP_ENROLL_ADVOCATES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/executor/executor.h"
#include "services/referral/app/results.h"
#include "services/referral/app/rules.h"
#include "services/referral/domain/model.h"

namespace kith::referral::app {

// What became of one.
struct Enrolment {
  domain::Advocate advocate;
  bool is_new = false;  // false: enrolled before
};

// Who is enrolled already is returned as stored. NOT_ELIGIBLE: the rules in force at the
// enrolment do not want this advocate. Customers whose own word named the advocate before the
// enrolment was known are judged again.
class EnrollAdvocates final : public exec::Command {
 public:
  struct NewAdvocate {
    std::string advocate_id;
    std::string email = "";                                  // empty: not known
    std::optional<absl::Time> enrolled_time = std::nullopt;  // absent: now
    std::string kind = "";
    domain::Attributes attributes = {};
    std::string phone = "";  // empty: not known, as all below
    std::string device_id = "";
    std::string payment_fingerprint = "";
    std::string ip_address = "";
  };
  using Response = Results<Enrolment>;

  EnrollAdvocates(std::string program_id, std::vector<NewAdvocate> advocates,
                  Encoder<Response> encode);

  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  absl::StatusOr<Enrolment> Enroll(exec::Unit& unit, const Rules& rules,
                                   const NewAdvocate& input, absl::Time now) const;
  domain::Advocate ToAdvocate(const Rules& rules, const NewAdvocate& input,
                              absl::Time now) const;

  const std::string program_id_;
  const std::vector<NewAdvocate> advocates_;
  const Encoder<Response> encode_;
};

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_ENROLL_ADVOCATES_H_
