#include <utility>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/not_found.h"
#include "gmock/gmock.h"
#include "kith/advocacy/v1/advocacy.pb.h"
#include "kith/outreach/v1/outreach.pb.h"
#include "kith/referral/v1/attribution.pb.h"
#include "kith/referral/v1/referral.pb.h"
#include "kith/retention/v1/retention.pb.h"
#include "nlohmann/json.hpp"
#include "tests/unit/cli/fake_caller.h"

namespace kith::cli {
namespace {

using referral::v1::ListRewardsRequest;
using referral::v1::ListRewardsResponse;
using retention::v1::GetChurnByMonthRequest;
using retention::v1::GetSurvivalRequest;
using testing::HasSubstr;

using ReadOutsTest = CommandTest;

TEST_F(ReadOutsTest, SurvivalIsAsOfNowUnlessToldOtherwise) {
  retention::v1::GetSurvivalResponse response;
  response.add_groups()->set_group("all");
  caller_.Return<GetSurvivalRequest>(response);
  EXPECT_EQ(RunLine("survival p --by channel --json").code, kExitOk);
  EXPECT_EQ(RunLine("survival p --as-of 2019-09-03").code, kExitOk);
  const auto requests = caller_.Requests<GetSurvivalRequest>();
  EXPECT_EQ(requests[0].program_id(), "p");
  EXPECT_EQ(requests[0].split_by(), retention::v1::DIMENSION_CHANNEL);
  EXPECT_EQ(requests[0].as_of_time().seconds(), absl::ToUnixSeconds(clock_.Now()));
  EXPECT_EQ(requests[1].split_by(), retention::v1::DIMENSION_UNSPECIFIED);
  EXPECT_EQ(requests[1].as_of_time().seconds(), 1567468800);
}

TEST_F(ReadOutsTest, NothingIsComparedWhileNobodyHasLeft) {
  retention::v1::GetSurvivalResponse response;
  response.add_groups()->set_group("organic");
  response.add_groups()->set_group("referral");
  response.mutable_log_rank()->set_p_value(1);
  caller_.Return<GetSurvivalRequest>(response);
  EXPECT_THAT(RunLine("survival p --by channel").out,
              HasSubstr("\nlog-rank: there is nothing to compare, since nobody has left\n"));
  response.mutable_groups(0)->set_events(1);
  caller_.Return<GetSurvivalRequest>(response);
  EXPECT_THAT(RunLine("survival p --by channel").out,
              HasSubstr("\nlog-rank: there is nothing to compare, since nobody left while two "
                        "groups were there\n"));
  response.mutable_log_rank()->set_degrees_of_freedom(1);
  caller_.Return<GetSurvivalRequest>(response);
  EXPECT_THAT(RunLine("survival p --by channel").out,
              HasSubstr("\nlog-rank: chi-square 0.0000, 1 df, p "));
}

TEST_F(ReadOutsTest, ChurnComparesMonthsTwoToFour) {
  retention::v1::GetChurnByMonthResponse response;
  auto* group = response.add_groups();
  group->set_group("organic");
  auto* month = group->add_months();
  month->set_month(1);
  month->set_at_risk(1000);
  month->set_events(50);
  month->set_hazard(0.05);
  response.mutable_rate_ratio()->set_numerator("referral");
  response.mutable_rate_ratio()->set_denominator("organic");
  response.mutable_rate_ratio()->set_ratio(1.4);
  response.mutable_rate_ratio()->set_lower(1.1);
  response.mutable_rate_ratio()->set_upper(1.8);
  caller_.Return<GetChurnByMonthRequest>(response);
  const auto outcome = RunLine("churn p --by channel");
  EXPECT_EQ(
      outcome.out,
      "group    month  at risk  left  hazard\n"
      "organic      1    1,000    50  0.0500\n"
      "rate of churn in months 2 to 4, referral / organic: 1.400  95 % [1.100, 1.800]\n");
  RunLine("churn p --by channel --from-month 1 --to-month 12");
  const auto requests = caller_.Requests<GetChurnByMonthRequest>();
  EXPECT_EQ(requests[0].from_month(), 2);
  EXPECT_EQ(requests[0].to_month(), 4);
  EXPECT_EQ(requests[1].from_month(), 1);
  EXPECT_EQ(requests[1].to_month(), 12);
}

TEST_F(ReadOutsTest, ARateThatIsUndefinedSaysWhy) {
  retention::v1::GetChurnByMonthResponse response;
  auto* ratio = response.mutable_rate_ratio();
  ratio->set_numerator("referral");
  ratio->set_denominator("organic");
  const auto line = [&] {
    caller_.Return<GetChurnByMonthRequest>(response);
    return RunLine("churn p --from-month 3 --to-month 6").out;
  };
  EXPECT_EQ(line(),
            "no customers\n"
            "rate of churn in months 3 to 6, referral / organic: undefined (no customer of "
            "referral stayed into these months)\n");
  ratio->set_numerator_days(90);
  EXPECT_THAT(line(), HasSubstr("(no customer of organic stayed into these months)"));
  ratio->set_denominator_days(90);
  EXPECT_THAT(line(), HasSubstr("(no customer of organic left in these months)"));
  response.clear_rate_ratio();
  EXPECT_EQ(line(),
            "no customers\n"
            "rate of churn: not compared, that takes customers of the referred and of the "
            "baseline channel of the RetentionPolicy\n");
  response.set_missing_baseline_channel("organic");
  EXPECT_EQ(line(),
            "no customers\n"
            "rate of churn: not compared, no customers of the baseline channel organic; see "
            "baseline_channel of the RetentionPolicy\n");
  response.set_missing_referred_channel("friends");
  EXPECT_THAT(line(), HasSubstr("no customers of the referred channel friends or the baseline "
                                "channel organic; see referred_channel and baseline_channel "
                                "of the RetentionPolicy\n"));
}

TEST_F(ReadOutsTest, WrongCommandLines) {
  for (const char* line :
       {"survival", "survival p --by plan", "survival p --as-of soon", "nothing",
        "churn p --from-month 5 --to-month 4", "churn p --from-month 0", "rewards p --state x",
        "import people x --program p", "import events", "apply", "explain",
        "survival p --timeout 5"}) {
    EXPECT_THROW(RunLine(line), CLI::ParseError) << line;
  }
}

TEST_F(ReadOutsTest, TheOnlyProgramNeedsNoName) {
  referral::v1::ListProgramsResponse programs;
  programs.add_programs()->mutable_program()->set_program_id("only");
  caller_.Return<referral::v1::ListProgramsRequest>(programs);
  caller_.Return<outreach::v1::ExplainContactRequest>(outreach::v1::ExplainContactResponse());
  EXPECT_EQ(RunLine("explain c").code, kExitOk);
  EXPECT_EQ(caller_.Requests<outreach::v1::ExplainContactRequest>()[0].program_id(), "only");
  programs.add_programs()->mutable_program()->set_program_id("other");
  caller_.Return<referral::v1::ListProgramsRequest>(programs);
  EXPECT_EQ(RunLine("explain c").status.message(),
            "there are several programs, such as only and other; --program names one");
  caller_.Return<referral::v1::ListProgramsRequest>(referral::v1::ListProgramsResponse());
  EXPECT_EQ(RunLine("explain c").status.message(),
            "there is no program yet; kith apply makes one");
  EXPECT_THAT(caller_.Requests<outreach::v1::ExplainContactRequest>(), testing::SizeIs(1));
}

TEST_F(ReadOutsTest, ACustomerWithoutMessagesIsNoUnknownContact) {
  using outreach::v1::ExplainContactRequest;
  using outreach::v1::ExplainContactResponse;
  static constexpr ErrorDef kUnknown{absl::StatusCode::kNotFound, "CONTACT_NOT_FOUND",
                                     "there is no contact"};
  caller_.On<ExplainContactRequest, ExplainContactResponse>(
      [](const ExplainContactRequest&) -> absl::StatusOr<ExplainContactResponse> {
        return MakeError(kUnknown);
      });
  EXPECT_EQ(GetErrorReason(RunLine("explain c1 --program p").status), "CONTACT_NOT_FOUND")
      << "nobody knows it";
  referral::v1::ExplainAttributionResponse attributed;
  caller_.Return<referral::v1::ExplainAttributionRequest>(attributed);
  const auto outcome = RunLine("explain c1 --program p");
  EXPECT_EQ(outcome.code, kExitOk);
  EXPECT_THAT(outcome.out, testing::StartsWith("contact c1: zone -"));
  EXPECT_THAT(outcome.out, testing::EndsWith("\n\nno messages\n"));
  const auto json = nlohmann::json::parse(RunLine("explain c1 --program p --json").out);
  EXPECT_EQ(json["contact"]["contact_id"], "c1");
}

TEST_F(ReadOutsTest, RewardsReadsAllPages) {
  caller_.On<ListRewardsRequest, ListRewardsResponse>([](const ListRewardsRequest& request) {
    ListRewardsResponse response;
    const bool first = request.page_token().empty();
    auto* reward = response.add_rewards();
    reward->set_reward_id(first ? "r1" : "r2");
    reward->mutable_amount()->set_amount_minor(2500);
    reward->mutable_amount()->set_currency("USD");
    reward->set_state(referral::v1::REWARD_STATE_HELD);
    if (first) response.set_next_page_token("more");
    auto* total = response.add_totals();
    total->set_currency("USD");
    total->set_state(referral::v1::REWARD_STATE_HELD);
    total->set_amount_minor(5000);
    total->set_count(2);
    return response;
  });
  const auto json = nlohmann::json::parse(RunLine("rewards p --state held --json").out);
  ASSERT_EQ(json["rewards"].size(), 2U);
  EXPECT_EQ(json["rewards"][1]["reward_id"], "r2");
  EXPECT_EQ(json["totals"], nlohmann::json::parse(
                                R"([{"currency":"USD","amount_minor":5000,"state":"held"}])"));
  EXPECT_EQ(caller_.Requests<ListRewardsRequest>()[0].state(),
            referral::v1::REWARD_STATE_HELD);
  EXPECT_THAT(RunLine("rewards p").out, HasSubstr("held         2  50.00 USD"));
}

TEST_F(ReadOutsTest, AdvocateAndConcentration) {
  advocacy::v1::GetAdvocateResponse advocate;
  advocate.mutable_advocate()->set_advocate_id("a");
  advocate.mutable_advocate()->set_points(75);
  advocate.mutable_advocate()->set_next_tier("supporter");
  advocate.mutable_advocate()->set_points_to_next_tier(25);
  advocate.mutable_advocate()->set_segment(advocacy::v1::SEGMENT_CONTRIBUTOR);
  caller_.Return<advocacy::v1::GetAdvocateRequest>(advocate);
  EXPECT_THAT(RunLine("advocate p a").out,
              HasSubstr("next tier   supporter, 25 points to go"));
  advocacy::v1::GetConcentrationResponse concentration;
  concentration.set_advocates(4);
  concentration.set_gini(0.75);
  caller_.Return<advocacy::v1::GetConcentrationRequest>(concentration);
  caller_.Return<advocacy::v1::GetSegmentsRequest>(advocacy::v1::GetSegmentsResponse());
  EXPECT_THAT(RunLine("concentration p").out,
              HasSubstr("4 advocates, 0 successes, Gini 0.7500"));
}

TEST_F(ReadOutsTest, ExplainShowsTheChecks) {
  outreach::v1::ExplainContactResponse response;
  response.mutable_contact()->set_contact_id("c");
  response.set_zone_source("utc");
  auto* message = response.add_messages();
  message->set_playbook_id("thank-you");
  message->set_playbook_version(2);
  message->set_step_id("thanks");
  message->set_kind(outreach::v1::STEP_KIND_VALUE);
  message->set_channel(outreach::v1::CHANNEL_EMAIL);
  message->set_state(outreach::v1::MESSAGE_STATE_SCHEDULED);
  message->mutable_due_time()->set_seconds(86400 + 3600);
  auto* check = message->add_checks();
  check->set_name("quiet_hours");
  check->set_explanation("22:00 to 06:00 in Asia/Tokyo");
  caller_.Return<outreach::v1::ExplainContactRequest>(response);
  const auto outcome = RunLine("explain c --program p --at 2024-01-01");
  EXPECT_EQ(outcome.code, kExitOk);
  EXPECT_THAT(outcome.out, HasSubstr("contact c: zone - (used: utc), locale -"));
  EXPECT_THAT(outcome.out, HasSubstr("thank-you v2"));
  EXPECT_THAT(outcome.out, HasSubstr("1970-01-02 01:00:00 UTC"));
  EXPECT_THAT(outcome.out, HasSubstr("no: quiet_hours"));
  EXPECT_THAT(outcome.out, HasSubstr("22:00 to 06:00 in Asia/Tokyo"));
  const auto requests = caller_.Requests<outreach::v1::ExplainContactRequest>();
  EXPECT_EQ(requests[0].at_time().seconds(), 1704067200);
}

TEST_F(ReadOutsTest, ExplainReadsAllPages) {
  using outreach::v1::ExplainContactRequest;
  caller_.On<ExplainContactRequest, outreach::v1::ExplainContactResponse>(
      [](const ExplainContactRequest& request) {
        outreach::v1::ExplainContactResponse response;
        const bool first = request.page_token().empty();
        response.mutable_contact()->set_contact_id("c");
        response.add_messages()->set_message_id(first ? "m1" : "m2");
        if (first) response.set_next_page_token("more");
        return response;
      });
  const auto json = nlohmann::json::parse(RunLine("explain c --program p --json").out);
  ASSERT_EQ(json["messages"].size(), 2U);
  EXPECT_EQ(json["messages"][1]["message_id"], "m2");
  EXPECT_FALSE(json.contains("next_page_token"));
  EXPECT_EQ(caller_.Requests<ExplainContactRequest>()[1].page_token(), "more");
}

TEST_F(ReadOutsTest, ErrorsBecomeExitStatuses) {
  EXPECT_EQ(RunLine("survival p").code, kExitUnavailable);
  caller_.On<GetSurvivalRequest, retention::v1::GetSurvivalResponse>(
      [](const GetSurvivalRequest&) -> absl::StatusOr<retention::v1::GetSurvivalResponse> {
        return absl::NotFoundError("no");
      });
  EXPECT_EQ(RunLine("survival p").code, kExitFailed);
}

TEST_F(ReadOutsTest, AProgramThatHasBeenAppliedOnlyHasNoDataYet) {
  const auto refuse = [&]<class Request, class Response>(const Request&, const Response&) {
    caller_.On<Request, Response>([](const Request& request) -> absl::StatusOr<Response> {
      return ProgramNotFound(request.program_id());
    });
  };
  refuse(GetSurvivalRequest(), retention::v1::GetSurvivalResponse());
  refuse(GetChurnByMonthRequest(), retention::v1::GetChurnByMonthResponse());
  refuse(advocacy::v1::GetConcentrationRequest(), advocacy::v1::GetConcentrationResponse());
  refuse(advocacy::v1::GetSegmentsRequest(), advocacy::v1::GetSegmentsResponse());
  refuse(advocacy::v1::GetAdvocateRequest(), advocacy::v1::GetAdvocateResponse());
  // Whether the referral service knows it either way.
  for (const bool known : {true, false}) {
    refuse(referral::v1::GetProgramRequest(), referral::v1::GetProgramResponse());
    if (known) {
      caller_.Return<referral::v1::GetProgramRequest>(referral::v1::GetProgramResponse());
    }
    for (const auto& [line, service] :
         {std::pair("survival p", "retention"), std::pair("churn p", "retention"),
          std::pair("concentration p", "advocacy")}) {
      const auto outcome = RunLine(line);
      const auto json = RunLine(absl::StrCat(line, " --json"));
      EXPECT_EQ(outcome.code, known ? kExitOk : kExitFailed) << line;
      EXPECT_EQ(json.code, known ? kExitOk : kExitFailed) << line;
      if (!known) {
        EXPECT_EQ(GetErrorReason(outcome.status), "PROGRAM_NOT_FOUND") << line;
        continue;
      }
      EXPECT_EQ(outcome.out,
                absl::StrCat("no data yet: the ", service,
                             " service has seen no rules and no facts of this program\n"));
      EXPECT_TRUE(nlohmann::json::parse(json.out).is_object()) << line;
    }
    const auto advocate = RunLine("advocate p ann");
    EXPECT_EQ(advocate.code, kExitFailed);
    EXPECT_THAT(std::string(advocate.status.message()),
                HasSubstr(known ? "advocate ann is not known: no data yet: the advocacy "
                                  "service has seen no rules"
                                : "the program p does not exist"));
  }
}

TEST_F(ReadOutsTest, VersionIsPrinted) {
  EXPECT_THAT(RunLine("version").out, testing::StartsWith("kith "));
}

}  // namespace
}  // namespace kith::cli
