#include "CLI/CLI.hpp"
#include "gmock/gmock.h"
#include "kith/referral/v1/attribution.pb.h"
#include "kith/referral/v1/lead.pb.h"
#include "kith/referral/v1/program.pb.h"
#include "nlohmann/json.hpp"
#include "tests/unit/cli/fake_caller.h"

namespace kith::cli {
namespace {

using namespace kith::referral::v1;
using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Referral MakeReferral(const std::string& id) {
  Referral referral;
  referral.set_referral_id(id);
  referral.set_advocate_id("ann");
  referral.mutable_submitted_time()->set_seconds(1767225600);
  referral.set_state(REFERRAL_STATE_SUBMITTED);
  referral.set_lead_state(LEAD_STATE_CONTACTED);
  referral.set_fit(FIT_GOOD);
  referral.set_fraud(FRAUD_STATE_CLEAR);
  return referral;
}

using ReferralsTest = CommandTest;

TEST_F(ReferralsTest, ListsReferrals) {
  ListReferralsResponse response;
  *response.add_referrals() = MakeReferral("r1");
  caller_.Return<ListReferralsRequest>(response);
  EXPECT_EQ(
      RunLine("referrals list p --advocate ann --state submitted").out,
      "referral  advocate  referee  began           state      lead       fit   fraud  "
      "campaign\n"
      "r1        ann       -        2026-01-01 UTC  submitted  contacted  good  clear  -\n");
  const auto request = caller_.Requests<ListReferralsRequest>().at(0);
  EXPECT_EQ(request.advocate_id(), "ann");
  EXPECT_EQ(request.state(), REFERRAL_STATE_SUBMITTED);
}

TEST_F(ReferralsTest, WhatIsNoLeadHasNeitherStateNorFitOfOne) {
  Referral signup = MakeReferral("signup:c1");
  signup.clear_lead_state();
  signup.clear_fit();
  ListReferralsResponse list;
  *list.add_referrals() = signup;
  caller_.Return<ListReferralsRequest>(list);
  EXPECT_THAT(RunLine("referrals list p").out,
              HasSubstr("2026-01-01 UTC  submitted  -     -    clear  -\n"));
  GetReferralResponse one;
  *one.mutable_referral() = signup;
  caller_.Return<GetReferralRequest>(one);
  EXPECT_THAT(RunLine("referrals get p signup:c1").out,
              testing::Not(HasSubstr("unspecified")));
}

TEST_F(ReferralsTest, ARefusalNamesItsField) {
  UpdateLeadsResponse response;
  auto* error = response.add_results()->mutable_error();
  error->set_reason("REASON_MISSING");
  error->set_field("reason");
  error->set_message("is needed for a lead that is lost or unqualified");
  caller_.Return<UpdateLeadsRequest>(response);
  const auto refused = RunLine("referrals update p r1 --lead lost --by mary");
  EXPECT_EQ(refused.status.message(),
            "reason is needed for a lead that is lost or unqualified [REASON_MISSING]");
}

TEST_F(ReferralsTest, AFilterOfLeadsAsksForLeads) {
  ListLeadsResponse response;
  *response.add_leads() = MakeReferral("r1");
  caller_.Return<ListLeadsRequest>(response);
  const json leads = json::parse(
      RunLine("referrals list p --lead contacted --fit good --campaign football --json").out);
  EXPECT_EQ(leads["referrals"][0]["referral_id"], "r1");
  const auto request = caller_.Requests<ListLeadsRequest>().at(0);
  EXPECT_EQ(request.lead_state(), LEAD_STATE_CONTACTED);
  EXPECT_EQ(request.fit(), FIT_GOOD);
  EXPECT_EQ(request.campaign(), "football");
  EXPECT_THROW(RunLine("referrals list p --lead won --state converted"), CLI::ParseError);
}

TEST_F(ReferralsTest, ALimitEndsTheReadingAndIsTold) {
  using Request = ListReferralsRequest;
  caller_.On<Request, ListReferralsResponse>([](const Request& request) {
    ListReferralsResponse response;
    for (int i = 0; i < request.page_size(); ++i) response.add_referrals();
    response.set_next_page_token("more");
    return response;
  });
  const auto outcome = RunLine("referrals list p --limit 1200 --json");
  EXPECT_THAT(json::parse(outcome.out)["referrals"], SizeIs(1200));
  EXPECT_EQ(outcome.err, "kith: there is more; --limit shows more of it\n");
  EXPECT_THAT(caller_.Requests<Request>(), SizeIs(2));
  EXPECT_THROW(RunLine("referrals list p --limit 0"), CLI::ParseError);
}

TEST_F(ReferralsTest, GetShowsWhatIsKnown) {
  GetReferralResponse response;
  *response.mutable_referral() = MakeReferral("r1");
  auto* attribute = response.mutable_referral()->add_attributes();
  attribute->set_name("employees");
  attribute->set_value("40");
  caller_.Return<GetReferralRequest>(response);
  const auto outcome = RunLine("referrals get p r1");
  EXPECT_THAT(outcome.out, HasSubstr("\nlead               contacted\n"));
  EXPECT_THAT(outcome.out, HasSubstr("\nlead.employees     40\n"));
  EXPECT_THAT(outcome.out, HasSubstr("\nfraud              clear, score 0\n"));
  EXPECT_THAT(outcome.out, testing::Not(HasSubstr("signed up")));
}

TEST_F(ReferralsTest, OverdueShowsTheirDeadline) {
  ListOverdueLeadsResponse response;
  *response.add_leads() = MakeReferral("r1");
  response.mutable_leads(0)->mutable_follow_up_due_time()->set_seconds(1767312000);
  caller_.Return<ListOverdueLeadsRequest>(response);
  EXPECT_EQ(RunLine("referrals overdue p").out,
            "referral  advocate  submitted       contact due     contacted  lead\n"
            "r1        ann       2026-01-01 UTC  2026-01-02 UTC  -          contacted\n");
  RunLine("referrals overdue p --all");
  EXPECT_FALSE(caller_.Requests<ListOverdueLeadsRequest>()[0].closed_too());
  EXPECT_TRUE(caller_.Requests<ListOverdueLeadsRequest>()[1].closed_too());
}

TEST_F(ReferralsTest, UpdateTellsTheNewStateOrTheRefusal) {
  UpdateLeadsResponse response;
  *response.add_results()->mutable_referral() = MakeReferral("r1");
  caller_.Return<UpdateLeadsRequest>(response);
  EXPECT_EQ(RunLine("referrals update p r1 --lead contacted --by mary").out,
            "r1 is contacted\n");
  const auto request = caller_.Requests<UpdateLeadsRequest>().at(0);
  EXPECT_EQ(request.updates(0).state(), LEAD_STATE_CONTACTED);
  EXPECT_EQ(request.updates(0).by(), "mary");

  auto* error = response.mutable_results(0)->mutable_error();
  error->set_reason("ILLEGAL_LEAD_TRANSITION");
  error->set_message("a won lead stays won");
  caller_.Return<UpdateLeadsRequest>(response);
  const auto refused = RunLine("referrals update p r1 --lead lost --by mary --reason price");
  EXPECT_EQ(refused.code, kExitFailed);
  EXPECT_EQ(refused.status.message(), "a won lead stays won [ILLEGAL_LEAD_TRANSITION]");
  EXPECT_THROW(RunLine("referrals update p r1 --lead lost"), CLI::ParseError);
}

TEST_F(ReferralsTest, FunnelCountsEachStateOnce) {
  using Request = GetLeadFunnelRequest;
  caller_.On<Request, GetLeadFunnelResponse>([](const Request& request) {
    GetLeadFunnelResponse response;
    response.set_breached(2);
    auto* won = response.add_leads();
    won->set_state(LEAD_STATE_WON);
    won->set_count(1234);
    auto* campaign = response.add_campaigns();
    const bool first = request.page_token().empty();
    campaign->set_campaign(first ? "advent" : "football");
    if (first) response.set_next_page_token("more");
    return response;
  });
  EXPECT_EQ(RunLine("referrals funnel p").out,
            "campaign  submitted  contacted  qualified  meeting  negotiation    won  lost  "
            "unqualified\n"
            "(all)             0          0          0        0            0  1,234     0  "
            "          0\n"
            "advent            0          0          0        0            0      0     0  "
            "          0\n"
            "football          0          0          0        0            0      0     0  "
            "          0\n"
            "contacted too late, or still waiting too long: 2\n");
}

using AttributionTest = CommandTest;

TEST_F(AttributionTest, ExplainShowsWhyEachWonOrLost) {
  ExplainAttributionResponse response;
  auto* judged = response.mutable_attribution();
  judged->set_customer_id("c1");
  judged->set_advocate_id("ann");
  judged->set_referral_id("r1");
  judged->set_evidence(EVIDENCE_KIND_LEAD);
  response.set_program_version(3);
  auto* won = response.add_candidates();
  won->set_evidence(EVIDENCE_KIND_LEAD);
  won->set_advocate_id("ann");
  won->set_evidence_id("r1");
  won->mutable_window()->set_seconds(90 * 86400);
  won->set_won(true);
  auto* lost = response.add_candidates();
  lost->set_evidence(EVIDENCE_KIND_TOUCH);
  lost->set_advocate_id("ben");
  lost->set_reason("OUTRANKED");
  caller_.Return<ExplainAttributionRequest>(response);
  EXPECT_EQ(RunLine("attribution explain p c1").out,
            "c1 was brought by ann, by lead, referral r1\n"
            "judged by version 3 of the program\n"
            "\n"
            "evidence  advocate  what  when  counts for  campaign  verdict\n"
            "lead      ann       r1    -     90d         -         decided\n"
            "touch     ben       -     -     ever        -         OUTRANKED\n");
}

TEST_F(AttributionTest, OfAConfirmedFraudItSaysThatNobodyBroughtTheCustomer) {
  OverrideAttributionResponse response;
  auto* judged = response.mutable_attribution();
  judged->set_customer_id("c1");
  judged->set_advocate_id("ann");
  judged->set_referral_id("r1");
  judged->set_evidence(EVIDENCE_KIND_LEAD);
  judged->set_channel("paid");
  auto* rejected = judged->add_rejected();
  rejected->set_evidence(EVIDENCE_KIND_NONE);
  rejected->set_advocate_id("ann");
  rejected->set_reason("FRAUD_REJECTED");
  caller_.Return<OverrideAttributionRequest>(response);
  EXPECT_EQ(RunLine("attribution override p c1 --advocate ann --by mary --cause x").out,
            "c1 was brought by ann, by lead, referral r1\n"
            "the referral was rejected as a fraud: the customer counts as brought by nobody, "
            "channel paid\n");
}

TEST_F(AttributionTest, NobodyIsADecisionThatMustBeSaid) {
  OverrideAttributionResponse response;
  response.mutable_attribution()->set_customer_id("c1");
  response.mutable_attribution()->set_channel("organic");
  caller_.Return<OverrideAttributionRequest>(response);
  EXPECT_EQ(RunLine("attribution override p c1 --nobody --by mary --cause mistake").out,
            "c1 was brought by nobody, channel organic\n");
  RunLine("attribution override p c1 --advocate ben --by mary --cause mistake");
  const auto requests = caller_.Requests<OverrideAttributionRequest>();
  EXPECT_THAT(requests[0].advocate_id(), IsEmpty());
  EXPECT_EQ(requests[1].advocate_id(), "ben");
  EXPECT_THROW(RunLine("attribution override p c1 --by mary --cause x"), CLI::ParseError);
  EXPECT_THROW(
      RunLine("attribution override p c1 --nobody --advocate ben --by mary --cause x"),
      CLI::ParseError);
}

TEST_F(AttributionTest, OverridesTellWhoAndWhy) {
  ListOverridesResponse response;
  auto* decision = response.add_overrides();
  decision->set_customer_id("c1");
  decision->set_number(1);
  decision->set_advocate_id("ben");
  decision->set_decided_by("mary");
  decision->set_cause("call");
  decision->mutable_decided_time()->set_seconds(1767225600);
  caller_.Return<ListOverridesRequest>(response);
  EXPECT_EQ(RunLine("attribution overrides p").out,
            "customer  no.  when            before  since  decided by  cause\n"
            "c1          1  2026-01-01 UTC  -       ben    mary        call\n");
}

class CodesTest : public CommandTest {
 protected:
  CodesTest() {
    code_.set_code("ANN2");
    code_.set_advocate_id("ann");
    code_.set_kind(CODE_KIND_VANITY);
  }
  Code code_;
};

TEST_F(CodesTest, ListShowsRetiredOnes) {
  ListCodesResponse response;
  *response.add_codes() = code_;
  response.mutable_codes(0)->set_link("https://x.example/r/ANN2");
  *response.add_codes() = code_;
  response.mutable_codes(1)->mutable_retired_time()->set_seconds(1767225600);
  response.mutable_codes(1)->mutable_honoured_until()->set_seconds(1767312000);
  caller_.Return<ListCodesRequest>(response);
  EXPECT_EQ(
      RunLine("codes list p ann").out,
      "code  advocate  kind    campaign  issued  stands                                  "
      "link\n"
      "ANN2  ann       vanity  -         -       in use                                  "
      "https://x.example/r/ANN2\n"
      "ANN2  ann       vanity  -         -       retired, honoured until 2026-01-02 UTC  -\n");
}

TEST_F(CodesTest, IssueWantsOneChoice) {
  IssueCodeResponse response;
  *response.mutable_code() = code_;
  caller_.Return<IssueCodeRequest>(response);
  const auto vanity = RunLine("codes issue p ann --vanity ann-2");
  EXPECT_EQ(vanity.out, "ANN2  in use\n");
  EXPECT_EQ(vanity.err,
            "kith: note: ann-2 is kept as ANN2: case, dashes and letters that look like "
            "digits do not matter\n");
  RunLine("codes issue p ann --campaign football");
  const auto requests = caller_.Requests<IssueCodeRequest>();
  EXPECT_EQ(requests[0].vanity(), "ann-2");
  EXPECT_EQ(requests[1].campaign(), "football");
  EXPECT_THROW(RunLine("codes issue p ann"), CLI::ParseError);
}

TEST_F(CodesTest, ACodeOfAClosedCampaignIsNoted) {
  IssueCodeResponse response;
  *response.mutable_code() = code_;
  caller_.Return<IssueCodeRequest>(response);
  GetCampaignResponse campaign;
  campaign.mutable_campaign()->set_state(CAMPAIGN_STATE_CLOSED);
  caller_.Return<GetCampaignRequest>(campaign);
  EXPECT_EQ(
      RunLine("codes issue p ann --campaign spring").err,
      "kith: note: the campaign spring is closed for good; its codes do not count now\n");
  campaign.mutable_campaign()->set_state(CAMPAIGN_STATE_OPEN);
  caller_.Return<GetCampaignRequest>(campaign);
  EXPECT_EQ(RunLine("codes issue p ann --campaign spring").err, "");
}

TEST_F(CodesTest, RotateShowsBoth) {
  RotateCodeResponse response;
  *response.mutable_code() = code_;
  response.mutable_code()->set_link("https://x.example/r/ANN2");
  *response.mutable_retired() = code_;
  response.mutable_retired()->mutable_retired_time()->set_seconds(1767225600);
  response.mutable_retired()->mutable_honoured_until()->set_seconds(1767312000);
  caller_.Return<RotateCodeRequest>(response);
  EXPECT_EQ(RunLine("codes rotate p ann").out,
            "ANN2  in use  https://x.example/r/ANN2\n"
            "ANN2  retired, honoured until 2026-01-02 UTC\n");
  RunLine("codes rotate p ann --request-id q1");
  EXPECT_EQ(caller_.Requests<RotateCodeRequest>()[1].request_id(), "q1");
}

TEST_F(CodesTest, RevokeSaysWho) {
  RevokeCodeResponse response;
  *response.mutable_code() = code_;
  response.mutable_code()->mutable_retired_time()->set_seconds(1767225600);
  response.mutable_code()->mutable_honoured_until()->set_seconds(1767312000);
  response.mutable_code()->set_revoked_by("mary");
  caller_.Return<RevokeCodeRequest>(response);
  EXPECT_EQ(RunLine("codes revoke p ANN2 --by mary").out,
            "ANN2  retired, honoured until 2026-01-02 UTC, by mary\n");
  EXPECT_EQ(caller_.Requests<RevokeCodeRequest>().at(0).requested_by(), "mary");
  EXPECT_THROW(RunLine("codes revoke p ANN2"), CLI::ParseError);
}

TEST_F(CodesTest, ResolveTellsWhetherItCounts) {
  ResolveCodeResponse response;
  *response.mutable_code() = code_;
  response.set_reason("CAMPAIGN_CLOSED");
  caller_.Return<ResolveCodeRequest>(response);
  EXPECT_EQ(RunLine("codes resolve p ann2").out,
            "ANN2 is ann's and does not count: CAMPAIGN_CLOSED\n");
}

}  // namespace
}  // namespace kith::cli
