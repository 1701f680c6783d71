#include "tests/fault/load.h"

#include <grpcpp/grpcpp.h>

#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/ids.h"
#include "common/rpc/channel.h"
#include "kith/advocacy/v1/advocacy.grpc.pb.h"
#include "kith/outreach/v1/outreach.grpc.pb.h"
#include "kith/referral/v1/referral.grpc.pb.h"
#include "kith/retention/v1/retention.grpc.pb.h"

namespace kith::test {
namespace {

using kith::advocacy::v1::AdvocacyService;
using kith::outreach::v1::OutreachService;
using kith::referral::v1::ReferralService;
using kith::retention::v1::RetentionService;

[[noreturn]] void Die(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  std::abort();
}

// Whether the call may have failed only because the service was killed.
bool MayRetry(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::UNAVAILABLE ||
         status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED ||
         status.error_code() == grpc::StatusCode::CANCELLED;
}

void SetNow(google::protobuf::Timestamp* time) {
  time->set_seconds(absl::ToUnixSeconds(SystemClock().Now()));
}

}  // namespace

// One client: one story after another, each step until it is acknowledged.
class Load::Client {
 public:
  Client(Load& load, int number)
      : load_(load),
        number_(number),
        random_(load.seed_ + number),
        referral_(ReferralService::NewStub(load.suite_.Channel("referral"))),
        advocacy_(AdvocacyService::NewStub(load.suite_.Channel("advocacy"))),
        retention_(RetentionService::NewStub(load.suite_.Channel("retention"))),
        outreach_(OutreachService::NewStub(load.suite_.Channel("outreach"))) {}

  void SetUp() {
    ApplyProgram();
    ApplyPolicies();
    ApplyPlaybook();
  }

  void Run() {
    Enroll();
    for (int story = 0; !load_.stopping_; ++story) {
      const std::string customer = absl::StrCat("c", number_, "-", story);
      Refer(customer);
      SignUp(customer);
      if (Chance(70)) Convert(customer);
      if (Chance(30)) Review(customer);
      if (Chance(20)) Churn(customer);
      if (Chance(30)) Send();
    }
  }

 private:
  bool Chance(int percent) { return static_cast<int>(random_() % 100) < percent; }

  // Calls until acknowledged. A refusal that is not a failure of the service ends the test.
  template <class Request, class Response, class Stub, class Method>
  Response Ask(Stub& stub, Method method, Request request) {
    request.set_request_id(NewUuid(SystemClock().Now()));
    for (;;) {
      Response response;
      grpc::ClientContext context;
      context.set_wait_for_ready(true);
      rpc::SetTimeout(context, absl::Seconds(3));
      const grpc::Status status = ((*stub).*method)(&context, request, &response);
      if (status.ok()) return response;
      if (!MayRetry(status)) {
        Die(absl::StrCat("refused: ", status.error_message(), "\n", request.DebugString()));
      }
    }
  }

  void ApplyProgram() {
    kith::referral::v1::ApplyProgramRequest request;
    auto* program = request.mutable_program();
    program->set_program_id(kProgram);
    program->set_currency("USD");
    for (const bool referrer : {true, false}) {
      auto* reward = program->add_rewards();
      reward->set_rule_id(referrer ? "referrer" : "referee");
      reward->set_side(referrer ? kith::referral::v1::REWARD_SIDE_REFERRER
                                : kith::referral::v1::REWARD_SIDE_REFEREE);
      reward->set_kind(kith::referral::v1::REWARD_KIND_CREDIT);
      reward->set_fixed_minor(referrer ? kReferrerReward : kRefereeReward);
    }
    Ask<kith::referral::v1::ApplyProgramRequest, kith::referral::v1::ApplyProgramResponse>(
        referral_, &ReferralService::Stub::ApplyProgram, request);
  }

  void ApplyPolicies() {
    kith::advocacy::v1::ApplyScoringPolicyRequest scoring;
    scoring.mutable_policy()->set_program_id(kProgram);
    Ask<kith::advocacy::v1::ApplyScoringPolicyRequest,
        kith::advocacy::v1::ApplyScoringPolicyResponse>(
        advocacy_, &AdvocacyService::Stub::ApplyScoringPolicy, scoring);
    kith::retention::v1::ApplyRetentionPolicyRequest retention;
    retention.mutable_policy()->set_program_id(kProgram);
    Ask<kith::retention::v1::ApplyRetentionPolicyRequest,
        kith::retention::v1::ApplyRetentionPolicyResponse>(
        retention_, &RetentionService::Stub::ApplyRetentionPolicy, retention);
  }

