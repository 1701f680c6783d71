#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "clients/cli/output/format.h"
#include "clients/cli/output/table.h"
#include "clients/cli/output/views.h"

namespace kith::cli {
namespace {

using retention::v1::GetChurnByMonthResponse;
using retention::v1::GetSurvivalResponse;
using retention::v1::RateRatio;
using retention::v1::SurvivalGroup;
using retention::v1::SurvivalPoint;

constexpr int kDays[] = {30, 90, 180, 365, 730, 1095};
constexpr int kDaysPerMonth = 30;

std::optional<double> Lower(const SurvivalPoint& point) {
  return point.has_lower() ? std::optional<double>(point.lower()) : std::nullopt;
}

std::optional<double> Upper(const SurvivalPoint& point) {
  return point.has_upper() ? std::optional<double>(point.upper()) : std::nullopt;
}

std::string Days(bool has, int64_t days) { return has ? Count(days) : std::string(kNone); }

std::string MedianInterval(const SurvivalGroup& group) {
  if (!group.has_median_lower_days() && !group.has_median_upper_days()) {
    return std::string(kNone);
  }
  return absl::StrCat("[", Days(group.has_median_lower_days(), group.median_lower_days()),
                      ", ", Days(group.has_median_upper_days(), group.median_upper_days()),
                      "]");
}

// The step of the curve that holds on `day`; null before the first.
const SurvivalPoint* PointAt(const SurvivalGroup& group, int day) {
  const SurvivalPoint* last = nullptr;
  for (const SurvivalPoint& point : group.points()) {
    if (point.day() > day) break;
    last = &point;
  }
  return last;
}

// A day up to which customers of `group` were certainly seen.
int64_t SeenUntil(const SurvivalGroup& group, const GetChurnByMonthResponse& churn) {
  int64_t seen = group.points().empty() ? 0 : group.points().rbegin()->day();
  for (const auto& churned : churn.groups()) {
    if (churned.group() != group.group() || churned.months().empty()) continue;
    const int64_t month = churned.months().rbegin()->month();
    seen = std::max(seen, (month - 1) * kDaysPerMonth);
  }
  return seen;
}

std::string SurvivalCell(const SurvivalGroup& group, int day, int64_t seen_until) {
  if (day > seen_until) return std::string(kNone);
  const SurvivalPoint* point = PointAt(group, day);
  if (point == nullptr) return "1.000";
  return absl::StrCat(Decimal(point->survival(), 3), " ",
                      Interval(Lower(*point), Upper(*point)));
}

// Why the rates of two channels cannot be compared.
std::string WhyUndefined(const RateRatio& ratio) {
  for (const auto& [group, days] :
       {std::pair(ratio.numerator(), ratio.numerator_days()),
        std::pair(ratio.denominator(), ratio.denominator_days())}) {
    if (days == 0) return absl::StrCat("no customer of ", group, " stayed into these months");
  }
  return absl::StrCat("no customer of ", ratio.denominator(), " left in these months");
}

// Why there are no rates of two channels.
std::string WhyNotCompared(const GetChurnByMonthResponse& response) {
  std::vector<std::string> channels, fields;
  for (const auto& [role, channel] :
       {std::pair("referred", response.missing_referred_channel()),
        std::pair("baseline", response.missing_baseline_channel())}) {
    if (channel.empty()) continue;
    channels.push_back(absl::StrCat("the ", role, " channel ", channel));
    fields.push_back(absl::StrCat(role, "_channel"));
  }
  if (channels.empty()) {
    return "that takes customers of the referred and of the baseline channel of the "
           "RetentionPolicy";
  }
  return absl::StrCat("no customers of ", absl::StrJoin(channels, " or "), "; see ",
                      absl::StrJoin(fields, " and "), " of the RetentionPolicy");
}

void PrintRateRatio(const View& view, const GetChurnByMonthResponse& response,
                    const Months& compared) {
  if (!response.has_rate_ratio()) {
    view.out << "rate of churn: not compared, " << Printable(WhyNotCompared(response)) << '\n';
    return;
  }
  const RateRatio& ratio = response.rate_ratio();
  view.out << "rate of churn in months " << compared.from << " to " << compared.to << ", "
           << Printable(ratio.numerator()) << " / " << Printable(ratio.denominator()) << ": ";
  if (!ratio.has_ratio()) {
    view.out << "undefined (" << Printable(WhyUndefined(ratio)) << ")\n";
    return;
  }
  view.out << Decimal(ratio.ratio(), 3);
  if (ratio.has_lower() && ratio.has_upper()) {
    view.out << absl::StrFormat("  95 %% [%.3f, %.3f]", ratio.lower(), ratio.upper());
  }
  view.out << '\n';
}

// To the nearest minor unit, halves away from 0.
int64_t Each(int64_t minor, int64_t customers) {
  const int64_t rest = std::abs(minor % customers);
  const int64_t up = rest >= customers - rest ? 1 : 0;
  return minor / customers + (minor < 0 ? -up : up);
}

absl::string_view WhyNoLogRank(const GetSurvivalResponse& response) {
  const bool any = std::any_of(response.groups().begin(), response.groups().end(),
                               [](const SurvivalGroup& group) { return group.events() > 0; });
  return any ? "since nobody left while two groups were there" : "since nobody has left";
}

void AddRevenue(absl::string_view channel, int64_t customers, const type::v1::Money& money,
                Table& table) {
  const bool any = customers > 0;
  table.Add({std::string(channel), any ? Count(customers) : std::string(kNone),
             Amount(money.amount_minor(), money.currency()),
             any ? Amount(Each(money.amount_minor(), customers), money.currency())
                 : std::string(kNone)});
}

}  // namespace

void PrintRevenue(const View& view, const retention::v1::GetProgramSummaryResponse& summary) {
  Table table("payments", {{"channel"},
                           {"customers", Align::kRight},
                           {"revenue", Align::kRight},
                           {"per customer", Align::kRight}});
  for (const type::v1::Money& total : summary.revenue()) {
    type::v1::Money others = total;
    for (const auto& channel : summary.channels()) {
      for (const type::v1::Money& money : channel.revenue()) {
        if (money.currency() != total.currency()) continue;
        others.set_amount_minor(others.amount_minor() - money.amount_minor());
        AddRevenue(channel.channel(), channel.customers(), money, table);
      }
    }
    if (others.amount_minor() != 0) AddRevenue("(no signup)", 0, others, table);
    AddRevenue("(all)", 0, total, table);
  }
  table.Print(view.out, view.color);
}

void PrintSurvivalSummary(const View& view, const GetSurvivalResponse& response) {
  Table table("customers", {{"group"},
                            {"customers", Align::kRight},
                            {"left", Align::kRight},
                            {"median days", Align::kRight},
                            {"95 %", Align::kRight}});
  for (const SurvivalGroup& group : response.groups()) {
    table.Add({group.group(), Count(group.customers()), Count(group.events()),
               Days(group.has_median_days(), group.median_days()), MedianInterval(group)});
  }
  table.Print(view.out, view.color);
  if (!response.has_log_rank()) return;
  const auto& test = response.log_rank();
  if (test.degrees_of_freedom() == 0) {
    view.out << "log-rank: there is nothing to compare, " << WhyNoLogRank(response) << '\n';
    return;
  }
  view.out << absl::StrFormat("log-rank: chi-square %.4f, %d df, p ", test.chi_square(),
                              test.degrees_of_freedom())
           << Probability(test.p_value()) << '\n';
}

void PrintSurvivalAtDays(const View& view, const GetSurvivalResponse& survival,
                         const GetChurnByMonthResponse& churn) {
  std::vector<Column> columns = {{"after days", Align::kRight}};
  for (const SurvivalGroup& group : survival.groups()) columns.push_back({group.group()});
  Table table("customers seen for 30 days", std::move(columns));
  for (const int day : kDays) {
    std::vector<std::string> cells = {Count(day)};
    for (const SurvivalGroup& group : survival.groups()) {
      cells.push_back(SurvivalCell(group, day, SeenUntil(group, churn)));
    }
    const bool known = std::any_of(cells.begin() + 1, cells.end(),
                                   [](const std::string& cell) { return cell != kNone; });
    if (known) table.Add(std::move(cells));
  }
  table.Print(view.out, view.color);
}

void PrintSurvivalPoints(const View& view, const GetSurvivalResponse& response) {
  Table table("steps", {{"group"},
                        {"day", Align::kRight},
                        {"at risk", Align::kRight},
                        {"left", Align::kRight},
                        {"survival", Align::kRight},
                        {"95 %"}});
  for (const SurvivalGroup& group : response.groups()) {
    for (const SurvivalPoint& point : group.points()) {
      table.Add({group.group(), Count(point.day()), Count(point.at_risk()),
                 Count(point.events()), Decimal(point.survival(), 4),
                 Interval(Lower(point), Upper(point))});
    }
  }
  table.Print(view.out, view.color);
}

void PrintChurn(const View& view, const GetChurnByMonthResponse& response, int max_months,
                const Months& compared) {
  Table table("customers", {{"group"},
                            {"month", Align::kRight},
                            {"at risk", Align::kRight},
                            {"left", Align::kRight},
                            {"hazard", Align::kRight}});
  bool cut = false;
  for (const auto& group : response.groups()) {
    for (const auto& month : group.months()) {
      if (max_months > 0 && month.month() > max_months) {
        cut = true;
        break;
      }
      table.Add({group.group(), Count(month.month()), Count(month.at_risk()),
                 Count(month.events()), Decimal(month.hazard(), 4)});
    }
  }
  table.Print(view.out, view.color);
  if (cut) view.out << "(first " << max_months << " months; `kith churn` prints all)\n";
  PrintRateRatio(view, response, compared);
}

}  // namespace kith::cli
