// The service of leads over gRPC, in this process.
#include "services/referral/rpc/lead_service.h"

#include <memory>
#include <string>

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
#include "kith/referral/v1/lead.grpc.pb.h"
#include "kith/referral/v1/referral.grpc.pb.h"
#include "services/referral/rpc/referral_service.h"
#include "tests/support/test_database.h"
#include "tests/unit/referral/app/world.h"

namespace kith::referral::rpc {
namespace {

using v1::LeadService;
using v1::ReferralService;

class LeadServiceTest : public ::testing::Test {
 protected:
  LeadServiceTest() : world_("sqlite", /*with_program=*/false), pool_(2, 16) {
    log::Configure(log::Level::kOff, "referral");
    runtime_.executor = &world_.executor();
    runtime_.pool = &pool_;
    runtime_.clock = &world_.clock;
    runtime_.metrics = &registry_;
    leads_ = MakeLeadService(app::LeadReader(world_.database()), &runtime_);
    referrals_ = MakeReferralService(world_.reader(), &runtime_);
    server_ = *server::GrpcServer::Start(
        "127.0.0.1:0", {leads_->grpc_service(), referrals_->grpc_service()}, false);
    channel_ = kith::rpc::MakeChannel(server_->address());
  }
  ~LeadServiceTest() override {
    server_->Shutdown(absl::Seconds(20), runtime_.active_calls);
    pool_.Stop();
  }

  // Calls with a request in text form; the response, or the error.
  template <class GrpcService, class Stub, class Request, class Response>
  absl::StatusOr<Response> CallOf(grpc::Status (Stub::*method)(grpc::ClientContext*,
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
  auto Call(Method method, const std::string& text) {
    return CallOf<LeadService>(method, "program_id: 'acme' " + text);
  }

  // A program with fit rules, an advocate and two leads, one of which fits.
  void TellTheStory() {
    ASSERT_TRUE(
        CallOf<ReferralService>(&ReferralService::Stub::ApplyProgram,
                                "request_id: '1' program { program_id: 'acme' currency: 'EUR' "
                                "leads { fit { any_of { all_of { field: 'lead.seats' "
                                "comparison: COMPARISON_AT_LEAST values: '50' } } } "
                                "follow_up_sla { seconds: 3600 } } }")
            .ok());
    ASSERT_TRUE(CallOf<ReferralService>(&ReferralService::Stub::EnrollAdvocates,
                                        "program_id: 'acme' request_id: '2' "
                                        "advocates { advocate_id: 'ada' }")
                    .ok());
    const auto submitted = CallOf<ReferralService>(
        &ReferralService::Stub::SubmitReferrals,
        "program_id: 'acme' request_id: '3' "
        "referrals { referral_id: 'r1' advocate_id: 'ada' referee_phone: '+49 30 123456' "
        "referee_name: 'Carl' note: 'call after six' expectations: 'fast_setup' "
        "campaign: 'spring' attributes { name: 'seats' value: '70' } "
        "submitted_time { seconds: 1699990000 } } "
        "referrals { referral_id: 'r2' advocate_id: 'ada' referee_email: 'dora@example.com' "
        "submitted_time { seconds: 1699990000 } }");
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
  std::unique_ptr<kith::rpc::Service> leads_, referrals_;
  std::unique_ptr<server::GrpcServer> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(LeadServiceTest, BindsEveryMethod) { EXPECT_TRUE(leads_->UnboundMethods().empty()); }

TEST_F(LeadServiceTest, ALeadIsShownWhole) {
  TellTheStory();
  const std::string lead =
      "referral_id: 'r1' advocate_id: 'ada' submitted_time { seconds: 1699990000 } "
      "campaign: 'spring' state: REFERRAL_STATE_SUBMITTED evidence: EVIDENCE_KIND_NONE "
      "program_version: 1 lead_state: LEAD_STATE_CONTACTED "
      "lead_state_time { seconds: 1699993000 } first_contact_time { seconds: 1699993000 } "
      "follow_up_due_time { seconds: 1699993600 } fit: FIT_GOOD fit_by: 'rules' "
      "expectations: 'fast_setup' attributes { name: 'seats' value: '70' } "
      "fraud: FRAUD_STATE_CLEAR";
  ExpectIs(Call(&LeadService::Stub::UpdateLeads,
                "request_id: '4' updates { referral_id: 'r1' state: LEAD_STATE_CONTACTED "
                "change_time { seconds: 1699993000 } by: 'sue' } "
                "updates { referral_id: 'r2' state: LEAD_STATE_WON by: 'sue' }"),
           "results { referral { " + lead +
               " } } results { error { reason: 'ILLEGAL_LEAD_TRANSITION' field: 'state' "
               "message: 'a lead that is unqualified cannot become won' } }");
  ExpectIs(Call(&LeadService::Stub::ListLeads,
                "lead_state: LEAD_STATE_CONTACTED fit: FIT_GOOD campaign: 'spring'"),
           "leads { " + lead + " }");
  ExpectIs(Call(&LeadService::Stub::GetLeadNote, "referral_id: 'r1'"),
           "note: 'call after six'");
}

TEST_F(LeadServiceTest, FitIsExplainedAndDecided) {
  TellTheStory();
  ExpectIs(Call(&LeadService::Stub::ExplainFit, "referral_id: 'r2'"),
           "fit: FIT_BAD fit_by: 'rules' program_version: 1 has_rules: true "
           "tests { test { field: 'lead.seats' comparison: COMPARISON_AT_LEAST values: '50' } "
           "list: 0 }");
  const auto decided = Call(&LeadService::Stub::DecideFit,
                            "request_id: '4' referral_id: 'r2' fit: FIT_GOOD "
                            "decided_by: 'sue'");
  ASSERT_TRUE(decided.ok()) << decided.status();
  EXPECT_EQ(decided->referral().lead_state(), v1::LEAD_STATE_QUALIFIED);
  EXPECT_EQ(decided->referral().fit_by(), "sue");
  EXPECT_EQ(GetErrorReason(Call(&LeadService::Stub::DecideFit,
                                "request_id: '5' referral_id: 'r9' fit: FIT_GOOD "
                                "decided_by: 'sue'")
                               .status()),
            "REFERRAL_NOT_FOUND");
}

TEST_F(LeadServiceTest, TheFunnelAndTheOverdue) {
  TellTheStory();
  ExpectIs(Call(&LeadService::Stub::GetLeadFunnel, ""),
           "leads { state: LEAD_STATE_SUBMITTED count: 1 } "
           "leads { state: LEAD_STATE_UNQUALIFIED count: 1 } "
           "campaigns { campaign: 'spring' "
           "leads { state: LEAD_STATE_SUBMITTED count: 1 } }");
  const auto overdue = Call(&LeadService::Stub::ListOverdueLeads, "");
  ASSERT_TRUE(overdue.ok()) << overdue.status();
  ASSERT_EQ(overdue->leads_size(), 1);
  EXPECT_EQ(overdue->leads(0).referral_id(), "r1");
  ExpectIs(Call(&LeadService::Stub::ListOverdueLeads, "closed_too: true"), "");
}

TEST_F(LeadServiceTest, WhoOptsOutMayOptInAgain) {
  TellTheStory();
  ExpectIs(Call(&LeadService::Stub::OptOut, "request_id: '4' email: 'eve@example.com'"),
           "changed: 1");
  ExpectIs(Call(&LeadService::Stub::OptIn,
                "request_id: '5' email: 'eve@example.com' phone: '+49 30 654321'"),
           "changed: 1");
}

}  // namespace
}  // namespace kith::referral::rpc
