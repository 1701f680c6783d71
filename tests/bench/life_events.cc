#include "tests/bench/life_events.h"

#include <grpcpp/grpcpp.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/rpc/channel.h"
#include "tests/bench/require.h"
#include "tests/support/test_database.h"

namespace kith::bench {
namespace {

namespace v1 = kith::retention::v1;

constexpr int64_t kFirstSignup = 1'650'000'000;  // seconds since 1970
constexpr int64_t kDay = 86400;

// The n-th event of a life: signup, onboarding, and then use, payments and, for some, an end.
void FillEvent(int64_t customer, int n, v1::LifecycleEvent& event) {
  event.set_event_id(absl::StrFormat("e-%09d-%02d", customer, n));
  event.set_customer_id(absl::StrFormat("c-%09d", customer));
  const int64_t signup = kFirstSignup + customer % 700 * kDay + customer % kDay;
  event.mutable_event_time()->set_seconds(signup + n * 9 * kDay);
  if (n == 0) {
    event.set_kind(v1::EVENT_KIND_SIGNUP);
    event.set_channel(customer % 3 == 0 ? "organic" : "ads");
    event.set_plan("basic");
  } else if (n == 1) {
    event.set_kind(v1::EVENT_KIND_ONBOARDING_COMPLETED);
  } else if (n == kEventsPerCustomer - 1 && customer % 4 == 0) {
    event.set_kind(v1::EVENT_KIND_CHURN);
  } else if (n % 3 == 0) {
    event.set_kind(v1::EVENT_KIND_PAYMENT);
    event.mutable_amount()->set_currency("USD");
    event.mutable_amount()->set_amount_minor(1900 + customer % 7 * 1000);
  } else {
    event.set_kind(v1::EVENT_KIND_ACTIVITY);
    event.set_name("project_created");
  }
}

// Batch `call` holds event n of the customers that came n batches before it.
void FillScattered(int64_t call, v1::RecordEventsRequest& request) {
  constexpr int kNew = kBatchEvents / kEventsPerCustomer;
  for (int n = 0; n < kEventsPerCustomer; ++n) {
    for (int i = 0; i < kNew; ++i) {
      // A prime step: neighbours in the batch are far from each other in the store.
      const int64_t place = (call + kEventsPerCustomer - n) * kNew + i;
      FillEvent(place * 7919 % 999'999'937, n, *request.add_events());
    }
  }
}

void FillTogether(int64_t call, v1::RecordEventsRequest& request) {
  for (int i = 0; i < kBatchEvents; ++i) {
    const int64_t place = call * kBatchEvents + i;
    FillEvent(place / kEventsPerCustomer, static_cast<int>(place % kEventsPerCustomer),
              *request.add_events());
  }
}

}  // namespace

RetentionServer::RetentionServer(const std::string& file)
    : address_(absl::StrCat("127.0.0.1:", test::FreePort())),
      process_(test::BinaryPath("kith-retention"),
               {absl::StrCat("--listen=", address_), "--metrics=off",
                absl::StrCat("--store=sqlite:", file), "--log-level=warn"},
               absl::StrCat(test::TempDir(), "/retention.log")),
      stub_(v1::RetentionService::NewStub(rpc::MakeChannel(address_))) {
  process_.Start();
  v1::ApplyRetentionPolicyRequest request;
  request.set_request_id(NewRequestId());
  request.mutable_policy()->set_program_id(std::string(program()));
  v1::ApplyRetentionPolicyResponse response;
  grpc::ClientContext context;
  context.set_wait_for_ready(true);
  rpc::SetTimeout(context, absl::Seconds(60));
  RequireOk(stub_->ApplyRetentionPolicy(&context, request, &response));
}

Load EventLoad(const RetentionServer& server, Customers customers) {
  Load load;
  load.address = server.address();
  load.method = "/kith.retention.v1.RetentionService/RecordEvents";
  load.request = [customers](int64_t call) {
    v1::RecordEventsRequest request;
    request.set_program_id(std::string(RetentionServer::program()));
    request.set_request_id(NewRequestId());
    if (customers == Customers::kTogether) {
      FillTogether(call, request);
    } else {
      FillScattered(call, request);
    }
    return request.SerializeAsString();
  };
  return load;
}

}  // namespace kith::bench
