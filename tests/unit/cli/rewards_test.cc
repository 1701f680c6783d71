// `kith rewards` but `why`.
#include "CLI/CLI.hpp"
#include "gmock/gmock.h"
#include "kith/referral/v1/reward.pb.h"
#include "nlohmann/json.hpp"
#include "tests/unit/cli/fake_caller.h"

namespace kith::cli {
namespace {

using namespace kith::referral::v1;
using nlohmann::json;
using testing::HasSubstr;

using RewardsTest = CommandTest;

TEST_F(RewardsTest, AProgramOrASubCommandIsNeeded) {
  caller_.Return<ListRewardsRequest>(ListRewardsResponse());
  EXPECT_EQ(RunLine("rewards p").out, "no rewards\n");
  EXPECT_THROW(RunLine("rewards"), CLI::RequiredError);
  EXPECT_THROW(RunLine("rewards explain p"), CLI::ParseError);
  // A program that is named like a command.
  RunLine("rewards -- explain");
  EXPECT_EQ(caller_.Requests<ListRewardsRequest>().back().program_id(), "explain");
}

TEST_F(RewardsTest, NoMoreThanTheLimitAreReadAndTheTotalsAreOfAll) {
  caller_.On<ListRewardsRequest, ListRewardsResponse>([](const ListRewardsRequest& request) {
    ListRewardsResponse page;
    for (int i = 0; i < request.page_size(); ++i) page.add_rewards()->set_reward_id("r");
    page.set_next_page_token("more");
    page.add_totals()->set_count(7000);
    return page;
  });
  const auto outcome = RunLine("rewards p --limit 1500 --json");
  EXPECT_EQ(json::parse(outcome.out)["rewards"].size(), 1500U);
  EXPECT_EQ(json::parse(outcome.out)["totals"].size(), 1U);
  EXPECT_EQ(outcome.err, "kith: there is more; --limit shows more of it\n");
  const auto requests = caller_.Requests<ListRewardsRequest>();
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(requests[0].page_size(), 1000);
  EXPECT_EQ(requests[1].page_size(), 500);
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

}  // namespace
}  // namespace kith::cli
