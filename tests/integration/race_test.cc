// Eight clients at once want the same thing, on SQLite and on PostgreSQL with two replicas:
// one has it, the others are told why not by name.
#include <gmock/gmock.h>
#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/barrier.h"
#include "common/base/clock.h"
#include "common/base/ids.h"
#include "common/rpc/channel.h"
#include "kith/feed/v1/feed.grpc.pb.h"
#include "kith/referral/v1/attribution.grpc.pb.h"
#include "kith/referral/v1/fulfilment.grpc.pb.h"
#include "kith/referral/v1/referral.grpc.pb.h"
#include "tests/support/full_rules.h"
#include "tests/support/server_process.h"
#include "tests/support/test_database.h"

namespace kith::test {
namespace {

namespace v1 = kith::referral::v1;
using v1::CodeService;
using v1::FulfilmentService;
using v1::ReferralService;

constexpr char kProgram[] = "race";
constexpr int kClients = 8;
constexpr int kRounds = 10;
constexpr char kWon[] = "won";

// The reason that a status carries.
std::string ReasonOf(const grpc::Status& status) {
  google::rpc::Status details;
  google::rpc::ErrorInfo info;
  details.ParseFromString(status.error_details());
  for (const auto& detail : details.details()) {
    if (detail.UnpackTo(&info)) return info.reason();
  }
  return absl::StrCat(status.error_code(), " ", status.error_message());
}

class RaceTest : public ::testing::TestWithParam<std::string> {
 protected:
  RaceTest() {
    const std::string store = FreshStoreUrl(GetParam());
    for (int replica = 0; replica < (GetParam() == "postgres" ? 2 : 1); ++replica) {
      const std::string address = absl::StrCat("127.0.0.1:", FreePort());
      servers_.push_back(std::make_unique<ServerProcess>(
          BinaryPath("kith-referral"),
          std::vector<std::string>{"--listen=" + address, "--metrics=off", "--store=" + store},
          absl::StrCat(TempDir(), "/referral.log")));
      servers_.back()->Start();
      channels_.push_back(rpc::MakeChannel(address));
      // The first one makes the tables.
      static_cast<void>(Try<v1::ListProgramsResponse>(
          *ReferralService::NewStub(channels_.back()), &ReferralService::Stub::ListPrograms,
          v1::ListProgramsRequest()));
    }
    SetUpProgram();
  }

  void SetUpProgram() {
    v1::ApplyProgramRequest apply;
    apply.set_request_id(NewUuid(SystemClock().Now()));
    *apply.mutable_program() = FullRules(kProgram, absl::ZeroDuration());
    const auto stub = ReferralService::NewStub(channels_[0]);
    ASSERT_EQ(Try<v1::ApplyProgramResponse>(*stub, &ReferralService::Stub::ApplyProgram, apply)
                  .second,
              kWon);
    auto enroll = NewRequest<v1::EnrollAdvocatesRequest>();
    for (int i = 0; i < kClients; ++i) {
      enroll.add_advocates()->set_advocate_id(Advocate(i));
    }
    ASSERT_EQ(Try<v1::EnrollAdvocatesResponse>(*stub, &ReferralService::Stub::EnrollAdvocates,
                                               enroll)
                  .second,
              kWon);
  }

  template <class Request>
  static Request NewRequest() {
    Request request;
    request.set_program_id(kProgram);
    request.set_request_id(NewUuid(SystemClock().Now()));
    return request;
  }
  static std::string Advocate(int client) { return absl::StrCat("advocate-", client); }

  // One call: its answer and kWon, or the reason of the refusal.
  template <class Response, class Stub, class Method, class Request>
  static std::pair<Response, std::string> Try(Stub& stub, Method method,
                                              const Request& request) {
    Response response;
    grpc::ClientContext context;
    context.set_wait_for_ready(true);
    rpc::SetTimeout(context, absl::Seconds(60));
    const grpc::Status status = (stub.*method)(&context, request, &response);
    return {response, status.ok() ? kWon : ReasonOf(status)};
  }
  template <class Result>
  static std::string Outcome(const Result& result) {
    return result.has_error() ? result.error().reason() : kWon;
  }

