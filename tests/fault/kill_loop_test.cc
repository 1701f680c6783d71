// Kills a random service at a random moment under load, again and again. In the end every
// acknowledged write is there, no effect happened twice, the books balance, and the four
// services agree.
//
//   KITH_KILLS=200   number of kills (default 100)
//   KITH_SEED=…      repeats an order of kills
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <map>
#include <random>

#include "common/rpc/channel.h"
#include "kith/advocacy/v1/advocacy.grpc.pb.h"
#include "kith/feed/v1/feed.grpc.pb.h"
#include "kith/outreach/v1/outreach.grpc.pb.h"
#include "kith/referral/v1/referral.grpc.pb.h"
#include "kith/retention/v1/retention.grpc.pb.h"
#include "tests/fault/load.h"
#include "tests/fault/referral_desk.h"

namespace kith::test {
namespace {

using kith::advocacy::v1::AdvocacyService;
using kith::outreach::v1::OutreachService;
using kith::referral::v1::ReferralService;
using kith::retention::v1::RetentionService;

int64_t FromEnvironment(const char* name, int64_t otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr ? std::atoll(value) : otherwise;
}

// Reads a program-scoped report.
template <class Response, class Request, class Stub, class Method>
Response Read(Stub stub, Method method, Request request = {}) {
  request.set_program_id(kProgram);
  Response response;
  grpc::ClientContext context;
  context.set_wait_for_ready(true);
  rpc::SetTimeout(context, absl::Seconds(30));
  const grpc::Status status = ((*stub).*method)(&context, request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response;
}

template <class Summary>
std::map<std::string, int64_t> ByChannel(const Summary& summary) {
  std::map<std::string, int64_t> customers;
  for (const auto& channel : summary.channels()) {
    customers[channel.channel()] = channel.customers();
  }
  return customers;
}

// Whether the friend's payment stands.
bool IsPaid(const Story& story) { return story.paid && !story.reversed; }
// Whether it counts for whoever recommended the friend.
bool IsLive(const Story& story) { return IsPaid(story) && !story.rejected; }

class KillLoopTest : public ::testing::TestWithParam<std::string> {
 protected:
  void CheckReferral(Suite& suite, const Tally& tally) {
    namespace v1 = kith::referral::v1;
    const auto summary = Read<v1::GetReferralSummaryResponse, v1::GetReferralSummaryRequest>(
        ReferralService::NewStub(suite.Channel("referral")),
        &ReferralService::Stub::GetReferralSummary);
    EXPECT_EQ(summary.advocates(), tally.advocates);
    EXPECT_EQ(summary.referrals(), static_cast<int64_t>(tally.stories.size()));
    EXPECT_EQ(summary.conversions(), tally.Count(IsPaid) + tally.Count([](const Story& story) {
      return story.paid_little;
    }));
    EXPECT_EQ(summary.converted_referrals(), tally.Count(IsLive));
    EXPECT_EQ(ByChannel(summary), tally.ByChannel());
    CheckBooks(RewardsOf(suite), tally, summary);
  }

  static std::vector<kith::referral::v1::Reward> RewardsOf(Suite& suite) {
    namespace v1 = kith::referral::v1;
    std::vector<v1::Reward> rewards;
    v1::ListRewardsRequest request;
    request.set_page_size(1000);
    do {
      const auto page =
          Read<v1::ListRewardsResponse>(ReferralService::NewStub(suite.Channel("referral")),
                                        &ReferralService::Stub::ListRewards, request);
      rewards.insert(rewards.end(), page.rewards().begin(), page.rewards().end());
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return rewards;
  }

  // What the rewards say is what was done, and the ledger says the same as the rewards.
  static void CheckBooks(const std::vector<kith::referral::v1::Reward>& rewards,
                         const Tally& tally,
                         const kith::referral::v1::GetReferralSummaryResponse& summary) {
    std::map<std::pair<std::string, std::string>, int64_t> books;
    std::map<std::string, int64_t> owed, points;
    std::set<std::string> ids;
    for (const auto& reward : rewards) {
      EXPECT_TRUE(ids.insert(reward.reward_id()).second) << "twice: " << reward.reward_id();
      const bool paid = tally.fulfilled.count(reward.reward_id()) > 0;
      const bool cancelled = reward.state() == kith::referral::v1::REWARD_STATE_CANCELLED;
      const bool back =
          cancelled || reward.state() == kith::referral::v1::REWARD_STATE_REVERSED;
      EXPECT_EQ(reward.state() == kith::referral::v1::REWARD_STATE_FULFILLED, paid && !back)
          << reward.DebugString();
      const auto book = [&](const char* account, int64_t sign) {
        books[{account, reward.amount().currency()}] += sign * reward.amount().amount_minor();
      };
      if (!back) book("expense:rewards", 1);
      if (!back && !paid) book("liability:rewards", -1);
      if (paid) book("paid:rewards", -1);
      if (paid && back) book("receivable:clawback", 1);
      if (!back) ++owed[reward.rule_id()];
      if (!back && reward.rule_id() == "points") ++points[reward.recipient_id()];
    }
    EXPECT_EQ(owed["referrer"],
              tally.Count([](const Story& story) { return IsLive(story) && !story.churned; }));
    EXPECT_EQ(owed["referee"], tally.Count(IsLive));
    for (const auto& [advocate, count] : points) EXPECT_LE(count, kFirstSuccesses) << advocate;
    for (const std::string& id : tally.fulfilled) EXPECT_EQ(ids.count(id), 1u) << id;
    std::map<std::pair<std::string, std::string>, int64_t> balances;
    std::map<std::string, int64_t> sums;
    for (const auto& balance : summary.balances()) {
      sums[balance.currency()] += balance.balance_minor();
      balances[{balance.account(), balance.currency()}] = balance.balance_minor();
    }
    const auto is_nothing = [](const auto& entry) { return entry.second == 0; };
    std::erase_if(books, is_nothing);
    std::erase_if(balances, is_nothing);
    EXPECT_FALSE(books.empty());
    EXPECT_EQ(balances, books);
    for (const auto& [unit, sum] : sums) EXPECT_EQ(sum, 0) << unit;
  }

  void CheckEveryReferralIsThere(Suite& suite, const Tally& tally) {
    namespace v1 = kith::referral::v1;
    std::set<std::string> found, expected;
    for (const auto& [customer, story] : tally.stories) {
      expected.insert((story.lead ? "r-" : "signup:") + customer);
    }
    v1::ListReferralsRequest request;
    request.set_page_size(1000);
    do {
      const auto page =
          Read<v1::ListReferralsResponse>(ReferralService::NewStub(suite.Channel("referral")),
                                          &ReferralService::Stub::ListReferrals, request);
      for (const auto& referral : page.referrals()) {
        EXPECT_TRUE(found.insert(referral.referral_id()).second);
      }
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    EXPECT_EQ(found, expected);
  }

  void CheckAdvocacy(Suite& suite, const Tally& tally) {
    namespace v1 = kith::advocacy::v1;
    const auto segments = Read<v1::GetSegmentsResponse, v1::GetSegmentsRequest>(
        AdvocacyService::NewStub(suite.Channel("advocacy")),
        &AdvocacyService::Stub::GetSegments);
    const int64_t live = tally.Count(IsLive);
    EXPECT_EQ(segments.points(), kReferralPoints * live + kReviewPoints * tally.reviews);
    EXPECT_EQ(segments.activities(), tally.reviews);
    const auto concentration = Read<v1::GetConcentrationResponse, v1::GetConcentrationRequest>(
        AdvocacyService::NewStub(suite.Channel("advocacy")),
        &AdvocacyService::Stub::GetConcentration);
    EXPECT_EQ(concentration.successes(), live);
    EXPECT_EQ(concentration.advocates(), tally.advocates);
  }

  void CheckRetention(Suite& suite, const Tally& tally) {
    namespace v1 = kith::retention::v1;
    const auto summary = Read<v1::GetProgramSummaryResponse, v1::GetProgramSummaryRequest>(
        RetentionService::NewStub(suite.Channel("retention")),
        &RetentionService::Stub::GetProgramSummary);
    const auto signups = static_cast<int64_t>(tally.stories.size());
    const int64_t churns = tally.Count([](const Story& story) { return story.churned; });
    EXPECT_EQ(summary.customers(), signups);
    EXPECT_EQ(summary.churned(), churns);
    EXPECT_EQ(summary.events(), signups + churns);
    EXPECT_EQ(summary.customers_without_signup(), 0);
    EXPECT_EQ(ByChannel(summary), tally.ByChannel());
  }

  void CheckOutreach(Suite& suite, const Tally& tally) {
    namespace v1 = kith::outreach::v1;
    const auto summary = Read<v1::GetOutreachSummaryResponse, v1::GetOutreachSummaryRequest>(
        OutreachService::NewStub(suite.Channel("outreach")),
        &OutreachService::Stub::GetOutreachSummary);
    const auto signups = static_cast<int64_t>(tally.stories.size());
    EXPECT_EQ(summary.enrollments(), signups);
    int64_t messages = 0, sent = 0;
    for (const auto& state : summary.states()) {
      messages += state.messages();
      if (state.state() == v1::MESSAGE_STATE_SENT) sent += state.messages();
    }
    EXPECT_EQ(messages, signups);
    EXPECT_EQ(sent, static_cast<int64_t>(tally.sent.size()));
  }

  void CheckNothingQuarantined(Suite& suite) {
    for (const std::string& name : Suite::Names()) {
      kith::feed::v1::ListQuarantinedEventsResponse response;
      grpc::ClientContext context;
      rpc::SetTimeout(context, absl::Seconds(10));
      const auto stub = kith::feed::v1::FeedConsumerService::NewStub(suite.Channel(name));
      EXPECT_TRUE(stub->ListQuarantinedEvents(&context, {}, &response).ok());
      EXPECT_EQ(response.events_size(), 0) << name << response.DebugString();
    }
  }
};

TEST_P(KillLoopTest, NothingIsLostAndNothingHappensTwice) {
  const int64_t kills = FromEnvironment("KITH_KILLS", GetParam() == "sqlite" ? 100 : 20);
  const auto seed =
      static_cast<uint64_t>(FromEnvironment("KITH_SEED", std::random_device{}()));
  std::cout << "seed " << seed << ", kills " << kills << "\n";
  std::mt19937_64 random(seed);
  Suite::Options options;
  options.backend = GetParam();
  Suite suite(options);
  suite.StartAll();
  Load load(suite, 6, seed);
  load.SetUp();
  load.Start();
  for (int64_t i = 0; i < kills; ++i) {
    load.AwaitAcknowledgements(1 + static_cast<int64_t>(random() % 60));
    const std::string& name = Suite::Names()[random() % Suite::Names().size()];
    suite.process(name).Kill();
    suite.process(name).Start();
  }
  load.AwaitAcknowledgements(50);
  load.Stop();
  for (const std::string& name : Suite::Names()) suite.AwaitServing(name);
  suite.AwaitCaughtUp();
  const Tally tally = load.tally();
  std::cout << tally.stories.size() << " signups, " << tally.Count(IsLive)
            << " live conversions, " << tally.fulfilled.size() << " rewards paid, "
            << tally.reviews << " reviews, " << tally.sent.size() << " messages\n";
  CheckReferral(suite, tally);
  CheckEveryReferralIsThere(suite, tally);
  CheckAdvocacy(suite, tally);
  CheckRetention(suite, tally);
  CheckOutreach(suite, tally);
  CheckNothingQuarantined(suite);
  for (const std::string& name : Suite::Names()) {
    EXPECT_EQ(suite.process(name).Terminate(), 0) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Backends, KillLoopTest, ::testing::Values("sqlite", "postgres"),
                         [](const auto& suite) { return suite.param; });

}  // namespace
}  // namespace kith::test
