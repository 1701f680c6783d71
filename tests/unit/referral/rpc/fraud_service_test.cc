// The services of honesty and quality over gRPC, in this process.
#include "services/referral/rpc/fraud_service.h"

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/concurrency/bounded_pool.h"
#include "common/log/log.h"
#include "common/metrics/registry.h"
#include "common/rpc/channel.h"
#include "common/rpc/runtime.h"
#include "common/rpc/service.h"
#include "common/rpc/status.h"
#include "common/server/grpc_server.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/message_differencer.h"
#include "grpcpp/client_context.h"
#include "gtest/gtest.h"
#include "kith/referral/v1/fraud.grpc.pb.h"
#include "kith/referral/v1/referral.grpc.pb.h"
#include "services/referral/rpc/quality_service.h"
#include "services/referral/rpc/referral_service.h"
#include "tests/support/test_database.h"
#include "tests/unit/referral/app/world.h"

namespace kith::referral::rpc {
namespace {

using v1::FraudService;
using v1::QualityService;
using v1::ReferralService;

class FraudServiceTest : public ::testing::Test {
 protected:
  FraudServiceTest() : world_("sqlite", /*with_program=*/false), pool_(2, 16) {
    log::Configure(log::Level::kOff, "referral");
    runtime_.executor = &world_.executor();
    runtime_.pool = &pool_;
    runtime_.clock = &world_.clock;
    runtime_.metrics = &registry_;
    const app::FraudReader reader(world_.database());
    fraud_ = MakeFraudService(reader, &runtime_);
    quality_ = MakeQualityService(reader, &runtime_);
    referrals_ = MakeReferralService(world_.reader(), &runtime_);
    server_ = *server::GrpcServer::Start(
        "127.0.0.1:0",
        {fraud_->grpc_service(), quality_->grpc_service(), referrals_->grpc_service()}, false);
    channel_ = kith::rpc::MakeChannel(server_->address());
  }
  ~FraudServiceTest() override {
    server_->Shutdown(absl::Seconds(20), runtime_.active_calls);
    pool_.Stop();
  }

  // Calls with a request in text form; the response, or the error.
  template <class GrpcService, class Stub, class Request, class Response>
  absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                             const Request&, Response*),
                                const std::string& text) {
    Request request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request)) << text;
    grpc::ClientContext context;
    Response response;
    const auto stub = GrpcService::NewStub(channel_);
    const absl::Status status =
        kith::rpc::FromGrpc((stub.get()->*method)(&context, request, &response));
    if (!status.ok()) return status;
    return response;
  }
  template <class Method>
  auto Fraud(Method method, const std::string& text) {
    return Call<FraudService>(method, "program_id: 'acme' " + text);
  }
  template <class Method>
  auto Quality(Method method, const std::string& text) {
    return Call<QualityService>(method, "program_id: 'acme' " + text);
  }

  // Two leads of ada's, of which the second is held, and twelve bad ones of a campaign.
  void TellTheStory() {
    ASSERT_TRUE(
        Call<ReferralService>(
            &ReferralService::Stub::ApplyProgram,
            "request_id: '1' program { program_id: 'acme' currency: 'EUR' "
            "leads { fit { any_of { all_of { field: 'lead.fit' "
            "comparison: COMPARISON_EXISTS } } } } "
            "fraud { velocity { dimension: VELOCITY_DIMENSION_ADVOCATE max_per_day: 1 } } "
            "campaigns { campaign_id: 'football' "
            "quality { baseline_basis_points: 5000 } } }")
            .ok());
    ASSERT_TRUE(Call<ReferralService>(&ReferralService::Stub::EnrollAdvocates,
                                      "program_id: 'acme' request_id: '2' "
                                      "advocates { advocate_id: 'ada' }")
                    .ok());
    std::string leads;
    for (int i = 0; i < 14; ++i) {
      absl::StrAppend(
          &leads, "referrals { referral_id: 'r", i, "' advocate_id: 'ada' ",
          "referee_email: 'r", i, "@friends.example' ", i < 2 ? "" : "campaign: 'football' ",
          "submitted_time { seconds: ", 1699990000 - (i < 2 ? 0 : i * 86400), " } } ");
    }
    const auto submitted =
        Call<ReferralService>(&ReferralService::Stub::SubmitReferrals,
                              "program_id: 'acme' request_id: '3' " + leads);
    ASSERT_TRUE(submitted.ok()) << submitted.status();
    for (const auto& result : submitted->results()) {
      ASSERT_FALSE(result.has_error()) << result.DebugString();
    }
  }

  // Whether `message` is what `text` says.
  template <class Message>
  static void ExpectIs(const absl::StatusOr<Message>& message, const std::string& text) {
    ASSERT_TRUE(message.ok()) << message.status();
    Message expected;
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &expected)) << text;
    EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(*message, expected))
        << message->DebugString();
  }

  app::World world_;
  BoundedPool pool_;
  metrics::Registry registry_;
  kith::rpc::Runtime runtime_;
  std::unique_ptr<kith::rpc::Service> fraud_, quality_, referrals_;
  std::unique_ptr<server::GrpcServer> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(FraudServiceTest, BindsEveryMethod) {
  EXPECT_TRUE(fraud_->UnboundMethods().empty());
  EXPECT_TRUE(quality_->UnboundMethods().empty());
}