  // Lets all clients call at the same moment; how often each outcome came.
  using Attempt =
      std::function<std::string(int client, const std::shared_ptr<grpc::Channel>& channel)>;
  std::map<std::string, int> Race(const Attempt& attempt) {
    std::vector<std::string> outcomes(kClients);
    std::vector<std::thread> clients;
    auto* start = new absl::Barrier(kClients);
    for (int i = 0; i < kClients; ++i) {
      clients.emplace_back([&, i] {
        if (start->Block()) delete start;
        outcomes[i] = attempt(i, channels_[i % channels_.size()]);
      });
    }
    for (std::thread& client : clients) client.join();
    std::map<std::string, int> counts;
    for (const std::string& outcome : outcomes) ++counts[outcome];
    return counts;
  }
  static std::map<std::string, int> OneWinner(const std::string& reason) {
    return {{kWon, 1}, {reason, kClients - 1}};
  }

  static int64_t Today() { return absl::ToUnixSeconds(SystemClock().Now()) / 86400 * 86400; }
  // A customer who was brought by an advocate and has paid nothing yet.
  void SignUp(const std::string& customer, int advocate) {
    auto request = NewRequest<v1::AttributeSignupRequest>();
    request.mutable_signup()->set_customer_id(customer);
    request.mutable_signup()->set_referrer_id(Advocate(advocate));
    // Before the day that Pay() dates its payments by.
    request.mutable_signup()->mutable_signup_time()->set_seconds(Today() - 86400);
    const auto stub = ReferralService::NewStub(channels_[0]);
    const auto [response, outcome] = Try<v1::AttributeSignupResponse>(
        *stub, &ReferralService::Stub::AttributeSignup, request);
    ASSERT_EQ(outcome, kWon);
    ASSERT_EQ(response.attribution().advocate_id(), Advocate(advocate));
  }
  static std::string Pay(const std::shared_ptr<grpc::Channel>& channel,
                         const std::string& order, const std::string& customer) {
    auto request = NewRequest<v1::RecordConversionsRequest>();
    auto* payment = request.add_conversions();
    payment->set_conversion_id(order);
    payment->set_customer_id(customer);
    payment->mutable_conversion_time()->set_seconds(Today());
    payment->mutable_amount()->set_currency("USD");
    payment->mutable_amount()->set_amount_minor(5000);
    auto* plan = payment->add_attributes();
    plan->set_name("plan");
    plan->set_value("pro");
    const auto stub = ReferralService::NewStub(channel);
    const auto [response, outcome] = Try<v1::RecordConversionsResponse>(
        *stub, &ReferralService::Stub::RecordConversions, request);
    return outcome == kWon ? Outcome(response.results(0)) : outcome;
  }

  // The balances by account; they always sum to 0.
  std::map<std::string, int64_t> Balances() {
    v1::GetReferralSummaryRequest request;
    request.set_program_id(kProgram);
    const auto stub = ReferralService::NewStub(channels_[0]);
    const auto response = Try<v1::GetReferralSummaryResponse>(
                              *stub, &ReferralService::Stub::GetReferralSummary, request)
                              .first;
    std::map<std::string, int64_t> balances;
    int64_t sum = 0;
    for (const auto& balance : response.balances()) {
      balances[balance.account()] = balance.balance_minor();
      sum += balance.balance_minor();
    }
    EXPECT_EQ(sum, 0);
    return balances;
  }

  // How often the feed tells of each enrolment of an advocate whose id begins so.
  std::map<std::string, int> Enrolments(const std::string& prefix) {
    using feed::v1::EventFeedService;
    const auto stub = EventFeedService::NewStub(channels_[0]);
    const auto described =
        Try<feed::v1::DescribeFeedResponse>(*stub, &EventFeedService::Stub::DescribeFeed,
                                            feed::v1::DescribeFeedRequest())
            .first;
    std::map<std::string, int> told;
    for (const auto& shard : described.shards()) {
      feed::v1::ReadEventsRequest request;
      request.set_shard(shard.shard());
      request.set_max_events(1000);
      const auto page = Try<feed::v1::ReadEventsResponse>(
                            *stub, &EventFeedService::Stub::ReadEvents, request)
                            .first;
      EXPECT_GE(page.events_size(), shard.head_position());
      for (const auto& event : page.events()) {
        const std::string& id = event.fact().advocate_enrolled().advocate_id();
        if (absl::StartsWith(id, prefix)) ++told[id];
      }
    }
    return told;
  }

