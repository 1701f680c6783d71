#include "services/referral/domain/program.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/referral/domain/names.h"
#include "tests/unit/referral/domain/full_program.h"

namespace kith::referral::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> ViolationsOf(const Program& program) {
  const absl::Status status = ValidateProgram(program);
  if (!status.ok()) {
    EXPECT_EQ(GetErrorReason(status), "INVALID_FIELD");
  }
  std::vector<std::string> texts;
  if (const auto details = GetErrorDetails(status)) {
    for (const auto& field : details->fields) {
      texts.push_back(field.field + ": " + field.description);
    }
  }
  return texts;
}

// What is wrong with `rule` as the only one of a program.
std::vector<std::string> ViolationsOf(const RewardRule& rule) {
  Program program;
  program.currency = "EUR";
  program.rewards = {rule};
  return ViolationsOf(program);
}

TEST(ValidateProgramTest, AcceptsEveryField) {
  EXPECT_THAT(ViolationsOf(FullProgram()), IsEmpty());
}

TEST(ValidateProgramTest, ReportsEveryViolationByItsPath) {
  Program program = FullProgram();
  program.attribution.touch_window = absl::Seconds(-1);
  program.attribution.lead_window = absl::Hours(24 * 36501);
  program.attribution.credit_half_life = absl::ZeroDuration();
  program.leads.follow_up_sla = absl::ZeroDuration();
  program.leads.fit = When("order.plan exists");
  program.success.events = {"paid", "paid"};
  program.rewards[0].amount.percent_basis_points = 1;
  program.rewards[1].rule_id = "thanks";
  program.rewards[1].holding_period = absl::InfiniteDuration();
  program.caps.push_back({});
  program.caps.push_back(program.caps[0]);
  EXPECT_THAT(
      ViolationsOf(program),
      ElementsAre(
          "program.attribution.touch_window: must be between 0 and 36500 days",
          "program.attribution.lead_window: must be between 0 and 36500 days",
          "program.attribution.credit_half_life: must be above 0 and at most 36500 days, or "
          "left out",
          "program.leads.fit.any_of[0].all_of[0].field: 'order.plan' is not known here; must "
          "begin with lead., advocate.",
          "program.leads.follow_up_sla: must be above 0 and at most 36500 days, or left out",
          "program.success.events[1]: 'paid' is given twice; keep one",
          "program.rewards[0].amount: exactly one of fixed_minor, percent_basis_points, "
          "annual_percent_basis_points and line is needed",
          "program.rewards[1].rule_id: 'thanks' is used by an earlier rule",
          "program.rewards[1].holding_period: must be between 0 and 36500 days",
          "program.caps[1]: a cap needs max_rewards, max_minor or both",
          "program.caps[2]: an earlier cap is of program and year too; join them"));
}

TEST(ValidateProgramTest, ACallingCodeIsAPlusAndDigits) {
  Program program = FullProgram();
  for (const char* code : {"", "+1", "+49", "+378"}) {
    program.default_calling_code = code;
    EXPECT_THAT(ViolationsOf(program), IsEmpty()) << code;
  }
  for (const char* none : {"49", "+", "+049", "+4-9", "0049", "+3780", "DE"}) {
    program.default_calling_code = none;
    EXPECT_THAT(
        ViolationsOf(program),
        ElementsAre(absl::StrCat("program.default_calling_code: '", none,
                                 "' must be a + and one to three digits, such as +49")));
  }
}

TEST(ValidateProgramTest, ALinkTemplateIsAUrlWithACode) {
  Program program = FullProgram();
  program.link_template = "example.com/{code}";
  program.campaigns[0].link_template = "https://example.com/r/";
  EXPECT_THAT(
      ViolationsOf(program),
      ElementsAre(
          "program.link_template: 'example.com/{code}' must begin with https:// or "
          "http://, such as https://example.com/r/{code}",
          "program.campaigns[0].link_template: 'https://example.com/r/' must have {code} "
          "exactly once, such as https://example.com/r/{code}"));
}

