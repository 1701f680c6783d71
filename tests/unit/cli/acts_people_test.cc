// `kith enrol`, `refer`, `touch` and `signup`.
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "nlohmann/json.hpp"
#include "tests/unit/cli/acts_world.h"

namespace kith::cli {
namespace {

using nlohmann::json;
using testing::HasSubstr;

TEST_F(ActsTest, EnrolShowsTheCodeAndWhetherItIsNew) {
  EnrollAdvocatesResponse response;
  auto* result = response.add_results();
  result->set_enrolled_now(true);
  result->mutable_advocate()->set_advocate_id("ann");
  result->mutable_advocate()->set_code("7K3M2QXA");
  result->mutable_advocate()->set_link("https://x.example/r/7K3M2QXA");
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
            "link         https://x.example/r/7K3M2QXA\n"
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

TEST_F(ActsTest, UpdateNamesWhatChangesOnly) {
  UpdateAdvocatesResponse response;
  Advocate& advocate = *response.add_results()->mutable_advocate();
  advocate.set_advocate_id("ann");
  advocate.set_kind("user");
  auto& plan = *advocate.add_attributes();
  plan.set_name("plan");
  plan.set_value("pro");
  caller_.Return<UpdateAdvocatesRequest>(response);
  EXPECT_EQ(RunLine("update p ann --email - --attribute plan=pro --remove team "
                    "--forget phone --forget kind --request-id q1",
                    "ann@x.org\n")
                .out,
            "field     value\n"
            "advocate  ann\n"
            "kind      user\n"
            "plan      pro\n");
  const auto request = First<UpdateAdvocatesRequest>();
  EXPECT_EQ(request.request_id(), "q1");
  const AdvocateUpdate& update = request.updates(0);
  EXPECT_EQ(update.email(), "ann@x.org");
  EXPECT_EQ(update.attributes(0).value(), "pro");
  EXPECT_EQ(update.removed_attributes(0), "team");
  EXPECT_TRUE(update.has_phone() && update.phone().empty());
  EXPECT_TRUE(update.has_kind() && update.kind().empty());
  EXPECT_FALSE(update.has_device_id() || update.has_payment_fingerprint() ||
               update.has_ip_address());
  EXPECT_THAT(std::string(RunLine("update p ann --forget name").status.message()),
              HasSubstr("'name' must be email, phone, kind, device, payment or ip"));
}

TEST_F(ActsTest, WhatIsGivenIsNotForgottenAtOnce) {
  caller_.Return<UpdateAdvocatesRequest>(UpdateAdvocatesResponse());
  for (const char* what : {"email", "phone", "kind", "device", "payment", "ip"}) {
    EXPECT_EQ(RunLine(absl::StrCat("update p ann --", what, " a@x.org --forget ", what))
                  .status.message(),
              absl::StrCat("--forget ", what, " and --", what, " exclude each other"));
  }
  EXPECT_THAT(caller_.Requests<UpdateAdvocatesRequest>(), testing::IsEmpty());
  RunLine("update p ann --forget device --forget device");
  EXPECT_TRUE(First<UpdateAdvocatesRequest>().updates(0).has_device_id());
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

}  // namespace
}  // namespace kith::cli
