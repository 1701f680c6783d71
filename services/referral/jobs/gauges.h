// Business gauges, read from the maintained counters every now and then. Only what is owed and
// what is left to spend bear the program's name, and only for so many programs.
#ifndef KITH_SERVICES_REFERRAL_JOBS_GAUGES_H_
#define KITH_SERVICES_REFERRAL_JOBS_GAUGES_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/metrics/registry.h"
#include "common/server/periodic.h"
#include "services/referral/app/operations_reader.h"

namespace kith::referral::jobs {

// With the prefix `kith_referral_`, over all programs unless they have that label:
//   advocates, referrals, conversions, converted_referrals, ledger_entries
//   leads{state}, rewards{state} (what is held is `available` from when due work has announced
//   it, so that no gauge has to look at rewards; due_lag_seconds tells how late that is),
//   fulfilments{state},
//   fraud_cases{state}, fraud_oldest_open_case_seconds, follow_ups_breached, quality_alarms
//   leads_contacted, lead_contact_wait_seconds: their quotient is the mean time to contact
//   refusals_total{reason}: leads refused, by this process
//   liability_minor_units{program,currency}, budget_left_minor_units{program,currency}: for
//   the programs that owe most or have least left when they are first seen; what the others
//   have is one series for each currency, with the program "(other)" budgets_used_up
//   due_lag_seconds: how long the oldest due work waits
class Gauges final : public server::Periodic {
 public:
  // Programs that have series of their own, and currencies in which the others are shown.
  static constexpr size_t kMaxSeries = 32;
  static constexpr size_t kMaxCurrencies = 16;
  // Budgets are looked at once in so many rounds.
  static constexpr int kRoundsOfBudgets = 20;

  // What the references stand on must outlive it.
  Gauges(db::Database& database, const Clock& clock, metrics::Registry& registry,
         absl::Duration interval = absl::Seconds(15));
  ~Gauges() override { Stop(); }
  // Reads once. When the store does not answer the gauges keep their values.
  absl::Status RunOnce() override;

 private:
  // One metric whose labels' values come and go.
  struct Family {
    std::string name;
    std::string help;
    std::map<metrics::Labels, metrics::Gauge*> gauges;
  };
  using Values = std::map<metrics::Labels, int64_t>;

  void Set(Family& family, const Values& values);
  void SetByProgram(Family& family, const std::vector<app::ProgramAmount>& amounts);
  void ShowPlain(const app::Operations& operations);
  void ShowFamilies(const app::Operations& operations);
  void ShowRefusals();
  metrics::Gauge& Plain(const std::string& name, const std::string& help);

  const app::OperationsReader reader_;
  const Clock& clock_;
  metrics::Registry& registry_;
  std::map<absl::string_view, metrics::Gauge*> plain_;  // by the counter's name
  metrics::Gauge& due_lag_;
  metrics::Gauge& oldest_case_;
  metrics::Gauge& budgets_used_up_;
  // The rest is of the thread of RunOnce.
  std::map<absl::string_view, Family> families_;  // by the counters' prefix; label: state
  Family liability_;
  Family budget_left_;
  std::map<std::string, int64_t> refusals_;  // as shown
  int round_ = 0;
};

}  // namespace kith::referral::jobs

#endif  // KITH_SERVICES_REFERRAL_JOBS_GAUGES_H_
