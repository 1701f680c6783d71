#include "CLI/CLI.hpp"
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "kith/referral/v1/referral.pb.h"
#include "nlohmann/json.hpp"
#include "tests/unit/cli/fake_caller.h"

namespace kith::cli {
namespace {

using namespace kith::referral::v1;
using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr int64_t kDay = 1767225600;  // 2026-01-01

class ActsTest : public CommandTest {
 protected:
  ActsTest() {
    referral_.set_referral_id("r1");
    referral_.set_advocate_id("ann");
    referral_.set_referee_id("ben");
    referral_.mutable_submitted_time()->set_seconds(kDay);
    referral_.set_state(REFERRAL_STATE_SUBMITTED);
    referral_.set_lead_state(LEAD_STATE_SUBMITTED);
    referral_.set_fit(FIT_UNKNOWN);
    referral_.set_fraud(FRAUD_STATE_CLEAR);
    GetReferralResponse got;
    *got.mutable_referral() = referral_;
    caller_.Return<GetReferralRequest>(got);
    AnswerRewards({});
  }

  void AnswerRewards(const std::vector<std::string>& ids) {
    ListRewardsResponse response;
    for (const std::string& id : ids) {
      Reward& reward = *response.add_rewards();
      reward.set_reward_id(id);
      reward.set_recipient_id("ann");
      reward.set_side(REWARD_SIDE_REFERRER);
      reward.set_rule_id("share");
      reward.set_state(REWARD_STATE_AVAILABLE);
      reward.mutable_amount()->set_amount_minor(1000);
      reward.mutable_amount()->set_currency("USD");
      reward.mutable_available_time()->set_seconds(kDay);
    }
    caller_.Return<ListRewardsRequest>(response);
  }

  void AnswerConversion() {
    RecordConversionsResponse response;
    Conversion& conversion = *response.add_results()->mutable_conversion();
    conversion.set_conversion_id("o1");
    conversion.set_customer_id("ben");
    conversion.set_referral_id("r1");
    conversion.mutable_conversion_time()->set_seconds(kDay);
    conversion.mutable_amount()->set_amount_minor(4990);
    conversion.mutable_amount()->set_currency("USD");
    conversion.set_live(true);
    conversion.set_success(true);
    conversion.add_reward_ids("o1:share");
    caller_.Return<RecordConversionsRequest>(response);
  }

  // The first request of its type.
  template <class Request>
  Request First() {
    const auto requests = caller_.Requests<Request>();
    return requests.empty() ? Request() : requests.front();
  }