TEST_F(FraudServiceTest, ACaseFromOpeningToDecision) {
  TellTheStory();
  world_.clock.Advance(absl::Minutes(2));
  const std::string common =
      "referral_id: 'r1' advocate_id: 'ada' score: 50 program_version: 1 "
      "evidence { signal: SIGNAL_VELOCITY weight: 50 "
      "text: '2 in a day of advocate ada, 1 are ordinary' } "
      "opened_time { seconds: 1700000000 } ";
  ExpectIs(Fraud(&FraudService::Stub::ListCases, "state: FRAUD_CASE_STATE_OPEN"),
           "cases { state: FRAUD_CASE_STATE_OPEN age_seconds: 120 " + common + "}");
  const std::string decided = common +
                              "state: FRAUD_CASE_STATE_REJECTED decided_by: 'eve' "
                              "resolved_time { seconds: 1700000120 } ";
  // The answer is stored, so that it does not hold the note.
  ExpectIs(Fraud(&FraudService::Stub::ResolveCase,
                 "request_id: '4' referral_id: 'r1' decision: FRAUD_DECISION_REJECT "
                 "decided_by: 'eve' note: 'her cousin'"),
           "fraud_case { " + decided + "}");
  ExpectIs(Fraud(&FraudService::Stub::GetCase, "referral_id: 'r1'"),
           "fraud_case { " + decided + "note: 'her cousin' }");
  EXPECT_EQ(world_.Referral("r1").fraud, domain::FraudState::kRejected);
  EXPECT_EQ(GetErrorReason(Fraud(&FraudService::Stub::ResolveCase,
                                 "request_id: '5' referral_id: 'r1' decided_by: 'eve' "
                                 "decision: FRAUD_DECISION_APPROVE")
                               .status()),
            "CASE_RESOLVED");
}

