// The service over gRPC, in this process.
#include "common/rpc/service.h"

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/concurrency/bounded_pool.h"
#include "common/log/log.h"
#include "common/metrics/registry.h"
#include "common/rpc/channel.h"
#include "common/rpc/runtime.h"
#include "common/rpc/status.h"
#include "common/server/grpc_server.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/message_differencer.h"
#include "grpcpp/client_context.h"
#include "gtest/gtest.h"
#include "kith/referral/v1/referral.grpc.pb.h"
#include "services/referral/rpc/referral_service.h"
#include "tests/unit/referral/app/world.h"

namespace kith::referral::rpc {
namespace {

using v1::ReferralService;

class ServiceTest : public ::testing::Test {
 protected:
  ServiceTest() : world_("sqlite", /*with_program=*/false), pool_(2, 16) {
    log::Configure(log::Level::kOff, "referral");
    runtime_.executor = &world_.executor();
    runtime_.pool = &pool_;
    runtime_.clock = &world_.clock;
    runtime_.metrics = &registry_;
    service_ = MakeReferralService(world_.reader(), &runtime_);
    server_ = *server::GrpcServer::Start("127.0.0.1:0", {service_->grpc_service()}, false);
    stub_ = ReferralService::NewStub(kith::rpc::MakeChannel(server_->address()));
  }
  ~ServiceTest() override {
    server_->Shutdown(absl::Seconds(20), runtime_.active_calls);
    pool_.Stop();
  }

  // Calls with a request in text form; the response, or the error.
  template <class Request, class Response>
  absl::StatusOr<Response> Call(grpc::Status (ReferralService::Stub::*method)(
                                    grpc::ClientContext*, const Request&, Response*),
                                const std::string& text) {
    Request request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request)) << text;
    grpc::ClientContext context;
    Response response;
    const absl::Status status =
        kith::rpc::FromGrpc((stub_.get()->*method)(&context, request, &response));
    if (!status.ok()) return status;
    return response;
  }

  // A program with a reward of each kind and all settings, then an advocate, a customer whom
  // the advocate brought, and a payment.
  void TellTheStory() {
    ASSERT_TRUE(Call(&ReferralService::Stub::ApplyProgram,
                     "request_id: '1' program { program_id: 'acme' currency: 'EUR' "
                     "rewards { rule_id: 'share' side: REWARD_SIDE_REFERRER "
                     "kind: REWARD_KIND_CASH percent_basis_points: 2000 "
                     "holding_period { seconds: 60 } } }")
                    .ok());
    ASSERT_TRUE(Call(&ReferralService::Stub::EnrollAdvocates,
                     "program_id: 'acme' request_id: '2' advocates { advocate_id: 'ada' "
                     "email: 'ada@example.com' enrolled_time { seconds: 1600000000 } }")
                    .ok());
    ASSERT_TRUE(Call(&ReferralService::Stub::SubmitReferrals,
                     "program_id: 'acme' request_id: '3' referrals { referral_id: 'r1' "
                     "advocate_id: 'ada' referee_email: 'carl@example.com' campaign: 'spring' "
                     "submitted_time { seconds: 1690000000 nanos: 123456789 } }")
                    .ok());
    ASSERT_TRUE(Call(&ReferralService::Stub::AttributeSignup,
                     "program_id: 'acme' request_id: '4' signup { customer_id: 'carl' "
                     "email: 'CARL@example.com' signup_time { seconds: 1691000000 } }")
                    .ok());
    ASSERT_TRUE(Call(&ReferralService::Stub::RecordConversions,
                     "program_id: 'acme' request_id: '5' conversions { conversion_id: 'o1' "
                     "customer_id: 'carl' conversion_time { seconds: 1692000000 } "
                     "amount { amount_minor: 1999 currency: 'EUR' } }")
                    .ok());
  }

  // Whether `message` is what `text` says.
  template <class Message>
  static void ExpectIs(const Message& message, const std::string& text) {
    Message expected;
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &expected)) << text;
    EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(message, expected))
        << message.DebugString();
  }

  app::World world_;
  BoundedPool pool_;
  metrics::Registry registry_;
  kith::rpc::Runtime runtime_;
  std::unique_ptr<kith::rpc::Service> service_;
  std::unique_ptr<server::GrpcServer> server_;
  std::unique_ptr<ReferralService::Stub> stub_;
};

TEST_F(ServiceTest, BindsEveryMethod) { EXPECT_TRUE(service_->UnboundMethods().empty()); }

