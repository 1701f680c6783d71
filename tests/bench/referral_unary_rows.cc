// Leads and payments under the full rule set, one a call, and the reads that support staff
// ask most, against a bare echo.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tests/bench/load_generator.h"
#include "tests/bench/require.h"
#include "tests/bench/rows.h"
#include "tests/bench/stories.h"
#include "tests/support/test_database.h"

namespace kith::bench {
namespace {

constexpr int kInFlight = 64;
constexpr int64_t kFirstCustomers = 20'000;

// Calls a second of a load and of its mirror on the echo server, in turns.
struct Rates {
  std::vector<double> service, echo, ratio;

  void Add(const LoadResult& of_service, const LoadResult& of_echo) {
    RequireNoFailures(of_service);
    RequireNoFailures(of_echo);
    service.push_back(of_service.calls_per_second);
    echo.push_back(of_echo.calls_per_second);
    ratio.push_back(service.back() / echo.back());
  }
};

Row ToRow(const std::string& name, const Rates& rates) {
  return {name,
          Median(rates.ratio),
          "ratio",
          0.5,
          std::nullopt,
          absl::StrFormat("%.0f durable/s, %.0f echo/s, %d in flight", Median(rates.service),
                          Median(rates.echo), kInFlight)};
}

// Payments use customers up: as many as the last round suggests sign up before each.
Rates MeasurePayments(const Settings& settings, StoryServer& server, const EchoServer& echo) {
  Rates rates;
  server.SignUp(kFirstCustomers);
  const Load bare = echo.Mirror(StoryServer::EchoedPayments(), "EchoConversions");
  double expected =
      ClosedLoop(server.Payments(1), kInFlight, absl::Milliseconds(200)).calls_per_second;
  for (int i = 0; i < settings.rounds; ++i) {
    server.SignUp(static_cast<int64_t>(2 * expected * absl::ToDoubleSeconds(settings.round)));
    const LoadResult paid = ClosedLoop(server.Payments(1), kInFlight, settings.round);
    rates.Add(paid, ClosedLoop(bare, kInFlight, settings.round));
    expected = paid.calls_per_second;
  }
  return rates;
}

Rates MeasureLeads(const Settings& settings, const StoryServer& server,
                   const EchoServer& echo) {
  Rates rates;
  const Load load = server.Leads(1);
  const Load bare = echo.Mirror(load, "EchoReferrals");
  ClosedLoop(load, kInFlight, settings.round / 3);
  for (int i = 0; i < settings.rounds; ++i) {
    const LoadResult submitted = ClosedLoop(load, kInFlight, settings.round);
    rates.Add(submitted, ClosedLoop(bare, kInFlight, settings.round));
  }
  return rates;
}

// p99 at half of what independent calls reach, of a read and of its mirror.
Row MeasureRead(const Settings& settings, const std::string& name, const Load& load,
                const Load& bare) {
  std::vector<double> ratios, service, echo;
  ClosedLoop(load, kInFlight, settings.round / 3);
  const auto peak_of = [&settings](const Load& of) {
    return OpenLoopPeak(of, ClosedLoop(of, kInFlight, settings.round).calls_per_second,
                        settings.round);
  };
  const double peak = peak_of(load);
  const double echo_peak = peak_of(bare);
  for (int i = 0; i < settings.rounds; ++i) {
    const LoadResult read = OpenLoop(load, peak / 2, settings.round);
    const LoadResult echoed = OpenLoop(bare, echo_peak / 2, settings.round);
    RequireNoFailures(read);
    RequireNoFailures(echoed);
    service.push_back(read.p99_us);
    echo.push_back(echoed.p99_us);
    ratios.push_back(read.p99_us / echoed.p99_us);
  }
  return {
      name,
      Median(ratios),
      "ratio",
      std::nullopt,
      2.0,
      absl::StrFormat("p99 %.3f ms at %.0f/s; echo %.3f ms at %.0f/s", Median(service) / 1000,
                      peak / 2, Median(echo) / 1000, echo_peak / 2)};
}

}  // namespace

std::vector<Row> ReferralUnaryRows(const Settings& settings) {
  const EchoServer echo;
  StoryServer server(absl::StrCat("sqlite:", test::TempDir(), "/referral.db"));
  std::vector<Row> rows;
  rows.push_back(ToRow("submit_vs_echo", MeasureLeads(settings, server, echo)));
  rows.push_back(ToRow("convert_vs_echo", MeasurePayments(settings, server, echo)));
  return rows;
}

std::vector<Row> ReferralReadRows(const Settings& settings) {
  constexpr int64_t kCustomers = 100'000;
  const EchoServer echo;
  StoryServer server(absl::StrCat("sqlite:", test::TempDir(), "/referral.db"));
  server.SignUp(kCustomers);
  const Load referrals = server.Referrals();
  const Load explanations = server.Explanations();
  return {MeasureRead(settings, "get_referral_p99_vs_echo", referrals,
                      echo.Mirror(referrals, "EchoReferral")),
          MeasureRead(settings, "explain_attribution_p99_vs_echo", explanations,
                      echo.Mirror(explanations, "EchoExplanation"))};
}

}  // namespace kith::bench