TEST_F(FraudServiceTest, SuspensionsAndTheBlocklist) {
  TellTheStory();
  const auto suspended =
      Fraud(&FraudService::Stub::SuspendAdvocate,
            "request_id: '4' advocate_id: 'ada' decided_by: 'eve' cause: 'spam'");
  ASSERT_TRUE(suspended.ok()) << suspended.status();
  EXPECT_EQ(suspended->advocate().suspension_cause(), "spam");
  EXPECT_TRUE(suspended->advocate().has_suspended_time());
  ExpectIs(Fraud(&FraudService::Stub::ListSuspendedAdvocates, ""),
           "advocates { advocate_id: 'ada' suspended_time { seconds: 1700000000 } "
           "decided_by: 'eve' cause: 'spam' }");
  const auto reinstated =
      Fraud(&FraudService::Stub::ReinstateAdvocate,
            "request_id: '5' advocate_id: 'ada' decided_by: 'eve' cause: 'appeal'");
  EXPECT_FALSE(reinstated->advocate().has_suspended_time());
  ExpectIs(Fraud(&FraudService::Stub::ListSuspensions, "advocate_id: 'ada'"),
           "suspensions { decision_time { seconds: 1700000000 } decided_by: 'eve' "
           "cause: 'appeal' } "
           "suspensions { decision_time { seconds: 1700000000 } decided_by: 'eve' "
           "cause: 'spam' suspended: true }");
  const auto added = Fraud(&FraudService::Stub::AddToBlocklist,
                           "request_id: '6' added_by: 'eve' cause: 'spam' identities { "
                           "kind: IDENTITY_KIND_EMAIL_DOMAIN value: 'evil.example' } "
                           "identities { kind: IDENTITY_KIND_PHONE value: '1' }");
  ASSERT_TRUE(added.ok()) << added.status();
  EXPECT_EQ(added->results(1).error().reason(), "IDENTITY_INVALID");
  EXPECT_EQ(added->results(0).blocked().hash().size(), 32u);
  const auto listed = Fraud(&FraudService::Stub::ListBlocklist, "");
  ASSERT_EQ(listed->blocked_size(), 1);
  EXPECT_EQ(listed->blocked(0).DebugString(), added->results(0).blocked().DebugString());
  ExpectIs(Fraud(&FraudService::Stub::CheckReferral,
                 "advocate_id: 'ada' email: 'bob@evil.example'"),
           "verdict: FRAUD_STATE_REJECTED score: 150 program_version: 1 "
           "evidence { signal: SIGNAL_BLOCKLIST weight: 100 text: 'mail domain on the "
           "blocklist' } "
           "evidence { signal: SIGNAL_VELOCITY weight: 50 "
           "text: '3 in a day of advocate ada, 1 are ordinary' }");
  ExpectIs(Fraud(&FraudService::Stub::RemoveFromBlocklist,
                 absl::StrCat("request_id: '7' identities { kind: IDENTITY_KIND_EMAIL_DOMAIN "
                              "hash: '",
                              listed->blocked(0).hash(), "' }")),
           "removed: 1");
}

TEST_F(FraudServiceTest, QualityOfACampaign) {
  TellTheStory();
  const auto quality = Quality(&QualityService::Stub::GetQuality, "campaign: 'football'");
  ASSERT_TRUE(quality.ok()) << quality.status();
  ASSERT_EQ(quality->campaigns_size(), 1);
  const v1::CampaignQuality& football = quality->campaigns(0);
  EXPECT_EQ(football.metric(), v1::QUALITY_METRIC_QUALIFICATION);
  EXPECT_EQ(football.outcomes(), 12);
  EXPECT_EQ(football.successes(), 0);
  EXPECT_TRUE(football.judging());
  EXPECT_EQ(football.baseline_ppm(), 500000);
  EXPECT_NEAR(football.statistic(), 4.8656, 1e-4);  // 12 ln 1.5
  EXPECT_NEAR(football.bound(), 4.6052, 1e-4);      // ln 100
  // One a day for twelve days, against two on one day outside.
  EXPECT_FALSE(football.volume_above());
  EXPECT_FALSE(football.has_alarm_time());
  const auto reset = Quality(&QualityService::Stub::ResetAlarm,
                             "request_id: '4' campaign: 'football' decided_by: 'eve' "
                             "cause: 'new_rules'");
  ASSERT_TRUE(reset.ok()) << reset.status();
  EXPECT_EQ(reset->campaigns(0).outcomes(), 0);
  EXPECT_EQ(reset->campaigns(0).reset_by(), "eve");
  EXPECT_EQ(GetErrorReason(Quality(&QualityService::Stub::ResetAlarm,
                                   "request_id: '5' campaign: 'x' decided_by: 'eve' "
                                   "cause: 'new_rules'")
                               .status()),
            "CAMPAIGN_NOT_FOUND");
}

}  // namespace
}  // namespace kith::referral::rpc
