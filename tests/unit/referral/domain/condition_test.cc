#include "services/referral/domain/condition.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::referral::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

bool TextHolds(absl::string_view text, const FieldValues& values) {
  return Holds(*ParseCondition(text), values);
}

TEST(ConditionTest, WithoutListsItHolds) {
  EXPECT_TRUE(Holds({}, {}));
  EXPECT_TRUE(Condition().always());
}

TEST(ConditionTest, ComparesTextsExactly) {
  const FieldValues values = {{"lead.country", "DE"}, {"lead.note", ""}};
  EXPECT_TRUE(TextHolds("lead.country equals DE", values));
  EXPECT_FALSE(TextHolds("lead.country equals de", values));
  EXPECT_TRUE(TextHolds("lead.country not_equals FR", values));
  EXPECT_FALSE(TextHolds("lead.country not_equals DE", values));
  EXPECT_TRUE(TextHolds("lead.country in FR|DE", values));
  EXPECT_FALSE(TextHolds("lead.country in FR|IT", values));
  EXPECT_TRUE(TextHolds("lead.country not_in FR|IT", values));
  EXPECT_FALSE(TextHolds("lead.country not_in FR|DE", values));
  EXPECT_TRUE(TextHolds("lead.note equals \"\"", values));
}

TEST(ConditionTest, OrdersCompareNumbers) {
  const FieldValues values = {{"lead.size", "50"}, {"lead.debt", "-7"}, {"lead.name", "big"}};
  EXPECT_TRUE(TextHolds("lead.size at_least 50", values));
  EXPECT_FALSE(TextHolds("lead.size greater 50", values));
  EXPECT_TRUE(TextHolds("lead.size at_most 50", values));
  EXPECT_FALSE(TextHolds("lead.size less 50", values));
  EXPECT_TRUE(TextHolds("lead.size greater 9", values));  // as texts, 50 would be below 9
  EXPECT_TRUE(TextHolds("lead.debt less +1", values));
  EXPECT_FALSE(TextHolds("lead.name at_least 1", values));
  EXPECT_FALSE(TextHolds("lead.name less 1", values));
  EXPECT_TRUE(TextHolds("lead.size at_least 5.5", values));
}

TEST(ConditionTest, OrdersCompareDecimalsExactly) {
  const FieldValues values = {{"lead.score", "9.50"},
                              {"lead.low", "-0.5"},
                              {"lead.fine", "0.100000000000000001"},
                              {"lead.large", "9223372036854775807.5"}};
  EXPECT_TRUE(TextHolds("lead.score at_least 9.5", values));
  EXPECT_TRUE(TextHolds("lead.score at_most 9.5", values));
  EXPECT_FALSE(TextHolds("lead.score greater 9.5", values));
  EXPECT_TRUE(TextHolds("lead.score greater 9.49", values));
  EXPECT_TRUE(TextHolds("lead.score less 10", values));
  EXPECT_TRUE(TextHolds("lead.low less 0", values));
  EXPECT_TRUE(TextHolds("lead.low greater -0.51", values));
  EXPECT_TRUE(TextHolds("lead.fine greater 0.1", values));
  EXPECT_TRUE(TextHolds("lead.large greater 9223372036854775807", values));
  EXPECT_TRUE(TextHolds("lead.large less 9223372036854775808", values));
  EXPECT_FALSE(TextHolds("lead.score equals 9.5", values)) << "texts";
}

TEST(ConditionTest, WhatIsNoNumberIsNotOrdered) {
  for (const char* text : {"", ".5", "5.", "1.2.3", "1,5", "1e3", "+-5", "--5", "-", "5 ",
                           "1.0000000000000000001", "99999999999999999999", "0x10"}) {
    EXPECT_FALSE(TextHolds("lead.x less 1000", {{"lead.x", text}})) << text;
    EXPECT_FALSE(TextHolds("lead.x greater -1000", {{"lead.x", text}})) << text;
  }
}

TEST(ConditionTest, WhatIsMissingFailsAllButTheNegations) {
  for (const char* text :
       {"lead.x equals 1", "lead.x in 1|2", "lead.x at_least 1", "lead.x at_most 1",
        "lead.x greater 1", "lead.x less 1", "lead.x exists"}) {
    EXPECT_FALSE(TextHolds(text, {})) << text;
  }
  for (const char* text : {"lead.x not_equals 1", "lead.x not_in 1|2", "lead.x missing"}) {
    EXPECT_TRUE(TextHolds(text, {})) << text;
  }
  EXPECT_TRUE(TextHolds("lead.x exists", {{"lead.x", ""}}));
  EXPECT_FALSE(TextHolds("lead.x missing", {{"lead.x", ""}}));
}

TEST(ConditionTest, AnyListSufficesAsAWhole) {
  const absl::string_view text =
      "lead.size at_least 50 and lead.country in DE|FR or lead.vip equals yes";
  EXPECT_TRUE(TextHolds(text, {{"lead.size", "60"}, {"lead.country", "FR"}}));
  EXPECT_FALSE(TextHolds(text, {{"lead.size", "60"}, {"lead.country", "IT"}}));
  EXPECT_FALSE(TextHolds(text, {{"lead.size", "6"}, {"lead.country", "FR"}}));
  EXPECT_TRUE(TextHolds(text, {{"lead.size", "6"}, {"lead.vip", "yes"}}));
}

