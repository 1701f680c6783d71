#include "services/retention/app/reports.h"

#include <map>
#include <optional>
#include <random>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "services/retention/app/lookups.h"
#include "services/retention/app/rebuild_counters.h"
#include "services/retention/domain/errors.h"
#include "services/retention/store/queries.h"
#include "tests/support/test_database.h"
#include "tests/unit/retention/app/fixture.h"

namespace kith::retention::app {
namespace {

const absl::Duration kDay = absl::Hours(24);

class ReportTest : public AppTest {
 protected:
  void SetUp() override { ASSERT_TRUE(Apply(Policy()).ok()); }
  Scope ByChannel(std::optional<absl::Time> as_of = std::nullopt) {
    return {kProgram, true, as_of};
  }
  // A customer of `tenure` days at the last midnight, who left at the end of them or stays.
  std::vector<Event> Life(const std::string& id, const std::string& channel, int tenure,
                          bool left, int stayed_on = 0) {
    const absl::Time end = DayStart(FloorDay(TestNoon())) - stayed_on * kDay;
    std::vector<Event> life{MakeSignup("s-" + id, id, end - tenure * kDay, channel)};
    if (left) life.push_back(MakeEvent(EventKind::kChurn, "x-" + id, id, end));
    return life;
  }
  void RecordLives(const std::vector<std::vector<Event>>& lives) {
    std::vector<Event> events;
    for (const auto& life : lives) events.insert(events.end(), life.begin(), life.end());
    MustRecord(events);
  }
};

using Step = std::tuple<int64_t, int64_t, int64_t>;  // day, at risk, events
std::vector<Step> Steps(const SurvivalCurve& curve) {
  std::vector<Step> steps;
  for (const SurvivalPoint& point : curve.points) {
    steps.emplace_back(point.day, point.at_risk, point.events);
  }
  return steps;
}

TEST_P(ReportTest, SurvivalByChannelWithLogRank) {
  RecordLives({Life("a", "referral", 10, true, 5), Life("b", "referral", 20, true),
               Life("c", "referral", 30, true, 60), Life("d", "organic", 10, true),
               Life("e", "organic", 20, true, 1), Life("f", "organic", 50, true)});
  const auto report = GetSurvival(database(), ByChannel(), Now());
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->as_of, TestNoon() - absl::Hours(12)) << "the last midnight";
  ASSERT_EQ(report->groups.size(), 2u);
  EXPECT_EQ(Steps(report->groups.at("referral")),
            (std::vector<Step>{{10, 3, 1}, {20, 2, 1}, {30, 1, 1}}));
  EXPECT_EQ(Steps(report->groups.at("organic")),
            (std::vector<Step>{{10, 3, 1}, {20, 2, 1}, {50, 1, 1}}));
  ASSERT_TRUE(report->log_rank.has_value());
  EXPECT_NEAR(report->log_rank->chi_square, .254237, 1e-6);
  EXPECT_EQ(report->log_rank->degrees_of_freedom, 1);
}

TEST_P(ReportTest, OneGroupNamedAll) {
  RecordLives({Life("a", "referral", 10, true), Life("d", "organic", 30, false)});
  const auto report = GetSurvival(database(), {kProgram, false, {}}, Now());
  ASSERT_EQ(report->groups.size(), 1u);
  EXPECT_EQ(report->groups.at("all").customers, 2);
  EXPECT_EQ(report->groups.at("all").median_days, 10);
  EXPECT_FALSE(report->log_rank.has_value());
}

TEST_P(ReportTest, AnEmptyProgram) {
  const auto survival = GetSurvival(database(), ByChannel(), Now());
  EXPECT_TRUE(survival->groups.empty());
  EXPECT_FALSE(survival->log_rank.has_value());
  EXPECT_EQ(GetSurvival(database(), {kProgram, false, {}}, Now())->groups.at("all").customers,
            0);
  const auto churn = GetChurnByMonth(database(), ByChannel(), {}, Now());
  EXPECT_TRUE(churn->groups.empty());
  EXPECT_FALSE(churn->rate_ratio.has_value());
}

TEST_P(ReportTest, WhatHappensTodayDoesNotCountYet) {
  const absl::Time now = TestNoon();
  MustRecord({MakeSignup("s1", "c1", now - 10 * kDay), MakeSignup("s2", "c2", now - kDay / 4),
              MakeEvent(EventKind::kChurn, "x1", "c1", now - kDay / 4),
              MakeEvent(EventKind::kChurn, "x2", "c2", now - kDay / 8)});
  const auto report = GetSurvival(database(), ByChannel(), Now());
  const SurvivalCurve& organic = report->groups.at("organic");
  EXPECT_EQ(organic.customers, 1) << "the second customer came after midnight";
  EXPECT_EQ(organic.events, 0) << "the first left after midnight";
  const auto as_of_now = GetSurvival(database(), ByChannel(now), Now());
  EXPECT_EQ(as_of_now->groups.at("organic").customers, 2);
  EXPECT_EQ(Steps(as_of_now->groups.at("organic")), (std::vector<Step>{{0, 2, 1}, {9, 1, 1}}));
}

TEST_P(ReportTest, ALaterChurnIsCensoredAtTheTimeInQuestion) {
  const absl::Time now = TestNoon();
  MustRecord({MakeSignup("s1", "c1", now - 100 * kDay),
              MakeEvent(EventKind::kChurn, "x1", "c1", now - 20 * kDay),
              MakeSignup("s2", "c2", now - 30 * kDay)});
  const auto then = GetSurvival(database(), ByChannel(now - 50 * kDay), Now());
  EXPECT_EQ(then->groups.at("organic").customers, 1);
  EXPECT_EQ(then->groups.at("organic").events, 0);
  EXPECT_TRUE(GetSurvival(database(), ByChannel(now - 200 * kDay), Now())->groups.empty());
}

TEST_P(ReportTest, TheFutureHasNotBeenLived) {
  EXPECT_TRUE(GetSurvival(database(), ByChannel(TestNoon() + kDay), Now()).ok());
  const auto report =
      GetSurvival(database(), ByChannel(TestNoon() + kDay + absl::Seconds(1)), Now());
  EXPECT_EQ(GetErrorReason(report.status()), "TIME_IN_FUTURE");
}

TEST_P(ReportTest, UnknownPrograms) {
  const Scope scope{"elsewhere", true, {}};
  EXPECT_EQ(GetErrorReason(GetSurvival(database(), scope, Now()).status()),
            "PROGRAM_NOT_FOUND");
  EXPECT_EQ(GetErrorReason(GetChurnByMonth(database(), scope, {}, Now()).status()),
            "PROGRAM_NOT_FOUND");
  EXPECT_EQ(GetErrorReason(GetProgramSummary(database(), "elsewhere", test::Soon()).status()),
            "PROGRAM_NOT_FOUND");
}

TEST_P(ReportTest, ChurnByMonthComparesTwoChannels) {
  RecordLives({Life("a", "referral", 40, true), Life("b", "referral", 120, false),
               Life("c", "organic", 31, true), Life("d", "organic", 90, true),
               Life("e", "paid", 5, true)});
  const auto report = GetChurnByMonth(database(), ByChannel(), {2, 4}, Now());
  ASSERT_TRUE(report.ok()) << report.status();
  ASSERT_EQ(report->groups.at("referral").size(), 4u);
  EXPECT_EQ(report->groups.at("referral")[1].at_risk, 2);
  EXPECT_EQ(report->groups.at("referral")[1].events, 1);
  EXPECT_EQ(report->groups.at("referral")[1].hazard, 0.5);
  ASSERT_EQ(report->groups.at("organic").size(), 3u);
  EXPECT_EQ(report->groups.at("paid").size(), 1u);
  // 1 event in 10 + 90 days against 2 events in 1 + 60 days.
  ASSERT_TRUE(report->rate_ratio.has_value());
  EXPECT_DOUBLE_EQ(report->rate_ratio->ratio.value(), (1.0 / 100) / (2.0 / 61));
  EXPECT_EQ(report->referred_channel, "referral");
}

TEST_P(ReportTest, ThePolicySaysWhichChannelsAreCompared) {
  RecordLives({Life("a", "partner", 40, true), Life("c", "paid", 35, true)});
  EXPECT_FALSE(GetChurnByMonth(database(), ByChannel(), {}, Now())->rate_ratio.has_value());
  Policy policy;
  policy.referred_channel = "partner";
  policy.baseline_channel = "paid";
  ASSERT_TRUE(Apply(policy).ok());
  const auto report = GetChurnByMonth(database(), ByChannel(), {}, Now());
  EXPECT_DOUBLE_EQ(report->rate_ratio->ratio.value(), (1.0 / 10) / (1.0 / 5));
}

TEST_P(ReportTest, AWindowMustNotEndBeforeItBegins) {
  const auto report = GetChurnByMonth(database(), ByChannel(), {5, 4}, Now());
  EXPECT_EQ(GetErrorReason(report.status()), "INVALID_FIELD");
  EXPECT_EQ(ToItemError(report.status()).field, "to_month");
}

TEST_P(ReportTest, RevenueByChannelAndCurrency) {
  const absl::Time now = TestNoon();
  Event refund = MakePayment("b2", "b", now, 400, "USD");
  refund.kind = EventKind::kRefund;
  MustRecord({MakeSignup("s1", "a", now - kDay, "paid"), MakeSignup("s2", "b", now - kDay),
              MakePayment("a1", "a", now, 500, "EUR"), MakePayment("a2", "a", now, 7, "USD"),
              MakePayment("b1", "b", now, 1500, "USD"), refund,
              MakePayment("x1", "never-signed-up", now, 30, "USD")});
  ASSERT_TRUE(Attribute("c", "referral", "adv", now - kDay).ok());
  MustRecord({MakePayment("c1", "c", now, 900, "EUR")});
  const auto summary = GetProgramSummary(database(), kProgram, test::Soon(), true);
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->revenue, (std::vector<Money>{{1400, "EUR"}, {1137, "USD"}}));
  const auto& channels = summary->counts.channels;
  ASSERT_EQ(channels.size(), 3u);
  EXPECT_EQ(channels.at("organic").revenue, (Revenue{{"USD", 1100}}));
  EXPECT_EQ(channels.at("paid").revenue, (Revenue{{"EUR", 500}, {"USD", 7}}));
  EXPECT_EQ(channels.at("referral").revenue, (Revenue{{"EUR", 900}}));
  // Nobody has brought who came by a fraud: customer and payments move.
  ASSERT_TRUE(Attribute("c", "organic", "", now - kDay).ok());
  const auto after = GetProgramSummary(database(), kProgram, test::Soon(), true);
  EXPECT_EQ(after->counts.channels.count("referral"), 0u);
  EXPECT_EQ(after->counts.channels.at("organic").customers, 2);
  EXPECT_EQ(after->counts.channels.at("organic").revenue,
            (Revenue{{"EUR", 900}, {"USD", 1100}}));
  EXPECT_EQ(after->revenue, summary->revenue);
  // It is told only when it is asked for.
  const auto plain = GetProgramSummary(database(), kProgram, test::Soon());
  EXPECT_TRUE(plain->counts.channels.at("organic").revenue.empty());
  EXPECT_EQ(plain->revenue, summary->revenue);
}

