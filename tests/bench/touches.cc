#include "tests/bench/touches.h"

#include <grpcpp/grpcpp.h>

#include "absl/strings/str_cat.h"
#include "common/rpc/channel.h"
#include "kith/referral/v1/referral.grpc.pb.h"
#include "tests/bench/require.h"
#include "tests/support/test_database.h"

namespace kith::bench {
namespace {

namespace v1 = kith::referral::v1;

}  // namespace

TouchServer::TouchServer(const std::string& store_url)
    : port_(test::FreePort()),
      process_(test::BinaryPath("kith-referral"),
               {absl::StrCat("--listen=127.0.0.1:", port_), "--metrics=off",
                absl::StrCat("--store=", store_url), "--log-level=warn"},
               absl::StrCat(test::TempDir(), "/referral.log")) {
  process_.Start();
  SetUp();
}

void TouchServer::SetUp() {
  const auto stub =
      v1::ReferralService::NewStub(rpc::MakeChannel(absl::StrCat("127.0.0.1:", port_)));
  v1::ApplyProgramRequest apply;
  apply.set_request_id(NewRequestId());
  apply.mutable_program()->set_program_id(kProgram);
  apply.mutable_program()->set_currency("USD");
  v1::ApplyProgramResponse applied;
  grpc::ClientContext apply_context;
  apply_context.set_wait_for_ready(true);
  rpc::SetTimeout(apply_context, absl::Seconds(30));
  RequireOk(stub->ApplyProgram(&apply_context, apply, &applied));
  v1::EnrollAdvocatesRequest enroll;
  enroll.set_request_id(NewRequestId());
  enroll.set_program_id(kProgram);
  enroll.add_advocates()->set_advocate_id("advocate-1");
  v1::EnrollAdvocatesResponse enrolled;
  grpc::ClientContext enroll_context;
  rpc::SetTimeout(enroll_context, absl::Seconds(30));
  RequireOk(stub->EnrollAdvocates(&enroll_context, enroll, &enrolled));
  code_ = enrolled.results(0).advocate().code();
}

Load TouchServer::TouchLoad() const {
  Load load;
  load.address = absl::StrCat("127.0.0.1:", port_);
  load.method = "/kith.referral.v1.ReferralService/RecordTouches";
  load.request = [code = code_](int64_t) {
    v1::RecordTouchesRequest request;
    request.set_program_id(kProgram);
    request.set_request_id(NewRequestId());
    auto* touch = request.add_touches();
    touch->set_touch_id(request.request_id());
    touch->set_code(code);
    touch->set_visitor_id("visitor-1");
    return request.SerializeAsString();
  };
  return load;
}

}  // namespace kith::bench
