#include "services/referral/jobs/gauges.h"

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "prometheus/registry.h"
#include "prometheus/text_serializer.h"
#include "tests/unit/referral/app/fulfilment_world.h"

namespace kith::referral::jobs {
namespace {

using app::kDay;
using app::kNow;

class GaugesTest : public app::FulfilmentTest {
 protected:
  std::string Text() const {
    return prometheus::TextSerializer().Serialize(shown_.underlying()->Collect());
  }
  // The value of a metric with its labels; empty: it is not shown.
  std::string Value(const std::string& metric) const {
    const std::string text = Text();
    const size_t at = text.find("\nkith_referral_" + metric + " ");
    if (at == std::string::npos) return "";
    const size_t begin = text.find(' ', at) + 1;
    return text.substr(begin, text.find('\n', begin) - begin);
  }

  int Refused(const std::string& reason) const {
    return std::atoi(Value("refusals_total{reason=\"" + reason + "\"}").c_str());
  }

  metrics::Registry shown_;
  Gauges gauges_{world_.database(), world_.clock, shown_};
};

TEST_P(GaugesTest, ShowWhatIsOwed) {
  Earn("o1");
  ASSERT_TRUE(gauges_.RunOnce().ok());
  EXPECT_EQ(Value("advocates"), "1");
  EXPECT_EQ(Value("referrals"), "1");
  EXPECT_EQ(Value("conversions"), "1");
  EXPECT_EQ(Value("converted_referrals"), "1");
  EXPECT_EQ(Value("ledger_entries"), "2");
  EXPECT_EQ(Value("liability_minor_units{currency=\"EUR\",program=\"acme\"}"), "1000");
  EXPECT_EQ(Value("rewards{state=\"available\"}"), "1");
  ASSERT_TRUE(world_.Reverse("o1").ok());
  ASSERT_TRUE(gauges_.RunOnce().ok());
  EXPECT_EQ(Value("liability_minor_units{currency=\"EUR\",program=\"acme\"}"), "0");
  EXPECT_EQ(Value("rewards{state=\"available\"}"), "0");
  EXPECT_EQ(Value("rewards{state=\"reversed\"}"), "1");
}

TEST_P(GaugesTest, TellHeldRewardsFromAvailableOnes) {
  domain::RewardRule rule = Rule("cash", domain::RewardKind::kCash, 1000, "");
  rule.holding_period = 10 * kDay;
  rule.expires_after = 20 * kDay;
  Apply({rule});
  Advance(absl::Seconds(1));
  const auto shown = [&] {
    EXPECT_TRUE(gauges_.RunOnce().ok());
    std::vector<std::string> values;
    for (const char* state : {"held", "available", "fulfilling", "expired"}) {
      const std::string value = Value(absl::StrCat("rewards{state=\"", state, "\"}"));
      values.push_back(value.empty() ? "0" : value);
    }
    return absl::StrJoin(values, " ");
  };
  Earn("o1");
  Earn("o2");
  EXPECT_EQ(shown(), "2 0 0 0");
  Advance(10 * kDay);
  DoDueWork();
  EXPECT_EQ(shown(), "0 2 0 0");
  ASSERT_EQ(Claim().size(), 2);
  EXPECT_EQ(shown(), "0 0 2 0");
  Advance(absl::Minutes(7));  // the leases end
  DoDueWork();
  EXPECT_EQ(shown(), "0 2 0 0");
  Advance(20 * kDay);
  DoDueWork();
  EXPECT_EQ(shown(), "0 0 0 2");
}

TEST_P(GaugesTest, ShowLeadsAndWhyOthersWereRefused) {
  // They are counted for the process: other tests may have had some.
  ASSERT_TRUE(gauges_.RunOnce().ok());
  const int before_known = Refused("ALREADY_REFERRED");
  const int before_unknown = Refused("UNKNOWN_ADVOCATE");
  ASSERT_TRUE(world_.SubmitOne(app::LeadOf("l1", "ada", "carl", kNow)).ok());
  EXPECT_FALSE(world_.SubmitOne(app::LeadOf("l2", "ada", "carl", kNow)).ok());
  EXPECT_FALSE(world_.SubmitOne(app::LeadOf("l3", "nobody", "dora", kNow)).ok());
  EXPECT_FALSE(world_.SubmitOne(app::LeadOf("l4", "nobody", "dora", kNow)).ok());
  for (int round = 0; round < 2; ++round) {
    ASSERT_TRUE(gauges_.RunOnce().ok());
    EXPECT_EQ(Value("leads{state=\"submitted\"}"), "1");
    EXPECT_EQ(Refused("ALREADY_REFERRED"), before_known + 1);
    EXPECT_EQ(Refused("UNKNOWN_ADVOCATE"), before_unknown + 2);
  }
  EXPECT_EQ(Value("follow_ups_breached"), "0");
  EXPECT_EQ(Value("quality_alarms"), "0");
  EXPECT_EQ(Value("fraud_oldest_open_case_seconds"), "0");
}

TEST_P(GaugesTest, ShowHowLateDueWorkIsAndWhatProvidersDo) {
  Earn("o1");
  ASSERT_EQ(Claim().size(), 1);
  Advance(absl::Minutes(7));
  ASSERT_TRUE(gauges_.RunOnce().ok());
  EXPECT_EQ(Value("due_lag_seconds"), "120");  // the lease ended after five minutes
  EXPECT_EQ(Value("fulfilments{state=\"claimed\"}"), "1");
  DoDueWork();
  ASSERT_TRUE(gauges_.RunOnce().ok());
  EXPECT_EQ(Value("due_lag_seconds"), "0");
  EXPECT_EQ(Value("fulfilments{state=\"claimed\"}"), "0");
  EXPECT_EQ(Value("fulfilments{state=\"lapsed\"}"), "1");
}

TEST_P(GaugesTest, ShowWhatBudgetsHaveLeft) {
  domain::RewardRule rule = Rule("cash", domain::RewardKind::kCash, 1000, "");
  domain::Program program = app::SampleProgram();
  program.rewards = {rule};
  domain::Cap budget;
  budget.scope = domain::CapScope::kProgram;
  budget.max_minor = 2500;
  program.caps = {budget};
  app::ApplyProgram::Request request;
  request.program = program;
  ASSERT_TRUE(world_.Apply(std::move(request)).ok());
  Advance(absl::Seconds(1));
  Earn("o1");
  ASSERT_TRUE(gauges_.RunOnce().ok());
  EXPECT_EQ(Value("budget_left_minor_units{currency=\"EUR\",program=\"acme\"}"), "1500");
  EXPECT_EQ(Value("budgets_used_up"), "0");
  Earn("o2");
  Earn("o3");  // clamped to what is left
  for (int i = 0; i < Gauges::kRoundsOfBudgets; ++i) ASSERT_TRUE(gauges_.RunOnce().ok());
  EXPECT_EQ(Value("budget_left_minor_units{currency=\"EUR\",program=\"acme\"}"), "0");
  EXPECT_EQ(Value("budgets_used_up"), "1");
}

TEST_P(GaugesTest, NameSoManyProgramsOnly) {
  constexpr int kTooMany = Gauges::kMaxSeries + 2;
  const auto transaction = world_.database().BeginWrite(test::Soon());
  ASSERT_TRUE(transaction.ok());
  for (int i = 1; i <= kTooMany; ++i) {
    ASSERT_TRUE((*transaction)
                    ->Execute("INSERT INTO summary (program_id, name, value) "
                              "VALUES ($1, 'balance/liability:rewards/EUR', $2)",
                              {absl::StrCat("p", i), int64_t{i}})
                    .ok());
  }
  ASSERT_TRUE((*transaction)->Commit().ok());
  const auto owed = [&](const std::string& program) {
    return Value("liability_minor_units{currency=\"EUR\",program=\"" + program + "\"}");
  };
  for (int round = 0; round < 2; ++round) {
    ASSERT_TRUE(gauges_.RunOnce().ok());
    EXPECT_EQ(owed(absl::StrCat("p", kTooMany)), absl::StrCat(kTooMany));
    EXPECT_EQ(owed("p3"), "3");
    EXPECT_EQ(owed("p2"), "");
    EXPECT_EQ(owed("p1"), "");
    EXPECT_EQ(owed("(other)"), "3");
  }
  // Who is shown stays; who comes later is among the others.
  const auto later = world_.database().BeginWrite(test::Soon());
  ASSERT_TRUE(later.ok());
  ASSERT_TRUE(
      (*later)->Execute("UPDATE summary SET value = 500 WHERE program_id = 'p1'").ok());
  ASSERT_TRUE((*later)->Commit().ok());
  ASSERT_TRUE(gauges_.RunOnce().ok());
  EXPECT_EQ(owed("p3"), "3");
  EXPECT_EQ(owed("p1"), "");
  EXPECT_EQ(owed("(other)"), "502");
}

TEST_P(GaugesTest, StopAtOnce) {
  Gauges slow(world_.database(), world_.clock, shown_, absl::Hours(1));
  slow.Start();
  slow.Stop();
  slow.Stop();
}

INSTANTIATE_TEST_SUITE_P(Backends, GaugesTest, ::testing::Values("sqlite", "postgres"),
                         app::BackendName);

}  // namespace
}  // namespace kith::referral::jobs
