// What a conversion costs when the store is large. The rows are put straight into the stores.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/clock.h"
#include "tests/bench/load_generator.h"
#include "tests/bench/raw_rows.h"
#include "tests/bench/require.h"
#include "tests/bench/rows.h"
#include "tests/bench/stories.h"
#include "tests/support/test_database.h"

namespace kith::bench {
namespace {

constexpr int kInFlight = 64;
constexpr int64_t kSmall = 100'000;
// Of ten leads, the first so many have signed up.
constexpr int64_t kSignedUpOfTen = 6;

// Leads of a year, in the order of their numbers: %d of them, from %d (microseconds) on.
constexpr char kFillReferrals[] = R"sql(
WITH RECURSIVE number(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM number WHERE i + 1 < %1$d),
lead AS (SELECT i, i %% 10 < %4$d AS joined, i / 10 * %4$d + i %% 10 AS customer,
  %2$d + i * (31536000000000 / %1$d) AS time FROM number)
INSERT INTO referral (program_id, referral_id, advocate_id, origin, referee_id, campaign,
  submitted_time, program_version, customer_id, signup_time, evidence, conversion_id,
  ever_converted, state)
SELECT '%3$s', printf('r-%%09d', i), printf('a-%%04d', i * 7919 %% 1000), 'lead',
  printf(CASE WHEN joined THEN 'c-%%09d' ELSE 'n-%%09d' END,
         CASE WHEN joined THEN customer ELSE i END), '', time, 1,
  CASE WHEN joined THEN printf('c-%%09d', customer) ELSE '' END,
  CASE WHEN joined THEN time + 3600000000 END, CASE WHEN joined THEN 'lead' ELSE 'none' END,
  '', 0, CASE WHEN joined THEN 'signed_up' ELSE 'submitted' END
FROM lead
)sql";
constexpr char kFillCustomers[] = R"sql(
INSERT INTO customer (program_id, customer_id, signup_time, code, referrer_id, visitor_id,
  stated_channel, program_version, evidence, advocate_id, referral_id, rejected,
  open_conversions)
SELECT program_id, customer_id, signup_time, '', '', '', '', 1, 'lead', advocate_id,
  referral_id, '', 0 FROM referral WHERE customer_id <> ''
)sql";

// Puts leads, and the customers that came of them, into the store of a stopped service.
// Returns how many customers.
int64_t Fill(const std::string& file, int64_t referrals) {
  const SqlitePtr db = OpenRaw(file);
  ExecRaw(db.get(), "PRAGMA synchronous=OFF; PRAGMA cache_size=-500000; BEGIN;");
  const absl::Time start = SystemClock().Now() - absl::Hours(24 * 366);
  ExecRaw(db.get(), absl::StrFormat(kFillReferrals, referrals, absl::ToUnixMicros(start),
                                    StoryServer::kProgram, kSignedUpOfTen));
  ExecRaw(db.get(), kFillCustomers);
  ExecRaw(db.get(), "COMMIT; PRAGMA wal_checkpoint(TRUNCATE);");
  return referrals / 10 * kSignedUpOfTen;
}

// A store with so many referrals, made and filled, and its service.
class FilledStore {
 public:
  explicit FilledStore(int64_t referrals)
      : file_(absl::StrCat(test::TempDir(), "/referral.db")),
        customers_(MakeAndFill(file_, referrals)),
        server_(absl::StrCat("sqlite:", file_), customers_),
        load_(server_.ScatteredPayments()) {}

  double PaymentsPerSecond(absl::Duration duration) const {
    const LoadResult result = ClosedLoop(load_, kInFlight, duration);
    RequireNoFailures(result);
    return result.calls_per_second;
  }

 private:
  static int64_t MakeAndFill(const std::string& file, int64_t referrals) {
    StoryServer(absl::StrCat("sqlite:", file)).process().Terminate();
    return Fill(file, referrals);
  }

  const std::string file_;
  const int64_t customers_;
  StoryServer server_;
  const Load load_;
};

}  // namespace

std::vector<Row> ReferralGrowthRows(const Settings& settings) {
  const FilledStore small(kSmall), large(settings.referrals);
  // The customers of the small store must suffice for all rounds and the one before them.
  constexpr double kMostPayments = 20'000;  // a second
  const absl::Duration round =
      absl::Seconds(static_cast<double>(kSmall) / 10 * kSignedUpOfTen / kMostPayments) /
      (settings.rounds + 1);
  std::vector<double> of_small, of_large, ratios;
  for (int i = 0; i <= settings.rounds; ++i) {
    const double few = small.PaymentsPerSecond(round);
    const double many = large.PaymentsPerSecond(round);
    if (i == 0) continue;  // warms both up
    of_small.push_back(few);
    of_large.push_back(many);
    ratios.push_back(few / many);
  }
  return {{"convert_cost_large_vs_small", Median(ratios), "ratio", std::nullopt, 1.5,
           absl::StrFormat("%.0f conversions/s with %d referrals stored, %.0f/s with %d",
                           Median(of_large), settings.referrals, Median(of_small), kSmall)}};
}

}  // namespace kith::bench