TEST(ValidateProgramTest, ASecondAlarmIsOfTheOtherMetric) {
  Program program = FullProgram();
  Campaign& winter = program.campaigns[0];
  winter.further_quality = winter.quality;
  winter.quality.outcome_within = absl::ZeroDuration();
  program.campaigns[1].further_quality.enabled = true;
  program.campaigns[1].further_quality.metric = QualityMetric::kConversion;
  EXPECT_THAT(ViolationsOf(program),
              ElementsAre("program.campaigns[0].quality.outcome_within: must be above 0 and "
                          "at most 36500 days, or left out",
                          "program.campaigns[0].further_quality.metric: must be another than "
                          "that of quality",
                          "program.campaigns[1].further_quality: must be left out without "
                          "quality"));
}

TEST(ValidateProgramTest, FraudRulesAgreeWithThemselves) {
  Program program = FullProgram();
  program.fraud.hold_at = 91;
  program.fraud.weights.push_back({Signal::kVelocity, 10});
  program.fraud.velocity.push_back({VelocityDimension::kAdvocate, 10});
  program.fraud.free_mail_domains = {"ada@post.example", "Post.example", "post", "p.example",
                                     "Büro.example"};
  EXPECT_THAT(
      ViolationsOf(program),
      ElementsAre(
          "program.fraud.hold_at: must not be above reject_at, 90",
          "program.fraud.weights[2].signal: 'velocity' is given twice; keep one",
          "program.fraud.velocity[1].dimension: 'advocate' is given twice; keep one",
          "program.fraud.free_mail_domains[0]: 'ada@post.example' must be a domain, such "
          "as example.com",
          "program.fraud.free_mail_domains[1]: 'Post.example' must be written as "
          "'post.example'",
          "program.fraud.free_mail_domains[2]: 'post' must be a domain, such as "
          "example.com",
          "program.fraud.free_mail_domains[4]: 'Büro.example' must be written as "
          "'xn--bro-hoa.example'"));
}

TEST(ValidateProgramTest, CampaignsHaveTimesAndNames) {
  Program program = FullProgram();
  Campaign& winter = program.campaigns[0];
  winter.end_time = winter.start_time + absl::Hours(24 * 365);
  winter.kind = CampaignKind::kSeasonal;
  winter.audience = When("customer.plan equals gold");
  winter.rewards[1].rule_id = "gift";
  Campaign& second = program.campaigns[1];
  second.campaign_id = "winter";
  second.recurrence = Recurrence::kYearly;
  Campaign third;
  third.campaign_id = "third";
  third.start_time = third.end_time = winter.start_time;
  program.campaigns.push_back(third);
  EXPECT_THAT(
      ViolationsOf(program),
      ElementsAre(
          "program.campaigns[1].campaign_id: 'winter' is given twice; keep one",
          "program.campaigns[0].cause: belongs to a fundraiser; must be left out with "
          "seasonal",
          "program.campaigns[0].end_time: must be less than a year after start_time when the "
          "campaign comes again",
          "program.campaigns[0].audience.any_of[0].all_of[0].field: 'customer.plan' is not "
          "known here; must begin with advocate.",
          "program.campaigns[0].rewards[1].rule_id: 'gift' is used by an earlier rule",
          "program.campaigns[1].recurrence: a campaign that comes again needs start_time and "
          "end_time",
          "program.campaigns[2].end_time: must be after start_time"));
}

