// Business gauges, read from the maintained counters every now and then. Never a label for a
// program: there is no bound to their number.
#ifndef KITH_SERVICES_REFERRAL_JOBS_GAUGES_H_
#define KITH_SERVICES_REFERRAL_JOBS_GAUGES_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/metrics/registry.h"
#include "common/server/periodic.h"
#include "services/referral/app/reader.h"

namespace kith::referral::jobs {

// kith_referral_advocates, _referrals, _conversions, _converted_referrals, _ledger_entries
// and _liability_minor_units{currency}, all over all programs.
class Gauges final : public server::Periodic {
 public:
  // More currencies than this are not shown: programs may name any.
  static constexpr size_t kMaxCurrencies = 32;

  // What the references and the reader stand on must outlive it.
  Gauges(const app::Reader& reader, metrics::Registry& registry,
         absl::Duration interval = absl::Seconds(15));
  ~Gauges() override { Stop(); }
  // Reads once. When the store does not answer the gauges keep their values.
  absl::Status RunOnce() override;

 private:
  void SetLiability(const std::string& currency, int64_t minor);

  const app::Reader reader_;
  metrics::Registry& registry_;
  metrics::Gauge& advocates_;
  metrics::Gauge& referrals_;
  metrics::Gauge& conversions_;
  metrics::Gauge& converted_referrals_;
  metrics::Gauge& ledger_entries_;
  std::map<std::string, metrics::Gauge*>
      liabilities_;  // by currency; of the thread of RunOnce
};

}  // namespace kith::referral::jobs

#endif  // KITH_SERVICES_REFERRAL_JOBS_GAUGES_H_
