// A reversed conversion takes back what it scheduled and nobody has sent.
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/support/test_database.h"
#include "tests/unit/outreach/app/world.h"
#include "tests/unit/outreach/domain/fixtures.h"

namespace kith::outreach {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ReversalTest : public WorldTest {
 protected:
  // Thanks at once and again a day later.
  void Apply(bool exit_on_churn = false) {
    playbook_.playbook_id = "thanks";
    playbook_.trigger = Trigger::kReferralConverted;
    playbook_.exit_on_churn = exit_on_churn;
    playbook_.steps.push_back(MakeStep("later", kDay));
    ASSERT_TRUE(world_.Apply(playbook_).ok());
  }
  Fact ConvertedBy(const std::string& conversion) {
    return WithConversion(Converted("r1", "ada", "bob", now()), conversion);
  }
  Fact ReversedOf(const std::string& conversion) {
    return WithConversion(Reversed("r1"), conversion);
  }
  void SendHello() {
    const auto leased = world_.Claim();
    ASSERT_EQ(leased.size(), 1u);
    ASSERT_TRUE(world_.Ack(leased[0]).ok());
  }
  std::vector<std::string> Messages(World& world) {
    return world.Ask("SELECT step_id, state, reason FROM message ORDER BY message_id");
  }
  std::vector<std::string> Messages() { return Messages(world_); }
  std::vector<std::string> Enrollments() {
    return world_.Ask("SELECT subject_id, conversion_id, ended_by FROM enrollment");
  }
  Playbook playbook_ = MakePlaybook();
};

TEST_P(ReversalTest, WhatIsNotSentIsTakenBackAndWhatWasSentStays) {
  Apply();
  world_.Feed("referral", {ConvertedBy("c1")});
  SendHello();
  world_.Feed("referral", {ReversedOf("c1")});
  EXPECT_THAT(Messages(), ElementsAre("hello|sent|", "later|skipped|conversion_reversed"));
  EXPECT_THAT(Enrollments(), ElementsAre("r1|c1|conversion_reversed"));
  const ContactExplanation explanation = world_.Explain("ada", now() + kDay);
  ASSERT_EQ(explanation.messages.size(), 2u);
  EXPECT_EQ(explanation.messages[1].message.reason, "conversion_reversed");
  EXPECT_EQ(explanation.messages[1].verdict.checks.back().explanation,
            "skipped at 2026-05-01 10:00:00 +00:00: conversion_reversed");
  EXPECT_THAT(world_.Summarize().states,
              ElementsAre(StateCount{MessageState::kSent, "", 1},
                          StateCount{MessageState::kSkipped, "conversion_reversed", 1}));
  world_.clock().Advance(kDay);
  EXPECT_THAT(world_.Claim(), IsEmpty());
  EXPECT_TRUE(world_.CountsAreTrue());
  EXPECT_EQ(world_.misses(), 0);
}

TEST_P(ReversalTest, AReversalOfAnotherConversionTakesNothingBack) {
  Apply();
  world_.Feed("referral", {ConvertedBy("c1"), ReversedOf("c2"), Reversed("r2")});
  EXPECT_THAT(Messages(), ElementsAre("hello|scheduled|", "later|scheduled|"));
}

// The feed tells of one conversion in its order: the newest word holds.
TEST_P(ReversalTest, AConversionThatIsToldLiveIsNotReversedAnyMore) {
  Apply();
  world_.Feed("referral", {ReversedOf("c1")});
  world_.Feed("referral", {ConvertedBy("c1")});
  EXPECT_THAT(Messages(), ElementsAre("hello|scheduled|", "later|scheduled|"));
  world_.Feed("referral", {ReversedOf("c1"), ConvertedBy("c1"), ReversedOf("c1")});
  EXPECT_THAT(Messages(), ElementsAre("hello|skipped|conversion_reversed",
                                      "later|skipped|conversion_reversed"));
  EXPECT_EQ(world_.misses(), 0);
}

// As an operator may have a feed applied again, or an event that was in quarantine.
TEST_P(ReversalTest, AConversionThatWasToldBeforeItsReversalStaysReversed) {
  Apply();
  const absl::Time start = now();
  world_.clock().Advance(kDay);
  world_.Feed("referral", {ReversedOf("c1")});
  world_.clock().Set(start);
  const std::vector<std::string> reversed = {"hello|skipped|conversion_reversed",
                                             "later|skipped|conversion_reversed"};
  for (int time = 0; time < 2; ++time) {
    world_.Feed("referral", {ConvertedBy("c1")});
    EXPECT_EQ(Messages(), reversed);
  }
  world_.clock().Set(start + 2 * kDay);
  world_.Feed("referral", {ConvertedBy("c1")});
  EXPECT_THAT(Messages(), ElementsAre("hello|scheduled|", "later|scheduled|"));
}

// The mistake: a conversion that a person gives to another advocate thanks nobody.
TEST_P(ReversalTest, AConversionMayGoToAnotherAdvocateAndBack) {
  Apply();
  const auto converted_for = [&](const std::string& advocate) {
    return WithConversion(Converted("signup:bob", advocate, "bob", now()), "c1");
  };
  const auto contacts = [&] {
    return world_.Ask("SELECT contact_id, state, reason FROM message ORDER BY message_id");
  };
  world_.Feed("referral", {converted_for("ben"), ReversedOf("c1"), converted_for("ann")});
  EXPECT_THAT(contacts(), ElementsAre("ann|scheduled|", "ann|scheduled|",
                                      "ben|skipped|conversion_reversed",
                                      "ben|skipped|conversion_reversed"));
  SendHello();
  world_.Feed("referral", {ReversedOf("c1")});
  EXPECT_THAT(contacts(), ElementsAre("ann|sent|", "ann|skipped|conversion_reversed",
                                      "ben|skipped|conversion_reversed",
                                      "ben|skipped|conversion_reversed"));
  world_.Feed("referral", {converted_for("ben")});
  EXPECT_THAT(contacts(), ElementsAre("ann|sent|", "ann|skipped|conversion_reversed",
                                      "ben|scheduled|", "ben|scheduled|"));
  EXPECT_TRUE(world_.CountsAreTrue());
  EXPECT_EQ(world_.misses(), 0);
}

TEST_P(ReversalTest, WhatASenderHasItMayFinishButNotTryAgain) {
  Apply();
  world_.Feed("referral", {ConvertedBy("c1")});
  const LeasedMessage leased = world_.Claim().at(0);
  world_.Feed("referral", {ReversedOf("c1")});
  EXPECT_THAT(Messages(), ElementsAre("hello|leased|", "later|skipped|conversion_reversed"));
  EXPECT_EQ(world_.Nack(leased)->state, MessageState::kSkipped);
  EXPECT_THAT(Messages(), ElementsAre("hello|skipped|conversion_reversed",
                                      "later|skipped|conversion_reversed"));
}

TEST_P(ReversalTest, AConversionInItsPlaceSendsTheRest) {
  Apply();
  world_.Feed("referral", {ConvertedBy("c1")});
  SendHello();
  world_.clock().Advance(absl::Hours(1));
  for (int i = 0; i < 2; ++i) {  // the second time as repeated facts
    world_.Feed("referral", {ReversedOf("c1"), ConvertedBy("c2")});
    EXPECT_THAT(Messages(), ElementsAre("hello|sent|", "later|scheduled|"));
  }
  world_.Feed("referral", {WithConversion(Converted("r1", "ada", "bob", now() + kDay), "c1")});
  EXPECT_THAT(Enrollments(), ElementsAre("r1|c2|"));
  EXPECT_EQ(world_.Find("thanks:ada:r1:later").planned_time, now() + kDay);
  EXPECT_EQ(world_.Find("thanks:ada:r1:later").due_time, now() + kDay);
  world_.clock().Advance(kDay);
  EXPECT_EQ(world_.Claim().size(), 1u);
  world_.Feed("referral", {ReversedOf("c2"), ConvertedBy("c1"), ConvertedBy("c2")});
  EXPECT_THAT(Enrollments(), ElementsAre("r1|c1|"));
  EXPECT_TRUE(world_.CountsAreTrue());
  EXPECT_EQ(world_.misses(), 0);
}

TEST_P(ReversalTest, WhatASenderHasGoesOnWithTheConversionInItsPlace) {
  Apply();
  world_.Feed("referral", {ConvertedBy("c1")});
  const LeasedMessage leased = world_.Claim().at(0);
  world_.Feed("referral", {ReversedOf("c1"), ConvertedBy("c2")});
  EXPECT_EQ(world_.Nack(leased)->state, MessageState::kScheduled);
  EXPECT_THAT(Messages(), ElementsAre("hello|scheduled|", "later|scheduled|"));
}

TEST_P(ReversalTest, ItGoesOnInTheVersionThatItWasStartedWith) {
  Apply();
  world_.Feed("referral", {ConvertedBy("c1"), ReversedOf("c1")});
  playbook_.steps = {MakeStep("new", kDay)};
  ASSERT_EQ(world_.Apply(playbook_)->version, 2);
  world_.clock().Advance(absl::Hours(1));
  world_.Feed("referral", {ConvertedBy("c2")});
  EXPECT_THAT(Messages(), ElementsAre("hello|scheduled|", "later|scheduled|"));
  EXPECT_EQ(world_.Find("thanks:ada:r1:later").planned_time, now() + kDay);
  EXPECT_EQ(world_.misses(), 0);
}

// A churn comes from another feed: before, between or after.
TEST_P(ReversalTest, ChurnAndReversalGiveTheSameInAnyOrder) {
  for (const bool replaced : {false, true}) {
    std::vector<std::string> expected;
    for (size_t place = 0; place <= 3; ++place) {
      World world(GetParam());
      playbook_ = MakePlaybook();
      playbook_.trigger = Trigger::kReferralConverted;
      playbook_.exit_on_churn = true;
      ASSERT_TRUE(world.Apply(playbook_).ok());
      std::vector<Fact> facts{ConvertedBy("c1"), ReversedOf("c1")};
      if (replaced) facts.push_back(ConvertedBy("c2"));
      for (size_t i = 0; i <= facts.size(); ++i) {
        if (i == std::min(place, facts.size())) {
          world.Feed("retention", {Churned("ada", world.now() + absl::Hours(1))});
        }
        if (i < facts.size()) world.Feed("referral", {facts[i]});
      }
      const auto messages = Messages(world);
      if (expected.empty()) expected = messages;
      EXPECT_EQ(messages, expected) << place;
      EXPECT_TRUE(world.CountsAreTrue());
    }
    EXPECT_THAT(expected, ElementsAre(replaced ? "hello|skipped|churned"
                                               : "hello|skipped|conversion_reversed"));
  }
}

TEST_P(ReversalTest, WhatAConversionHasEndedStaysEnded) {
  Playbook playbook = MakePlaybook();
  playbook.trigger = Trigger::kReferralSubmitted;
  playbook.exit_on_conversion = true;
  ASSERT_TRUE(world_.Apply(playbook).ok());
  world_.Feed("referral",
              {Submitted("r1", "ada", now()), ConvertedBy("c1"), ReversedOf("c1")});
  EXPECT_THAT(Messages(), ElementsAre("hello|skipped|converted"));
}

TEST_P(ReversalTest, AReversalOfNothingGoesIntoQuarantine) {
  EXPECT_EQ(world_.Feed("referral", {ReversedOf("")}), 1);
  EXPECT_EQ(world_.Ask("SELECT reason FROM quarantine"),
            std::vector<std::string>{"MALFORMED_FACT"});
}

INSTANTIATE_TEST_SUITE_P(Backends, ReversalTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

}  // namespace
}  // namespace kith::outreach