TEST_F(ServiceTest, AProgramComesBackWhole) {
  const std::string program =
      "program_id: 'acme' display_name: 'Acme' currency: 'EUR' time_zone: 'Europe/Berlin' "
      "attribution { touch_window { seconds: 3600 nanos: 5000 } lead_window { seconds: 7200 } "
      "model: ATTRIBUTION_MODEL_FIRST_TOUCH code_grace {} credit_half_life { seconds: 60 } } "
      "rewards { rule_id: 'a' side: REWARD_SIDE_REFERRER kind: REWARD_KIND_CASH "
      "trigger: TRIGGER_SIGNED_UP fixed_minor: 500 holding_period {} } "
      "rewards { rule_id: 'b' side: REWARD_SIDE_REFEREE kind: REWARD_KIND_CREDIT "
      "trigger: TRIGGER_CONVERTED occurrence: OCCURRENCE_EVERY "
      "percent_basis_points: 150 holding_period { seconds: 9 } min_conversion_minor: 0 "
      "max_rewards_per_recipient: 0 } effective_time { seconds: 1600000000 }";
  ASSERT_TRUE(
      Call(&ReferralService::Stub::ApplyProgram, "request_id: '1' program { " + program + " }")
          .ok());
  const auto got = *Call(&ReferralService::Stub::GetProgram, "program_id: 'acme'");
  ExpectIs(got, "version: 1 program { " + program + " }");
  const auto listed = *Call(&ReferralService::Stub::ListPrograms, "page_size: 5");
  ExpectIs(listed, "programs { version: 1 program { " + program + " } }");
}

TEST_F(ServiceTest, AProgramThatCannotBeReadIsListedAsSuch) {
  for (const char* id : {"acme", "beta"}) {
    ASSERT_TRUE(Call(&ReferralService::Stub::ApplyProgram,
                     absl::StrCat("request_id: '", id, "' program { program_id: '", id,
                                  "' currency: 'EUR' }"))
                    .ok());
  }
  ASSERT_TRUE(world_.database()
                  .RunScript("INSERT INTO program_version VALUES ('acme', 2, NULL, '')")
                  .ok());
  const auto listed = *Call(&ReferralService::Stub::ListPrograms, "");
  ASSERT_EQ(listed.programs_size(), 2);
  ExpectIs(listed.programs(0),
           "program { program_id: 'acme' } version: 2 unreadable: 'there is no currency'");
  EXPECT_EQ(listed.programs(1).program().program_id(), "beta");
  EXPECT_EQ(listed.programs(1).unreadable(), "");
}

TEST_F(ServiceTest, DefaultsAreFilledIn) {
  TellTheStory();
  const auto got = *Call(&ReferralService::Stub::GetProgram, "program_id: 'acme' version: 1");
  ExpectIs(got,
           "version: 1 program { program_id: 'acme' currency: 'EUR' time_zone: 'UTC' "
           "attribution { touch_window { seconds: 2592000 } lead_window { seconds: 7776000 } "
           "model: ATTRIBUTION_MODEL_LAST_TOUCH code_grace { seconds: 2592000 } "
           "credit_half_life { seconds: 604800 } } rewards { rule_id: 'share' "
           "side: REWARD_SIDE_REFERRER kind: REWARD_KIND_CASH percent_basis_points: 2000 "
           "trigger: TRIGGER_CONVERTED occurrence: OCCURRENCE_FIRST "
           "holding_period { seconds: 60 } } }");
}

TEST_F(ServiceTest, ADryRunMayBeFollowedByTheRealOne) {
  const std::string program = "request_id: '1' program { program_id: 'acme' currency: 'EUR' }";
  const auto dry = *Call(&ReferralService::Stub::ApplyProgram, program + " dry_run: true");
  EXPECT_TRUE(dry.changed());
  EXPECT_EQ(dry.differences(0).field(), "attribution.lead_window");
  EXPECT_EQ(
      GetErrorReason(Call(&ReferralService::Stub::GetProgram, "program_id: 'acme'").status()),
      "PROGRAM_NOT_FOUND");
  EXPECT_TRUE(Call(&ReferralService::Stub::ApplyProgram, program)->changed());
}

