#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/not_found.h"
#include "gmock/gmock.h"
#include "kith/advocacy/v1/advocacy.pb.h"
#include "kith/outreach/v1/outreach.pb.h"
#include "kith/referral/v1/fraud.pb.h"
#include "kith/referral/v1/program.pb.h"
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
    caller_.Return<referral::v1::ListCasesRequest>(referral::v1::ListCasesResponse());
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

  // These calls refuse because the service does not know the program.
  template <class Request, class Response>
  void RefuseProgram() {
    caller_.On<Request, Response>([](const Request& request) -> absl::StatusOr<Response> {
      return ProgramNotFound(request.program_id());
    });
  }
  void NoServiceButReferralKnowsIt() {
    RefuseProgram<advocacy::v1::GetConcentrationRequest,
                  advocacy::v1::GetConcentrationResponse>();
    RefuseProgram<retention::v1::GetProgramSummaryRequest,
                  retention::v1::GetProgramSummaryResponse>();
    RefuseProgram<outreach::v1::GetOutreachSummaryRequest,
                  outreach::v1::GetOutreachSummaryResponse>();
  }

  static void AddMoney(int64_t minor, const std::string& currency,
                       google::protobuf::RepeatedPtrField<type::v1::Money>& list) {
    type::v1::Money& money = *list.Add();
    money.set_amount_minor(minor);
    money.set_currency(currency);
  }
};

TEST_F(ReportTest, IsOfTheVersionInForce) {
  using namespace referral::v1;  // NOLINT(build/namespaces): of this test only
  caller_.On<GetProgramRequest, GetProgramResponse>([](const GetProgramRequest& request) {
    GetProgramResponse stored;
    const bool newest = request.version() == 0;
    stored.set_version(newest ? 3 : request.version());
    stored.mutable_program()->set_display_name(newest ? "Next year" : "Friends");
    if (newest) {
      stored.mutable_program()->mutable_effective_time()->set_seconds(1798761600);
    }
    return stored;
  });
  ListProgramVersionsResponse versions;
  versions.add_versions()->set_version(2);
  versions.mutable_versions(0)->set_in_force(true);
  caller_.Return<ListProgramVersionsRequest>(versions);
  const auto outcome = RunLine("report p --as-of 2019-09-03");
  EXPECT_THAT(outcome.out, HasSubstr("Programme report: Friends (p v2), as of 2019-09-03"));
  EXPECT_EQ(outcome.err, "kith: note: p: version 3 is planned from 2027-01-01 UTC\n");
  EXPECT_EQ(nlohmann::json::parse(RunLine("report p --json").out)["program_version"], 2);
}

TEST_F(ReportTest, AProgramWithoutANameIsTitledByItsId) {
  caller_.Return<referral::v1::GetProgramRequest>(referral::v1::GetProgramResponse());
  EXPECT_THAT(RunLine("report p --as-of 2019-09-03").out,
              testing::StartsWith("Programme report: p v0, as of 2019-09-03 UTC\n"));
}

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

TEST_F(ReportTest, AProgramThatHasBeenAppliedOnlyHasNoDataYet) {
  NoServiceButReferralKnowsIt();
  const auto outcome = RunLine("report p");
  EXPECT_EQ(outcome.code, kExitOk) << outcome.status;
  EXPECT_THAT(outcome.out, HasSubstr("Programme report: The programme (p v2)"));
  for (const char* service : {"advocacy", "retention", "outreach"}) {
    EXPECT_THAT(outcome.out, HasSubstr(absl::StrCat("\n(no data yet: the ", service,
                                                    " service has seen no rules and no "
                                                    "facts of this program)\n")));
  }
  EXPECT_THAT(outcome.out, Not(HasSubstr("does not exist")));
  // The shape is that of a program without data.
  const auto empty = RunLine("report p --json");
  EXPECT_EQ(empty.code, kExitOk);
  const auto json = nlohmann::json::parse(empty.out);
  EXPECT_EQ(json["retention"]["customers"], 0);
  EXPECT_EQ(json["survival"]["groups"].size(), 0U);
  EXPECT_EQ(json["churn"]["groups"].size(), 0U);
  EXPECT_EQ(json["concentration"]["advocates"], 0);
  EXPECT_EQ(json["advocacy"]["points"], 0);
  EXPECT_EQ(json["outreach"]["due"], 0);
}

