// Takes a conversion back.
#ifndef KITH_SERVICES_REFERRAL_APP_REVERSE_CONVERSION_H_
#define KITH_SERVICES_REFERRAL_APP_REVERSE_CONVERSION_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/executor/executor.h"
#include "services/referral/app/results.h"
#include "services/referral/app/rules.h"
#include "services/referral/app/settlement.h"
#include "services/referral/domain/model.h"

namespace kith::referral::app {

// Reversing twice is the same as once; the first time and cause stay.
class ReverseConversion final : public exec::Command {
 public:
  using Response = ConversionView;
  struct Request {
    std::string program_id;
    std::string conversion_id;
    std::string cause;
    std::optional<absl::Time> time;  // absent: that of the call
  };

  ReverseConversion(Request request, Encoder<Response> encode);

  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  domain::Conversion Reverse(exec::Unit& unit, const Rules& rules,
                             domain::Conversion conversion, absl::Time time,
                             absl::Time now) const;

  const Request request_;
  const Encoder<Response> encode_;
};

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_REVERSE_CONVERSION_H_
