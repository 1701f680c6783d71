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