TEST_F(ServiceTest, AReferralTellsItsStory) {
  TellTheStory();
  ExpectIs(*Call(&ReferralService::Stub::GetReferral, "program_id: 'acme' referral_id: 'r1'"),
           "referral { referral_id: 'r1' advocate_id: 'ada' referee_id: 'carl' "
           "submitted_time { seconds: 1690000000 nanos: 123456000 } campaign: 'spring' "
           "state: REFERRAL_STATE_CONVERTED signup_time { seconds: 1691000000 } "
           "conversion_time { seconds: 1692000000 } conversion_id: 'o1' "
           "evidence: EVIDENCE_KIND_LEAD program_version: 1 lead_state: LEAD_STATE_WON "
           "lead_state_time { seconds: 1692000000 } fit: FIT_UNKNOWN "
           "fraud: FRAUD_STATE_CLEAR }");
  const auto advocate =
      Call(&ReferralService::Stub::GetAdvocate, "program_id: 'acme' advocate_id: 'ada'")
          ->advocate();
  EXPECT_EQ(advocate.code().size(), 8u);
  EXPECT_EQ(advocate.conversions(), 1);
  EXPECT_EQ(advocate.enrolled_time().seconds(), 1600000000);
}

TEST_F(ServiceTest, AnEnrolmentTellsWhetherItIsNew) {
  TellTheStory();
  const auto enrolled_now = [&](const std::string& request_id) {
    return Call(&ReferralService::Stub::EnrollAdvocates,
                absl::StrCat("program_id: 'acme' request_id: '", request_id,
                             "' advocates { advocate_id: 'eve' }"))
        ->results(0)
        .enrolled_now();
  };
  EXPECT_TRUE(enrolled_now("e1"));
  EXPECT_FALSE(enrolled_now("e2"));
  EXPECT_TRUE(enrolled_now("e1"));  // answered as before
}

TEST_F(ServiceTest, AnUpdateTellsWhatIsKnownAfterwards) {
  TellTheStory();
  const auto updated = *Call(
      &ReferralService::Stub::UpdateAdvocates,
      "program_id: 'acme' request_id: 'u1' updates { advocate_id: 'ada' kind: 'partner' "
      "attributes { name: 'plan' value: 'pro' } attributes { name: 'team' value: 'red' } } "
      "updates { advocate_id: 'ada' removed_attributes: 'team' phone: '' } "
      "updates { advocate_id: 'nobody' } updates { advocate_id: 'ada' ip_address: 'x' }");
  EXPECT_EQ(updated.results(0).advocate().attributes_size(), 2);
  const v1::Advocate& ada = updated.results(1).advocate();
  EXPECT_EQ(ada.kind(), "partner");
  ASSERT_EQ(ada.attributes_size(), 1);
  EXPECT_EQ(ada.attributes(0).value(), "pro");
  EXPECT_EQ(ada.conversions(), 1);
  EXPECT_EQ(updated.results(2).error().reason(), "ADVOCATE_NOT_FOUND");
  EXPECT_EQ(updated.results(3).error().reason(), "IDENTITY_INVALID");
  EXPECT_EQ(GetErrorReason(Call(&ReferralService::Stub::UpdateAdvocates,
                                "program_id: 'acme' request_id: 'u2' "
                                "updates { advocate_id: 'ada' email: 'none' }")
                               .status()),
            "INVALID_FIELD");
}

TEST_F(ServiceTest, RewardsAndSummaryAgree) {
  TellTheStory();
  ExpectIs(*Call(&ReferralService::Stub::ListRewards, "program_id: 'acme'"),
           "rewards { reward_id: 'o1:share' referral_id: 'r1' conversion_id: 'o1' "
           "rule_id: 'share' program_version: 1 side: REWARD_SIDE_REFERRER "
           "recipient_id: 'ada' kind: REWARD_KIND_CASH "
           "amount { amount_minor: 400 currency: 'EUR' } state: REWARD_STATE_AVAILABLE "
           "available_time { seconds: 1692000060 } created_time { seconds: 1700000000 } "
           "trigger: TRIGGER_CONVERTED occasion_time { seconds: 1692000000 } "
           "wanted_minor: 400 } "
           "totals { currency: 'EUR' state: REWARD_STATE_AVAILABLE amount_minor: 400 "
           "count: 1 }");
  ExpectIs(*Call(&ReferralService::Stub::GetReferralSummary, "program_id: 'acme'"),
           "advocates: 1 referrals: 1 channels { channel: 'referral' customers: 1 "
           "converted: 1 } conversions: 1 converted_referrals: 1 tree_depth: 1 "
           "balances { account: 'expense:rewards' currency: 'EUR' balance_minor: 400 } "
           "balances { account: 'liability:rewards' currency: 'EUR' balance_minor: -400 } "
           "ledger_entries: 2");
  ExpectIs(*Call(&ReferralService::Stub::ListReferrals,
                 "program_id: 'acme' state: REFERRAL_STATE_SUBMITTED"),
           "");
}

