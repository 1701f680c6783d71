// `kith convert` and `reverse`.
#include <string>

#include "gmock/gmock.h"
#include "nlohmann/json.hpp"
#include "tests/unit/cli/acts_world.h"

namespace kith::cli {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST_F(ActsTest, AConversionTellsWhoIsCreditedAndWhatItMade) {
  AnswerConversion();
  AnswerRewards({"o0:share", "o1:share"});
  GetProgramResponse program;
  program.mutable_program()->set_currency("USD");
  caller_.Return<GetProgramRequest>(program);
  EXPECT_EQ(RunLine("convert p ben --amount 49.90 --annual 120 --line delivery=3.50 --id o1 "
                    "--event paid --order trip1 --attribute plan=gold")
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
  EXPECT_EQ(conversion.order_id(), "trip1");
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
  response.mutable_conversion()->mutable_reversal_time()->set_seconds(kDay);
  response.mutable_conversion()->set_reversal_cause("refund");
  response.mutable_conversion()->add_reward_ids("o1:share");
  caller_.Return<ReverseConversionRequest>(response);
  AnswerRewards({"o1:share"});
  const auto outcome = RunLine("reverse p o1 --cause refund --request-id q1");
  EXPECT_THAT(outcome.out, HasSubstr("stands      reversed 2026-01-01 UTC: refund\n"));
  EXPECT_THAT(outcome.out, HasSubstr("\no1:share  ann"));
  EXPECT_EQ(outcome.err, "");
  const auto request = First<ReverseConversionRequest>();
  EXPECT_EQ(request.conversion_id(), "o1");
  EXPECT_EQ(request.cause(), "refund");
  EXPECT_EQ(request.request_id(), "q1");
  const json shown = json::parse(RunLine("reverse p o1 --cause refund --json").out);
  EXPECT_EQ(shown["conversion"]["reversed"], true);
  EXPECT_EQ(shown["conversion"]["reversal_cause"], "refund");
  EXPECT_THAT(shown["rewards"], SizeIs(1));
  EXPECT_EQ(RunLine("reverse p o1 --cause chargeback").err,
            "kith: note: o1 was reversed before, for refund: that stays\n");
}

TEST_F(ActsTest, AReversalMayHaveBeenEarlier) {
  caller_.Return<ReverseConversionRequest>(ReverseConversionResponse());
  RunLine("reverse p o1 --cause chargeback --time 2026-01-01");
  RunLine("reverse p o1 --cause chargeback");
  const auto requests = caller_.Requests<ReverseConversionRequest>();
  ASSERT_THAT(requests, SizeIs(2));
  EXPECT_EQ(requests[0].reversal_time().seconds(), kDay);
  EXPECT_FALSE(requests[1].has_reversal_time());
}

}  // namespace
}  // namespace kith::cli
