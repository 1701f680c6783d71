#include "services/outreach/domain/explain.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/outreach/domain/fixtures.h"

namespace kith::outreach {
namespace {

using ::testing::ElementsAre;

class ExplainTest : public ::testing::Test {
 protected:
  ExplainTest() {
    playbook_.caps = {{.max_messages = 1, .days = 1}};
    playbook_.steps = {MakeStep("b", absl::Hours(2)), MakeStep("a", absl::Hours(1)),
                       MakeStep("c", absl::Hours(3))};
    messages_ = StartPlaybook({playbook_, 1, start_, true}, MakeContact(),
                              {playbook_.trigger, "ada", "ada", "", start_})
                    .messages;
  }
  std::vector<Outcome> Outcomes(absl::Time at) {
    std::vector<Outcome> outcomes;
    for (const Verdict& verdict : ExplainAll(
             messages_, MakeContact(),
             [this](const Message&) -> const Playbook& { return playbook_; }, at)) {
      outcomes.push_back(verdict.outcome);
    }
    return outcomes;
  }
  const absl::Time start_ = At("2026-05-01T10:00:00Z");
  Playbook playbook_ = MakePlaybook();
  std::vector<Message> messages_;
};

TEST_F(ExplainTest, TheEarliestUsesUpTheCapOfTheOthers) {
  EXPECT_THAT(Outcomes(start_ + absl::Hours(2)),
              ElementsAre(Outcome::kMove, Outcome::kSend, Outcome::kWait));
  messages_[1].counts_towards_caps = false;
  EXPECT_THAT(Outcomes(start_ + absl::Hours(2)),
              ElementsAre(Outcome::kSend, Outcome::kSend, Outcome::kWait));
}

TEST_F(ExplainTest, WhatWasHandedOutLaterDoesNotCountAgainstAnEarlierMoment) {
  const absl::Time later = start_ + absl::Hours(5);
  messages_[0] = Leased(messages_[0], {"t", later, later + absl::Hours(1), ""});
  EXPECT_THAT(Outcomes(start_ + absl::Hours(1)),
              ElementsAre(Outcome::kWait, Outcome::kSend, Outcome::kWait));
  EXPECT_THAT(Outcomes(later), ElementsAre(Outcome::kWait, Outcome::kMove, Outcome::kMove));
}

TEST_F(ExplainTest, NamesTheZones) {
  const auto describe = [this](const Contact& contact) {
    return DescribeZone(messages_, contact,
                        [this](const Message&) -> const Playbook& { return playbook_; });
  };
  EXPECT_EQ(describe(MakeContact()), "utc");
  EXPECT_EQ(describe(MakeContact("Asia/Kolkata")), "contact Asia/Kolkata");
  playbook_.time_zone = "Europe/Berlin";
  EXPECT_EQ(describe(MakeContact()), "playbook Europe/Berlin");
}

}  // namespace
}  // namespace kith::outreach