  Referral referral_;
};

TEST_F(ActsTest, EnrolShowsTheCodeAndWhetherItIsNew) {
  EnrollAdvocatesResponse response;
  auto* result = response.add_results();
  result->set_enrolled_now(true);
  result->mutable_advocate()->set_advocate_id("ann");
  result->mutable_advocate()->set_code("7K3M2QXA");
  result->mutable_advocate()->mutable_enrolled_time()->set_seconds(kDay);
  caller_.Return<EnrollAdvocatesRequest>(response);
  EXPECT_EQ(RunLine("enrol p ann --email ann@x.org --phone - --kind user "
                    "--attribute seats=10 --attribute note=a=b --device d --ip 10.0.0.1 "
                    "--payment f --time 2026-01-01 --request-id q1",
                    " +49 30 1 \n")
                .out,
            "field        value\n"
            "advocate     ann\n"
            "enrolled     now\n"
            "code         7K3M2QXA\n"
            "since        2026-01-01 UTC\n"
            "kind         -\n"
            "referrals    0\n"
            "signups      0\n"
            "conversions  0\n");
  const auto request = First<EnrollAdvocatesRequest>();
  EXPECT_EQ(request.program_id(), "p");
  EXPECT_EQ(request.request_id(), "q1");
  const NewAdvocate& advocate = request.advocates(0);
  EXPECT_EQ(advocate.advocate_id(), "ann");
  EXPECT_EQ(advocate.email(), "ann@x.org");
  EXPECT_EQ(advocate.phone(), "+49 30 1");
  EXPECT_EQ(advocate.kind(), "user");
  EXPECT_EQ(advocate.device_id(), "d");
  EXPECT_EQ(advocate.ip_address(), "10.0.0.1");
  EXPECT_EQ(advocate.payment_fingerprint(), "f");
  EXPECT_EQ(advocate.enrolled_time().seconds(), kDay);
  ASSERT_EQ(advocate.attributes_size(), 2);
  EXPECT_EQ(advocate.attributes(1).name(), "note");
  EXPECT_EQ(advocate.attributes(1).value(), "a=b");

  response.mutable_results(0)->set_enrolled_now(false);
  caller_.Return<EnrollAdvocatesRequest>(response);
  EXPECT_THAT(RunLine("enrol p ann").out,
              HasSubstr("enrolled     before; nothing was changed\n"));
  const json again = json::parse(RunLine("enrol p ann --json").out);
  EXPECT_EQ(again["enrolled_now"], false);
  EXPECT_EQ(again["advocate"]["code"], "7K3M2QXA");
  EXPECT_EQ(again["request_id"].get<std::string>().size(), 36U);
  EXPECT_FALSE(caller_.Requests<EnrollAdvocatesRequest>()[1].advocates(0).has_enrolled_time());
}

TEST_F(ActsTest, WhatIsWrongWithAnOptionIsSaidBeforeAnythingIsSent) {
  EXPECT_THAT(std::string(RunLine("enrol p ann --attribute seats").status.message()),
              HasSubstr("'seats' must be NAME=VALUE"));
  EXPECT_THAT(std::string(RunLine("enrol p ann --email -").status.message()),
              HasSubstr("stdin holds no line"));
  EXPECT_THROW(RunLine("enrol p"), CLI::ParseError);
  EXPECT_THROW(RunLine("enrol p ann --time soon"), CLI::ParseError);
  EXPECT_THROW(RunLine("convert p"), CLI::ParseError);
  EXPECT_THROW(RunLine("reverse p o1"), CLI::ParseError);
  EXPECT_THAT(caller_.Requests<EnrollAdvocatesRequest>(), IsEmpty());
}

TEST_F(ActsTest, AnIdThatIsGivenMustNotBeEmpty) {
  using Words = std::vector<std::string>;
  for (const Words& words :
       {Words{"signup", "p", ""}, Words{"enrol", "p", ""}, Words{"refer", "p", ""},
        Words{"touch", "p", "", "v7"}, Words{"touch", "p", "ANN2", ""},
        Words{"convert", "p", ""}, Words{"convert", "p", "--of", ""},
        Words{"reverse", "p", "", "--cause", "refund"}, Words{"signup", "", "ben"},
        Words{"convert", "p", "ben", "--id", ""},
        Words{"convert", "p", "ben", "--request-id", ""},
        Words{"refer", "p", "ann", "--customer", ""}, Words{"codes", "list", "p", ""}}) {
    try {
      RunWords(words);
      ADD_FAILURE() << words[0];
    } catch (const CLI::ParseError& error) {
      EXPECT_THAT(error.what(), HasSubstr("must not be empty")) << words[0];
    }
  }
}

TEST_F(ActsTest, ACampaignThatIsUnknownIsSaid) {
  SubmitReferralsResponse response;
  *response.add_results()->mutable_referral() = referral_;
  response.mutable_results(0)->add_warnings("UNKNOWN_CAMPAIGN");
  caller_.Return<SubmitReferralsRequest>(response);
  const auto outcome = RunLine("refer p ann --customer ben --campaign sprnig");
  EXPECT_EQ(outcome.code, kExitOk);
  EXPECT_EQ(outcome.err,
            "kith: note: p has no campaign sprnig: it is kept as a label, and no campaign's "
            "rules apply\n");
  const json shown = json::parse(RunLine("refer p ann --customer ben --json").out);
  EXPECT_EQ(shown["warnings"], json::array({"UNKNOWN_CAMPAIGN"}));
}

TEST_F(ActsTest, ReferShowsTheReferralAndItsRewards) {
  SubmitReferralsResponse response;
  *response.add_results()->mutable_referral() = referral_;
  caller_.Return<SubmitReferralsRequest>(response);
  AnswerRewards({"share:r1"});
  const auto outcome = RunLine(
      "refer p ann --email - --name - --customer ben --campaign football --note - "
      "--expect price --expect speed --attribute size=9 --request-id q1",
      "ben@x.org\nBen\nlater\n");
  EXPECT_EQ(outcome.code, kExitOk);
  EXPECT_THAT(outcome.out, testing::StartsWith("field              value\n"
                                               "referral           r1\n"
                                               "advocate           ann\n"));
  EXPECT_THAT(outcome.out,
              HasSubstr("\nRewards\n"
                        "reward    recipient  side      rule   state         amount  "
                        "available\n"
                        "share:r1  ann        referrer  share  available  10.00 USD  "
                        "2026-01-01 UTC\n"));
  const NewReferral lead = First<SubmitReferralsRequest>().referrals(0);
  EXPECT_EQ(lead.referral_id(), "q1");  // that of the request
  EXPECT_EQ(lead.referee_email(), "ben@x.org");
  EXPECT_EQ(lead.referee_name(), "Ben");
  EXPECT_EQ(lead.note(), "later");
  EXPECT_EQ(lead.referee_id(), "ben");
  EXPECT_EQ(lead.campaign(), "football");
  ASSERT_EQ(lead.expectations_size(), 2);
  EXPECT_EQ(lead.expectations(1), "speed");
  EXPECT_EQ(lead.attributes(0).value(), "9");
  EXPECT_FALSE(lead.has_submitted_time());
  EXPECT_EQ(First<ListRewardsRequest>().referral_id(), "r1");

  AnswerRewards({});
  EXPECT_THAT(RunLine("refer p ann --customer ben --id mine").out,
              HasSubstr("\nRewards\nno rewards\n"));
  EXPECT_EQ(caller_.Requests<SubmitReferralsRequest>()[1].referrals(0).referral_id(), "mine");
  const json shown = json::parse(RunLine("refer p ann --customer ben --json").out);
  EXPECT_EQ(shown["referral"]["referral_id"], "r1");
  EXPECT_EQ(shown["rewards"], json::array());
}

TEST_F(ActsTest, ARefusalIsNamed) {
  SubmitReferralsResponse response;
  auto* error = response.add_results()->mutable_error();
  error->set_reason("ALREADY_REFERRED");
  error->set_field("referee_email");
  error->set_message("is named by an earlier lead");
  caller_.Return<SubmitReferralsRequest>(response);
  const auto refused = RunLine("refer p ann --customer ben");
  EXPECT_EQ(refused.code, kExitFailed);
  EXPECT_EQ(refused.status.message(),
            "referee_email is named by an earlier lead [ALREADY_REFERRED]");
  EXPECT_EQ(refused.out, "");
}

TEST_F(ActsTest, AnAnswerThatIsLostCanBeAskedForAgain) {
  caller_.On<SubmitReferralsRequest, SubmitReferralsResponse>(
      [](const SubmitReferralsRequest&) -> absl::StatusOr<SubmitReferralsResponse> {
        return absl::UnavailableError("gone");
      });
  const auto outcome = RunLine("refer p ann --customer ben --request-id q1");
  EXPECT_EQ(outcome.code, kExitUnavailable);
  EXPECT_THAT(outcome.err, HasSubstr("with --request-id q1 the same command is done once"));
}

TEST_F(ActsTest, WhatIsDoneIsDoneAlthoughItsOutcomeCannotBeRead) {
  AnswerConversion();
  caller_.On<ListRewardsRequest, ListRewardsResponse>(
      [](const ListRewardsRequest&) -> absl::StatusOr<ListRewardsResponse> {
        return absl::UnavailableError("gone");
      });
  const auto outcome = RunLine("convert p ben --json");
  EXPECT_EQ(outcome.code, kExitOk);
  EXPECT_EQ(outcome.err, "kith: it is done, but its outcome could not be read: gone\n");
  EXPECT_EQ(json::parse(outcome.out)["rewards"], nullptr);
  EXPECT_EQ(json::parse(outcome.out)["conversion"]["conversion_id"], "o1");
}

TEST_F(ActsTest, ATouchTellsWhomItCountsFor) {
  RecordTouchesResponse response;
  response.add_results()->set_advocate_id("ann");
  caller_.Return<RecordTouchesRequest>(response);
  EXPECT_EQ(RunLine("touch p ANN2 v7 --id t1 --kind view --source mail").out,
            "touch  visitor  counts for\n"
            "t1     v7       ann\n");
  const NewTouch touch = First<RecordTouchesRequest>().touches(0);
  EXPECT_EQ(touch.touch_id(), "t1");
  EXPECT_EQ(touch.code(), "ANN2");
  EXPECT_EQ(touch.visitor_id(), "v7");
  EXPECT_EQ(touch.kind(), TOUCH_KIND_VIEW);
  EXPECT_EQ(touch.source(), "mail");
  const json shown = json::parse(RunLine("touch p ANN2 v7 --json").out);
  EXPECT_EQ(shown["advocate_id"], "ann");
  EXPECT_EQ(shown["touch_id"], shown["request_id"]);

  auto& result = *response.mutable_results(0);
  result.mutable_honoured_until()->set_seconds(kDay);
  caller_.Return<RecordTouchesRequest>(response);
  EXPECT_THAT(RunLine("touch p ANN2 v7").out,
              HasSubstr("ann; the code goes out at 2026-01-01 UTC\n"));
  result.set_uncounted_reason("CODE_REVOKED");
  caller_.Return<RecordTouchesRequest>(response);
  EXPECT_THAT(RunLine("touch p ANN2 v7").out,
              HasSubstr("nobody: the code of ann was revoked at 2026-01-01 UTC\n"));
  EXPECT_EQ(json::parse(RunLine("touch p ANN2 v7 --json").out)["uncounted_reason"],
            "CODE_REVOKED");
  result.set_uncounted_reason("CODE_ROTATED");
  caller_.Return<RecordTouchesRequest>(response);
  EXPECT_THAT(
      RunLine("touch p ANN2 v7").out,
      HasSubstr("nobody: the code of ann was rotated and honoured until 2026-01-01 UTC\n"));
  result.set_uncounted_reason("CAMPAIGN_CLOSED");
  caller_.Return<RecordTouchesRequest>(response);
  EXPECT_THAT(RunLine("touch p ANN2 v7").out,
              HasSubstr("nobody: the code of ann does not count [CAMPAIGN_CLOSED]\n"));

  response.mutable_results(0)->mutable_error()->set_reason("UNKNOWN_CODE");
  caller_.Return<RecordTouchesRequest>(response);
  EXPECT_EQ(RunLine("touch p ANN2 v7").code, kExitFailed);
}

TEST_F(ActsTest, ASignupTellsWhoIsCreditedAndWhyNobodyElse) {
  AttributeSignupResponse response;
  Attribution& judged = *response.mutable_attribution();
  judged.set_customer_id("ben");
  judged.set_channel("referral");
  judged.set_advocate_id("ann");
  judged.set_referral_id("r1");
  judged.set_evidence(EVIDENCE_KIND_CODE);
  auto* lost = judged.add_rejected();
  lost->set_evidence(EVIDENCE_KIND_TOUCH);
  lost->set_advocate_id("cat");
  lost->set_reason("OUTRANKED");
  caller_.Return<AttributeSignupRequest>(response);
  EXPECT_EQ(RunLine("signup p ben --code ANN2 --referrer ann --visitor v7 --channel paid "
                    "--source mail --email ben@x.org --attribute plan=gold")
                .out,
            "ben was brought by ann, by code, referral r1\n"
            "\n"
            "rejected evidence  advocate  because\n"
            "touch              cat       OUTRANKED\n"
            "\nRewards\nno rewards\n");
  const Signup signup = First<AttributeSignupRequest>().signup();
  EXPECT_EQ(signup.customer_id(), "ben");
  EXPECT_EQ(signup.code(), "ANN2");
  EXPECT_EQ(signup.referrer_id(), "ann");
  EXPECT_EQ(signup.visitor_id(), "v7");
  EXPECT_EQ(signup.channel(), "paid");
  EXPECT_EQ(signup.source(), "mail");
  EXPECT_EQ(signup.attributes(0).name(), "plan");
  const json shown = json::parse(RunLine("signup p ben --json").out);
  EXPECT_EQ(shown["attribution"]["evidence"], "code");
  EXPECT_EQ(shown["referral"]["advocate_id"], "ann");

  judged.clear_referral_id();
  judged.clear_advocate_id();
  judged.clear_rejected();
  judged.set_channel("organic");
  caller_.Return<AttributeSignupRequest>(response);
  EXPECT_EQ(RunLine("signup p ben").out,
            "ben was brought by nobody, channel organic\n"
            "\n"
            "no rejected evidence\n"
            "\nRewards\nno rewards\n");
  EXPECT_EQ(json::parse(RunLine("signup p ben --json").out)["referral"], nullptr);
}

TEST_F(ActsTest, AConversionTellsWhoIsCreditedAndWhatItMade) {
  AnswerConversion();
  AnswerRewards({"o0:share", "o1:share"});
  GetProgramResponse program;
  program.mutable_program()->set_currency("USD");
  caller_.Return<GetProgramRequest>(program);
  EXPECT_EQ(RunLine("convert p ben --amount 49.90 --annual 120 --line delivery=3.50 --id o1 "
                    "--event paid --attribute plan=gold")
                .out,
            "field       value\n"
            "conversion  o1\n"
            "customer    ben\n"
            "referral    r1\n"
            "credited    ann\n"
            "when        2026-01-01 UTC\n"
            "event       -\n"
            "amount      49.90 USD\n"
            "stands      converts the referral\n"
            "\nRewards\n"
            "reward    recipient  side      rule   state         amount  available\n"
            "o1:share  ann        referrer  share  available  10.00 USD  2026-01-01 UTC\n");
  const NewConversion conversion = First<RecordConversionsRequest>().conversions(0);
  EXPECT_EQ(conversion.conversion_id(), "o1");
  EXPECT_EQ(conversion.customer_id(), "ben");
  EXPECT_EQ(conversion.amount().amount_minor(), 4990);
  EXPECT_EQ(conversion.amount().currency(), "USD");
  EXPECT_EQ(conversion.annual_minor(), 12000);
  EXPECT_EQ(conversion.lines(0).name(), "delivery");
  EXPECT_EQ(conversion.lines(0).amount_minor(), 350);
  EXPECT_EQ(conversion.event(), "paid");
  EXPECT_EQ(conversion.attributes(0).value(), "gold");
  EXPECT_THAT(std::string(RunLine("convert p ben --amount 1.234").status.message()),
              testing::StartsWith("--amount: "));
  EXPECT_THAT(std::string(RunLine("convert p ben --line x").status.message()),
              HasSubstr("'x' must be NAME=VALUE"));
}

TEST_F(ActsTest, AConversionThatCountsForNobodyTellsWhy) {
  RecordConversionsResponse response;
  Conversion& conversion = *response.add_results()->mutable_conversion();
  conversion.set_conversion_id("o1");
  conversion.set_customer_id("ben");
  const auto stands = [&](const char* reason) {
    conversion.set_uncounted_reason(reason);
    caller_.Return<RecordConversionsRequest>(response);
    return RunLine("convert p ben").out;
  };
  EXPECT_THAT(stands("BEFORE_SIGNUP"), HasSubstr("\ncredited    nobody\n"));
  EXPECT_THAT(stands("BEFORE_SIGNUP"),
              HasSubstr("counts for no referral: it was before the customer's signup\n"));
  EXPECT_THAT(stands("NOT_ATTRIBUTED"),
              HasSubstr("counts for no referral: nobody referred the customer\n"));
  EXPECT_THAT(stands("UNKNOWN_CUSTOMER"),
              HasSubstr("counts for no referral, as yet: no such customer has signed up\n"));
}

TEST_F(ActsTest, ACurrencyThatIsGivenNeedsNoProgram) {
  AnswerConversion();
  RunLine("convert p --of r1 --amount 700 --currency JPY --request-id q1");
  EXPECT_THAT(caller_.Requests<GetProgramRequest>(), IsEmpty());
  const NewConversion conversion = First<RecordConversionsRequest>().conversions(0);
  EXPECT_EQ(conversion.amount().amount_minor(), 700);
  EXPECT_EQ(conversion.referral_id(), "r1");
  EXPECT_EQ(conversion.conversion_id(), "q1");
  EXPECT_FALSE(conversion.has_annual_minor());
}

TEST_F(ActsTest, AConversionWithoutAReferralIsCreditedToNobody) {
  RecordConversionsResponse response;
  response.add_results()->mutable_conversion()->set_conversion_id("o1");
  caller_.Return<RecordConversionsRequest>(response);
  EXPECT_THAT(RunLine("convert p ben").out, HasSubstr("credited    nobody\n"));
  EXPECT_THAT(caller_.Requests<GetReferralRequest>(), IsEmpty());
}

TEST_F(ActsTest, AReversalTellsWhatBecameOfTheRewards) {
  ReverseConversionResponse response;
  response.mutable_conversion()->set_conversion_id("o1");
  response.mutable_conversion()->set_referral_id("r1");
  response.mutable_conversion()->set_reversed(true);
  response.mutable_conversion()->add_reward_ids("o1:share");
  caller_.Return<ReverseConversionRequest>(response);
  AnswerRewards({"o1:share"});
  const auto outcome = RunLine("reverse p o1 --cause refund --request-id q1");
  EXPECT_THAT(outcome.out, HasSubstr("stands      reversed\n"));
  EXPECT_THAT(outcome.out, HasSubstr("\no1:share  ann"));
  const auto request = First<ReverseConversionRequest>();
  EXPECT_EQ(request.conversion_id(), "o1");
  EXPECT_EQ(request.cause(), "refund");
  EXPECT_EQ(request.request_id(), "q1");
  const json shown = json::parse(RunLine("reverse p o1 --cause refund --json").out);
  EXPECT_EQ(shown["conversion"]["reversed"], true);
  EXPECT_THAT(shown["rewards"], SizeIs(1));
}

}  // namespace
}  // namespace kith::cli
