#include "services/referral/jobs/gauges.h"

#include "common/base/status_macros.h"
#include "services/referral/domain/reward.h"

namespace kith::referral::jobs {

Gauges::Gauges(const app::Reader& reader, metrics::Registry& registry, absl::Duration interval)
    : Periodic("gauges", interval),
      reader_(reader),
      registry_(registry),
      advocates_(registry.GetGauge("kith_referral_advocates", "Advocates enrolled.")),
      referrals_(registry.GetGauge("kith_referral_referrals",
                                   "Leads, and customers attributed without one.")),
      conversions_(registry.GetGauge("kith_referral_conversions",
                                     "Conversions recorded and not reversed.")),
      converted_referrals_(registry.GetGauge("kith_referral_converted_referrals",
                                             "Referrals with a live conversion.")),
      ledger_entries_(
          registry.GetGauge("kith_referral_ledger_entries", "Entries of the ledger.")) {}

absl::Status Gauges::RunOnce() {
  KITH_ASSIGN_OR_RETURN(const app::Summary totals, reader_.GetTotals(Deadline()));
  advocates_.Set(static_cast<double>(totals.advocates));
  referrals_.Set(static_cast<double>(totals.referrals));
  conversions_.Set(static_cast<double>(totals.conversions));
  converted_referrals_.Set(static_cast<double>(totals.converted_referrals));
  ledger_entries_.Set(static_cast<double>(totals.ledger_entries));
  // A currency in which nothing is owed any more is not among the totals.
  for (const auto& [currency, gauge] : liabilities_) gauge->Set(0);
  for (const auto& [key, minor] : totals.balances) {
    if (key.first == domain::kLiabilityAccount) SetLiability(key.second, -minor);
  }
  return absl::OkStatus();
}

void Gauges::SetLiability(const std::string& currency, int64_t minor) {
  auto it = liabilities_.find(currency);
  if (it == liabilities_.end()) {
    if (liabilities_.size() >= kMaxCurrencies) return;
    it = liabilities_
             .emplace(currency, &registry_.GetGauge("kith_referral_liability_minor_units",
                                                    "Rewards owed, in minor units.",
                                                    {{"currency", currency}}))
             .first;
  }
  it->second->Set(static_cast<double>(minor));
}

}  // namespace kith::referral::jobs