TEST_P(ReportTest, ManyChannelsAreSummedUp) {
  std::vector<Event> events;
  for (int i = 0; i < 150; ++i) {
    const std::string n = absl::StrCat(i);
    events.push_back(MakeSignup("s" + n, "c" + n, TestNoon() - 9 * kDay, "ch" + n));
  }
  events.push_back(MakeSignup("big", "big", TestNoon() - 9 * kDay, "ch149"));
  MustRecord(events);
  const auto report = GetSurvival(database(), ByChannel(), Now());
  EXPECT_EQ(report->groups.size(), kMaxGroups);
  EXPECT_EQ(report->groups.at(std::string(kOtherGroups)).customers, 51);
  EXPECT_EQ(report->groups.at("ch149").customers, 2) << "the greatest keep their names";
  const auto summary = GetProgramSummary(database(), kProgram, test::Soon());
  EXPECT_EQ(summary->counts.channels.size(), kMaxGroups);
  EXPECT_EQ(summary->counts.all.customers, 151);
}

// Random lives that come in random order: both ways of answering must agree at every
// midnight, and the customers must be those that the same events make in order of time.
TEST_P(ReportTest, CountersAndRowsAgree) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937_64 random(seed);
  const absl::Time start = TestNoon() - 60 * kDay;
  const auto any_time = [&] {
    return start + absl::Seconds(static_cast<int64_t>(random() % (61 * 86400)));
  };
  const std::vector<std::string> channels{"", "referral", "paid", "organic"};
  std::map<std::string, std::vector<Event>> lives;
  std::vector<Event> events;
  for (int i = 0; i < 900; ++i) {
    const std::string customer = absl::StrCat("c", random() % 200);
    const EventKind kinds[] = {EventKind::kSignup,       EventKind::kSignup,
                               EventKind::kChurn,        EventKind::kChurn,
                               EventKind::kReactivation, EventKind::kOnboardingCompleted};
    Event event = MakeEvent(kinds[random() % 6], absl::StrCat("e", i), customer, any_time());
    event.channel = channels[random() % channels.size()];
    Normalize(event);
    events.push_back(event);
    lives[customer].push_back(event);
  }
  for (size_t begin = 0; begin < events.size();) {
    const size_t end = std::min(events.size(), begin + 1 + random() % 40);
    MustRecord({events.begin() + begin, events.begin() + end});
    if (random() % 2 == 0) {
      const std::string referrer = random() % 2 == 0 ? "adv" : "";
      ASSERT_TRUE(
          Attribute(absl::StrCat("c", random() % 210), "referral", referrer, any_time()).ok());
    }
    begin = end;
  }
  auto transaction = database().BeginRead(test::Soon());
  ASSERT_TRUE(transaction.ok());
  for (int64_t day = FloorDay(start) - 1; day <= FloorDay(TestNoon()) + 2; ++day) {
    const auto counted = store::ReadPopulationAt(**transaction, kProgram, day);
    const auto scanned = store::ScanPopulationAt(**transaction, kProgram, DayStart(day));
    ASSERT_TRUE(counted.ok()) << counted.status();
    ASSERT_TRUE(scanned.ok()) << scanned.status();
    ASSERT_TRUE(*counted == *scanned) << "day " << day;
  }
  for (auto& [id, life] : lives) {
    std::vector<absl::Time> churns;
    for (const Event& event : life) {
      if (event.kind == EventKind::kChurn) churns.push_back(event.time);
    }
    std::sort(life.begin(), life.end(),
              [](const Event& a, const Event& b) { return a.time < b.time; });
    Customer expected;
    for (const Event& event : life) retention::Apply(event, {}, churns, expected);
    const auto found = GetCustomer(database(), kProgram, id, test::Soon());
    ASSERT_TRUE(found.ok());
    EXPECT_EQ(found->customer.churn_time, expected.churn_time) << id;
    EXPECT_EQ(found->customer.onboarded_time, expected.onboarded_time) << id;
    EXPECT_EQ(found->customer.events, expected.events) << id;
    if (expected.signup_time.has_value()) {
      EXPECT_EQ(found->customer.signup_time, expected.signup_time) << id;
    }
  }
}