  void ApplyPlaybook() {
    kith::outreach::v1::ApplyPlaybookRequest request;
    auto* playbook = request.mutable_playbook();
    playbook->set_program_id(kProgram);
    playbook->set_playbook_id("welcome");
    playbook->set_trigger(kith::outreach::v1::TRIGGER_SIGNUP_ATTRIBUTED);
    auto* step = playbook->add_steps();
    step->set_step_id("hello");
    step->set_kind(kith::outreach::v1::STEP_KIND_VALUE);
    step->set_channel(kith::outreach::v1::CHANNEL_EMAIL);
    step->set_template_("hello");
    Ask<kith::outreach::v1::ApplyPlaybookRequest, kith::outreach::v1::ApplyPlaybookResponse>(
        outreach_, &OutreachService::Stub::ApplyPlaybook, request);
  }

  void Enroll() {
    kith::referral::v1::EnrollAdvocatesRequest request;
    request.set_program_id(kProgram);
    request.add_advocates()->set_advocate_id(Advocate());
    const auto response = Ask<kith::referral::v1::EnrollAdvocatesRequest,
                              kith::referral::v1::EnrollAdvocatesResponse>(
        referral_, &ReferralService::Stub::EnrollAdvocates, request);
    if (!response.results(0).has_advocate()) Die("not enrolled");
    load_.Count([](Tally& tally) { ++tally.advocates; });
  }

  void Refer(const std::string& customer) {
    kith::referral::v1::SubmitReferralsRequest request;
    request.set_program_id(kProgram);
    auto* referral = request.add_referrals();
    referral->set_referral_id("r-" + customer);
    referral->set_advocate_id(Advocate());
    referral->set_referee_id(customer);
    const auto response = Ask<kith::referral::v1::SubmitReferralsRequest,
                              kith::referral::v1::SubmitReferralsResponse>(
        referral_, &ReferralService::Stub::SubmitReferrals, request);
    if (!response.results(0).has_referral()) Die(response.DebugString());
    load_.Count([&](Tally& tally) {
      ++tally.referrals;
      tally.referral_ids.push_back("r-" + customer);
    });
  }

  void SignUp(const std::string& customer) {
    kith::referral::v1::AttributeSignupRequest request;
    request.set_program_id(kProgram);
    request.mutable_signup()->set_customer_id(customer);
    const auto response = Ask<kith::referral::v1::AttributeSignupRequest,
                              kith::referral::v1::AttributeSignupResponse>(
        referral_, &ReferralService::Stub::AttributeSignup, request);
    if (response.attribution().advocate_id() != Advocate()) Die(response.DebugString());
    RecordEvent(customer, kith::retention::v1::EVENT_KIND_SIGNUP, "signup");
    load_.Count([](Tally& tally) { ++tally.signups; });
  }

  void Convert(const std::string& customer) {
    kith::referral::v1::RecordConversionsRequest request;
    request.set_program_id(kProgram);
    auto* conversion = request.add_conversions();
    conversion->set_conversion_id("v-" + customer);
    conversion->set_customer_id(customer);
    const auto response = Ask<kith::referral::v1::RecordConversionsRequest,
                              kith::referral::v1::RecordConversionsResponse>(
        referral_, &ReferralService::Stub::RecordConversions, request);
    if (!response.results(0).conversion().live()) Die(response.DebugString());
    load_.Count([](Tally& tally) { ++tally.conversions; });
    if (Chance(25)) Reverse("v-" + customer);
  }

  void Reverse(const std::string& conversion) {
    kith::referral::v1::ReverseConversionRequest request;
    request.set_program_id(kProgram);
    request.set_conversion_id(conversion);
    request.set_cause("refund");
    Ask<kith::referral::v1::ReverseConversionRequest,
        kith::referral::v1::ReverseConversionResponse>(
        referral_, &ReferralService::Stub::ReverseConversion, request);
    load_.Count([](Tally& tally) { ++tally.reversals; });
  }

