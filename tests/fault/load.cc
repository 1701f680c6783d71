#include "tests/fault/load.h"

#include <grpcpp/grpcpp.h>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "kith/advocacy/v1/advocacy.grpc.pb.h"
#include "kith/outreach/v1/outreach.grpc.pb.h"
#include "kith/retention/v1/retention.grpc.pb.h"
#include "tests/fault/caller.h"
#include "tests/fault/referral_desk.h"

namespace kith::test {
namespace {

using kith::advocacy::v1::AdvocacyService;
using kith::outreach::v1::OutreachService;
using kith::retention::v1::RetentionService;

void SetNow(google::protobuf::Timestamp* time) {
  const int64_t micros = absl::ToUnixMicros(SystemClock().Now());
  time->set_seconds(micros / 1'000'000);
  time->set_nanos(static_cast<int32_t>(micros % 1'000'000 * 1'000));
}

}  // namespace

// One client: one story after another, each step until it is acknowledged.
class Load::Client {
 public:
  Client(Load& load, int number)
      : load_(load),
        number_(number),
        random_(load.seed_ + number),
        desk_(load.suite_.Channel("referral"), number),
        advocacy_(AdvocacyService::NewStub(load.suite_.Channel("advocacy"))),
        retention_(RetentionService::NewStub(load.suite_.Channel("retention"))),
        outreach_(OutreachService::NewStub(load.suite_.Channel("outreach"))) {}

  void SetUp() {
    desk_.ApplyProgram();
    ApplyPolicies();
    ApplyPlaybook();
  }

  void Run() {
    desk_.Enroll();
    load_.Count([](Tally& tally) { ++tally.advocates; });
    for (int number = 0; !load_.stopping_; ++number) {
      const std::string customer = absl::StrCat("c", number_, "-", number);
      if (Chance(5)) {
        desk_.Refer("fake-" + customer, Friend::kThrowaway);
      }
      Tell(customer);
      if (Chance(30)) Review(customer);
      if (Chance(30)) Send();
      if (Chance(30)) Fulfil();
    }
  }

 private:
  bool Chance(int percent) { return static_cast<int>(random_() % 100) < percent; }

  void Tell(const std::string& customer) {
    const Friend kind = Chance(10) ? Friend::kColleague : Friend::kHonest;
    Story story;
    story.advocate = desk_.advocate();
    story.lead = kind == Friend::kColleague || Chance(70);
    if (story.lead) desk_.Refer(customer, kind);
    if (story.lead && Chance(10)) desk_.ReferAgain(customer);
    if (story.lead && Chance(50)) desk_.Contact(customer);
    desk_.SignUp(customer, !story.lead || Chance(20));
    RecordEvent(customer, kith::retention::v1::EVENT_KIND_SIGNUP, "signup");
    Acknowledge(customer, story);
    const bool judged_late = Chance(50);
    if (kind == Friend::kColleague && !judged_late) Judge(customer, story);
    story.paid_little = Chance(20);
    if (story.paid_little) desk_.PayTooLittle(customer);
    story.paid = Chance(70);
    if (story.paid) desk_.Pay(customer, !story.rejected);
    Acknowledge(customer, story);
    if (kind == Friend::kColleague && judged_late) Judge(customer, story);
    story.reversed = story.paid && Chance(25);
    if (story.reversed) desk_.Reverse(customer);
    story.churned = Chance(20);
    if (story.churned) RecordEvent(customer, kith::retention::v1::EVENT_KIND_CHURN, "churn");
    Acknowledge(customer, story);
  }

  void Judge(const std::string& customer, Story& story) {
    story.rejected = Chance(50);
    desk_.ResolveCase(customer, !story.rejected);
  }

  void Acknowledge(const std::string& customer, const Story& story) {
    load_.Count([&](Tally& tally) { tally.stories[customer] = story; });
  }

  void Fulfil() {
    for (const std::string& reward : desk_.FulfilSome()) {
      load_.Count([&](Tally& tally) {
        if (!tally.fulfilled.insert(reward).second) Die("paid twice: " + reward);
      });
    }
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

  void Review(const std::string& customer) {
    kith::advocacy::v1::RecordActivitiesRequest request;
    request.set_program_id(kProgram);
    auto* activity = request.add_activities();
    activity->set_activity_id("a-" + customer);
    activity->set_advocate_id(desk_.advocate());
    activity->set_behaviour("review");
    const auto response = Ask<kith::advocacy::v1::RecordActivitiesRequest,
                              kith::advocacy::v1::RecordActivitiesResponse>(
        advocacy_, &AdvocacyService::Stub::RecordActivities, request);
    if (response.results(0).activity().points() != kReviewPoints) Die(response.DebugString());
    load_.Count([](Tally& tally) { ++tally.reviews; });
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

  Load& load_;
  const int number_;
  std::mt19937_64 random_;
  ReferralDesk desk_;
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
