#include "services/retention/domain/customer.h"

#include <algorithm>
#include <random>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace kith::retention {
namespace {

using Kind = Transition::Kind;

const absl::Time kStart = absl::FromUnixSeconds(1'700'000'000);
absl::Time Day(double day) { return kStart + absl::Hours(24) * day; }

Event Make(EventKind kind, const std::string& id, absl::Time time) {
  Event event;
  event.program_id = "p";
  event.event_id = id;
  event.customer_id = "c";
  event.kind = kind;
  event.time = time;
  return event;
}

Event Signup(const std::string& id, absl::Time time, const std::string& channel = "") {
  Event event = Make(EventKind::kSignup, id, time);
  event.channel = channel;
  return event;
}

Event Activity(const std::string& id, absl::Time time, const std::string& name = "login") {
  Event event = Make(EventKind::kActivity, id, time);
  event.name = name;
  return event;
}

AhaEras Rule(int32_t count, std::optional<absl::Duration> within) {
  return {{1, kStart, AhaRule{"login", count, within}}};
}

// Applies events one by one, as the app does.
Customer Live(const std::vector<Event>& events, const AhaEras& eras = {}) {
  Customer customer;
  std::vector<absl::Time> churns;
  for (const Event& event : events) {
    if (event.kind == EventKind::kChurn) churns.push_back(event.time);
    Apply(event, eras, churns, customer);
  }
  return customer;
}

TEST(Customer, TheEarliestSignupHolds) {
  const Customer customer =
      Live({Signup("b", Day(5), "paid"), Signup("a", Day(1), "partner"), Signup("c", Day(9))});
  EXPECT_EQ(customer.signup_time, Day(1));
  EXPECT_EQ(customer.channel, "partner");
  EXPECT_EQ(customer.events, 3);
}

TEST(Customer, SignupsAtTheSameTimeGoByEventId) {
  EXPECT_EQ(Live({Signup("b", Day(1), "paid"), Signup("a", Day(1), "partner")}).channel,
            "partner");
  EXPECT_EQ(Live({Signup("a", Day(1), "partner"), Signup("b", Day(1), "paid")}).channel,
            "partner");
}

TEST(Customer, WithoutAChannelItIsOrganic) {
  EXPECT_EQ(Live({Signup("a", Day(1))}).channel, "organic");
  EXPECT_EQ(Live({Make(EventKind::kSupportContact, "a", Day(1))}).channel, "organic");
}

TEST(Customer, AReferralOverridesTheChannelOfTheSignup) {
  Customer customer = Live({Signup("a", Day(1), "paid")});
  Apply(Attribution{"referral", "adv-1", Day(0)}, {}, customer);
  EXPECT_EQ(customer.channel, "referral");
  EXPECT_EQ(customer.referrer_id, "adv-1");
  EXPECT_EQ(customer.signup_time, Day(1)) << "a signup event is better evidence of the time";
  EXPECT_EQ(customer.events, 1) << "a judgement is no event of the customer";
}

TEST(Customer, AnotherJudgementReplacesTheFirst) {
  Customer customer = Live({Signup("a", Day(1), "paid")});
  Apply(Attribution{"referral", "adv-1", Day(0)}, {}, customer);
  Apply(Attribution{"organic", "", Day(0)}, {}, customer);
  EXPECT_EQ(customer.channel, "paid") << "nobody referred: the signup's own channel holds";
  EXPECT_EQ(customer.referrer_id, "");
}

TEST(Customer, AnAttributionAloneTellsSignupAndChannel) {
  Customer customer;
  Apply(Attribution{"partner", "", Day(2)}, {}, customer);
  EXPECT_EQ(customer.signup_time, Day(2));
  EXPECT_EQ(customer.channel, "partner");
  Apply(Signup("a", Day(3)), {}, {}, customer);
  EXPECT_EQ(customer.signup_time, Day(3));
  EXPECT_EQ(customer.channel, "partner");
}

TEST(Customer, TheLatestPlanHolds) {
  Event first = Signup("a", Day(1));
  first.plan = "free";
  Event later = Make(EventKind::kPlanChange, "b", Day(20));
  later.plan = "pro";
  Event between = Make(EventKind::kPlanChange, "c", Day(10));
  between.plan = "team";
  EXPECT_EQ(Live({later, between, first}).plan, "pro");
  EXPECT_EQ(Live({first, later, between}).plan, "pro");
}

TEST(Customer, ChurnThenReactivationThenChurn) {
  const Event churn1 = Make(EventKind::kChurn, "c1", Day(10));
  const Event back = Make(EventKind::kReactivation, "r1", Day(20));
  const Event churn2 = Make(EventKind::kChurn, "c2", Day(30));
  const Event churn3 = Make(EventKind::kChurn, "c3", Day(40));
  EXPECT_EQ(Live({churn1}).churn_time, Day(10));
  EXPECT_EQ(Live({churn1, back}).churn_time, std::nullopt);
  EXPECT_EQ(Live({churn3, churn2, back, churn1}).churn_time, Day(30));
}

TEST(Customer, AtTheSameTimeTheChurnIsLast) {
  const Event churn = Make(EventKind::kChurn, "c", Day(10));
  const Event back = Make(EventKind::kReactivation, "r", Day(10));
  EXPECT_EQ(Live({churn, back}).churn_time, Day(10));
  EXPECT_EQ(Live({back, churn}).churn_time, Day(10));
}

TEST(Customer, TheSuccessEventNeedsItsCount) {
  const AhaEras eras = Rule(3, std::nullopt);
  const std::vector<Event> two{Activity("a", Day(1)), Activity("b", Day(4))};
  EXPECT_EQ(Live(two, eras).aha_time, std::nullopt);
  EXPECT_EQ(Live({two[0], two[1], Activity("c", Day(2), "export")}, eras).aha_time,
            std::nullopt);
  EXPECT_EQ(Live({two[0], two[1], Activity("c", Day(2))}, eras).aha_time, Day(4));
}

TEST(Customer, AnEarlierActivityMovesTheSuccessForward) {
  const AhaEras eras = Rule(2, std::nullopt);
  EXPECT_EQ(Live({Activity("a", Day(5)), Activity("b", Day(9)), Activity("c", Day(7)),
                  Activity("d", Day(1))},
                 eras)
                .aha_time,
            Day(5));
}

TEST(Customer, TheSuccessEventMustComeSoonEnough) {
  const AhaEras eras = Rule(2, absl::Hours(24 * 7));
  const std::vector<Event> twice{Activity("a", Day(1)), Activity("b", Day(8))};
  EXPECT_EQ(Live(twice, eras).aha_time, std::nullopt) << "no signup is known yet";
  EXPECT_EQ(Live({twice[0], twice[1], Signup("s", Day(1))}, eras).aha_time, Day(8));
  EXPECT_EQ(
      Live({twice[0], twice[1], Signup("s", Day(1) - absl::Microseconds(1))}, eras).aha_time,
      std::nullopt);
}

TEST(Customer, ARuleThatChangesIsNotRetroactive) {
  AhaEras eras = Rule(1, std::nullopt);
  eras.push_back({2, Day(10), AhaRule{"export", 1, std::nullopt}});
  EXPECT_EQ(Live({Activity("a", Day(5), "export")}, eras).aha_time, std::nullopt);
  EXPECT_EQ(Live({Activity("a", Day(15), "login")}, eras).aha_time, std::nullopt);
  EXPECT_EQ(Live({Activity("a", Day(15), "export")}, eras).aha_time, Day(15));
  EXPECT_EQ(Live({Activity("b", Day(15), "export"), Activity("a", Day(5))}, eras).aha_time,
            Day(5));
}

TEST(Customer, WhatCameBeforeTheSignupIsNoSuccess) {
  const AhaEras eras = Rule(1, std::nullopt);
  const Event early = Activity("a", Day(1) - absl::Microseconds(1));
  const Event signup = Signup("s", Day(1));
  EXPECT_EQ(Live({signup, early}, eras).aha_time, std::nullopt);
  EXPECT_EQ(Live({early, signup}, eras).aha_time, std::nullopt);
  EXPECT_EQ(Live({signup, early, Activity("b", Day(1))}, eras).aha_time, Day(1));
  EXPECT_EQ(Live({early, Activity("b", Day(9)), signup}, eras).aha_time, Day(9));
  EXPECT_EQ(Live({signup, early}, Rule(1, absl::Hours(24))).aha_time, std::nullopt);
}

TEST(Customer, AnEarlierSignupBringsSuccessesBack) {
  const AhaEras eras = Rule(2, std::nullopt);
  Customer customer = Live({Signup("s", Day(5)), Activity("a", Day(2)), Activity("b", Day(3)),
                            Activity("c", Day(6)), Activity("d", Day(7))},
                           eras);
  EXPECT_EQ(customer.aha_time, Day(7));
  Apply(Signup("t", Day(3)), eras, {}, customer);
  EXPECT_EQ(customer.aha_time, Day(6));
  Apply(Signup("u", Day(2)), eras, {}, customer);
  EXPECT_EQ(customer.aha_time, Day(3));
}

TEST(Customer, AnAttributedSignupCountsFromItsTime) {
  const AhaEras eras = Rule(1, std::nullopt);
  Customer customer = Live({Activity("a", Day(1)), Activity("b", Day(6))}, eras);
  EXPECT_EQ(customer.aha_time, Day(1)) << "no signup is known yet";
  Apply(Attribution{"referral", "adv-1", Day(2)}, eras, customer);
  EXPECT_EQ(customer.aha_time, Day(6));
  Apply(Attribution{"referral", "adv-1", Day(1)}, eras, customer);
  EXPECT_EQ(customer.aha_time, Day(1));
  Apply(Signup("s", Day(7)), eras, {}, customer);
  EXPECT_EQ(customer.aha_time, std::nullopt) << "the signup's own time holds";
}

TEST(Customer, KeepsNoMoreThanTheRuleNeeds) {
  const AhaEras eras = Rule(2, std::nullopt);
  std::vector<Event> events;
  for (int i = 0; i < 200; ++i) {
    events.push_back(Activity(absl::StrCat("e", i), Day(200 - i)));
  }
  EXPECT_EQ(Live(events, eras).aha_progress.at(1).size(), 2u + kSpareAhaTimes);
  events.insert(events.begin(), Signup("s", Day(0)));
  EXPECT_EQ(Live(events, eras).aha_progress.at(1).size(), 2u);
  events.front() = Signup("s", Day(150));
  const Customer late = Live(events, eras);
  EXPECT_EQ(late.aha_progress.at(1).size(), 2u + kSpareAhaTimes);
  EXPECT_EQ(late.aha_progress.at(1).front(), Day(150 - kSpareAhaTimes));
  EXPECT_EQ(late.aha_time, Day(151));
  Customer attributed;
  Apply(Attribution{"referral", "adv-1", Day(150)}, eras, attributed);
  for (size_t i = 1; i < events.size(); ++i) Apply(events[i], eras, {}, attributed);
  EXPECT_EQ(attributed.aha_progress.at(1).size(), 51u + kSpareAhaTimes);
  EXPECT_EQ(attributed.aha_time, Day(151));
}

TEST(Customer, AnyOrderMakesTheSameCustomer) {
  const uint64_t seed = std::random_device()();
  std::mt19937_64 random(seed);
  AhaEras eras = Rule(2, absl::Hours(24 * 5));
  eras.push_back({2, Day(6), AhaRule{"export", 1, std::nullopt}});
  for (int round = 0; round < 300; ++round) {
    std::vector<Event> events;
    for (int i = 0; i < 12; ++i) {
      Event event = Make(static_cast<EventKind>(1 + random() % 9), absl::StrCat("e", i),
                         Day(random() % 12));
      event.name = random() % 2 == 0 ? "login" : "export";
      event.channel = random() % 2 == 0 ? "paid" : "";
      event.plan = random() % 2 == 0 ? "pro" : "team";
      Normalize(event);
      events.push_back(event);
    }
    const Customer expected = Live(events, eras);
    for (int shuffle = 0; shuffle < 5; ++shuffle) {
      std::shuffle(events.begin(), events.end(), random);
      ASSERT_TRUE(Live(events, eras) == expected) << "seed " << seed << " round " << round;
    }
  }
}

TEST(Transitions, AreToldOnceForEachChange) {
  const AhaEras eras = Rule(1, std::nullopt);
  const Customer none;
  const Customer all =
      Live({Signup("s", Day(1)), Make(EventKind::kOnboardingCompleted, "o", Day(2)),
            Activity("a", Day(3)), Make(EventKind::kChurn, "c", Day(9))},
           eras);
  EXPECT_EQ(Transitions(none, all), (std::vector<Transition>{{Kind::kOnboarded, Day(2)},
                                                             {Kind::kAhaReached, Day(3)},
                                                             {Kind::kChurned, Day(9)}}));
  EXPECT_TRUE(Transitions(all, all).empty());
  Customer back = all;
  Apply(Make(EventKind::kReactivation, "r", Day(10)), eras, {Day(9)}, back);
  EXPECT_EQ(Transitions(all, back), (std::vector<Transition>{{Kind::kReactivated, Day(10)}}));
}

TEST(Transitions, ASuccessIsToldOnceTheSignupIsKnown) {
  const AhaEras eras = Rule(2, std::nullopt);
  const Customer none;
  const Customer early = Live({Activity("a", Day(2)), Activity("b", Day(3))}, eras);
  EXPECT_TRUE(Transitions(none, early).empty()) << "it may have been before the signup";
  Customer later = early;
  Apply(Signup("s", Day(9)), eras, {}, later);
  EXPECT_TRUE(Transitions(early, later).empty());
  Customer earlier = early;
  Apply(Attribution{"referral", "ann", Day(1)}, eras, earlier);
  EXPECT_EQ(Transitions(early, earlier),
            (std::vector<Transition>{{Kind::kAhaReached, Day(3)}}));
  EXPECT_TRUE(Transitions(earlier, earlier).empty());
}

TEST(Transitions, ACorrectedTimeIsToldAgain) {
  const Customer before = Live({Make(EventKind::kOnboardingCompleted, "o", Day(2))});
  Customer after = before;
  Apply(Make(EventKind::kOnboardingCompleted, "p", Day(1)), {}, {}, after);
  EXPECT_EQ(Transitions(before, after), (std::vector<Transition>{{Kind::kOnboarded, Day(1)}}));
}

TEST(Transitions, AReturnBetweenTwoChurnsIsToldBeforeTheSecond) {
  const Customer before = Live({Make(EventKind::kChurn, "c", Day(1))});
  Customer after = before;
  Apply(Make(EventKind::kChurn, "d", Day(5)), {}, {}, after);
  const Customer left_twice = after;
  Apply(Make(EventKind::kReactivation, "r", Day(3)), {}, {Day(1), Day(5)}, after);
  ASSERT_EQ(left_twice.churn_time, Day(1));
  ASSERT_EQ(after.churn_time, Day(5));
  EXPECT_EQ(Transitions(left_twice, after),
            (std::vector<Transition>{{Kind::kReactivated, Day(3)}, {Kind::kChurned, Day(5)}}));
}

TEST(Transitions, ALateReactivationOfSomebodyWhoStaysIsNoNews) {
  Customer after;
  Apply(Make(EventKind::kReactivation, "r", Day(10)), {}, {}, after);
  EXPECT_TRUE(Transitions(Customer(), after).empty());
}

}  // namespace
}  // namespace kith::retention
