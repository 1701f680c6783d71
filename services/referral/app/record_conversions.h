// Records events that count.
#ifndef KITH_SERVICES_REFERRAL_APP_RECORD_CONVERSIONS_H_
#define KITH_SERVICES_REFERRAL_APP_RECORD_CONVERSIONS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/executor/executor.h"
#include "services/referral/app/results.h"
#include "services/referral/app/rules.h"
#include "services/referral/app/settlement.h"
#include "services/referral/domain/conversion.h"

namespace kith::referral::app {

class RecordConversions final : public exec::Command {
 public:
  using Response = Results<ConversionView>;

  RecordConversions(std::string program_id, std::vector<domain::ConversionReport> reports,
                    Encoder<Response> encode);

  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  // Who converted, as far as is known: given, the lead's referee, or a customer with the
  // address that the lead names.
  const domain::Customer* WantCustomer(exec::Loader& loader,
                                       const domain::ConversionReport& report,
                                       const domain::Referral* referral) const;
  const domain::Customer* FindCustomer(exec::Unit& unit,
                                       const domain::ConversionReport& report,
                                       const domain::Referral* referral) const;
  // What a recorded conversion does to its referral.
  void Settle(exec::Unit& unit, const Rules& rules, const domain::Conversion& conversion,
              absl::Time now) const;
  void WantReport(exec::Loader& loader, const Rules& rules,
                  const domain::ConversionReport& report) const;
  absl::StatusOr<ConversionView> Record(exec::Unit& unit, const Rules& rules,
                                        const domain::ConversionReport& report,
                                        absl::Time now) const;

  const std::string program_id_;
  const std::vector<domain::ConversionReport> reports_;
  const Encoder<Response> encode_;
};

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_RECORD_CONVERSIONS_H_
