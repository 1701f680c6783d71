#include "clients/cli/yaml/document.h"
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "kith/outreach/v1/outreach.pb.h"
#include "kith/referral/v1/referral.pb.h"

namespace kith::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

Documents Parse(const std::string& text) {
  Documents result;
  ParseDocuments("f.yaml", text, &result);
  CheckDistinct(&result);
  return result;
}

std::vector<std::string> Problems(const std::string& text) {
  std::vector<std::string> lines;
  for (const Problem& problem : Parse(text).problems) lines.push_back(ToString(problem));
  return lines;
}

constexpr char kProgram[] = R"(kind: Program
program_id: p
display_name: 2024
currency: USD
attribution:
  touch_window: 1d12h
  model: first_touch
rewards:
  - rule_id: a
    side: REWARD_SIDE_REFERRER
    kind: cash
    percent_basis_points: 2000
    min_conversion_minor: 0
effective_time: 2024-03-01
)";

TEST(YamlTest, FillsAMessage) {
  const Documents all = Parse(kProgram);
  ASSERT_THAT(all.problems, IsEmpty());
  ASSERT_THAT(all.documents, SizeIs(1));
  EXPECT_EQ(all.documents[0].kind->name, "Program");
  EXPECT_EQ(all.documents[0].id, "p");
  const auto& program = dynamic_cast<referral::v1::Program&>(*all.documents[0].message);
  EXPECT_EQ(program.display_name(), "2024");
  EXPECT_EQ(program.attribution().touch_window().seconds(), 36 * 3600);
  EXPECT_EQ(program.attribution().model(), referral::v1::ATTRIBUTION_MODEL_FIRST_TOUCH);
  ASSERT_EQ(program.rewards_size(), 1);
  EXPECT_EQ(program.rewards(0).side(), referral::v1::REWARD_SIDE_REFERRER);
  EXPECT_EQ(program.rewards(0).percent_basis_points(), 2000);
  EXPECT_TRUE(program.rewards(0).has_min_conversion_minor());
  EXPECT_FALSE(program.rewards(0).has_max_rewards_per_recipient());
  EXPECT_EQ(program.effective_time().seconds(), 1709251200);
}

TEST(YamlTest, ReadsSeveralDocumentsAndSkipsEmptyOnes) {
  const Documents all = Parse(
      "# nothing yet\n---\nkind: ScoringPolicy\nprogram_id: p\ntiers:\n"
      "  - {name: top, min_points: 5, benefits: [a b, c]}\n---\n---\nkind: Playbook\n"
      "program_id: p\nplaybook_id: x\ntrigger: aha_reached\nsteps:\n"
      "  - {step_id: s, kind: ask, channel: email, template: t, counts_towards_caps: "
      "false}\n");
  ASSERT_THAT(all.problems, IsEmpty());
  ASSERT_THAT(all.documents, SizeIs(2));
  EXPECT_EQ(all.documents[1].id, "p/x");
  EXPECT_EQ(ToString(all.documents[1].place), "f.yaml:9:1");
  const auto& playbook = dynamic_cast<outreach::v1::Playbook&>(*all.documents[1].message);
  EXPECT_TRUE(playbook.steps(0).has_counts_towards_caps());
  EXPECT_FALSE(playbook.steps(0).counts_towards_caps());
}

TEST(YamlTest, UnknownFieldsComeWithASuggestion) {
  EXPECT_THAT(Problems("kind: Program\nprogram_id: p\ncurency: USD\n"),
              ElementsAre(StartsWith("f.yaml:3:1: curency: there is no such field; did you "
                                     "mean 'currency'?")));
  EXPECT_THAT(Problems("kind: Playbook\nprogram_id: p\nsteps:\n  - zzzzzzzz: 1\n"),
              ElementsAre(StartsWith("f.yaml:4:5: steps[0].zzzzzzzz: there is no such field; "
                                     "known are step_id, after")));
}

