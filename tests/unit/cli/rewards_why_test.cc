// `kith rewards why`.
#include "CLI/CLI.hpp"
#include "gmock/gmock.h"
#include "kith/referral/v1/attribution.pb.h"
#include "kith/referral/v1/reward.pb.h"
#include "nlohmann/json.hpp"
#include "tests/unit/cli/fake_caller.h"

namespace kith::cli {
namespace {

using namespace kith::referral::v1;
using nlohmann::json;
using testing::HasSubstr;

using RewardsWhyTest = CommandTest;

TEST_F(RewardsWhyTest, WhyTellsWhatEachRuleSaysOfAConversion) {
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

// A signup whose lead has earned nothing, and of which a conversion has.
ExplainReferralResponse MakeReferralStory() {
  ExplainReferralResponse response;
  Referral& referral = *response.mutable_referral();
  referral.set_referral_id("r1");
  referral.set_advocate_id("ann");
  referral.set_state(REFERRAL_STATE_CONVERTED);
  referral.mutable_submitted_time()->set_seconds(1767225600);
  RuleOutcome& lead = *response.add_rules();
  lead.set_rule_key("lead");
  lead.set_side(REWARD_SIDE_REFERRER);
  lead.set_trigger(TRIGGER_QUALIFIED);
  lead.set_program_version(2);
  lead.set_reason("NOT_YET");
  lead.set_detail("the lead is not known to fit, as yet");
  RuleOutcome& share = *response.add_rules();
  share.set_rule_key("share");
  share.set_side(REWARD_SIDE_REFERRER);
  share.set_trigger(TRIGGER_CONVERTED);
  share.set_program_version(3);
  Reward& reward = *share.add_rewards();
  reward.set_reward_id("o1:share");
  reward.set_state(REWARD_STATE_HELD);
  reward.mutable_amount()->set_amount_minor(1000);
  reward.mutable_amount()->set_currency("USD");
  return response;
}

constexpr char kReferralStory[] =
    "r1: converted, began on 2026-01-01 UTC, advocate ann, referee -\n"
    "\n"
    "rule   version  for       earned by  outcome                    because\n"
    "lead         2  referrer  qualified  NOT_YET                    the lead is not known to "
    "fit, as yet\n"
    "share        3  referrer  converted  o1:share: 10.00 USD, held  -\n";

TEST_F(RewardsWhyTest, OfAReferralItTellsWhatEarnsByEachRule) {
  caller_.Return<ExplainReferralRequest>(MakeReferralStory());
  EXPECT_EQ(RunLine("rewards why p --of r1").out, kReferralStory);
  EXPECT_EQ(caller_.Requests<ExplainReferralRequest>()[0].referral_id(), "r1");
  const json shown = json::parse(RunLine("rewards why p --of r1 --json").out);
  EXPECT_EQ(shown["referral"]["advocate_id"], "ann");
  EXPECT_EQ(shown["rules"][0]["trigger"], "qualified");
}

TEST_F(RewardsWhyTest, ACustomerStandsForTheReferral) {
  caller_.Return<ExplainReferralRequest>(MakeReferralStory());
  ExplainAttributionResponse judged;
  judged.mutable_attribution()->set_referral_id("r1");
  caller_.Return<ExplainAttributionRequest>(judged);
  EXPECT_EQ(RunLine("rewards why p --customer ben").out, kReferralStory);
  EXPECT_EQ(caller_.Requests<ExplainAttributionRequest>()[0].customer_id(), "ben");
  EXPECT_EQ(caller_.Requests<ExplainReferralRequest>()[0].referral_id(), "r1");

  caller_.Return<ExplainAttributionRequest>(ExplainAttributionResponse());
  EXPECT_EQ(RunLine("rewards why p --customer ben").out,
            "no rule pays for ben: nobody referred the customer; kith attribution explain "
            "tells why\n");
  EXPECT_EQ(json::parse(RunLine("rewards why p --customer ben --json").out)["rules"],
            json::array());
}

TEST_F(RewardsWhyTest, OneThingIsAskedFor) {
  for (const char* line :
       {"rewards why p", "rewards why p o1 --of r1", "rewards why p o1 --customer ben",
        "rewards why p --of r1 --customer ben"}) {
    EXPECT_THROW(RunLine(line), CLI::ParseError) << line;
  }
}

}  // namespace
}  // namespace kith::cli
