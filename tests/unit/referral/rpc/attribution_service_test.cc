// Codes and attribution over gRPC, in this process.
#include "services/referral/rpc/attribution_service.h"

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
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/message_differencer.h"
#include "grpcpp/client_context.h"
#include "gtest/gtest.h"
#include "kith/referral/v1/attribution.grpc.pb.h"
#include "services/referral/rpc/code_service.h"
#include "tests/unit/referral/app/world.h"

namespace kith::referral::rpc {
namespace {

using v1::AttributionService;
using v1::CodeService;

class AttributionServiceTest : public ::testing::Test {
 protected:
  AttributionServiceTest() : world_("sqlite"), pool_(2, 16) {
    log::Configure(log::Level::kOff, "referral");
    runtime_.executor = &world_.executor();
    runtime_.pool = &pool_;
    runtime_.clock = &world_.clock;
    runtime_.metrics = &registry_;
    const app::AttributionReader reader(world_.database());
    code_service_ = MakeCodeService(reader, &runtime_);
    attribution_service_ = MakeAttributionService(reader, &runtime_);
    server_ = *server::GrpcServer::Start(
        "127.0.0.1:0", {code_service_->grpc_service(), attribution_service_->grpc_service()},
        false);
    const auto channel = kith::rpc::MakeChannel(server_->address());
    codes_ = CodeService::NewStub(channel);
    attribution_ = AttributionService::NewStub(channel);
    ada_ = world_.EnrollOne("ada");
    world_.EnrollOne("bob");
  }
  ~AttributionServiceTest() override {
    server_->Shutdown(absl::Seconds(20), runtime_.active_calls);
    pool_.Stop();
  }

  // Calls with a request in text form; the response, or the error.
  template <class Stub, class Request, class Response>
  absl::StatusOr<Response> Call(std::unique_ptr<Stub>& stub,
                                grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                             const Request&, Response*),
                                const std::string& text) {
    Request request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request)) << text;
    grpc::ClientContext context;
    Response response;
    const absl::Status status =
        kith::rpc::FromGrpc((stub.get()->*method)(&context, request, &response));
    if (!status.ok()) return status;
    return response;
  }
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
  std::unique_ptr<kith::rpc::Service> code_service_, attribution_service_;
  std::unique_ptr<server::GrpcServer> server_;
  std::unique_ptr<CodeService::Stub> codes_;
  std::unique_ptr<AttributionService::Stub> attribution_;
  std::string ada_;  // code
};

TEST_F(AttributionServiceTest, BindsEveryMethod) {
  EXPECT_TRUE(code_service_->UnboundMethods().empty());
  EXPECT_TRUE(attribution_service_->UnboundMethods().empty());
}

TEST_F(AttributionServiceTest, ACodeIsIssuedOnceHoweverOftenItIsAsked) {
  const std::string request =
      "program_id: 'acme' request_id: '1' advocate_id: 'ada' vanity: 'Join-Ada'";
  const std::string code =
      "code { code: 'J01NADA' advocate_id: 'ada' kind: CODE_KIND_VANITY "
      "issued_time { seconds: 1700000000 } }";
  ExpectIs(Call(codes_, &CodeService::Stub::IssueCode, request), code);
  ExpectIs(Call(codes_, &CodeService::Stub::IssueCode, request), code);
  ExpectIs(
      Call(codes_, &CodeService::Stub::ResolveCode, "program_id: 'acme' code: 'join ada'"),
      code + " honoured: true");
}

TEST_F(AttributionServiceTest, CodesComeWithLinks) {
  domain::Program program = app::SampleProgram();
  program.link_template = "https://acme.example/r/{code}";
  ASSERT_TRUE(
      world_.Apply({.program = program, .effective_time = std::nullopt, .dry_run = false})
          .ok());
  const std::string link = "https://acme.example/r/J01NADA";
  const auto issued =
      Call(codes_, &CodeService::Stub::IssueCode,
           "program_id: 'acme' request_id: '1' advocate_id: 'ada' vanity: 'Join-Ada'");
  EXPECT_EQ(issued.value().code().link(), link);
  const auto resolved = Call(codes_, &CodeService::Stub::ResolveCode,
                             "program_id: 'acme' code: '" + link + "?utm_source=mail'");
  EXPECT_EQ(resolved.value().code().code(), "J01NADA");
  EXPECT_EQ(resolved->code().link(), link);
  const auto listed =
      Call(codes_, &CodeService::Stub::ListCodes, "program_id: 'acme' advocate_id: 'ada'");
  ASSERT_EQ(listed.value().codes_size(), 2);
  for (const v1::Code& code : listed->codes()) {
    EXPECT_EQ(code.link(), "https://acme.example/r/" + code.code());
  }
}

TEST_F(AttributionServiceTest, ExactlyOneKindOfCodeIsAskedFor) {
  EXPECT_EQ(GetErrorReason(Call(codes_, &CodeService::Stub::IssueCode,
                                "program_id: 'acme' request_id: '1' advocate_id: 'ada'")
                               .status()),
            "INVALID_FIELD");
}

