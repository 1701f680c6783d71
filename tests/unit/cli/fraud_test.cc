// `kith fraud`.
#include "CLI/CLI.hpp"
#include "gmock/gmock.h"
#include "kith/referral/v1/fraud.pb.h"
#include "nlohmann/json.hpp"
#include "tests/unit/cli/fake_caller.h"

namespace kith::cli {
namespace {

using namespace kith::referral::v1;
using nlohmann::json;
using testing::HasSubstr;
using testing::SizeIs;

class FraudTest : public CommandTest {
 protected:
  FraudTest() {
    case_.set_referral_id("r1");
    case_.set_advocate_id("ann");
    case_.set_state(FRAUD_CASE_STATE_OPEN);
    case_.set_score(90);
    case_.set_age_seconds(90000);
    case_.mutable_opened_time()->set_seconds(1767225600);
    auto* evidence = case_.add_evidence();
    evidence->set_signal(SIGNAL_VELOCITY);
    evidence->set_weight(50);
    evidence->set_text("6 referrals on 2026-01-01, 5 are ordinary");
  }
  FraudCase case_;
};

TEST_F(FraudTest, CasesAreThoseThatWait) {
  ListCasesResponse response;
  *response.add_cases() = case_;
  caller_.Return<ListCasesRequest>(response);
  EXPECT_EQ(RunLine("fraud cases p").out,
            "case  advocate  state  score  opened          waits  signals\n"
            "r1    ann       open      90  2026-01-01 UTC   1d1h  velocity\n");
  RunLine("fraud cases p --all");
  RunLine("fraud cases p --state rejected");
  const auto requests = caller_.Requests<ListCasesRequest>();
  EXPECT_EQ(requests[0].state(), FRAUD_CASE_STATE_OPEN);
  EXPECT_EQ(requests[1].state(), FRAUD_CASE_STATE_UNSPECIFIED);
  EXPECT_EQ(requests[2].state(), FRAUD_CASE_STATE_REJECTED);
}

TEST_F(FraudTest, RulesShowEveryWeightAndWhereItIsFrom) {
  GetProgramResponse response;
  response.set_version(3);
  caller_.Return<GetProgramRequest>(response);
  EXPECT_EQ(
      RunLine("fraud rules p").out,
      "p has no fraud rules in version 3: only self-referrals and existing customers are "
      "refused\n");
  FraudRules& rules = *response.mutable_effective_fraud();
  rules.set_hold_at(50);
  rules.set_reject_at(100);
  rules.set_chain_depth(3);
  auto* weight = rules.add_weights();
  weight->set_signal(SIGNAL_SELF_REFERRAL);
  weight->set_weight(100);
  weight = rules.add_weights();
  weight->set_signal(SIGNAL_VELOCITY);
  weight->set_weight(30);
  *response.mutable_program()->mutable_fraud()->add_weights() = *weight;
  caller_.Return<GetProgramRequest>(response);
  EXPECT_EQ(RunLine("fraud rules p --version 2").out,
            "signal         weight  from\n"
            "self_referral     100  default\n"
            "velocity           30  the programme\n"
            "\nheld for a decision at a sum of 50, rejected at 100\n"
            "an advocate is suspended by a person only\n"
            "chains of referrers are followed 3 back\n");
  EXPECT_EQ(caller_.Requests<GetProgramRequest>().back().version(), 2);
}

TEST_F(FraudTest, ResolveTellsOfASuspension) {
  ResolveCaseResponse response;
  *response.mutable_fraud_case() = case_;
  response.mutable_fraud_case()->set_state(FRAUD_CASE_STATE_REJECTED);
  response.set_advocate_suspended(true);
  caller_.Return<ResolveCaseRequest>(response);
  EXPECT_EQ(RunLine("fraud resolve p r1 reject --by mary").out,
            "r1 of ann is rejected, score 90, opened 2026-01-01 UTC, by version 0\n"
            "signal    weight  evidence\n"
            "velocity      50  6 referrals on 2026-01-01, 5 are ordinary\n"
            "ann is suspended\n");
  EXPECT_EQ(caller_.Requests<ResolveCaseRequest>()[0].decision(), FRAUD_DECISION_REJECT);
  EXPECT_THROW(RunLine("fraud resolve p r1 maybe --by mary"), CLI::ParseError);
}

TEST_F(FraudTest, AdvocatesAreSuspendedAndReinstated) {
  SuspendAdvocateResponse suspended;
  suspended.mutable_advocate()->set_advocate_id("ann");
  suspended.mutable_advocate()->mutable_suspended_time()->set_seconds(1767225600);
  suspended.mutable_advocate()->set_suspension_cause("spam");
  caller_.Return<SuspendAdvocateRequest>(suspended);
  EXPECT_EQ(RunLine("fraud suspend p ann --by mary --cause spam").out,
            "ann is suspended since 2026-01-01 UTC: spam\n");
  ReinstateAdvocateResponse reinstated;
  reinstated.mutable_advocate()->set_advocate_id("ann");
  caller_.Return<ReinstateAdvocateRequest>(reinstated);
  EXPECT_EQ(RunLine("fraud reinstate p ann --by mary --cause mistake").out,
            "ann may recommend\n");
}

TEST_F(FraudTest, BlockReadsValuesFromStdin) {
  using Request = AddToBlocklistRequest;
  caller_.On<Request, AddToBlocklistResponse>([](const Request& request) {
    AddToBlocklistResponse response;
    for (const auto& identity : request.identities()) {
      auto* result = response.add_results();
      if (identity.value() == "nonsense") {
        result->mutable_error()->set_reason("IDENTITY_INVALID");
        result->mutable_error()->set_message("no address");
      } else {
        result->mutable_blocked()->set_kind(identity.kind());
        result->mutable_blocked()->set_hash("00ff");
      }
    }
    return response;
  });
  GetProgramResponse program;
  program.mutable_effective_fraud()->set_hold_at(50);
  caller_.Return<GetProgramRequest>(program);
  const auto outcome =
      RunLine("fraud block p email - --by mary --cause spam", "a@x.example\n\n nonsense \n");
  EXPECT_EQ(outcome.code, kExitFailed);
  EXPECT_THAT(outcome.out, HasSubstr("email  00ff"));
  EXPECT_EQ(outcome.err, "kith: no. 2: no address [IDENTITY_INVALID]\n");
  EXPECT_THAT(caller_.Requests<Request>()[0].identities(), SizeIs(2));
  EXPECT_EQ(RunLine("fraud block p email - --by mary --cause spam").code, kExitFailed);
}

TEST_F(FraudTest, BlockInAProgramWithoutFraudRulesSaysSo) {
  AddToBlocklistResponse response;
  response.add_results()->mutable_blocked()->set_hash("00ff");
  caller_.Return<AddToBlocklistRequest>(response);
  caller_.Return<GetProgramRequest>(GetProgramResponse());
  const auto outcome = RunLine("fraud block p email a@x.example --by mary --cause spam");
  EXPECT_EQ(outcome.code, kExitOk);
  EXPECT_EQ(
      outcome.err,
      "kith: note: p has no fraud rules: the blocklist has no effect until it has some\n");
}

TEST_F(FraudTest, UnblockTakesValuesOrHashes) {
  RemoveFromBlocklistResponse response;
  response.set_removed(1);
  caller_.Return<RemoveFromBlocklistRequest>(response);
  EXPECT_EQ(RunLine("fraud unblock p email a@x.example").out,
            "1 of 1 were blocked, and are no more\n");
  RunLine("fraud unblock p email 00ff --hash");
  const auto requests = caller_.Requests<RemoveFromBlocklistRequest>();
  EXPECT_EQ(requests[0].identities(0).value(), "a@x.example");
  EXPECT_EQ(requests[1].identities(0).hash(), "00ff");
}

TEST_F(FraudTest, WhoIsSuspendedIsListed) {
  ListSuspendedAdvocatesResponse response;
  SuspendedAdvocate& one = *response.add_advocates();
  one.set_advocate_id("ann");
  one.mutable_suspended_time()->set_seconds(1767225600);
  one.set_decided_by("rules");
  one.set_cause("fraud");
  caller_.Return<ListSuspendedAdvocatesRequest>(response);
  EXPECT_EQ(RunLine("fraud suspended p").out,
            "advocate  since           by     cause\n"
            "ann       2026-01-01 UTC  rules  fraud\n");
  EXPECT_EQ(json::parse(RunLine("fraud suspended p --json").out)["advocates"][0]["cause"],
            "fraud");
}

TEST_F(FraudTest, TheSuspensionsOfOneAreListed) {
  ListSuspensionsResponse response;
  Suspension* one = response.add_suspensions();
  one->mutable_decision_time()->set_seconds(1767312000);
  one->set_decided_by("mary");
  one->set_cause("appeal");
  one = response.add_suspensions();
  one->mutable_decision_time()->set_seconds(1767225600);
  one->set_suspended(true);
  one->set_decided_by("rules");
  one->set_cause("fraud");
  caller_.Return<ListSuspensionsRequest>(response);
  EXPECT_EQ(RunLine("fraud suspensions p ann").out,
            "when            decision    by     cause\n"
            "2026-01-02 UTC  reinstated  mary   appeal\n"
            "2026-01-01 UTC  suspended   rules  fraud\n");
  EXPECT_EQ(caller_.Requests<ListSuspensionsRequest>()[0].advocate_id(), "ann");
}

TEST_F(FraudTest, CheckTellsWhatTheRulesWouldSay) {
  CheckReferralResponse response;
  response.set_verdict(FRAUD_STATE_HELD);
  response.set_score(50);
  response.set_program_version(2);
  *response.mutable_evidence() = case_.evidence();
  caller_.Return<CheckReferralRequest>(response);
  EXPECT_EQ(RunLine("fraud check p ann --email - --phone - --device d --ip 10.0.0.1 "
                    "--payment f --customer ben --source mail",
                    "ben@x.org\n+49 30 1\n")
                .out,
            "a lead of ann would be held for a decision; score 50, by version 2\n"
            "signal    weight  evidence\n"
            "velocity      50  6 referrals on 2026-01-01, 5 are ordinary\n");
  const auto request = caller_.Requests<CheckReferralRequest>().at(0);
  EXPECT_EQ(request.advocate_id(), "ann");
  EXPECT_EQ(request.email(), "ben@x.org");
  EXPECT_EQ(request.phone(), "+49 30 1");
  EXPECT_EQ(request.device_id(), "d");
  EXPECT_EQ(request.ip_address(), "10.0.0.1");
  EXPECT_EQ(request.payment_fingerprint(), "f");
  EXPECT_EQ(request.referee_id(), "ben");
  EXPECT_EQ(request.source(), "mail");
  EXPECT_FALSE(request.signup());
  EXPECT_EQ(json::parse(RunLine("fraud check p ann --json").out)["verdict"], "held");

  response.set_verdict(FRAUD_STATE_CLEAR);
  response.set_score(0);
  response.clear_evidence();
  caller_.Return<CheckReferralRequest>(response);
  EXPECT_EQ(RunLine("fraud check p ann --signup").out,
            "a signup by ann would pass: too little speaks against it; score 0, by version 2\n"
            "no signals\n");
  EXPECT_TRUE(caller_.Requests<CheckReferralRequest>().back().signup());
  response.set_verdict(FRAUD_STATE_REJECTED);
  caller_.Return<CheckReferralRequest>(response);
  EXPECT_THAT(RunLine("fraud check p ann").out,
              HasSubstr("a lead of ann would be rejected; score 0"));
  caller_.Return<CheckReferralRequest>(CheckReferralResponse());
  EXPECT_EQ(RunLine("fraud check p ann").out,
            "p has no fraud rules: only self-referrals and existing customers are refused\n");
}

}  // namespace
}  // namespace kith::cli