TEST(ValidateRuleTest, FieldsOfOtherTriggersAreLeftOut) {
  RewardRule rule = FixedRule("r", 100);
  rule.trigger = Trigger::kSubmitted;
  rule.event = "paid";
  rule.occurrence = Occurrence::kEvery;
  rule.min_conversion_minor = 1;
  rule.count = 2;
  rule.repeat = true;
  rule.milestone_of = MilestoneOf::kQualified;
  rule.retained_days = 3;
  EXPECT_THAT(
      ViolationsOf(rule),
      ElementsAre(
          "program.rewards[0].event: belongs to converted; must be left out with submitted",
          "program.rewards[0].occurrence: belongs to converted; must be left out with "
          "submitted",
          "program.rewards[0].min_conversion_minor: belongs to converted and nth_success; "
          "must be left out with submitted",
          "program.rewards[0].count: belongs to milestone and nth_success; must be left out "
          "with submitted",
          "program.rewards[0].repeat: belongs to milestone and nth_success; must be left out "
          "with submitted",
          "program.rewards[0].milestone_of: belongs to milestone; must be left out with "
          "submitted",
          "program.rewards[0].retained_days: belongs to retained; must be left out with "
          "submitted"));
}

TEST(ValidateRuleTest, TriggersNeedTheirFields) {
  RewardRule rule = MilestoneRule();
  rule.count = 0;
  rule.repeat = false;
  rule.side = RewardSide::kReferee;
  EXPECT_THAT(
      ViolationsOf(rule),
      ElementsAre(
          "program.rewards[0].count: a milestone needs a count of at least 1",
          "program.rewards[0].side: must be referrer: milestone is what an advocate reaches"));
  rule = FixedRule("r", 1);
  rule.trigger = Trigger::kRetained;
  EXPECT_THAT(
      ViolationsOf(rule),
      ElementsAre(
          "program.rewards[0].retained_days: a retained customer needs at least 1 day"));
}

TEST(ValidateRuleTest, KindsNeedTheirFields) {
  for (const auto& [kind, name] : Names<RewardKind>::kAll) {
    RewardRule rule = FixedRule("r", 1);
    rule.kind = kind;
    rule.item = "thing";
    rule.unit = kind == RewardKind::kInKind ? "mb" : "";
    EXPECT_THAT(ViolationsOf(rule), IsEmpty()) << name;
    rule.amount = {};
    const bool by_one =
        kind == RewardKind::kFeatureUnlock || kind == RewardKind::kPlanUpgrade ||
        kind == RewardKind::kPhysicalGift || kind == RewardKind::kEventTicket ||
        kind == RewardKind::kEarlyAccess || kind == RewardKind::kContestEntry;
    EXPECT_EQ(ViolationsOf(rule).empty(), by_one) << name;
    rule.item = "";
    EXPECT_EQ(ViolationsOf(rule).empty(), kind == RewardKind::kContestEntry) << name;
  }
  RewardRule rule = FixedRule("r", 10001);
  rule.unit = "mb";
  rule.kind = RewardKind::kPercentOff;
  EXPECT_THAT(ViolationsOf(rule),
              ElementsAre("program.rewards[0].unit: belongs to in_kind; must be left out with "
                          "percent_off",
                          "program.rewards[0].fixed_minor: must be at most 10000 hundredths "
                          "of a percent with percent_off"));
  rule = FixedRule("r", 10);
  rule.kind = RewardKind::kInKind;
  EXPECT_THAT(ViolationsOf(rule),
              ElementsAre("program.rewards[0].unit: in_kind needs the unit that its amount "
                          "counts, such as mb"));
}

TEST(ValidateRuleTest, SharesNeedAnOrderAndMoney) {
  RewardRule rule = FixedRule("r", 1);
  rule.trigger = Trigger::kSignedUp;
  rule.amount = {std::nullopt, 2000, std::nullopt, ""};
  EXPECT_THAT(ViolationsOf(rule),
              ElementsAre("program.rewards[0].percent_basis_points: belongs to converted and "
                          "nth_success; must be left out with signed_up"));
  rule.trigger = Trigger::kConverted;
  rule.kind = RewardKind::kFreePeriod;
  rule.amount = {std::nullopt, std::nullopt, std::nullopt, "setup"};
  EXPECT_THAT(ViolationsOf(rule),
              ElementsAre("program.rewards[0].line: is an amount of money; free_period needs "
                          "fixed_minor"));
  rule.kind = RewardKind::kPoints;
  EXPECT_THAT(ViolationsOf(rule), IsEmpty());
}

