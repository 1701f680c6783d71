// The tables of the read-outs, shared by the single commands and `report`.
#ifndef KITH_CLIENTS_CLI_OUTPUT_VIEWS_H_
#define KITH_CLIENTS_CLI_OUTPUT_VIEWS_H_

#include <cstdint>
#include <ostream>
#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/repeated_field.h"
#include "kith/advocacy/v1/advocacy.pb.h"
#include "kith/referral/v1/referral.pb.h"
#include "kith/retention/v1/retention.pb.h"

namespace kith::cli {

// How a view is printed.
struct View {
  std::ostream& out;
  bool color = false;
};

// n, events and median of each group, and the log-rank test.
void PrintSurvivalSummary(const View& view,
                          const retention::v1::GetSurvivalResponse& response);
// Survival with its interval at some days (30, 90, 180, 365, 730, 1095), as far as there were
// customers: `churn` says how far each group was seen.
void PrintSurvivalAtDays(const View& view, const retention::v1::GetSurvivalResponse& survival,
                         const retention::v1::GetChurnByMonthResponse& churn);
// All steps of all curves.
void PrintSurvivalPoints(const View& view, const retention::v1::GetSurvivalResponse& response);

// The months of tenure over which channels are compared.
struct Months {
  int from = 2;
  int to = 4;
};
// Churn by month, up to `max_months` of them (0: all), and the rate ratio over `compared`.
void PrintChurn(const View& view, const retention::v1::GetChurnByMonthResponse& response,
                int max_months, const Months& compared);

// `1 advocate`, `12 advocates`.
std::string Counted(int64_t count, absl::string_view one);

// Advocates, successes, Gini and top shares, then the segments.
void PrintConcentration(const View& view,
                        const advocacy::v1::GetConcentrationResponse& concentration,
                        const advocacy::v1::GetSegmentsResponse& segments);

// Payments less refunds by channel and currency, what customers without a signup paid and the
// whole.
void PrintRevenue(const View& view, const retention::v1::GetProgramSummaryResponse& summary);

// Sums by currency and state.
void PrintRewardTotals(
    const View& view,
    const google::protobuf::RepeatedPtrField<referral::v1::RewardTotal>& totals);

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_OUTPUT_VIEWS_H_
