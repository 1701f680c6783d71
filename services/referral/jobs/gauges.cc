#include "services/referral/jobs/gauges.h"

#include <algorithm>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/referral/app/refusals.h"
#include "services/referral/store/summary.h"

namespace kith::referral::jobs {
namespace {

constexpr absl::string_view kPrefix = "kith_referral_";
constexpr char kOther[] = "(other)";

double ValueOf(const app::Operations& operations, absl::string_view name) {
  const auto it = operations.counters.find(std::string(name));
  return it == operations.counters.end() ? 0 : static_cast<double>(it->second);
}

// The counters with a prefix; what follows it is the state.
std::map<metrics::Labels, int64_t> WithPrefix(const app::Operations& operations,
                                              absl::string_view prefix) {
  std::map<metrics::Labels, int64_t> found;
  auto it = operations.counters.lower_bound(std::string(prefix));
  for (; it != operations.counters.end() && absl::StartsWith(it->first, prefix); ++it) {
    found[{{"state", it->first.substr(prefix.size())}}] = it->second;
  }
  return found;
}

// How long ago; nothing is 0, and so is what lies ahead.
double SecondsSince(const std::optional<absl::Time>& time, absl::Time now) {
  return time.has_value() ? std::max(0.0, absl::ToDoubleSeconds(now - *time)) : 0;
}

}  // namespace

Gauges::Gauges(db::Database& database, const Clock& clock, metrics::Registry& registry,
               absl::Duration interval)
    : Periodic("gauges", interval),
      reader_(database),
      clock_(clock),
      registry_(registry),
      due_lag_(Plain("due_lag_seconds", "How long the oldest due work waits to be done.")),
      oldest_case_(Plain("fraud_oldest_open_case_seconds",
                         "Age of the oldest fraud case that nobody has decided.")),
      budgets_used_up_(Plain("budgets_used_up", "Budgets that have nothing left.")),
      liability_{"liability_minor_units", "Rewards owed, in minor units.", {}},
      budget_left_{"budget_left_minor_units", "What budgets have left, in minor units.", {}} {
  plain_ = {
      {store::kAdvocates, &Plain("advocates", "Advocates enrolled.")},
      {store::kReferrals, &Plain("referrals", "Leads, and customers attributed without one.")},
      {store::kConversions, &Plain("conversions", "Conversions recorded and not reversed.")},
      {store::kConvertedReferrals,
       &Plain("converted_referrals", "Referrals with a live conversion.")},
      {store::kLedgerEntries, &Plain("ledger_entries", "Entries of the ledger.")},
      {store::kBreachedLeads,
       &Plain("follow_ups_breached", "Leads that were not contacted in time.")},
      {store::kContactedLeads, &Plain("leads_contacted", "Leads that had a first contact.")},
      {store::kContactWait,
       &Plain("lead_contact_wait_seconds",
              "From submission to first contact, of all contacted leads together.")},
      {store::kAlarms, &Plain("quality_alarms", "Campaigns whose quality has collapsed.")}};
  families_ = {{store::kLeadsPrefix, {"leads", "Leads by the state of the sales work.", {}}},
               {store::kRewardsPrefix,
                {"rewards", "Rewards by state; available ones since announced.", {}}},
               {store::kFulfilmentsPrefix,
                {"fulfilments", "Rewards that were ever claimed, by state.", {}}},
               {store::kCasesPrefix, {"fraud_cases", "Fraud cases by state.", {}}}};
}

metrics::Gauge& Gauges::Plain(const std::string& name, const std::string& help) {
  return registry_.GetGauge(absl::StrCat(kPrefix, name), help);
}

absl::Status Gauges::RunOnce() {
  KITH_ASSIGN_OR_RETURN(const app::Operations operations, reader_.Read(Deadline()));
  ShowPlain(operations);
  ShowFamilies(operations);
  ShowRefusals();
  if (round_++ % kRoundsOfBudgets != 0) return absl::OkStatus();
  KITH_ASSIGN_OR_RETURN(const app::Budgets budgets,
                        reader_.ReadBudgets(clock_.Now(), Deadline()));
  SetByProgram(budget_left_, budgets.left);
  budgets_used_up_.Set(static_cast<double>(budgets.used_up));
  return absl::OkStatus();
}

void Gauges::ShowPlain(const app::Operations& operations) {
  for (const auto& [name, gauge] : plain_) gauge->Set(ValueOf(operations, name));
  const absl::Time now = clock_.Now();
  due_lag_.Set(SecondsSince(operations.first_due_time, now));
  oldest_case_.Set(SecondsSince(operations.oldest_open_case_time, now));
}

void Gauges::ShowFamilies(const app::Operations& operations) {
  for (auto& [prefix, family] : families_) Set(family, WithPrefix(operations, prefix));
  SetByProgram(liability_, operations.liabilities);
}

void Gauges::Set(Family& family, const Values& values) {
  // What there is nothing of any more is not among the counters.
  for (const auto& [labels, gauge] : family.gauges) gauge->Set(0);
  for (const auto& [labels, number] : values) {
    metrics::Gauge*& gauge = family.gauges[labels];
    if (gauge == nullptr) {
      gauge = &registry_.GetGauge(absl::StrCat(kPrefix, family.name), family.help, labels);
    }
    gauge->Set(static_cast<double>(number));
  }
}

void Gauges::SetByProgram(Family& family, const std::vector<app::ProgramAmount>& amounts) {
  Values values;
  size_t series = family.gauges.size();
  for (const app::ProgramAmount& amount : amounts) {
    metrics::Labels labels = {{"program", amount.program_id}, {"currency", amount.currency}};
    if (!family.gauges.contains(labels) && series >= kMaxSeries) labels["program"] = kOther;
    if (!family.gauges.contains(labels) && !values.contains(labels)) {
      if (series >= kMaxSeries + kMaxCurrencies) continue;
      ++series;
    }
    values[labels] += amount.minor;
  }
  Set(family, values);
}

void Gauges::ShowRefusals() {
  for (const auto& [reason, number] : app::CountRefusals()) {
    int64_t& shown = refusals_[reason];
    if (number <= shown) continue;
    registry_
        .GetCounter(absl::StrCat(kPrefix, "refusals_total"), "Leads refused.",
                    {{"reason", reason}})
        .Increment(static_cast<double>(number - shown));
    shown = number;
  }
}

}  // namespace kith::referral::jobs
