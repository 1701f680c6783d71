#include "tests/bench/stories.h"

#include <grpcpp/grpcpp.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/rpc/channel.h"
#include "kith/referral/v1/attribution.pb.h"
#include "kith/referral/v1/referral.grpc.pb.h"
#include "tests/bench/require.h"
#include "tests/support/full_rules.h"
#include "tests/support/test_database.h"

namespace kith::bench {
namespace {

namespace v1 = kith::referral::v1;

constexpr char kService[] = "/kith.referral.v1.ReferralService/";

// Calls and requires success.
template <class Response, class Stub, class Method, class Request>
Response Ask(Stub& stub, Method method, const Request& request) {
  Response response;
  grpc::ClientContext context;
  context.set_wait_for_ready(true);
  rpc::SetTimeout(context, absl::Seconds(60));
  RequireOk((stub.*method)(&context, request, &response));
  return response;
}

template <class Request>
Request NewRequest() {
  Request request;
  request.set_program_id(StoryServer::kProgram);
  request.set_request_id(NewRequestId());
  return request;
}

void SetAttribute(v1::Attribute* attribute, const char* name, const char* value) {
  attribute->set_name(name);
  attribute->set_value(value);
}

void FillLead(const std::string& id, int64_t n, v1::NewReferral& lead) {
  lead.set_referral_id(id);
  lead.set_advocate_id(AdvocateOf(n));
  lead.set_referee_email(absl::StrCat(id, "@company.example"));
  lead.set_ip_address(absl::StrFormat("10.%d.%d.%d", n >> 16 & 255, n >> 8 & 255, n & 255));
  lead.set_device_id(absl::StrCat("phone-", n % 100'000));
  SetAttribute(lead.add_attributes(), "seats", n % 3 == 0 ? "50" : "12");
  SetAttribute(lead.add_attributes(), "country", "DE");
}

void FillSignup(int64_t n, v1::Signup& signup) {
  signup.set_customer_id(CustomerOf(n));
  signup.set_referrer_id(AdvocateOf(n));
  signup.set_email(absl::StrCat(CustomerOf(n), "@home.example"));
  signup.set_device_id(absl::StrCat("laptop-", n));
  signup.set_payment_fingerprint(absl::StrCat("card-", n));
  SetAttribute(signup.add_attributes(), "plan", "pro");
}

void FillPayment(const std::string& id, int64_t n, v1::NewConversion& payment) {
  payment.set_conversion_id(id);
  payment.set_customer_id(CustomerOf(n));
  payment.mutable_amount()->set_amount_minor(4900 + n % 10 * 1000);
  payment.mutable_amount()->set_currency("USD");
  SetAttribute(payment.add_attributes(), "plan", "pro");
}

// A place among `size` for the n-th call: far from those of its neighbours.
int64_t Scattered(int64_t n, int64_t size) { return n * 7'919 % 999'999'937 % size; }

}  // namespace

std::string AdvocateOf(int64_t n) {
  return absl::StrFormat("a-%04d", n % StoryServer::kAdvocates);
}

std::string CustomerOf(int64_t n) { return absl::StrFormat("c-%09d", n); }

StoryServer::StoryServer(const std::string& store_url, int64_t customers)
    : address_(absl::StrCat("127.0.0.1:", test::FreePort())),
      process_(test::BinaryPath("kith-referral"),
               {absl::StrCat("--listen=", address_), "--metrics=off",
                absl::StrCat("--store=", store_url), "--log-level=warn"},
               absl::StrCat(test::TempDir(), "/referral.log")),
      customers_(customers),
      payers_(std::make_shared<std::atomic<int64_t>>(0)) {
  process_.Start();
  SetUp();
}

void StoryServer::SetUp() {
  const auto stub = v1::ReferralService::NewStub(rpc::MakeChannel(address_));
  v1::ApplyProgramRequest apply;
  apply.set_request_id(NewRequestId());
  *apply.mutable_program() = test::FullRules(kProgram, absl::Hours(24 * 30));
  Ask<v1::ApplyProgramResponse>(*stub, &v1::ReferralService::Stub::ApplyProgram, apply);
  auto enroll = NewRequest<v1::EnrollAdvocatesRequest>();
  for (int i = 0; i < kAdvocates; ++i) {
    enroll.add_advocates()->set_advocate_id(AdvocateOf(i));
    enroll.mutable_advocates(i)->set_email(absl::StrCat(AdvocateOf(i), "@work.example"));
  }
  Ask<v1::EnrollAdvocatesResponse>(*stub, &v1::ReferralService::Stub::EnrollAdvocates, enroll);
}

void StoryServer::SignUp(int64_t count) {
  const auto stub = v1::ReferralService::NewStub(rpc::MakeChannel(address_));
  for (const int64_t end = customers_ + count; customers_ < end;) {
    auto request = NewRequest<v1::AttributeSignupsRequest>();
    for (int i = 0; i < kMaxItems && customers_ < end; ++i) {
      FillSignup(customers_++, *request.add_signups());
    }
    const auto response = Ask<v1::AttributeSignupsResponse>(
        *stub, &v1::ReferralService::Stub::AttributeSignups, request);
    if (response.results(0).attribution().advocate_id().empty()) Die(response.DebugString());
  }
}

Load StoryServer::Leads(int items) const {
  Load load;
  load.address = address_;
  load.method = absl::StrCat(kService, "SubmitReferrals");
  load.request = [items](int64_t call) {
    auto request = NewRequest<v1::SubmitReferralsRequest>();
    for (int i = 0; i < items; ++i) {
      FillLead(absl::StrFormat("%s-%03d", request.request_id(), i), call * items + i,
               *request.add_referrals());
    }
    return request.SerializeAsString();
  };
  return load;
}

Load StoryServer::Payments(int items) const {
  return MakePayments(items, [](int64_t n) { return n; });
}

Load StoryServer::ScatteredPayments() const {
  // A prime step goes through all of them before it comes back.
  return MakePayments(1, [size = customers_](int64_t n) { return n * 1'000'003 % size; });
}

Load StoryServer::MakePayments(int items, std::function<int64_t(int64_t n)> place) const {
  Load load;
  load.address = address_;
  load.method = absl::StrCat(kService, "RecordConversions");
  load.request = [items, place = std::move(place), payers = payers_,
                  customers = customers_](int64_t) {
    auto request = NewRequest<v1::RecordConversionsRequest>();
    const int64_t first = payers->fetch_add(items);
    if (first + items > customers) Die("there are not enough customers who could pay");
    for (int i = 0; i < items; ++i) {
      FillPayment(absl::StrFormat("%s-%03d", request.request_id(), i), place(first + i),
                  *request.add_conversions());
    }
    return request.SerializeAsString();
  };
  return load;
}

Load StoryServer::EchoedPayments() {
  Load load;
  load.method = absl::StrCat(kService, "RecordConversions");
  load.request = [](int64_t n) {
    auto request = NewRequest<v1::RecordConversionsRequest>();
    FillPayment(absl::StrFormat("%s-000", request.request_id()), n,
                *request.add_conversions());
    return request.SerializeAsString();
  };
  return load;
}

Load StoryServer::Referrals() const {
  Load load;
  load.address = address_;
  load.method = absl::StrCat(kService, "GetReferral");
  load.request = [customers = customers_](int64_t n) {
    v1::GetReferralRequest request;
    request.set_program_id(kProgram);
    request.set_referral_id(absl::StrCat("signup:", CustomerOf(Scattered(n, customers))));
    return request.SerializeAsString();
  };
  return load;
}

Load StoryServer::Explanations() const {
  Load load;
  load.address = address_;
  load.method = "/kith.referral.v1.AttributionService/ExplainAttribution";
  load.request = [customers = customers_](int64_t n) {
    v1::ExplainAttributionRequest request;
    request.set_program_id(kProgram);
    request.set_customer_id(CustomerOf(Scattered(n, customers)));
    return request.SerializeAsString();
  };
  return load;
}

EchoServer::EchoServer()
    : port_(test::FreePort()),
      process_(test::BinaryPath("kith_bench_echo"), {absl::StrCat(port_)},
               absl::StrCat(test::TempDir(), "/echo.log")) {
  process_.Start();
}

Load EchoServer::Mirror(const Load& load, absl::string_view method) const {
  Load mirror = load;
  mirror.address = absl::StrCat("127.0.0.1:", port_);
  mirror.method = absl::StrCat("/kith.bench.v1.EchoService/", method);
  return mirror;
}

}  // namespace kith::bench
