#include "CLI/CLI.hpp"
#include "clients/cli/output/format.h"
#include "gmock/gmock.h"
#include "kith/referral/v1/fraud.pb.h"
#include "kith/referral/v1/fulfilment.pb.h"
#include "kith/referral/v1/reward.pb.h"
#include "nlohmann/json.hpp"
#include "tests/unit/cli/fake_caller.h"

namespace kith::cli {
namespace {

using namespace kith::referral::v1;
using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

TEST(AmountTest, WhatIsNoMoneyHasNoMinorUnit) {
  EXPECT_EQ(Amount(1250, "USD"), "12.50 USD");
  EXPECT_EQ(Amount(1250, "mb"), "1,250 mb");
  EXPECT_EQ(Amount(0, ""), "0");
}

using RewardsTest = CommandTest;

TEST_F(RewardsTest, AProgramOrASubCommandIsNeeded) {
  caller_.Return<ListRewardsRequest>(ListRewardsResponse());
  EXPECT_EQ(RunLine("rewards p").out, "no rewards\n");
  EXPECT_THROW(RunLine("rewards"), CLI::RequiredError);
  EXPECT_THROW(RunLine("rewards explain p"), CLI::ParseError);
}

TEST_F(RewardsTest, ExplainShowsTheRuleTheTestsAndTheArithmetic) {
  ExplainRewardResponse response;
  Reward* reward = response.mutable_reward();
  reward->set_reward_id("c1:share");
  reward->set_recipient_id("ann");
  reward->set_side(REWARD_SIDE_REFERRER);
  reward->set_state(REWARD_STATE_HELD);
  reward->set_trigger(TRIGGER_CONVERTED);
  reward->mutable_amount()->set_amount_minor(1000);
  reward->mutable_amount()->set_currency("USD");
  reward->mutable_occasion_time()->set_seconds(1767225600);
  reward->set_referral_id("r1");
  response.set_rule_key("share");
  response.set_program_version(2);
  response.set_waits_for("holding_period");
  auto* test = response.add_case_tests();
  test->set_field("advocate.segment");
  test->set_comparison(COMPARISON_EQUALS);
  test->add_values("champion");
  test->set_value("champion");
  test->set_holds(true);
  response.add_arithmetic("20.00 % of 5000 = 1000");
  auto* cap = response.add_caps();
  cap->set_holder("rule/share");
  cap->set_scope(CAP_SCOPE_RECIPIENT);
  cap->set_period(CAP_PERIOD_MONTH);
  cap->set_rewards_left(3);
  auto* step = response.add_history();
  step->set_state(REWARD_STATE_HELD);
  step->mutable_time()->set_seconds(1767225600);
  caller_.Return<ExplainRewardRequest>(response);
  EXPECT_EQ(RunLine("rewards explain p c1:share").out,
            "c1:share: 10.00 USD for ann (referrer), held\n"
            "rule share of version 2, for converted on 2026-01-01 UTC, referral r1\n"
            "waits for holding_period\n"
            "\nConditions\n"
            "test of  field             comparison  with      it was    holds\n"
            "amount   advocate.segment  equals      champion  champion  yes\n"
            "\nArithmetic\n"
            "20.00 % of 5000 = 1000\n"
            "\nCaps\n"
            "cap of      over       in     rewards left  minor units left  it bound\n"
            "rule/share  recipient  month             3                 -  no\n"
            "\nHistory\n"
            "when            state  why  who\n"
            "2026-01-01 UTC  held   -    -\n");
}

TEST_F(RewardsTest, ExplainTellsThatARetryIsAPersons) {
  ExplainRewardResponse response;
  response.mutable_reward()->set_reward_id("c1:share");
  response.set_waits_for("retry");
  caller_.Return<ExplainRewardRequest>(response);
  EXPECT_THAT(RunLine("rewards explain p c1:share").out,
              HasSubstr("\nwaits for retry: it failed for good; kith fulfilment retry has it "
                        "tried again\n"));
}

TEST_F(RewardsTest, WhyTellsWhatEachRuleSaysOfAConversion) {
  ExplainConversionResponse response;
  Conversion& conversion = *response.mutable_conversion();
  conversion.set_conversion_id("o1");
  conversion.set_customer_id("ben");
  conversion.set_referral_id("r1");
  conversion.mutable_conversion_time()->set_seconds(1767225600);
  conversion.mutable_amount()->set_amount_minor(5000);
  conversion.mutable_amount()->set_currency("USD");
  response.set_advocate_id("ann");
  response.set_program_version(2);
  RuleOutcome& share = *response.add_rules();
  share.set_rule_key("share");
  share.set_side(REWARD_SIDE_REFERRER);
  Reward& reward = *share.add_rewards();
  reward.set_reward_id("o1:share");
  reward.set_state(REWARD_STATE_HELD);
  reward.mutable_amount()->set_amount_minor(1000);
  reward.mutable_amount()->set_currency("USD");
  RuleOutcome& gold = *response.add_rules();
  gold.set_rule_key("gold");
  gold.set_side(REWARD_SIDE_REFEREE);
  gold.set_reason("CONDITION_NOT_MET");
  gold.set_detail("order.plan equals gold");
  ConditionOutcome& test = *gold.add_tests();
  test.set_field("order.plan");
  test.set_comparison(COMPARISON_EQUALS);
  test.add_values("gold");
  caller_.Return<ExplainConversionRequest>(response);
  EXPECT_EQ(RunLine("rewards why p o1").out,
            "o1: 50.00 USD, on 2026-01-01 UTC\n"
            "customer ben, referral r1, credited ann, by version 2\n"
            "\n"
            "rule   for       outcome                    because\n"
            "share  referrer  o1:share: 10.00 USD, held  -\n"
            "gold   referee   CONDITION_NOT_MET          order.plan equals gold\n"
            "\nConditions that do not hold\n"
            "rule  field       comparison  with  it is      holds\n"
            "gold  order.plan  equals      gold  (missing)  no\n");
  EXPECT_EQ(caller_.Requests<ExplainConversionRequest>()[0].conversion_id(), "o1");
  EXPECT_EQ(json::parse(RunLine("rewards why p o1 --json").out)["rules"][1]["reason"],
            "CONDITION_NOT_MET");

  response.mutable_rules()->DeleteSubrange(1, 1);
  response.set_reason("REVERSED");
  response.mutable_rules(0)->set_reason("CLAWBACK_WINDOW_OVER");
  response.mutable_rules(0)->set_detail("it came too late");
  caller_.Return<ExplainConversionRequest>(response);
  EXPECT_EQ(RunLine("rewards why p o1").out,
            "o1: 50.00 USD, on 2026-01-01 UTC\n"
            "customer ben, referral r1, credited ann, by version 2\n"
            "it was taken back [REVERSED]; what became of its rewards:\n"
            "\n"
            "rule   for       outcome                                          because\n"
            "share  referrer  o1:share: 10.00 USD, held; CLAWBACK_WINDOW_OVER  it came too "
            "late\n");

  response.clear_rules();
  response.set_reason("BEFORE_SIGNUP");
  caller_.Return<ExplainConversionRequest>(response);
  EXPECT_THAT(
      RunLine("rewards why p o1").out,
      HasSubstr("no rule pays for it: it was before the customer's signup [BEFORE_SIGNUP]\n"));
}

TEST_F(RewardsTest, LedgerComesWithTheBalances) {
  ListLedgerEntriesResponse entries;
  auto* entry = entries.add_entries();
  entry->set_reward_id("c1:share");
  entry->set_kind(LEDGER_ENTRY_KIND_ACCRUAL);
  entry->set_account("liability:rewards");
  entry->set_currency("USD");
  entry->set_amount_minor(-1000);
  entry->mutable_entry_time()->set_seconds(1767225600);
  caller_.Return<ListLedgerEntriesRequest>(entries);
  GetLedgerBalancesResponse balances;
  auto* balance = balances.add_balances();
  balance->set_account("liability:rewards");
  balance->set_currency("USD");
  balance->set_balance_minor(-1000);
  caller_.Return<GetLedgerBalancesRequest>(balances);
  EXPECT_EQ(RunLine("rewards ledger p").out,
            "booked          reward    for      account                amount\n"
            "2026-01-01 UTC  c1:share  accrual  liability:rewards  -10.00 USD\n"
            "\nBalances\n"
            "account               balance\n"
            "liability:rewards  -10.00 USD\n");
  const json books = json::parse(RunLine("rewards ledger p --reward c1:share --json").out);
  EXPECT_EQ(books["entries"][0]["amount_minor"], -1000);
  EXPECT_EQ(books["balances"][0]["account"], "liability:rewards");
  EXPECT_EQ(caller_.Requests<ListLedgerEntriesRequest>()[1].reward_id(), "c1:share");
}

TEST_F(RewardsTest, CapsShowWhatIsUsed) {
  GetCapUseResponse response;
  auto* use = response.add_uses();
  use->set_holder("program");
  use->mutable_cap()->set_scope(CAP_SCOPE_PROGRAM);
  use->mutable_cap()->set_period(CAP_PERIOD_YEAR);
  use->mutable_cap()->set_max_minor(100000);
  use->set_minor(2500);
  use->mutable_period_start()->set_seconds(1767222000);
  caller_.Return<GetCapUseRequest>(response);
  GetProgramResponse program;
  program.mutable_program()->set_time_zone("Europe/Berlin");
  caller_.Return<GetProgramRequest>(program);
  EXPECT_EQ(RunLine("rewards caps p --recipient ann --at 2026-01-01").out,
            "cap of   over     in    since                     rewards       minor units\n"
            "program  program  year  2026-01-01 Europe/Berlin        -  2,500 of 100,000\n");
  EXPECT_EQ(caller_.Requests<GetCapUseRequest>()[0].time().seconds(), 1767225600);
}

TEST_F(RewardsTest, TakeBackIsAPersonsDecision) {
  TakeBackRewardResponse response;
  response.mutable_reward()->set_reward_id("c1:share");
  response.mutable_reward()->set_state(REWARD_STATE_REVERSED);
  response.mutable_reward()->set_cause("mistake");
  caller_.Return<TakeBackRewardRequest>(response);
  EXPECT_EQ(RunLine("rewards take-back p c1:share --by mary --cause mistake").out,
            "c1:share is reversed: mistake\n");
  EXPECT_EQ(caller_.Requests<TakeBackRewardRequest>()[0].decided_by(), "mary");
}

using FulfilmentTest = CommandTest;

TEST_F(FulfilmentTest, ListShowsFailures) {
  ListFulfilmentsResponse response;
  auto* one = response.add_fulfilments();
  one->set_reward_id("c1:gift");
  one->set_recipient_id("ann");
  one->set_kind(REWARD_KIND_GIFT_CARD);
  one->set_provider("shop");
  one->set_attempts(8);
  one->set_failure_reason("account_closed");
  one->mutable_amount()->set_amount_minor(2500);
  one->mutable_amount()->set_currency("USD");
  caller_.Return<ListFulfilmentsRequest>(response);
  EXPECT_EQ(RunLine("fulfilment list p --state failed").out,
            "reward   recipient  kind       item     amount  provider  attempts  next attempt"
            "  last failure\n"
            "c1:gift  ann        gift_card  -     25.00 USD  shop             8  -           "
            "  account_closed\n");
  EXPECT_EQ(caller_.Requests<ListFulfilmentsRequest>()[0].state(), FULFILMENT_STATE_FAILED);
  EXPECT_THROW(RunLine("fulfilment list p"), CLI::ParseError);
}

TEST_F(FulfilmentTest, StockIsListedSetAndChanged) {
  ListStockResponse list;
  list.add_stock()->set_item("jacket");
  caller_.Return<ListStockRequest>(list);
  EXPECT_THAT(RunLine("fulfilment stock p").out, HasSubstr("jacket        0"));
  SetStockResponse set;
  set.mutable_stock()->set_item("notebook");
  set.mutable_stock()->set_on_hand(100);
  caller_.Return<SetStockRequest>(set);
  EXPECT_THAT(RunLine("fulfilment stock p notebook --set 100").out,
              HasSubstr("notebook      100"));
  caller_.Return<AdjustStockRequest>(AdjustStockResponse());
  EXPECT_EQ(RunLine("fulfilment stock p notebook --add -3").code, kExitOk);
  EXPECT_THAT(caller_.Requests<AdjustStockRequest>(), SizeIs(1));
  for (const char* line : {"fulfilment stock p notebook", "fulfilment stock p --set 3",
                           "fulfilment stock p notebook --set 1 --add 1"}) {
    EXPECT_THROW(RunLine(line), CLI::ParseError) << line;
  }
}

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

}  // namespace
}  // namespace kith::cli
