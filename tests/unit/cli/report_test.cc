#include "gmock/gmock.h"
#include "kith/advocacy/v1/advocacy.pb.h"
#include "kith/outreach/v1/outreach.pb.h"
#include "kith/referral/v1/referral.pb.h"
#include "kith/retention/v1/retention.pb.h"
#include "nlohmann/json.hpp"
#include "tests/unit/cli/fake_caller.h"

namespace kith::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

class ReportTest : public CommandTest {
 protected:
  ReportTest() {
    AnswerReferral();
    caller_.Return<advocacy::v1::GetConcentrationRequest>(
        advocacy::v1::GetConcentrationResponse());
    advocacy::v1::GetSegmentsResponse segments;
    segments.add_tiers()->set_advocates(7);
    caller_.Return<advocacy::v1::GetSegmentsRequest>(segments);
    AnswerRetention();
    outreach::v1::GetOutreachSummaryResponse outreach;
    outreach.set_due(3);
    caller_.Return<outreach::v1::GetOutreachSummaryRequest>(outreach);
  }

  void AnswerReferral() {
    referral::v1::GetProgramResponse program;
    program.mutable_program()->set_display_name("The programme");
    program.set_version(2);
    caller_.Return<referral::v1::GetProgramRequest>(program);
    referral::v1::GetReferralSummaryResponse summary;
    summary.set_referrals(460);
    summary.set_converted_referrals(115);
    summary.set_tree_depth(6);
    auto* channel = summary.add_channels();
    channel->set_channel("referral");
    channel->set_customers(400);
    channel->set_converted(100);
    caller_.Return<referral::v1::GetReferralSummaryRequest>(summary);
    referral::v1::ListRewardsResponse rewards;
    auto* total = rewards.add_totals();
    total->set_currency("USD");
    total->set_amount_minor(123400);
    total->set_state(referral::v1::REWARD_STATE_AVAILABLE);
    caller_.Return<referral::v1::ListRewardsRequest>(rewards);
  }

  void AnswerRetention() {
    caller_.Return<retention::v1::GetProgramSummaryRequest>(
        retention::v1::GetProgramSummaryResponse());
    retention::v1::GetSurvivalResponse survival;
    auto* group = survival.add_groups();
    group->set_group("referral");
    auto* point = group->add_points();
    point->set_day(100);
    point->set_survival(0.875);
    point->set_lower(0.75);
    point->set_upper(0.9375);
    caller_.Return<retention::v1::GetSurvivalRequest>(survival);
    retention::v1::GetChurnByMonthResponse churn;
    auto* months = churn.add_groups();
    months->set_group("referral");
    for (int month = 1; month <= 14; ++month) months->add_months()->set_month(month);
    caller_.Return<retention::v1::GetChurnByMonthRequest>(churn);
  }
};

TEST_F(ReportTest, ReadsWell) {
  const auto outcome = RunLine("report p --as-of 2019-09-03");
  EXPECT_EQ(outcome.code, kExitOk);
  EXPECT_THAT(outcome.out,
              HasSubstr("Programme report: The programme (p v2), as of 2019-09-03 UTC\n"));
  EXPECT_THAT(outcome.out, HasSubstr("referral        400        100  25.0 %"));
  EXPECT_THAT(outcome.out, HasSubstr("460 referrals, 115 of them converted (25.0 %)"));
  EXPECT_THAT(outcome.out, HasSubstr("longest chain of referrers 6"));
  EXPECT_THAT(outcome.out, HasSubstr("1,234.00 USD"));
  EXPECT_THAT(outcome.out, HasSubstr("3 messages due"));
  EXPECT_THAT(outcome.out, HasSubstr("(none)          7"));
}

TEST_F(ReportTest, WhatIsOfThePresentWhateverTheTimeIsMarked) {
  const std::string then = RunLine("report p --as-of 2019-09-03").out;
  for (const char* heading :
       {"Customers and conversions by channel (as of now)\n", "\nReferrals (as of now)\n",
        "\nConcentration and segments (as of now)\n", "\nTiers (as of now)\n",
        "\nCustomers (as of now)\n", "\nRewards (as of now)\n",
        "\nOutreach (as of now; what is due, as of that time)\n", "\nSurvival by channel\n",
        "\nChurn by month of tenure\n"}) {
    EXPECT_THAT(then, HasSubstr(heading));
  }
  EXPECT_THAT(RunLine("report p").out, Not(HasSubstr("as of now")));
}

TEST_F(ReportTest, SurvivalIsShownAsFarAsCustomersWereSeen) {
  const std::string out = RunLine("report p").out;
  EXPECT_THAT(out, HasSubstr("        30  1.000\n"));
  EXPECT_THAT(out, HasSubstr("       365  0.875 [0.750, 0.938]\n"));
  EXPECT_THAT(out, Not(HasSubstr("       730  ")));  // nobody was seen for so long
  EXPECT_THAT(out, HasSubstr("(first 12 months; `kith churn` prints all)"));
}

TEST_F(ReportTest, JsonHasEverything) {
  const auto json = nlohmann::json::parse(RunLine("report p --json").out);
  EXPECT_EQ(json["program_id"], "p");
  EXPECT_EQ(json["program_version"], 2);
  EXPECT_EQ(json["as_of_time"], "2026-03-01T00:00:00Z");
  EXPECT_EQ(json["referral"]["tree_depth"], 6);
  EXPECT_EQ(json["referral"]["channels"][0]["converted"], 100);
  EXPECT_EQ(json["rewards"]["totals"][0]["amount_minor"], 123400);
  EXPECT_TRUE(json["concentration"].contains("gini"));
  EXPECT_EQ(json["advocacy"]["tiers"][0]["advocates"], 7);
  EXPECT_TRUE(json["retention"].contains("customers"));
  EXPECT_EQ(json["survival"]["groups"][0]["points"][0]["survival"], 0.875);
  EXPECT_EQ(json["churn"]["groups"][0]["months"].size(), 14U);
  EXPECT_EQ(json["outreach"]["due"], 3);
}

TEST_F(ReportTest, APartThatIsMissingIsSaidSo) {
  caller_.On<advocacy::v1::GetSegmentsRequest, advocacy::v1::GetSegmentsResponse>(
      [](const advocacy::v1::GetSegmentsRequest&)
          -> absl::StatusOr<advocacy::v1::GetSegmentsResponse> {
        return absl::UnavailableError("gone");
      });
  const auto outcome = RunLine("report p");
  EXPECT_EQ(outcome.code, kExitUnavailable);
  EXPECT_THAT(outcome.out, HasSubstr("(advocacy: gone)"));
  EXPECT_THAT(outcome.out, HasSubstr("3 messages due"));
  EXPECT_TRUE(nlohmann::json::parse(RunLine("report p --json").out)["advocacy"].is_null());
}

}  // namespace
}  // namespace kith::cli