  void Review(const std::string& customer) {
    kith::advocacy::v1::RecordActivitiesRequest request;
    request.set_program_id(kProgram);
    auto* activity = request.add_activities();
    activity->set_activity_id("a-" + customer);
    activity->set_advocate_id(Advocate());
    activity->set_behaviour("review");
    const auto response = Ask<kith::advocacy::v1::RecordActivitiesRequest,
                              kith::advocacy::v1::RecordActivitiesResponse>(
        advocacy_, &AdvocacyService::Stub::RecordActivities, request);
    if (response.results(0).activity().points() != kReviewPoints) Die(response.DebugString());
    load_.Count([](Tally& tally) { ++tally.reviews; });
  }

  void Churn(const std::string& customer) {
    RecordEvent(customer, kith::retention::v1::EVENT_KIND_CHURN, "churn");
    load_.Count([](Tally& tally) { ++tally.churns; });
  }

  void RecordEvent(const std::string& customer, kith::retention::v1::EventKind kind,
                   const std::string& name) {
    kith::retention::v1::RecordEventsRequest request;
    request.set_program_id(kProgram);
    auto* event = request.add_events();
    event->set_event_id(absl::StrCat(name, "-", customer));
    event->set_customer_id(customer);
    event->set_kind(kind);
    SetNow(event->mutable_event_time());
    const auto response = Ask<kith::retention::v1::RecordEventsRequest,
                              kith::retention::v1::RecordEventsResponse>(
        retention_, &RetentionService::Stub::RecordEvents, request);
    if (response.results(0).has_error()) Die(response.DebugString());
  }

  // Leases what is due and sends it: sending is remembered, and nothing may come twice.
  void Send() {
    kith::outreach::v1::ClaimDueRequest claim;
    claim.set_program_id(kProgram);
    claim.set_max_messages(5);
    claim.mutable_lease_duration()->set_seconds(600);
    const auto leased =
        Ask<kith::outreach::v1::ClaimDueRequest, kith::outreach::v1::ClaimDueResponse>(
            outreach_, &OutreachService::Stub::ClaimDue, claim);
    for (const auto& message : leased.messages()) {
      kith::outreach::v1::AckMessageRequest ack;
      ack.set_program_id(kProgram);
      ack.set_message_id(message.message_id());
      ack.set_lease_token(message.lease_token());
      Ask<kith::outreach::v1::AckMessageRequest, kith::outreach::v1::AckMessageResponse>(
          outreach_, &OutreachService::Stub::AckMessage, ack);
      load_.Count([&](Tally& tally) {
        if (!tally.sent.insert(message.message_id()).second) {
          Die(absl::StrCat("sent twice: ", message.message_id()));
        }
      });
    }
  }

  std::string Advocate() const { return absl::StrCat("advocate-", number_); }

  Load& load_;
  const int number_;
  std::mt19937_64 random_;
  std::unique_ptr<ReferralService::Stub> referral_;
  std::unique_ptr<AdvocacyService::Stub> advocacy_;
  std::unique_ptr<RetentionService::Stub> retention_;
  std::unique_ptr<OutreachService::Stub> outreach_;
};

Load::Load(Suite& suite, int clients, uint64_t seed)
    : suite_(suite), clients_(clients), seed_(seed) {}

Load::~Load() { Stop(); }

void Load::SetUp() { Client(*this, 0).SetUp(); }

void Load::Start() {
  for (int i = 0; i < clients_; ++i) {
    threads_.emplace_back([this, i] { Client(*this, i).Run(); });
  }
}

void Load::Stop() {
  stopping_ = true;
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void Load::Count(const std::function<void(Tally&)>& change) {
  absl::MutexLock lock(&mutex_);
  change(tally_);
  ++acknowledged_;
}

void Load::AwaitAcknowledgements(int64_t count) {
  absl::MutexLock lock(&mutex_);
  const int64_t target = acknowledged_ + count;
  const auto reached = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return acknowledged_ >= target;
  };
  if (!mutex_.AwaitWithTimeout(absl::Condition(&reached), absl::Seconds(60))) {
    Die("the services acknowledge nothing any more");
  }
}

Tally Load::tally() const {
  absl::MutexLock lock(&mutex_);
  return tally_;
}

}  // namespace kith::test
