#include "services/retention/domain/population.h"

#include "gtest/gtest.h"

namespace kith::retention {
namespace {

const absl::Time kNoon = DayStart(1000) + absl::Hours(12);
const absl::Duration kDay = absl::Hours(24);

Customer Signed(absl::Time signup, std::optional<absl::Time> churn = std::nullopt) {
  Customer customer;
  customer.channel = "paid";
  customer.signup_time = signup;
  customer.churn_time = churn;
  return customer;
}

TEST(Contributions, OfOneWhoStays) {
  Customer customer = Signed(kNoon);
  EXPECT_EQ(Contributions(customer),
            (std::vector<CounterKey>{{Measure::kLive, "paid", 1001}}));
  customer.onboarded_time = kNoon;
  customer.aha_time = kNoon;
  EXPECT_EQ(Contributions(customer),
            (std::vector<CounterKey>{{Measure::kLive, "paid", 1001},
                                     {Measure::kOnboarded, "paid", 0},
                                     {Measure::kAhaReached, "paid", 0}}));
}

TEST(Contributions, OfOneWhoLeft) {
  EXPECT_EQ(Contributions(Signed(kNoon, kNoon + 9 * kDay)),
            (std::vector<CounterKey>{{Measure::kChurned, "paid", 9}}));
  EXPECT_EQ(Contributions(Signed(kNoon, kNoon - 9 * kDay)),
            (std::vector<CounterKey>{{Measure::kChurned, "paid", 0}}));
}

TEST(Contributions, OfOneWhoNeverSignedUp) {
  Customer customer;
  customer.onboarded_time = kNoon;
  EXPECT_EQ(Contributions(customer),
            (std::vector<CounterKey>{{Measure::kWithoutSignup, "", 0}}));
}

TEST(PopulationAt, LateCustomersAreSetRight) {
  const Counters counters{{{Measure::kLive, "paid", 990}, 4},
                          {{Measure::kLive, "paid", 1001}, 2},  // not there yet on day 1000
                          {{Measure::kChurned, "paid", 12}, 3},
                          {{Measure::kChurned, "paid", 0}, 1},
                          {{Measure::kOnboarded, "paid", 0}, 5}};
  // One who was there for 11 days at midnight left later; one came and left later.
  const std::vector<LateCustomers> late{{"paid", 12, 11, 1}, {"paid", 0, -1, 1}};
  EXPECT_EQ(PopulationAt(1000, counters, late),
            (TenuresByGroup{{"paid", {{10, {0, 4, 0}}, {11, {0, 1, 0}}, {12, {2, 0, 0}}}}}));
}

TEST(PopulationAt, ChannelsWithoutCustomersAreLeftOut) {
  EXPECT_TRUE(PopulationAt(1000, {{{Measure::kLive, "paid", 1001}, 2}}, {}).empty());
  EXPECT_TRUE(PopulationAt(1000, {{{Measure::kChurned, "paid", 3}, 0}}, {}).empty());
}

TEST(Summarize, AddsUpByChannel) {
  const ProgramCounts counts = Summarize({{{Measure::kLive, "a", 0}, 4},
                                          {{Measure::kChurned, "a", 0}, 3},
                                          {{Measure::kLive, "b", 0}, 1},
                                          {{Measure::kOnboarded, "a", 0}, 2},
                                          {{Measure::kAhaReached, "b", 0}, 1},
                                          {{Measure::kLive, "gone", 0}, 0},
                                          {{Measure::kWithoutSignup, "", 0}, 9},
                                          {{Measure::kEvents, "", 0}, 77}});
  EXPECT_EQ(counts.all, (ChannelCounts{8, 3, 2, 1}));
  EXPECT_EQ(counts.channels.size(), 2u);
  EXPECT_EQ(counts.channels.at("a"), (ChannelCounts{7, 3, 2, 0}));
  EXPECT_EQ(counts.without_signup, 9);
  EXPECT_EQ(counts.events, 77);
}

TEST(Summarize, RevenueOfSmallChannelsIsSummedUpWithThem) {
  Counters counters;
  std::map<std::string, Revenue> revenue;
  for (int i = 0; i < 101; ++i) {
    const std::string channel = "g" + std::to_string(1000 + i);
    counters[{Measure::kLive, channel, 0}] = 200 - i;
    revenue[channel] = {{"USD", i}};
  }
  const ProgramCounts counts = Summarize(counters, revenue);
  EXPECT_EQ(counts.channels.size(), 100u);
  EXPECT_EQ(counts.channels.at("(other)").customers, 101 + 100);
  EXPECT_EQ(counts.channels.at("(other)").revenue, (Revenue{{"USD", 99 + 100}}));
  EXPECT_EQ(counts.channels.at("g1007").revenue, (Revenue{{"USD", 7}}));
  EXPECT_EQ(counts.all.revenue, (Revenue{{"USD", 5050}}));
}

TEST(FoldSmallGroups, KeepsAHundred) {
  TenuresByGroup groups;
  for (int i = 0; i < 100; ++i) groups["g" + std::to_string(i)] = {{i, {0, 1, 0}}};
  const TenuresByGroup hundred = groups;
  FoldSmallGroups(groups);
  EXPECT_EQ(groups, hundred);
  groups["large"] = {{1, {5, 5, 0}}};
  FoldSmallGroups(groups);
  EXPECT_EQ(groups.size(), 100u);
  EXPECT_EQ(Totals(groups.at("(other)")).customers, 2);
  EXPECT_EQ(Totals(groups.at("large")).customers, 10);
}

}  // namespace
}  // namespace kith::retention
