// `kith fulfilment`.
#include "CLI/CLI.hpp"
#include "gmock/gmock.h"
#include "kith/referral/v1/fulfilment.pb.h"
#include "nlohmann/json.hpp"
#include "tests/unit/cli/fake_caller.h"

namespace kith::cli {
namespace {

using namespace kith::referral::v1;
using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

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
  EXPECT_EQ(RunLine("fulfilment stock p notebook --add -3 --request-id q1").code, kExitOk);
  const auto adjusted = caller_.Requests<AdjustStockRequest>();
  ASSERT_THAT(adjusted, SizeIs(1));
  EXPECT_EQ(adjusted[0].program_id(), "p");
  EXPECT_EQ(adjusted[0].request_id(), "q1");
  for (const char* line : {"fulfilment stock p notebook", "fulfilment stock p --set 3",
                           "fulfilment stock p notebook --set 1 --add 1"}) {
    EXPECT_THROW(RunLine(line), CLI::ParseError) << line;
  }
}

TEST_F(FulfilmentTest, ClaimShowsTheLeases) {
  ClaimRewardsResponse response;
  ClaimedReward& one = *response.add_rewards();
  one.mutable_reward()->set_reward_id("c1:gift");
  one.mutable_reward()->set_recipient_id("ann");
  one.mutable_reward()->set_kind(REWARD_KIND_PHYSICAL_GIFT);
  one.mutable_reward()->set_item("notebook");
  one.mutable_reward()->mutable_amount()->set_amount_minor(1);
  one.mutable_reward()->mutable_amount()->set_currency("gift");
  one.set_lease_token("L1");
  one.set_attempt(2);
  one.mutable_lease_end_time()->set_seconds(1767225600);
  caller_.Return<ClaimRewardsRequest>(response);
  EXPECT_EQ(RunLine("fulfilment claim p --provider shop --kind physical_gift --kind cash "
                    "--item notebook --limit 5 --for 2d --request-id q1")
                .out,
            "reward   recipient  kind           item      amount  attempt  until           "
            "lease\n"
            "c1:gift  ann        physical_gift  notebook  1 gift        2  2026-01-01 UTC  "
            "L1\n");
  const auto request = caller_.Requests<ClaimRewardsRequest>().at(0);
  EXPECT_EQ(request.program_id(), "p");
  EXPECT_EQ(request.request_id(), "q1");
  EXPECT_EQ(request.provider(), "shop");
  EXPECT_THAT(request.kinds(), ElementsAre(REWARD_KIND_PHYSICAL_GIFT, REWARD_KIND_CASH));
  EXPECT_EQ(request.item(), "notebook");
  EXPECT_EQ(request.max_rewards(), 5);
  EXPECT_EQ(request.lease_duration().seconds(), 172800);

  const json shown = json::parse(RunLine("fulfilment claim p --provider shop --json").out);
  EXPECT_EQ(shown["rewards"][0]["lease_token"], "L1");
  EXPECT_EQ(shown["request_id"].get<std::string>().size(), 36U);
  EXPECT_FALSE(caller_.Requests<ClaimRewardsRequest>().at(1).has_lease_duration());
  for (const char* line :
       {"fulfilment claim p", "fulfilment claim p --provider shop --limit 101",
        "fulfilment claim p --provider shop --kind money",
        "fulfilment claim p --provider shop --for soon",
        "fulfilment claim p --provider shop --for 0s"}) {
    EXPECT_THROW(RunLine(line), CLI::ParseError) << line;
  }
}

TEST_F(FulfilmentTest, ALeaseIsExtended) {
  ExtendLeaseResponse response;
  response.mutable_lease_end_time()->set_seconds(1767225600);
  caller_.Return<ExtendLeaseRequest>(response);
  EXPECT_EQ(RunLine("fulfilment extend p c1:gift --lease L1 --for 1h").out,
            "c1:gift is claimed until 2026-01-01 UTC\n");
  const auto request = caller_.Requests<ExtendLeaseRequest>().at(0);
  EXPECT_EQ(request.reward_id(), "c1:gift");
  EXPECT_EQ(request.lease_token(), "L1");
  EXPECT_EQ(request.lease_duration().seconds(), 3600);
  EXPECT_THROW(RunLine("fulfilment extend p c1:gift"), CLI::ParseError);
  EXPECT_THROW(RunLine("fulfilment extend p c1:gift --lease L1 --for 0s"), CLI::ParseError);
}

TEST_F(FulfilmentTest, ASuccessIsReported) {
  ReportFulfilmentsResponse response;
  response.add_results()->mutable_fulfilment()->set_state(FULFILMENT_STATE_SUCCEEDED);
  caller_.Return<ReportFulfilmentsRequest>(response);
  EXPECT_EQ(RunLine("fulfilment report p c1:gift succeeded --lease L1 --reference tr-9").out,
            "c1:gift is succeeded\n");
  const FulfilmentReport report =
      caller_.Requests<ReportFulfilmentsRequest>().at(0).reports(0);
  EXPECT_EQ(report.reward_id(), "c1:gift");
  EXPECT_EQ(report.lease_token(), "L1");
  EXPECT_EQ(report.succeeded().reference(), "tr-9");

  auto* error = response.mutable_results(0)->mutable_error();
  error->set_reason("LEASE_OVER");
  error->set_field("lease_token");
  error->set_message("is not that of the claim");
  caller_.Return<ReportFulfilmentsRequest>(response);
  const auto refused = RunLine("fulfilment report p c1:gift succeeded --lease L1");
  EXPECT_EQ(refused.code, kExitFailed);
  EXPECT_EQ(refused.status.message(), "lease_token is not that of the claim [LEASE_OVER]");
}

TEST_F(FulfilmentTest, AFailureIsReportedWithItsReason) {
  ReportFulfilmentsResponse response;
  Fulfilment& fulfilment = *response.add_results()->mutable_fulfilment();
  fulfilment.set_state(FULFILMENT_STATE_TO_RETRY);
  fulfilment.mutable_next_attempt_time()->set_seconds(1767225600);
  caller_.Return<ReportFulfilmentsRequest>(response);
  EXPECT_EQ(
      RunLine("fulfilment report p c1:gift failed --lease L1 --reason timeout --retry").out,
      "c1:gift is to_retry, from 2026-01-01 UTC\n");
  fulfilment.set_state(FULFILMENT_STATE_FAILED);
  caller_.Return<ReportFulfilmentsRequest>(response);
  EXPECT_EQ(RunLine("fulfilment report p c1:gift failed --lease L1 --reason gone").out,
            "c1:gift is failed: kith fulfilment retry has it tried again\n");
  const auto requests = caller_.Requests<ReportFulfilmentsRequest>();
  EXPECT_EQ(requests[0].reports(0).failed().reason(), "timeout");
  EXPECT_TRUE(requests[0].reports(0).failed().retryable());
  EXPECT_FALSE(requests[1].reports(0).failed().retryable());
  for (const char* line :
       {"fulfilment report p c1:gift failed --lease L1",
        "fulfilment report p c1:gift failed --lease L1 --reason x --reference y",
        "fulfilment report p c1:gift succeeded --lease L1 --reason x",
        "fulfilment report p c1:gift succeeded --lease L1 --retry",
        "fulfilment report p c1:gift succeeded", "fulfilment report p c1:gift --lease L1",
        "fulfilment report p c1:gift maybe --lease L1"}) {
    EXPECT_THROW(RunLine(line), CLI::ParseError) << line;
  }
}

}  // namespace
}  // namespace kith::cli