TEST_P(ReportTest, BrokenCountersAreFoundAndRebuilt) {
  RecordLives({Life("a", "referral", 40, true), Life("b", "referral", 120, false)});
  auto transaction = database().BeginWrite(test::Soon());
  ASSERT_TRUE((*transaction)->Execute("UPDATE counter SET total = total + 5").ok());
  ASSERT_TRUE((*transaction)
                  ->Execute("INSERT INTO counter (program_id, measure, channel, day, total) "
                            "VALUES ('p1', 1, 'ghost', 3, 1)")
                  .ok());
  ASSERT_TRUE((*transaction)->Commit().ok());
  transaction->reset();
  // Live, churned, events and the ghost.
  EXPECT_EQ(*CompareCounters(database(), kProgram, test::Soon()), 4);
  EXPECT_EQ(*RebuildCounters(database(), kProgram, test::Soon()), 4);
  EXPECT_EQ(*RebuildCounters(database(), kProgram, test::Soon()), 0);
  EXPECT_EQ(GetSurvival(database(), ByChannel(), Now())->groups.at("referral").customers, 2);
}

INSTANTIATE_TEST_SUITE_P(Stores, ReportTest, testing::ValuesIn(test::Backends()), StoreName);

}  // namespace
}  // namespace kith::retention::app
