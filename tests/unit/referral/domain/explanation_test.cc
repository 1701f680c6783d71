#include "services/referral/domain/explanation.h"

#include "gtest/gtest.h"

namespace kith::referral::domain {
namespace {

TestOutcome OutcomeOf(const char* condition, std::optional<std::string> value, bool holds) {
  return {ParseCondition(condition)->any_of[0][0], std::move(value), holds};
}

TEST(ExplanationTest, IsKeptAsText) {
  Explanation explanation;
  explanation.ordinal = 4;
  explanation.tests = {OutcomeOf("lead.size at_least 50", "80", true),
                       OutcomeOf("lead.country in DE|FR", std::nullopt, false)};
  explanation.case_tests = {OutcomeOf("customer.plan equals pro", "pro", true)};
  explanation.arithmetic = {"20.00 % of 5000 = 1000", "cap of program leaves 400 of 1000"};
  CapOutcome cap;
  cap.key = {"rule/spring/share", "ada", CapPeriod::kMonth, absl::FromUnixSeconds(1700000000)};
  cap.scope = CapScope::kRecipient;
  cap.minor_left = 400;
  cap.bound = true;
  explanation.caps = {cap};
  explanation.judged_version = 3;
  explanation.stays = {{absl::FromUnixSeconds(7), "sue\tand ann"}, {absl::UnixEpoch(), ""}};
  explanation.kept_short_by = 2;
  EXPECT_EQ(ParseExplanation(ToText(explanation)), explanation);
  EXPECT_EQ(ParseExplanation(ToText(Explanation())), Explanation());
}

TEST(ExplanationTest, ValuesMayHoldAnything) {
  Explanation explanation;
  explanation.tests = {OutcomeOf("lead.note exists", std::string("a\tb\nc=%\\ \x01 é"), true),
                       OutcomeOf("lead.empty exists", std::string(), true),
                       OutcomeOf("lead.dash exists", std::string("-"), true)};
  EXPECT_EQ(ParseExplanation(ToText(explanation)), explanation);
}

TEST(ExplanationTest, OnlySoManyTestsAreKept) {
  Explanation explanation;
  explanation.tests.assign(100, OutcomeOf("lead.size at_least 50", "80", true));
  EXPECT_EQ(ParseExplanation(ToText(explanation)).tests.size(), kMaxTests);
}

TEST(ExplanationTest, TheLastStaysAreKept) {
  Explanation explanation;
  explanation.stays.assign(kMaxStays + 1, {absl::UnixEpoch(), "first"});
  explanation.stays.back().decided_by = "last";
  const Explanation kept = ParseExplanation(ToText(explanation));
  ASSERT_EQ(kept.stays.size(), kMaxStays);
  EXPECT_EQ(kept.stays.back().decided_by, "last");
}

TEST(ExplanationTest, WhatIsNoExplanationGivesNothing) {
  EXPECT_EQ(ParseExplanation("nonsense\ntest\tyes\n\t\ncap\tx\nstep"), Explanation());
}

}  // namespace
}  // namespace kith::referral::domain