TEST(ValidateRuleTest, CasesHaveAConditionAndAnAmount) {
  RewardRule rule = FixedRule("r", 1);
  rule.cases = {{}, {When("order.plan equals gold"), {2, 2, std::nullopt, ""}}};
  EXPECT_THAT(
      ViolationsOf(rule),
      ElementsAre("program.rewards[0].cases[0].amount: exactly one of fixed_minor, "
                  "percent_basis_points, annual_percent_basis_points and line is needed",
                  "program.rewards[0].cases[0].when: a case needs a condition; the amount of "
                  "all others stands in the rule itself",
                  "program.rewards[0].cases[1].amount: exactly one of fixed_minor, "
                  "percent_basis_points, annual_percent_basis_points and line is needed"));
  // Without an amount of its own a rule gives nothing when no case holds.
  rule.amount = {};
  rule.cases = {{When("order.plan equals gold"), {2, std::nullopt, std::nullopt, ""}}};
  EXPECT_THAT(ViolationsOf(rule), IsEmpty());
}

TEST(ValidateRuleTest, ConditionsSeeWhatTheTriggerKnows) {
  RewardRule rule = FixedRule("r", 1);
  rule.condition = When("lead.size exists and order.plan exists and customer.plan exists");
  EXPECT_THAT(ViolationsOf(rule), IsEmpty());
  rule.trigger = Trigger::kSignedUp;
  EXPECT_EQ(ViolationsOf(rule).size(), 1u);
  rule.trigger = Trigger::kQualified;
  EXPECT_EQ(ViolationsOf(rule).size(), 2u);
  rule.condition = When("occasion.count at_least 3");
  EXPECT_THAT(ViolationsOf(rule),
              ElementsAre("program.rewards[0].condition: occasion.count is known of milestone "
                          "and nth_success only; leave it out"));
  rule.trigger = Trigger::kMilestone;
  rule.count = 3;
  EXPECT_THAT(ViolationsOf(rule), IsEmpty());
}

const absl::Time kJune = absl::FromUnixSeconds(1780000000);

TEST(EffectiveTimeTest, TheFirstVersionHoldsSinceEver) {
  EXPECT_EQ(*EffectiveTime(nullptr, std::nullopt, kJune), std::nullopt);
  EXPECT_EQ(*EffectiveTime(nullptr, kJune, kJune), kJune);
}

TEST(EffectiveTimeTest, ALaterVersionHoldsFromNowUnlessItSaysWhen) {
  const ProgramVersion first{FullProgram(), 1, std::nullopt};
  EXPECT_EQ(*EffectiveTime(&first, std::nullopt, kJune), kJune);
  EXPECT_EQ(*EffectiveTime(&first, kJune - absl::Hours(1), kJune), kJune - absl::Hours(1));
}

TEST(EffectiveTimeTest, DoesNotGoBackBehindTheNewestVersion) {
  const ProgramVersion second{FullProgram(), 2, kJune};
  EXPECT_EQ(*EffectiveTime(&second, kJune, kJune), kJune);
  const auto refused = EffectiveTime(&second, kJune - absl::Microseconds(1), kJune);
  EXPECT_EQ(ToItemError(refused.status()).field, "program.effective_time");
}

TEST(VersionInForceTest, IsTheNewestThatHolds) {
  const ProgramVersion first{FullProgram(), 1, kJune};
  const ProgramVersion second{FullProgram(), 2, kJune + absl::Hours(1)};
  const ProgramVersion third{FullProgram(), 3, kJune + absl::Hours(1)};
  const std::vector<const ProgramVersion*> all = {&first, &second, &third};
  EXPECT_EQ(VersionInForce(all, kJune - absl::Microseconds(1)), nullptr);
  EXPECT_EQ(VersionInForce(all, kJune), &first);
  EXPECT_EQ(VersionInForce(all, kJune + absl::Hours(1) - absl::Microseconds(1)), &first);
  EXPECT_EQ(VersionInForce(all, kJune + absl::Hours(1)), &third);
}

}  // namespace
}  // namespace kith::referral::domain