  std::vector<std::unique_ptr<ServerProcess>> servers_;
  std::vector<std::shared_ptr<grpc::Channel>> channels_;
};

TEST_P(RaceTest, OneAdvocateHasTheFriend) {
  for (int round = 0; round < kRounds; ++round) {
    const auto counts = Race([&](int client, const auto& channel) {
      auto request = NewRequest<v1::SubmitReferralsRequest>();
      auto* lead = request.add_referrals();
      lead->set_referral_id(absl::StrCat("r-", round, "-", client));
      lead->set_advocate_id(Advocate(client));
      // The same friend, however the address is written.
      lead->set_referee_email(
          absl::StrCat(client % 2 == 0 ? "Friend" : "friend", round, "@home.example"));
      const auto stub = ReferralService::NewStub(channel);
      const auto [response, outcome] = Try<v1::SubmitReferralsResponse>(
          *stub, &ReferralService::Stub::SubmitReferrals, request);
      return outcome == kWon ? Outcome(response.results(0)) : outcome;
    });
    EXPECT_EQ(counts, OneWinner("ALREADY_REFERRED")) << "round " << round;
  }
}

TEST_P(RaceTest, OneSignupOfACustomerIsTheOne) {
  for (int round = 0; round < kRounds; ++round) {
    const auto counts = Race([&](int client, const auto& channel) {
      auto request = NewRequest<v1::AttributeSignupRequest>();
      request.mutable_signup()->set_customer_id(absl::StrCat("s-", round));
      request.mutable_signup()->set_referrer_id(Advocate(client));
      return Try<v1::AttributeSignupResponse>(*ReferralService::NewStub(channel),
                                              &ReferralService::Stub::AttributeSignup, request)
          .second;
    });
    EXPECT_EQ(counts, OneWinner("CUSTOMER_EXISTS")) << "round " << round;
  }
}

TEST_P(RaceTest, OneAdvocateHasTheCode) {
  for (int round = 0; round < kRounds; ++round) {
    const auto counts = Race([&](int client, const auto& channel) {
      auto request = NewRequest<v1::IssueCodeRequest>();
      request.set_advocate_id(Advocate(client));
      // The same code, however it is typed.
      request.set_vanity(absl::StrCat(client % 2 == 0 ? "RACE" : "race", 70 + round));
      return Try<v1::IssueCodeResponse>(*CodeService::NewStub(channel),
                                        &CodeService::Stub::IssueCode, request)
          .second;
    });
    EXPECT_EQ(counts, OneWinner("CODE_TAKEN")) << "round " << round;
  }
}

TEST_P(RaceTest, OneCustomerHasTheOrder) {
  for (int i = 0; i < kClients; ++i) SignUp(absl::StrCat("o", i), i);
  for (int round = 0; round < kRounds; ++round) {
    const auto counts = Race([&](int client, const auto& channel) {
      return Pay(channel, absl::StrCat("order-", round), absl::StrCat("o", client));
    });
    EXPECT_EQ(counts, OneWinner("CONVERSION_ID_REUSED")) << "round " << round;
  }
}

TEST_P(RaceTest, TheSameOrderFromAllIsPaidForOnce) {
  for (int round = 0; round < kRounds; ++round) {
    const std::string customer = absl::StrCat("p", round);
    SignUp(customer, round % kClients);
    const auto counts = Race([&](int, const auto& channel) {
      return Pay(channel, absl::StrCat("same-", round), customer);
    });
    EXPECT_EQ(counts, (std::map<std::string, int>{{kWon, kClients}}));
    const int64_t owed = (round + 1) * (kReferrerReward + kRefereeReward);
    EXPECT_EQ(Balances(), (std::map<std::string, int64_t>{{"expense:rewards", owed},
                                                          {"liability:rewards", -owed}}));
  }
}

// Different orders of one customer: one of them converts the referral, and is paid for.
TEST_P(RaceTest, OneOrderConvertsTheReferral) {
  SignUp("many", 0);
  const auto counts = Race([&](int client, const auto& channel) {
    return Pay(channel, absl::StrCat("many-", client), "many");
  });
  EXPECT_EQ(counts, (std::map<std::string, int>{{kWon, kClients}}));
  EXPECT_EQ(Balances()["liability:rewards"], -(kReferrerReward + kRefereeReward));
}

TEST_P(RaceTest, OneProviderIsGivenTheReward) {
  for (int round = 0; round < kRounds; ++round) {
    const std::string customer = absl::StrCat("q", round);
    SignUp(customer, 0);
    ASSERT_EQ(Pay(channels_[0], absl::StrCat("claim-", round), customer), kWon);
    const auto counts = Race([&](int client, const auto& channel) -> std::string {
      auto request = NewRequest<v1::ClaimRewardsRequest>();
      request.set_provider(absl::StrCat("provider-", client));
      request.add_kinds(v1::REWARD_KIND_CASH);
      request.set_max_rewards(10);
      request.mutable_lease_duration()->set_seconds(3600);
      const auto [response, outcome] =
          Try<v1::ClaimRewardsResponse>(*FulfilmentService::NewStub(channel),
                                        &FulfilmentService::Stub::ClaimRewards, request);
      return outcome == kWon ? absl::StrCat(response.rewards_size(), " rewards") : outcome;
    });
    EXPECT_EQ(counts,
              (std::map<std::string, int>{{"1 rewards", 1}, {"0 rewards", kClients - 1}}));
  }
}

TEST_P(RaceTest, OneRequestHasTheRequestId) {
  for (int round = 0; round < kRounds; ++round) {
    const std::string request_id = NewUuid(SystemClock().Now());
    const auto counts = Race([&](int client, const auto& channel) {
      auto request = NewRequest<v1::EnrollAdvocatesRequest>();
      request.set_request_id(request_id);
      request.add_advocates()->set_advocate_id(absl::StrCat("new-", round, "-", client));
      return Try<v1::EnrollAdvocatesResponse>(*ReferralService::NewStub(channel),
                                              &ReferralService::Stub::EnrollAdvocates, request)
          .second;
    });
    EXPECT_EQ(counts, OneWinner("REQUEST_ID_REUSED")) << "round " << round;
  }
}

// A client that was told nothing sends its request again, to whichever replica.
TEST_P(RaceTest, TheSameRequestFromAllTakesEffectOnce) {
  std::map<std::string, int> expected;
  for (int round = 0; round < kRounds; ++round) {
    auto request = NewRequest<v1::EnrollAdvocatesRequest>();
    request.add_advocates()->set_advocate_id(absl::StrCat("again-", round));
    expected[absl::StrCat("again-", round)] = 1;
    const auto counts = Race([&](int, const auto& channel) {
      const auto [response, outcome] =
          Try<v1::EnrollAdvocatesResponse>(*ReferralService::NewStub(channel),
                                           &ReferralService::Stub::EnrollAdvocates, request);
      return outcome == kWon ? response.SerializeAsString() : outcome;
    });
    ASSERT_EQ(counts.size(), 1u) << counts.rbegin()->first;
    v1::EnrollAdvocatesResponse answer;
    ASSERT_TRUE(answer.ParseFromString(counts.begin()->first)) << counts.begin()->first;
    ASSERT_EQ(answer.results_size(), 1);
    EXPECT_TRUE(answer.results(0).enrolled_now()) << "round " << round;
  }
  EXPECT_EQ(Enrolments("again-"), expected);
}

INSTANTIATE_TEST_SUITE_P(Stores, RaceTest, ::testing::Values("sqlite", "postgres"),
                         [](const auto& store) { return store.param; });

}  // namespace
}  // namespace kith::test
