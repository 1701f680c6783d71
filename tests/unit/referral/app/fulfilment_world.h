// Rewards that are there to be handed out, and the short forms of what is done with them.
#ifndef KITH_TESTS_UNIT_REFERRAL_APP_FULFILMENT_WORLD_H_
#define KITH_TESTS_UNIT_REFERRAL_APP_FULFILMENT_WORLD_H_

#include <string>
#include <utility>
#include <vector>

#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/referral/app/change_stock.h"
#include "services/referral/app/claim_rewards.h"
#include "services/referral/app/extend_lease.h"
#include "services/referral/app/fulfilment_reader.h"
#include "services/referral/app/report_fulfilments.h"
#include "services/referral/app/retry_fulfilment.h"
#include "services/referral/jobs/due_work.h"
#include "tests/support/test_database.h"
#include "tests/unit/referral/app/world.h"

namespace kith::referral::app {

// 10 EUR in cash for whoever brought a customer who pays, available at once; and a mug.
class FulfilmentTest : public ::testing::TestWithParam<std::string> {
 protected:
  FulfilmentTest() : world_(GetParam()) {
    Apply({Rule("cash", domain::RewardKind::kCash, 1000, "")});
    world_.EnrollOne("ada");
  }

  static domain::RewardRule Rule(const std::string& id, domain::RewardKind kind,
                                 int64_t amount, const std::string& item) {
    domain::RewardRule rule;
    rule.rule_id = id;
    rule.kind = kind;
    rule.amount.fixed_minor = amount;
    rule.item = item;
    return rule;
  }
  void Apply(std::vector<domain::RewardRule> rules) {
    domain::Program program = SampleProgram();
    program.rewards = std::move(rules);
    ApplyProgram::Request request;
    request.program = std::move(program);
    const auto applied = world_.Apply(std::move(request));
    ASSERT_TRUE(applied.ok()) << applied.status();
  }
  // `advocate` brings a customer who pays: the order's id is `order`.
  void Earn(const std::string& order, const std::string& advocate = "ada") {
    auto signup = SignupOf("of-" + order, world_.clock.Now());
    signup.signup.referrer_id = advocate;
    ASSERT_TRUE(world_.SignUp(signup).ok());
    const auto paid = world_.Convert(PaymentOf(order, "of-" + order, world_.clock.Now()));
    ASSERT_TRUE(paid.ok()) << paid.status();
  }
  void Advance(absl::Duration by) { world_.clock.Set(world_.clock.Now() + by); }
  void DoDueWork() {
    const absl::Status done = due_work_.RunOnce();
    EXPECT_TRUE(done.ok()) << done;
  }

  ClaimRewards::Response Claim(ClaimRewards::Request request = {}) {
    request.program_id = "acme";
    request.request_id = NewUuid(world_.clock.Now());
    request.provider = "bank";
    request.received_time = world_.clock.Now();
    const auto claimed = world_.Run<ClaimRewards>("ClaimRewards", request);
    EXPECT_TRUE(claimed.ok()) << claimed.status();
    return claimed.ok() ? *claimed : ClaimRewards::Response();
  }
  // The rewards claimed, by id.
  std::vector<std::string> ClaimIds(ClaimRewards::Request request = {}) {
    std::vector<std::string> ids;
    for (const auto& claimed : Claim(std::move(request))) {
      ids.push_back(claimed.reward.reward_id);
    }
    return ids;
  }
  absl::StatusOr<FulfilmentView> Report(const ClaimRewards::Claimed& claimed,
                                        domain::FulfilmentReport report) {
    report.reward_id = claimed.reward.reward_id;
    report.lease_token = claimed.fulfilment.lease_token;
    const auto results = world_.Run<ReportFulfilments>(
        "ReportFulfilments", std::string("acme"),
        std::vector<domain::FulfilmentReport>{std::move(report)});
    EXPECT_TRUE(results.ok()) << results.status();
    return results->front();
  }
  absl::StatusOr<FulfilmentView> Succeed(const ClaimRewards::Claimed& claimed) {
    return Report(claimed, {"", "", true, "p1", "", false});
  }
  absl::StatusOr<FulfilmentView> Fail(const ClaimRewards::Claimed& claimed,
                                      bool retryable = true) {
    return Report(claimed, {"", "", false, "", "timeout", retryable});
  }
  absl::StatusOr<FulfilmentView> Retry(const std::string& reward_id,
                                       const std::string& by = "sue") {
    return world_.Run<RetryFulfilment>("RetryFulfilment", std::string("acme"), reward_id, by);
  }
  domain::Stock Stock(int64_t pieces, bool set = true) {
    const auto stock = world_.Run<ChangeStock>(
        "ChangeStock", ChangeStock::Request{"acme", "mug", pieces, set});
    EXPECT_TRUE(stock.ok()) << stock.status();
    return stock.ok() ? *stock : domain::Stock();
  }
  domain::Stock Stock() const {
    const auto page = FulfilmentReader(world_.database()).ListStock("acme", {}, test::Soon());
    return page.ok() && !page->rows.empty() ? page->rows.front() : domain::Stock();
  }
  // The rewards listed in a state.
  std::vector<std::string> Listed(domain::FulfilmentState state, int64_t page_size = 0) const {
    std::vector<std::string> ids;
    PageRequest page{page_size, ""};
    do {
      const auto listed =
          FulfilmentReader(world_.database())
              .ListFulfilments("acme", state, page, world_.clock.Now(), test::Soon());
      EXPECT_TRUE(listed.ok()) << listed.status();
      if (!listed.ok()) break;
      for (const FulfilmentView& view : listed->rows) {
        ids.push_back(view.fulfilment.reward_id);
      }
      page.token = listed->next_token;
    } while (!page.token.empty());
    return ids;
  }
  domain::RewardState StateOf(const std::string& reward_id) const {
    for (const domain::Reward& reward : world_.Rewards()) {
      if (reward.reward_id == reward_id) return reward.state(world_.clock.Now());
    }
    return domain::RewardState::kCancelled;
  }
  // The balance of an account in EUR.
  int64_t Balance(const std::string& account) const {
    const auto balances = world_.GetSummary().balances;
    const auto it = balances.find({account, "EUR"});
    return it == balances.end() ? 0 : it->second;
  }

  mutable World world_;
  metrics::Registry registry_;
  jobs::DueWork due_work_{world_.database(), world_.executor(), world_.clock, registry_};
};

}  // namespace kith::referral::app

#endif  // KITH_TESTS_UNIT_REFERRAL_APP_FULFILMENT_WORLD_H_