TEST_F(ReportTest, AProgramThatNobodyKnowsIsAnError) {
  NoServiceButReferralKnowsIt();
  RefuseProgram<referral::v1::GetProgramRequest, referral::v1::GetProgramResponse>();
  for (const char* line : {"report q", "report q --json"}) {
    const auto outcome = RunLine(line);
    EXPECT_EQ(outcome.code, kExitFailed);
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(GetErrorReason(outcome.status), "PROGRAM_NOT_FOUND");
  }
}

TEST_F(ReportTest, WithoutTheReferralServiceNobodyKnowsWhetherItIsNew) {
  NoServiceButReferralKnowsIt();
  caller_.On<referral::v1::GetProgramRequest, referral::v1::GetProgramResponse>(
      [](const referral::v1::GetProgramRequest&)
          -> absl::StatusOr<referral::v1::GetProgramResponse> {
        return absl::UnavailableError("gone");
      });
  EXPECT_EQ(RunLine("report p").code, kExitUnavailable);
}

TEST_F(ReportTest, RevenueIsToldByChannelAndCurrency) {
  retention::v1::GetProgramSummaryResponse summary;
  AddMoney(2000, "EUR", *summary.mutable_revenue());
  AddMoney(123551, "USD", *summary.mutable_revenue());
  auto* organic = summary.add_channels();
  organic->set_channel("organic");
  organic->set_customers(3);
  AddMoney(-1001, "USD", *organic->mutable_revenue());
  auto* referral = summary.add_channels();
  referral->set_channel("referral");
  referral->set_customers(8);
  AddMoney(2000, "EUR", *referral->mutable_revenue());
  AddMoney(123452, "USD", *referral->mutable_revenue());
  caller_.Return<retention::v1::GetProgramSummaryRequest>(summary);
  const std::string out = RunLine("report p").out;
  EXPECT_THAT(out, HasSubstr("\nRevenue: payments less refunds\n"
                             "channel      customers       revenue  per customer\n"
                             "referral             8     20.00 EUR      2.50 EUR\n"
                             "(all)                -     20.00 EUR             -\n"
                             "organic              3    -10.01 USD     -3.34 USD\n"
                             "referral             8  1,234.52 USD    154.32 USD\n"
                             "(no signup)          -     11.00 USD             -\n"
                             "(all)                -  1,235.51 USD             -\n"));
  EXPECT_THAT(RunLine("report p --as-of 2019-09-03").out,
              HasSubstr("\nRevenue: payments less refunds (as of now)\n"));
  const auto json = nlohmann::json::parse(RunLine("report p --json").out);
  EXPECT_EQ(json["retention"]["revenue"][1]["amount_minor"], 123551);
  EXPECT_EQ(json["retention"]["channels"][1]["revenue"][0]["currency"], "EUR");
  for (const auto& request : caller_.Requests<retention::v1::GetProgramSummaryRequest>()) {
    EXPECT_TRUE(request.revenue_by_channel());
  }
}

TEST_F(ReportTest, WithoutPaymentsThereIsNoRevenue) {
  EXPECT_THAT(RunLine("report p").out,
              HasSubstr("\nRevenue: payments less refunds\nno payments\n"));
}

TEST_F(ReportTest, SaysWhatIsCountedOfFrauds) {
  EXPECT_THAT(RunLine("report p").out, Not(HasSubstr("fraud")));
  caller_.On<referral::v1::ListCasesRequest, referral::v1::ListCasesResponse>(
      [](const referral::v1::ListCasesRequest& request) {
        referral::v1::ListCasesResponse cases;
        const bool open = request.state() == referral::v1::FRAUD_CASE_STATE_OPEN;
        for (int i = 0; i < (open ? 3 : request.page_size()); ++i) cases.add_cases();
        return cases;
      });
  EXPECT_THAT(RunLine("report p").out,
              HasSubstr("\ncases of fraud: 3 open, 1,000 or more rejected\n"
                        "a rejected referral stays in the list, is not converted and earns "
                        "nothing; its customer, and\nwhat the customer paid, count under the "
                        "channel stated at the signup, or organic\n"));
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