TEST_F(ServiceTest, AReversalMayStateItsTime) {
  TellTheStory();
  EXPECT_EQ(GetErrorReason(Call(&ReferralService::Stub::ReverseConversion,
                                "program_id: 'acme' request_id: '6' conversion_id: 'o1' "
                                "cause: 'refund' reversal_time { seconds: 1 }")
                               .status()),
            "BEFORE_CONVERSION");
}

TEST_F(ServiceTest, ARetryGetsTheFirstAnswer) {
  TellTheStory();
  const std::string request =
      "program_id: 'acme' request_id: '6' conversion_id: 'o1' cause: 'refund'";
  const auto first = *Call(&ReferralService::Stub::ReverseConversion, request);
  EXPECT_TRUE(first.conversion().reversed());
  EXPECT_TRUE(first.conversion().has_reversal_time());
  EXPECT_EQ(first.conversion().reversal_cause(), "refund");
  ExpectIs(*Call(&ReferralService::Stub::ReverseConversion, request), first.DebugString());
  EXPECT_EQ(GetErrorReason(Call(&ReferralService::Stub::ReverseConversion,
                                "program_id: 'acme' request_id: '6' conversion_id: 'o2' "
                                "cause: 'refund'")
                               .status()),
            "REQUEST_ID_REUSED");
  // Another call does not take it back again, and tells of the first.
  const auto again = *Call(&ReferralService::Stub::ReverseConversion,
                           "program_id: 'acme' request_id: '7' conversion_id: 'o1' "
                           "cause: 'chargeback'");
  ExpectIs(again, first.DebugString());
}

TEST_F(ServiceTest, RefusedItemsSayWhy) {
  TellTheStory();
  ExpectIs(*Call(&ReferralService::Stub::SubmitReferrals,
                 "program_id: 'acme' request_id: '7' referrals { referral_id: 'r2' "
                 "advocate_id: 'ada' referee_id: 'ada' }"),
           "results { error { reason: 'SELF_REFERRAL' field: 'referee_id' "
           "message: 'must not be the advocate\\'s own' } }");
  const auto touches = *Call(&ReferralService::Stub::RecordTouches,
                             "program_id: 'acme' request_id: '8' touches { touch_id: 't' "
                             "code: 'nobody' visitor_id: 'v' }");
  EXPECT_EQ(touches.results(0).error().reason(), "UNKNOWN_CODE");
  const auto signups = *Call(&ReferralService::Stub::AttributeSignups,
                             "program_id: 'acme' request_id: '9' "
                             "signups { customer_id: 'carl' } "
                             "signups { customer_id: 'dora' code: 'nobody' channel: 'paid' }");
  EXPECT_EQ(signups.results(0).error().reason(), "CUSTOMER_EXISTS");
  const v1::Attribution& dora = signups.results(1).attribution();
  EXPECT_EQ(dora.channel(), "paid");
  EXPECT_EQ(dora.evidence(), v1::EVIDENCE_KIND_NONE);
  EXPECT_EQ(dora.rejected(0).reason(), "UNKNOWN_CODE");
}

TEST_F(ServiceTest, ASingleSignupIsRefusedByStatus) {
  TellTheStory();
  const absl::Status status = Call(&ReferralService::Stub::AttributeSignup,
                                   "program_id: 'acme' request_id: '7' "
                                   "signup { customer_id: 'carl' code: 'x' }")
                                  .status();
  EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(GetErrorReason(status), "CUSTOMER_EXISTS");
}

TEST_F(ServiceTest, MissingThingsAreNotFound) {
  TellTheStory();
  const auto reason = [](const auto& result) { return GetErrorReason(result.status()); };
  EXPECT_EQ(reason(Call(&ReferralService::Stub::GetProgram, "program_id: 'acme' version: 2")),
            "PROGRAM_VERSION_NOT_FOUND");
  EXPECT_EQ(reason(Call(&ReferralService::Stub::GetReferral,
                        "program_id: 'acme' referral_id: 'r9'")),
            "REFERRAL_NOT_FOUND");
  EXPECT_EQ(reason(Call(&ReferralService::Stub::ListRewards,
                        "program_id: 'acme' page_token: 'made-up'")),
            "INVALID_PAGE_TOKEN");
}

}  // namespace
}  // namespace kith::referral::rpc
