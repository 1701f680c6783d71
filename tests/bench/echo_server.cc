// A bare gRPC callback service: the yardstick for the real ones. Serves on the port given as
// its only argument until it is killed.
#include <grpcpp/grpcpp.h>

#include <cstdio>
#include <string>

#include "tests/bench/echo.grpc.pb.h"

namespace {

using kith::bench::v1::EchoService;

// What every answer about a referral holds.
void FillReferral(const std::string& referral_id, kith::referral::v1::Referral& referral) {
  referral.set_referral_id(referral_id);
  referral.set_advocate_id("advocate-1");
  referral.set_state(kith::referral::v1::REFERRAL_STATE_SUBMITTED);
  referral.mutable_submitted_time()->set_seconds(1'700'000'000);
  referral.mutable_follow_up_due_time()->set_seconds(1'700'172'800);
  referral.set_program_version(1);
}

class EchoServer final : public EchoService::CallbackService {
  grpc::ServerUnaryReactor* Echo(
      grpc::CallbackServerContext* context,
      const kith::referral::v1::RecordTouchesRequest* request,
      kith::referral::v1::RecordTouchesResponse* response) override {
    for (int i = 0; i < request->touches_size(); ++i) {
      response->add_results()->set_advocate_id("advocate-1");
    }
    return Answer(context);
  }
  grpc::ServerUnaryReactor* EchoReferrals(
      grpc::CallbackServerContext* context,
      const kith::referral::v1::SubmitReferralsRequest* request,
      kith::referral::v1::SubmitReferralsResponse* response) override {
    for (const auto& lead : request->referrals()) {
      FillReferral(lead.referral_id(), *response->add_results()->mutable_referral());
    }
    return Answer(context);
  }
  grpc::ServerUnaryReactor* EchoConversions(
      grpc::CallbackServerContext* context,
      const kith::referral::v1::RecordConversionsRequest* request,
      kith::referral::v1::RecordConversionsResponse* response) override {
    for (const auto& given : request->conversions()) {
      auto* conversion = response->add_results()->mutable_conversion();
      conversion->set_conversion_id(given.conversion_id());
      conversion->set_customer_id(given.customer_id());
      conversion->set_referral_id(given.customer_id());
      *conversion->mutable_amount() = given.amount();
      conversion->add_reward_ids(given.conversion_id() + ":referrer");
      conversion->add_reward_ids(given.conversion_id() + ":referee");
    }
    return Answer(context);
  }
  grpc::ServerUnaryReactor* EchoReferral(
      grpc::CallbackServerContext* context,
      const kith::referral::v1::GetReferralRequest* request,
      kith::referral::v1::GetReferralResponse* response) override {
    FillReferral(request->referral_id(), *response->mutable_referral());
    return Answer(context);
  }
  grpc::ServerUnaryReactor* EchoExplanation(
      grpc::CallbackServerContext* context,
      const kith::referral::v1::ExplainAttributionRequest* request,
      kith::referral::v1::ExplainAttributionResponse* response) override {
    response->mutable_attribution()->set_customer_id(request->customer_id());
    response->mutable_attribution()->set_referral_id(request->customer_id());
    response->mutable_attribution()->set_advocate_id("advocate-1");
    for (const char* advocate : {"advocate-1", "advocate-2"}) {
      response->add_candidates()->set_advocate_id(advocate);
    }
    return Answer(context);
  }

  static grpc::ServerUnaryReactor* Answer(grpc::CallbackServerContext* context) {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: kith_bench_echo PORT\n");
    return 2;
  }
  EchoServer service;
  grpc::ServerBuilder builder;
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddListeningPort(std::string("127.0.0.1:") + argv[1],
                           grpc::InsecureServerCredentials());
  builder.RegisterService(&service);
  const auto server = builder.BuildAndStart();
  if (server == nullptr) return 1;
  server->Wait();
}
