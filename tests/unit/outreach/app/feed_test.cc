// Facts start and end playbooks, once each, in whatever order they arrive.
#include <algorithm>

#include "common/base/error.h"
#include "gmock/gmock.h"
#include "tests/support/test_database.h"
#include "tests/unit/outreach/app/world.h"
#include "tests/unit/outreach/domain/fixtures.h"

namespace kith::outreach {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class FeedTest : public WorldTest {
 protected:
  void Apply(absl::string_view id, Trigger trigger, bool on_conversion = false,
             bool on_churn = false) {
    Playbook playbook = MakePlaybook();
    playbook.playbook_id = std::string(id);
    playbook.trigger = trigger;
    playbook.exit_on_conversion = on_conversion;
    playbook.exit_on_churn = on_churn;
    playbook.steps.push_back(MakeStep("later", kDay));
    ASSERT_TRUE(world_.Apply(playbook).ok());
  }
  std::vector<std::string> Messages() {
    return world_.Ask("SELECT message_id, state, reason FROM message ORDER BY message_id");
  }
  std::vector<std::string> Enrollments() {
    return world_.Ask(
        "SELECT playbook_id, contact_id, subject_id, ended_by FROM enrollment "
        "ORDER BY playbook_id, contact_id, subject_id");
  }
};

TEST_P(FeedTest, EachTriggerReachesItsContact) {
  Apply("sub", Trigger::kReferralSubmitted);
  Apply("sig", Trigger::kSignupAttributed);
  Apply("con", Trigger::kReferralConverted);
  Apply("onb", Trigger::kCustomerOnboarded);
  Apply("aha", Trigger::kAhaReached);
  Apply("chu", Trigger::kCustomerChurned);
  EXPECT_EQ(world_.Feed("referral",
                        {Submitted("r1", "ada", now()), Attributed("bob", "r1", "ada", now()),
                         Attributed("eve", "", "", now()),
                         Converted("r1", "ada", "bob", now()), Reversed("r1")}),
            0);
  EXPECT_EQ(world_.Feed("retention",
                        {Onboarded("bob", now()), Aha("bob", now()), Churned("bob", now())}),
            0);
  EXPECT_THAT(Enrollments(),
              ElementsAre("aha|bob|bob|", "chu|bob|bob|", "con|ada|r1|conversion_reversed",
                          "onb|bob|bob|", "sig|bob|bob|", "sub|ada|r1|"));
  EXPECT_EQ(world_.Summarize().contacts, 2) << "an unreferred customer is not a contact";
  EXPECT_EQ(world_.Summarize().enrollments, 6);
  EXPECT_EQ(world_.Find("con:ada:r1:later").planned_time, now() + kDay);
  EXPECT_EQ(world_.Find("con:ada:r1:later").started_by, "referral_converted r1");
  EXPECT_TRUE(world_.CountsAreTrue());
  EXPECT_EQ(world_.misses(), 0);
}

// The mistake: a repeated event that starts the sequence again.
TEST_P(FeedTest, APlaybookStartsOnceWhateverTheFeedRepeats) {
  Apply("con", Trigger::kReferralConverted);
  for (int i = 0; i < 3; ++i) {
    world_.Feed("referral", {Converted("r1", "ada", "bob", now()), Reversed("r1"),
                             Converted("r1", "ada", "bob", now() + kDay)});
    world_.clock().Advance(kDay);
  }
  EXPECT_THAT(Enrollments(), ElementsAre("con|ada|r1|"));
  EXPECT_EQ(Messages().size(), 2u);
  world_.Feed("referral", {Converted("r2", "ada", "cid", now())});
  EXPECT_EQ(Messages().size(), 4u) << "another referral is another subject";
}

// The mistake: editing a playbook rewrites what was started.
TEST_P(FeedTest, EditingAPlaybookLeavesWhatWasStarted) {
  Apply("aha", Trigger::kAhaReached);
  world_.Feed("retention", {Aha("ada", now())});
  Playbook edited = MakePlaybook();
  edited.playbook_id = "aha";
  edited.trigger = Trigger::kAhaReached;
  edited.steps = {MakeStep("hello", kDay * 9)};
  edited.caps = {{.max_messages = 0, .days = 1}};
  ASSERT_EQ(world_.Apply(edited)->version, 2);
  EXPECT_THAT(Messages(),
              ElementsAre("aha:ada:ada:hello|scheduled|", "aha:ada:ada:later|scheduled|"));
  const auto leased = world_.Claim();
  ASSERT_EQ(leased.size(), 1u) << "the cap of the new version does not bind it";
  EXPECT_EQ(leased[0].message.playbook_version, 1);
  world_.Feed("retention", {Aha("bob", now())});
  EXPECT_EQ(world_.Find("aha:bob:bob:hello").playbook_version, 2);
}

// The mistake: a feed read late starts today's version of a playbook.
TEST_P(FeedTest, AFactStartsTheVersionThatWasInForceWhenItHappened) {
  Apply("p", Trigger::kAhaReached);
  const absl::Time first = now();
  world_.clock().Advance(kDay);
  Playbook edited = MakePlaybook();
  edited.playbook_id = "p";
  edited.trigger = Trigger::kCustomerOnboarded;
  ASSERT_EQ(world_.Apply(edited)->version, 2);
  world_.clock().Advance(kDay);
  edited.steps = {MakeStep("third", kDay)};
  ASSERT_EQ(world_.Apply(edited)->version, 3);
  world_.Feed("retention", {Aha("early", first - kDay * 9), Aha("one", now() - kDay * 2),
                            Aha("gone", now() - kDay), Onboarded("two", now() - kDay),
                            Onboarded("none", first), Onboarded("three", now())});
  EXPECT_THAT(world_.Ask("SELECT contact_id, playbook_version FROM enrollment ORDER BY 1"),
              ElementsAre("early|1", "one|1", "three|3", "two|2"));
  EXPECT_EQ(world_.Find("p:two:two:hello").playbook_version, 2);
  EXPECT_EQ(world_.Find("p:three:three:third").playbook_version, 3);
  EXPECT_EQ(world_.misses(), 0);
}

// The mistake: somebody whom nobody has referred is told what the friend has said.
TEST_P(FeedTest, AnAttributionThatIsWithdrawnTakesBackWhatIsNotSent) {
  Apply("sig", Trigger::kSignupAttributed);
  Apply("onb", Trigger::kCustomerOnboarded);
  world_.Feed("retention", {Onboarded("bob", now())});
  world_.Feed("referral", {Attributed("bob", "r1", "ada", now())});
  for (const LeasedMessage& leased : world_.Claim()) ASSERT_TRUE(world_.Ack(leased).ok());
  for (int i = 0; i < 2; ++i) {  // the second time as a repeated fact
    world_.Feed("referral", {Attributed("bob", "", "", now())});
    EXPECT_THAT(
        Messages(),
        ElementsAre("onb:bob:bob:hello|sent|", "onb:bob:bob:later|scheduled|",
                    "sig:bob:bob:hello|sent|", "sig:bob:bob:later|skipped|unattributed"));
    EXPECT_THAT(Enrollments(), ElementsAre("onb|bob|bob|", "sig|bob|bob|unattributed"));
  }
  world_.Feed("referral", {Attributed("bob", "r2", "eve", now())});
  EXPECT_THAT(Enrollments(), ElementsAre("onb|bob|bob|", "sig|bob|bob|"));
  EXPECT_EQ(world_.Find("sig:bob:bob:hello").state, MessageState::kSent);
  EXPECT_EQ(world_.Find("sig:bob:bob:later").state, MessageState::kScheduled);
  EXPECT_EQ(world_.Find("sig:bob:bob:later").planned_time, now() + kDay);
  EXPECT_TRUE(world_.CountsAreTrue());
  EXPECT_EQ(world_.misses(), 0);
}

// The mistake: the lead that the customer has left ends the customer's playbook.
TEST_P(FeedTest, AnAttributionToAnotherAdvocateGoesOnUnderItsReferral) {
  Apply("sig", Trigger::kSignupAttributed, /*on_conversion=*/true);
  const auto referrals = [&] {
    return world_.Ask("SELECT contact_id, referral_id, ended_by FROM enrollment ORDER BY 1");
  };
  world_.Feed("referral",
              {Attributed("bob", "r1", "ada", now()), Attributed("cid", "r3", "ada", now()),
               Attributed("cid", "", "", now()), Attributed("bob", "r2", "eve", now())});
  EXPECT_THAT(referrals(), ElementsAre("bob|r2|", "cid||unattributed"));
  world_.Feed("referral",
              {Converted("r1", "ada", "", now()), Converted("r3", "ada", "", now())});
  EXPECT_THAT(referrals(), ElementsAre("bob|r2|", "cid||unattributed"));
  EXPECT_EQ(world_.Find("sig:bob:bob:later").state, MessageState::kScheduled);
  world_.Feed("referral",
              {Attributed("cid", "r4", "eve", now()), Converted("r4", "eve", "", now())});
  EXPECT_THAT(referrals(), ElementsAre("bob|r2|", "cid|r4|converted"));
  world_.Feed("referral",
              {Attributed("cid", "", "", now()), Attributed("bob", "r3", "ada", now())});
  EXPECT_THAT(referrals(), ElementsAre("bob|r3|converted", "cid|r4|converted"))
      << "what a conversion has ended stays ended";
  EXPECT_TRUE(world_.CountsAreTrue());
  EXPECT_EQ(world_.misses(), 0);
}

// A churn comes from another feed: before, between or after.
TEST_P(FeedTest, ChurnAndWithdrawalGiveTheSameInAnyOrder) {
  for (const bool again : {false, true}) {
    for (size_t place = 0; place <= 3; ++place) {
      World world(GetParam());
      Playbook playbook = MakePlaybook();
      playbook.exit_on_conversion = playbook.exit_on_churn = true;
      ASSERT_TRUE(world.Apply(playbook).ok());
      std::vector<Fact> facts{Attributed("bob", "r1", "ada", now()),
                              Attributed("bob", "", "", now())};
      if (again) facts.push_back(Attributed("bob", "r2", "eve", now()));
      for (size_t i = 0; i <= facts.size(); ++i) {
        if (i == std::min(place, facts.size())) {
          world.Feed("retention", {Churned("bob", now() + absl::Hours(1))});
        }
        if (i < facts.size()) world.Feed("referral", {facts[i]});
      }
      EXPECT_THAT(world.Ask("SELECT state, reason FROM message"),
                  ElementsAre(again ? "skipped|churned" : "skipped|unattributed"))
          << place;
      EXPECT_EQ(world.misses(), 0);
    }
  }
}

TEST_P(FeedTest, OnlyFactsThatComeLaterStartAPlaybook) {
  world_.Feed("retention", {Aha("ada", now())});
  Apply("aha", Trigger::kAhaReached);
  EXPECT_THAT(Messages(), IsEmpty());
  EXPECT_EQ(world_.Summarize().contacts, 0) << "the fact made the program known, no more";
  world_.Feed("retention", {Aha("bob", now())});
  EXPECT_EQ(Messages().size(), 2u);
}

TEST_P(FeedTest, ConversionEndsThePlaybooksOfItsReferralAndCustomer) {
  Apply("sub", Trigger::kReferralSubmitted, /*on_conversion=*/true);
  Apply("sig", Trigger::kSignupAttributed, /*on_conversion=*/true);
  Apply("onb", Trigger::kCustomerOnboarded, /*on_conversion=*/true);
  Apply("keep", Trigger::kSignupAttributed);
  world_.Feed("referral",
              {Submitted("r1", "ada", now()), Submitted("r2", "ada", now()),
               Attributed("bob", "r1", "ada", now()), Converted("r1", "ada", "bob", now())});
  world_.Feed("retention", {Onboarded("bob", now())});
  EXPECT_THAT(Enrollments(),
              ElementsAre("keep|bob|bob|", "onb|bob|bob|converted", "sig|bob|bob|converted",
                          "sub|ada|r1|converted", "sub|ada|r2|"));
  EXPECT_EQ(world_.Find("sub:ada:r1:later").state, MessageState::kSkipped);
  EXPECT_EQ(world_.Find("sub:ada:r1:later").reason, "converted");
  EXPECT_EQ(world_.Find("sub:ada:r2:later").state, MessageState::kScheduled);
  EXPECT_TRUE(world_.CountsAreTrue());
  EXPECT_EQ(world_.misses(), 0);
}

// The mistake: an advocate who becomes a customer hears no more of their referrals.
TEST_P(FeedTest, AnAdvocatesOwnConversionLeavesTheirReferralsAlone) {
  Apply("sub", Trigger::kReferralSubmitted, /*on_conversion=*/true);
  Apply("onb", Trigger::kCustomerOnboarded, /*on_conversion=*/true);
  world_.Feed("referral", {Submitted("r1", "ada", now()), Submitted("r2", "ada", now())});
  world_.Feed("retention", {Onboarded("ada", now())});
  world_.Feed("referral",
              {Converted("r0", "zoe", "ada", now()), Submitted("r3", "ada", now())});
  EXPECT_THAT(Enrollments(), ElementsAre("onb|ada|ada|converted", "sub|ada|r1|", "sub|ada|r2|",
                                         "sub|ada|r3|"));
  world_.Feed("referral", {Converted("r2", "ada", "bob", now())});
  EXPECT_THAT(Enrollments(), ElementsAre("onb|ada|ada|converted", "sub|ada|r1|",
                                         "sub|ada|r2|converted", "sub|ada|r3|"));
  EXPECT_EQ(world_.misses(), 0);
}

TEST_P(FeedTest, ConversionWithoutACustomerIdStillEndsTheCustomersPlaybook) {
  Apply("sig", Trigger::kSignupAttributed, /*on_conversion=*/true);
  world_.Feed("referral",
              {Attributed("bob", "r1", "ada", now()), Converted("r1", "ada", "", now())});
  EXPECT_THAT(Enrollments(), ElementsAre("sig|bob|bob|converted"));
}

TEST_P(FeedTest, ACustomerWithTheIdOfAReferralIsNotTheReferral) {
  Apply("onb", Trigger::kCustomerOnboarded, /*on_conversion=*/true);
  world_.Feed("retention", {Onboarded("x1", now())});
  world_.Feed("referral", {Converted("x1", "ada", "bob", now())});
  EXPECT_THAT(Enrollments(), ElementsAre("onb|x1|x1|"));
}

TEST_P(FeedTest, ChurnEndsThePlaybooksOfTheContact) {
  Apply("sig", Trigger::kSignupAttributed, false, /*on_churn=*/true);
  Apply("keep", Trigger::kSignupAttributed);
  Apply("back", Trigger::kCustomerChurned);
  world_.Feed("referral", {Attributed("bob", "r1", "ada", now())});
  const auto leased = world_.Claim(100, Channel::kAny);
  ASSERT_EQ(leased.size(), 2u);
  world_.Feed("retention", {Churned("bob", now() + kDay)});
  EXPECT_THAT(Messages(),
              ElementsAre("back:bob:bob:hello|scheduled|", "back:bob:bob:later|scheduled|",
                          "keep:bob:bob:hello|leased|", "keep:bob:bob:later|scheduled|",
                          "sig:bob:bob:hello|leased|", "sig:bob:bob:later|skipped|churned"));
  EXPECT_EQ(leased[1].message.playbook_id, "sig");
  EXPECT_EQ(world_.Nack(leased[1])->state, MessageState::kSkipped)
      << "what a sender could not send is not tried again";
  EXPECT_EQ(world_.Find("sig:bob:bob:hello").reason, "churned");
  EXPECT_EQ(world_.Ack(leased[0])->state, MessageState::kSent);
}

TEST_P(FeedTest, WhoCameBackIsServedAgain) {
  Apply("aha", Trigger::kAhaReached, false, /*on_churn=*/true);
  world_.Feed("retention", {Churned("bob", now()), Aha("bob", now() + kDay)});
  EXPECT_THAT(Enrollments(), ElementsAre("aha|bob|bob|"));
}

// The two feeds run apart: every interleaving that keeps the order within each must end the
// same.
TEST_P(FeedTest, TheOrderOfTheFeedsDoesNotMatter) {
  const std::vector<Fact> referral{Submitted("r1", "ada", now()),
                                   Attributed("bob", "r1", "ada", now()),
                                   Converted("r1", "ada", "bob", now() + kDay)};
  const std::vector<Fact> retention{Onboarded("bob", now()), Aha("bob", now() + kDay),
                                    Churned("bob", now() + kDay * 2)};
  std::string turns = "aaabbb";
  std::vector<std::string> expected;
  do {
    World world(GetParam());
    for (int i = 1; i <= 6; ++i) {
      Playbook playbook = MakePlaybook();
      playbook.playbook_id = "p" + std::to_string(i);
      playbook.trigger = static_cast<Trigger>(i);
      playbook.exit_on_conversion = playbook.trigger != Trigger::kReferralConverted;
      playbook.exit_on_churn = playbook.trigger != Trigger::kCustomerChurned;
      ASSERT_TRUE(world.Apply(playbook).ok());
    }
    size_t next_a = 0, next_b = 0;
    for (char turn : turns) {
      turn == 'a' ? world.Feed("referral", {referral[next_a++]})
                  : world.Feed("retention", {retention[next_b++]});
    }
    std::vector<std::string> state = world.Ask(
        "SELECT message_id, state, reason, planned_at, due_at FROM message "
        "ORDER BY message_id");
    for (auto& row : world.Ask("SELECT playbook_id, contact_id, subject_id, ended_by "
                               "FROM enrollment ORDER BY 1, 2, 3")) {
      state.push_back(row);
    }
    if (expected.empty()) expected = state;
    ASSERT_EQ(state, expected) << turns;
    ASSERT_TRUE(world.CountsAreTrue());
  } while (GetParam() == "sqlite" && std::next_permutation(turns.begin(), turns.end()));
  EXPECT_EQ(expected.size(), 12u);
}

TEST_P(FeedTest, FactsThatSayNotWhomTheyAreAboutGoIntoQuarantine) {
  Apply("sub", Trigger::kReferralSubmitted);
  EXPECT_EQ(world_.Feed("referral", {Submitted("r1", "", now()), Submitted("r2", "ada", now()),
                                     Attributed("", "", "", now())}),
            2);
  EXPECT_EQ(world_.Ask("SELECT reason FROM quarantine"),
            (std::vector<std::string>{"MALFORMED_FACT", "MALFORMED_FACT"}));
  EXPECT_THAT(Enrollments(), ElementsAre("sub|ada|r2|"));
}

TEST_P(FeedTest, AThousandFactsInOnePageNeedNoRowThatWasNotPrefetched) {
  Apply("sub", Trigger::kReferralSubmitted, /*on_conversion=*/true);
  Apply("sig", Trigger::kSignupAttributed, true, true);
  Apply("con", Trigger::kReferralConverted, false, true);
  std::vector<Fact> facts;
  for (int i = 0; i < 250; ++i) {
    const std::string id = std::to_string(i), advocate = "ada" + std::to_string(i % 7);
    facts.push_back(Submitted("r" + id, advocate, now()));
    facts.push_back(Attributed("c" + id, "r" + id, advocate, now()));
    facts.push_back(Converted("r" + id, advocate, "c" + id, now()));
    facts.push_back(Churned("c" + id, now()));
  }
  EXPECT_EQ(world_.Feed("referral", facts), 0);
  EXPECT_EQ(world_.Summarize().enrollments, 750);
  EXPECT_TRUE(world_.CountsAreTrue());
  EXPECT_EQ(world_.misses(), 0);
}

INSTANTIATE_TEST_SUITE_P(Backends, FeedTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

}  // namespace
}  // namespace kith::outreach