TEST(YamlTest, WrongTypesSayWhatWouldBeRight) {
  const auto of = [](const std::string& field) {
    return Problems("kind: Playbook\nprogram_id: p\n" + field + "\n");
  };
  EXPECT_THAT(of("max_attempts: many"),
              ElementsAre("f.yaml:3:15: max_attempts: 'many' is not a whole number"));
  EXPECT_THAT(of("max_attempts: 1.5"), ElementsAre(HasSubstr("not a whole number")));
  EXPECT_THAT(
      of("max_attempts: 99999999999"),
      ElementsAre("f.yaml:3:15: max_attempts: '99999999999' is not from -2147483648 to "
                  "2147483647"));
  EXPECT_THAT(of("max_attempts: \"5\""), ElementsAre(HasSubstr("(it is in quotes)")));
  EXPECT_THAT(of("exit_on_churn: yes"), ElementsAre(HasSubstr("is not true or false")));
  EXPECT_THAT(of("max_lateness: 2 days"), ElementsAre(HasSubstr("is no duration")));
  EXPECT_THAT(of("max_lateness: [1d]"),
              ElementsAre(HasSubstr("is a list, must be a single value")));
  EXPECT_THAT(of("steps: one"), ElementsAre(HasSubstr("is a single value, must be a list")));
  EXPECT_THAT(of("quiet_hours: 22-6"), ElementsAre(HasSubstr("must be a map with fields of "
                                                             "QuietHours")));
  EXPECT_THAT(of("time_zone: {a: b}"), ElementsAre(HasSubstr("must be a single value")));
  EXPECT_THAT(of("time_zone:"), ElementsAre(HasSubstr("f.yaml:3:1: time_zone: has no value")));
  EXPECT_THAT(of("time_zone: UTC\ntime_zone: UTC"),
              ElementsAre(HasSubstr("f.yaml:4:1: time_zone: is given twice")));
}

TEST(YamlTest, WhatIsFarTooLongIsNotRepeated) {
  const std::string digits(300, '9');
  const auto rule = [](const std::string& line) {
    return Problems(
        "kind: Program\nprogram_id: p\ncurrency: USD\nrewards:\n  - rule_id: a\n"
        "    side: referrer\n    kind: cash\n    fixed_minor: 1\n    " +
        line + "\n");
  };
  const std::string shown = "'99999999999999999999…' (300 characters) ";
  EXPECT_THAT(rule("min_conversion_minor: " + digits),
              ElementsAre("f.yaml:9:27: rewards[0].min_conversion_minor: " + shown +
                          "is not from -9223372036854775808 to 9223372036854775807"));
  EXPECT_THAT(rule("count: " + digits), ElementsAre("f.yaml:9:12: rewards[0].count: " + shown +
                                                    "is not from -2147483648 to 2147483647"));
  EXPECT_THAT(rule("condition: order.amount_minor at_least " + digits),
              ElementsAre("f.yaml:9:16: rewards[0].condition.any_of[0].all_of[0].values[0]: "
                          "must have at most 128 bytes"));
  EXPECT_THAT(rule("condition: order.amount_minor " + digits + " 1"),
              ElementsAre(StartsWith("f.yaml:9:16: rewards[0].condition: " + shown +
                                     "is no comparison; known are ")));
  EXPECT_THAT(rule("holding_period: " + digits + "d"),
              ElementsAre(StartsWith("f.yaml:9:21: rewards[0].holding_period: "
                                     "'99999999999999999999…' (301 characters) is no dur")));
  EXPECT_THAT(rule("kindd: " + digits), ElementsAre(HasSubstr("there is no such field")));
  EXPECT_THAT(rule(digits + ": 1"),
              ElementsAre(StartsWith("f.yaml:9:5: rewards[0].'99999999999999999999…' (300 "
                                     "characters): there is no such field; ")));
}

TEST(YamlTest, BadEnumsListTheGoodOnes) {
  EXPECT_THAT(Problems("kind: Playbook\ntrigger: aha_reched\n"),
              ElementsAre(HasSubstr("f.yaml:2:10: trigger: 'aha_reched' is no value of this "
                                    "field; did you mean 'aha_reached'?")));
  EXPECT_THAT(Problems("kind: Playbook\ntrigger: unspecified\n"),
              ElementsAre(HasSubstr("known are referral_submitted")));
}

TEST(YamlTest, OneofsExcludeEachOther) {
  EXPECT_THAT(Problems("kind: Program\nrewards:\n  - fixed_minor: 1\n"
                       "    percent_basis_points: 2\n"),
              ElementsAre("f.yaml:4:5: rewards[0].percent_basis_points: excludes "
                          "'fixed_minor', which is given too; keep one"));
}

TEST(YamlTest, TheRulesOfFieldsAreCheckedHere) {
  const auto problems = Problems(
      "kind: RetentionPolicy\nprogram_id: p\naha:\n  event_name: x\n  min_count: 0\n");
  ASSERT_THAT(problems, SizeIs(1));
  EXPECT_THAT(problems[0], StartsWith("f.yaml:5:14: aha.min_count: "));
  // What is missing is reported where it should be.
  EXPECT_THAT(Problems("kind: RetentionPolicy\naha: {event_name: x, min_count: 1}\n"),
              ElementsAre(StartsWith("f.yaml:1:1: program_id: ")));
}