TEST_F(AttributionServiceTest, ACodeIsRotatedRevokedAndListed) {
  const auto rotated = Call(codes_, &CodeService::Stub::RotateCode,
                            "program_id: 'acme' request_id: '1' advocate_id: 'ada'");
  ASSERT_TRUE(rotated.ok()) << rotated.status();
  EXPECT_EQ(rotated->retired().code(), ada_);
  EXPECT_EQ(rotated->retired().honoured_until().seconds(), 1700000000 + 30 * 86400);
  EXPECT_EQ(rotated->code().kind(), v1::CODE_KIND_PERSONAL);
  const auto revoked =
      Call(codes_, &CodeService::Stub::RevokeCode,
           absl::StrCat("program_id: 'acme' request_id: '2' requested_by: 'otto' code: '",
                        ada_, "'"));
  ASSERT_TRUE(revoked.ok()) << revoked.status();
  EXPECT_EQ(revoked->code().revoked_by(), "otto");
  EXPECT_EQ(revoked->code().honoured_until().seconds(), 1700000000);
  const auto resolved = Call(codes_, &CodeService::Stub::ResolveCode,
                             absl::StrCat("program_id: 'acme' code: '", ada_, "'"));
  EXPECT_FALSE(resolved->honoured());
  EXPECT_EQ(resolved->reason(), "CODE_RETIRED");
  const auto listed = Call(codes_, &CodeService::Stub::ListCodes,
                           "program_id: 'acme' advocate_id: 'ada' page_size: 1");
  ASSERT_TRUE(listed.ok()) << listed.status();
  EXPECT_EQ(listed->codes_size(), 1);
  EXPECT_NE(listed->next_page_token(), "");
}

TEST_F(AttributionServiceTest, ADecisionIsMadeExplainedAndListed) {
  auto carl = app::SignupOf("carl", app::kNow);
  carl.signup.code = ada_;
  ASSERT_TRUE(world_.SignUp(carl).ok());
  const std::string decision =
      "override { customer_id: 'carl' number: 1 old_advocate_id: 'ada' advocate_id: 'bob' "
      "old_referral_id: 'signup:carl' referral_id: 'signup:carl' decided_by: 'sue' "
      "cause: 'call' decided_time { seconds: 1700000000 } } ";
  const std::string attribution =
      "attribution { customer_id: 'carl' channel: 'referral' advocate_id: 'bob' "
      "referral_id: 'signup:carl' evidence: EVIDENCE_KIND_OVERRIDE "
      "rejected { evidence: EVIDENCE_KIND_CODE advocate_id: 'ada' reason: 'OVERRIDDEN' } "
      "signup_time { seconds: 1700000000 } } ";
  ExpectIs(Call(attribution_, &AttributionService::Stub::OverrideAttribution,
                "program_id: 'acme' request_id: '1' customer_id: 'carl' advocate_id: 'bob' "
                "decided_by: 'sue' cause: 'call'"),
           attribution + decision);
  ExpectIs(Call(attribution_, &AttributionService::Stub::ExplainAttribution,
                "program_id: 'acme' customer_id: 'carl'"),
           absl::StrCat(attribution, decision, "program_version: 1 candidates { evidence: ",
                        "EVIDENCE_KIND_CODE advocate_id: 'ada' evidence_id: '", ada_,
                        "' evidence_time { seconds: 1700000000 } reason: 'OVERRIDDEN' }"));
  const auto listed = Call(attribution_, &AttributionService::Stub::ListOverrides,
                           "program_id: 'acme' customer_id: 'carl'");
  ASSERT_TRUE(listed.ok()) << listed.status();
  ASSERT_EQ(listed->overrides_size(), 1);
  EXPECT_EQ(listed->overrides(0).decided_by(), "sue");
  ExpectIs(Call(attribution_, &AttributionService::Stub::GetAttributionCredit,
                "program_id: 'acme' customer_id: 'carl' model: CREDIT_MODEL_U_SHAPED "
                "amount_minor: 99"),
           "shares { advocate_id: 'bob' basis_points: 10000 amount_minor: 99 points: 1 }");
}

TEST_F(AttributionServiceTest, UnknownOnesAreNamed) {
  EXPECT_EQ(GetErrorReason(Call(attribution_, &AttributionService::Stub::ExplainAttribution,
                                "program_id: 'acme' customer_id: 'carl'")
                               .status()),
            "CUSTOMER_NOT_FOUND");
  EXPECT_EQ(GetErrorReason(Call(attribution_, &AttributionService::Stub::ListOverrides,
                                "program_id: 'none'")
                               .status()),
            "PROGRAM_NOT_FOUND");
  EXPECT_EQ(GetErrorReason(Call(attribution_, &AttributionService::Stub::GetAttributionCredit,
                                "program_id: 'acme' customer_id: 'carl'")
                               .status()),
            "INVALID_FIELD");
}

}  // namespace
}  // namespace kith::referral::rpc
