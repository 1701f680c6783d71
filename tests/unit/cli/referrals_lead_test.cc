// `kith referrals fit`, `note`, `opt-out` and `opt-in`.
#include "CLI/CLI.hpp"
#include "gmock/gmock.h"
#include "kith/referral/v1/lead.pb.h"
#include "nlohmann/json.hpp"
#include "tests/unit/cli/fake_caller.h"

namespace kith::cli {
namespace {

using namespace kith::referral::v1;
using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;

using ReferralsLeadTest = CommandTest;

TEST_F(ReferralsLeadTest, FitShowsTheTests) {
  ExplainFitResponse response;
  response.set_fit(FIT_BAD);
  response.set_fit_by("rules");
  response.set_program_version(2);
  response.set_has_rules(true);
  FitTest& one = *response.add_tests();
  one.mutable_test()->set_field("lead.seats");
  one.mutable_test()->set_comparison(COMPARISON_AT_LEAST);
  one.mutable_test()->add_values("10");
  one.set_value("3");
  response.add_tests()->mutable_test()->set_field("lead.budget");
  response.mutable_tests(1)->mutable_test()->set_comparison(COMPARISON_EXISTS);
  response.mutable_tests(1)->set_list(1);
  caller_.Return<ExplainFitRequest>(response);
  EXPECT_EQ(RunLine("referrals fit p r1").out,
            "r1: bad, by rules\n"
            "the rules of version 2 do not say good: of each list a test does not hold\n"
            "\n"
            "list  field        comparison  with  it is      holds\n"
            "   1  lead.seats   at_least    10    3          no\n"
            "   2  lead.budget  exists      -     (missing)  no\n");
  EXPECT_EQ(caller_.Requests<ExplainFitRequest>()[0].referral_id(), "r1");
  EXPECT_EQ(json::parse(RunLine("referrals fit p r1 --json").out)["fit_by"], "rules");

  response.set_holds(true);
  caller_.Return<ExplainFitRequest>(response);
  EXPECT_THAT(RunLine("referrals fit p r1").out,
              HasSubstr("\nthe rules of version 2 say good: all tests of a list hold\n"));
  ExplainFitResponse nothing;
  nothing.set_fit(FIT_UNKNOWN);
  nothing.set_program_version(1);
  caller_.Return<ExplainFitRequest>(nothing);
  EXPECT_EQ(RunLine("referrals fit p r1").out,
            "r1: unknown\nversion 1 has no rules for it: a person decides\n");
}

TEST_F(ReferralsLeadTest, APersonDecidesTheFit) {
  DecideFitResponse response;
  response.mutable_referral()->set_referral_id("r1");
  response.mutable_referral()->set_fit(FIT_BAD);
  response.mutable_referral()->set_lead_state(LEAD_STATE_UNQUALIFIED);
  caller_.Return<DecideFitRequest>(response);
  EXPECT_EQ(RunLine("referrals fit p r1 bad --reason too-small --by mary").out,
            "r1 is a bad fit; the lead is unqualified\n");
  EXPECT_EQ(json::parse(RunLine("referrals fit p r1 good --by mary --json").out)["fit"],
            "bad");
  const auto requests = caller_.Requests<DecideFitRequest>();
  EXPECT_EQ(requests[0].fit(), FIT_BAD);
  EXPECT_EQ(requests[0].reason(), "too-small");
  EXPECT_EQ(requests[0].decided_by(), "mary");
  EXPECT_EQ(requests[1].fit(), FIT_GOOD);
  for (const char* line : {"referrals fit p r1 good", "referrals fit p r1 unknown --by mary",
                           "referrals fit p r1 --by mary", "referrals fit p r1 --reason x"}) {
    EXPECT_THROW(RunLine(line), CLI::ParseError) << line;
  }
  EXPECT_THAT(caller_.Requests<ExplainFitRequest>(), IsEmpty());
}

TEST_F(ReferralsLeadTest, ANoteIsShownLineByLine) {
  GetLeadNoteResponse response;
  caller_.Return<GetLeadNoteRequest>(response);
  EXPECT_EQ(RunLine("referrals note p r1").out, "no note\n");
  response.set_note("call after 5\nask for \033Ben");
  caller_.Return<GetLeadNoteRequest>(response);
  EXPECT_EQ(RunLine("referrals note p r1").out, "call after 5\nask for ?Ben\n");
  EXPECT_EQ(json::parse(RunLine("referrals note p r1 --json").out)["note"], response.note());
  EXPECT_EQ(caller_.Requests<GetLeadNoteRequest>()[0].referral_id(), "r1");
}

TEST_F(ReferralsLeadTest, SomebodyOptsOutAndInAgain) {
  OptOutResponse out;
  out.set_changed(1);
  caller_.Return<OptOutRequest>(out);
  EXPECT_EQ(RunLine("referrals opt-out p --email - --phone - ", "ben@x.org\n+49 30 1\n").out,
            "1 of 2 had not opted out before; new leads that name them are refused\n");
  const auto request = caller_.Requests<OptOutRequest>().at(0);
  EXPECT_EQ(request.email(), "ben@x.org");
  EXPECT_EQ(request.phone(), "+49 30 1");
  EXPECT_EQ(json::parse(RunLine("referrals opt-out p --phone 12345 --json").out)["changed"],
            1);

  caller_.Return<OptInRequest>(OptInResponse());
  EXPECT_EQ(RunLine("referrals opt-in p --email ben@x.org").out,
            "0 of 1 had opted out; new leads may name them\n");
  EXPECT_EQ(caller_.Requests<OptInRequest>().at(0).email(), "ben@x.org");
  EXPECT_THROW(RunLine("referrals opt-out p"), CLI::ParseError);
  EXPECT_THROW(RunLine("referrals opt-in p"), CLI::ParseError);
}

}  // namespace
}  // namespace kith::cli