TEST(YamlTest, ConditionsMayBeOneLine) {
  const Documents all = Parse(R"(kind: Program
program_id: p
currency: USD
leads:
  fit: lead.size at_least 50 and lead.country in DE|FR or lead.city equals New%20York
advocate_eligibility:
  any_of:
    - all_of: [{field: advocate.score, comparison: at_least, values: [8]}]
    - all_of: [{field: advocate.vip, comparison: exists}]
)");
  ASSERT_THAT(all.problems, IsEmpty());
  const auto& program = dynamic_cast<referral::v1::Program&>(*all.documents[0].message);
  EXPECT_THAT(program.leads().fit().ShortDebugString(),
              "any_of { all_of { field: \"lead.size\" comparison: COMPARISON_AT_LEAST values: "
              "\"50\" } all_of { field: \"lead.country\" comparison: COMPARISON_IN values: "
              "\"DE\" values: \"FR\" } } any_of { all_of { field: \"lead.city\" comparison: "
              "COMPARISON_EQUALS values: \"New York\" } }");
  EXPECT_EQ(program.advocate_eligibility().any_of_size(), 2);
  EXPECT_EQ(program.advocate_eligibility().any_of(0).all_of(0).values(0), "8");
}

TEST(YamlTest, BadConditionsSayWhatWouldBeRight) {
  const auto problem = [](const std::string& text) {
    const auto problems = Problems(
        "kind: Program\nprogram_id: p\ncurrency: USD\n"
        "advocate_eligibility: " +
        text + "\n");
    return problems.size() == 1 ? problems[0] : std::string();
  };
  const std::string at = "f.yaml:4:23: advocate_eligibility: ";
  EXPECT_THAT(problem("advocate.score at_lest 8"),
              StartsWith(at + "'at_lest' is no comparison; did you mean 'at_least'?"));
  EXPECT_EQ(problem("advocate.score at_least"), at + "'at_least' must be followed by a value");
  EXPECT_EQ(problem("advocate.score"),
            at + "'advocate.score' must be followed by a comparison and a value");
  EXPECT_EQ(problem("advocate.city equals New York"),
            at + "'York' must be `and` or `or`; spaces in a value are written as %20");
  EXPECT_EQ(problem("advocate.vip exists and"),
            at + "a test is missing: `field comparison value`");
  EXPECT_EQ(problem("advocate.x in a||b"), at + "an empty value is written as \"\"");
  EXPECT_EQ(problem("advocate.x equals 5%"), at + "'5%' holds a %, which is written as %25");
}

TEST(YamlTest, DocumentsMustHaveAKnownKind) {
  EXPECT_THAT(Problems("program_id: p\n"),
              ElementsAre(StartsWith("f.yaml:1:1: kind: is missing; known are Program")));
  EXPECT_THAT(Problems("kind: program\n"), ElementsAre(HasSubstr("did you mean 'Program'?")));
  EXPECT_THAT(Problems("- a\n"), ElementsAre(HasSubstr("must be a map")));
}

TEST(YamlTest, BrokenYamlHasAPlace) {
  EXPECT_THAT(Problems("kind: Program\nrewards: [1,\n  }\n"),
              ElementsAre(HasSubstr("this is not YAML")));
  EXPECT_THAT(Problems("a: *nowhere\n"), ElementsAre(StartsWith("f.yaml:1:4: ")));
}

TEST(YamlTest, TheSameDocumentTwiceIsAProblem) {
  const std::string policy = "kind: ScoringPolicy\nprogram_id: p\n";
  EXPECT_THAT(Problems(policy + "---\n" + policy),
              ElementsAre("f.yaml:4:1: ScoringPolicy 'p' is already defined at f.yaml:1:1"));
}

TEST(YamlTest, AllProblemsAreFoundAtOnce) {
  EXPECT_THAT(Problems("kind: Program\na: 1\nb: 2\n---\nkind: Nothing\n---\nc: 3\n"),
              SizeIs(4));
}

TEST(YamlTest, ViolationsOfTheServiceFindTheirLine) {
  const Documents all = Parse(kProgram);
  const ErrorDef def{absl::StatusCode::kInvalidArgument, "INVALID_FIELD", "wrong"};
  ErrorDetails details;
  details.fields = {{"program.rewards[0].kind", "not this"},
                    {"program.rewards[0].holding_period", "is needed"},
                    {"program.time_zone", "unknown"}};
  std::vector<std::string> lines;
  for (const Problem& problem :
       ProblemsOf(all.documents[0], MakeDetailedError(def, details))) {
    lines.push_back(ToString(problem));
  }
  EXPECT_THAT(lines, ElementsAre("f.yaml:11:11: rewards[0].kind: not this",
                                 "f.yaml:9:5: rewards[0].holding_period: is needed",
                                 "f.yaml:1:1: time_zone: unknown"));
}

TEST(YamlTest, OtherErrorsOfTheServiceStandAtTheDocument) {
  const Documents all = Parse(kProgram);
  const auto problems =
      ProblemsOf(all.documents[0], absl::PermissionDeniedError("not for you"));
  ASSERT_THAT(problems, SizeIs(1));
  EXPECT_EQ(ToString(problems[0]), "f.yaml:1:1: not for you");
}

}  // namespace
}  // namespace kith::cli