TEST(ConditionTest, TellsHowEachTestCameOut) {
  const Condition condition =
      *ParseCondition("lead.a equals 1 and lead.b exists or lead.c less 3");
  const Evaluation evaluation = Evaluate(condition, {{"lead.a", "1"}, {"lead.c", "2"}});
  EXPECT_TRUE(evaluation.holds);
  EXPECT_THAT(
      evaluation.tests,
      ElementsAre(TestOutcome{{"lead.a", Comparison::kEquals, {"1"}}, "1", true},
                  TestOutcome{{"lead.b", Comparison::kExists, {}}, std::nullopt, false},
                  TestOutcome{{"lead.c", Comparison::kLess, {"3"}}, "2", true}));
}

std::vector<std::string> Problems(const Condition& condition,
                                  const std::vector<absl::string_view>& prefixes) {
  std::vector<std::string> texts;
  for (const ConditionProblem& problem : CheckCondition(condition, prefixes)) {
    texts.push_back(problem.path + ": " + problem.text);
  }
  return texts;
}

TEST(CheckConditionTest, AcceptsWhatIsKnown) {
  EXPECT_THAT(Problems(*ParseCondition("lead.size at_least -3 and order.line.setup exists or "
                                       "referral.lead_state in won|lost"),
                       {"lead", "order", "referral"}),
              IsEmpty());
}

TEST(CheckConditionTest, SaysWhatWouldBeRight) {
  Condition condition;
  condition.any_of = {{{"order.plan", Comparison::kEquals, {"gold"}},
                       {"lead.", Comparison::kExists, {"x"}},
                       {"lead.size", Comparison::kAtLeast, {"many"}}},
                      {},
                      {{"referral.lead_state", Comparison::kEquals, {"wonn"}},
                       {"referral.mood", Comparison::kEquals, {"good"}},
                       {"lead.size", Comparison::kLess, {std::string(128, '9')}},
                       {"referral.origin", Comparison::kEquals, {std::string(39, 'x') + "éé"}},
                       {"occasion.day", Comparison::kIn, {}},
                       {"lead.size", Comparison::kEquals, {"1", "2"}}}};
  EXPECT_THAT(
      Problems(condition, {"lead", "referral", "occasion"}),
      ElementsAre(
          "any_of[0].all_of[0].field: 'order.plan' is not known here; must begin with lead., "
          "referral., occasion.",
          "any_of[0].all_of[1].field: 'lead.' must go on with a name",
          "any_of[0].all_of[1].values: 'exists' takes no value",
          "any_of[0].all_of[2].values: 'many' must be a number such as 9 or 9.5 to be "
          "compared by "
          "'at_least'",
          "any_of[1].all_of: needs at least one test",
          "any_of[2].all_of[0].values: 'wonn' must be one of submitted, contacted, qualified, "
          "meeting, negotiation, won, lost, unqualified",
          "any_of[2].all_of[1].field: must be referral.campaign, referral.evidence, "
          "referral.origin or referral.lead_state",
          "any_of[2].all_of[2].values: '9999999999999999999999999999999999999999...' must be "
          "a number of at most 18 digits before the point and after it to be compared by "
          "'less'",
          "any_of[2].all_of[3].values: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...' must be "
          "one "
          "of lead, signup",
          "any_of[2].all_of[4].field: must be occasion.ordinal or occasion.count",
          "any_of[2].all_of[4].values: 'in' needs a value",
          "any_of[2].all_of[5].values: 'equals' takes one value; use 'in' or 'not_in' for "
          "several"));
}

TEST(ConditionTextTest, KeepsEveryValue) {
  Condition condition;
  condition.any_of = {{{"lead.a", Comparison::kEquals, {""}},
                       {"lead.b", Comparison::kIn, {"", "and", "or", "x y|z%\"\n", "ü"}}},
                      {{"lead.c", Comparison::kMissing, {}}},
                      {{"lead.d", Comparison::kNotIn, {"1"}}}};
  EXPECT_EQ(ToText(condition),
            "lead.a equals \"\" and lead.b in \"\"|and|or|x%20y%7cz%25%22%0a|ü or "
            "lead.c missing or lead.d not_in 1");
  EXPECT_EQ(ParseCondition(ToText(condition)), condition);
  EXPECT_EQ(ToText({}), "");
  EXPECT_EQ(ParseCondition(""), Condition());
}

TEST(ConditionTextTest, OtherTextsAreNone) {
  for (const char* text :
       {"lead.a", "lead.a equals", "lead.a is 1", "lead.a equals 1 and", "lead.a equals 1 2",
        "lead.a equals 1|2", "lead.a equals %4", "lead.a equals %zz", "lead.a  equals 1",
        "lead.a equals 1 but lead.b exists", "or lead.a exists", "lead.a in 1||2"}) {
    EXPECT_EQ(ParseCondition(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace kith::referral::domain
