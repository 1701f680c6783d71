#include "tests/unit/retention/app/fixture.h"

#include <atomic>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/ids.h"
#include "common/db/migrator.h"
#include "common/executor/store_setup.h"
#include "services/retention/app/rebuild_counters.h"
#include "services/retention/consumers/referral_handler.h"
#include "services/retention/migrations/migrations.h"
#include "tests/support/test_database.h"

namespace kith::retention::app {
namespace {

// Applies one feed event, as feed::ApplyEvents does.
class FeedCommand final : public exec::Command {
 public:
  FeedCommand(const feed::Handler* handler, const feed::Event& event)
      : handler_(handler), event_(event) {}
  void Prefetch(exec::Loader& loader) const override { handler_->Prefetch(event_, loader); }
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override {
    const absl::Status status = handler_->Apply(event_, unit, now);
    if (!status.ok()) return status;
    return std::string();
  }

 private:
  const feed::Handler* const handler_;
  const feed::Event event_;
};

void Check(const absl::Status& status) {
  if (!status.ok()) throw std::runtime_error(std::string(status.message()));
}

std::string TimeText(const google::protobuf::Timestamp& time) {
  return absl::FormatTime("%Y-%m-%d", absl::FromUnixSeconds(time.seconds()),
                          absl::UTCTimeZone());
}

std::string FactText(const events::v1::Fact& fact) {
  switch (fact.fact_case()) {
    case events::v1::Fact::kCustomerOnboarded:
      return absl::StrCat("onboarded ", fact.customer_onboarded().customer_id(), " ",
                          TimeText(fact.customer_onboarded().onboarded_time()));
    case events::v1::Fact::kAhaReached:
      return absl::StrCat("aha ", fact.aha_reached().customer_id(), " ",
                          TimeText(fact.aha_reached().aha_time()));
    case events::v1::Fact::kCustomerChurned:
      return absl::StrCat("churned ", fact.customer_churned().customer_id(), " ",
                          TimeText(fact.customer_churned().churn_time()));
    case events::v1::Fact::kCustomerReactivated:
      return absl::StrCat("reactivated ", fact.customer_reactivated().customer_id(), " ",
                          TimeText(fact.customer_reactivated().reactivation_time()));
    default:
      return "?";
  }
}

}  // namespace

class AppTest::MissCounter final : public exec::ExecutorObserver {
 public:
  std::atomic<int64_t> misses{0};
  void OnBatch(int64_t, absl::Duration) override {}
  void OnCommit(absl::Duration) override {}
  void OnReplay() override {}
  void OnRetry() override {}
  void OnPrefetchMiss(int64_t n) override { misses += n; }
  void OnQueueDepth(int64_t) override {}
};

std::string StoreName(const testing::TestParamInfo<std::string>& variant) {
  return variant.param;
}

absl::Time TestNoon() { return absl::FromUnixSeconds(1'710'072'000); }

Event MakeEvent(EventKind kind, const std::string& id, const std::string& customer,
                absl::Time time) {
  Event event;
  event.program_id = kProgram;
  event.event_id = id;
  event.customer_id = customer;
  event.kind = kind;
  event.time = time;
  return event;
}

Event MakeSignup(const std::string& id, const std::string& customer, absl::Time time,
                 const std::string& channel) {
  Event event = MakeEvent(EventKind::kSignup, id, customer, time);
  event.channel = channel;
  return event;
}

Event MakeActivity(const std::string& id, const std::string& customer, absl::Time time,
                   const std::string& name) {
  Event event = MakeEvent(EventKind::kActivity, id, customer, time);
  event.name = name;
  return event;
}

Event MakePayment(const std::string& id, const std::string& customer, absl::Time time,
                  int64_t minor, const std::string& currency) {
  Event event = MakeEvent(EventKind::kPayment, id, customer, time);
  event.amount = {minor, currency};
  return event;
}

AppTest::AppTest()
    : clock_(TestNoon()),
      database_(test::OpenFreshStore(GetParam())),
      misses_(std::make_unique<MissCounter>()) {
  Check(db::Migrate(*database_, "common", exec::Migrations(), db::MigrateMode::kAuto, clock_));
  Check(db::Migrate(*database_, "retention", Migrations(), db::MigrateMode::kAuto, clock_));
  Check(exec::SetUpStore(*database_, 1, clock_).status());
  exec::ExecutorOptions options;
  options.observer = misses_.get();
  executor_ = exec::MakeExecutor(*database_, clock_, std::move(options));
}

AppTest::~AppTest() { executor_->Stop(); }

void AppTest::TearDown() {
  const auto differences = CompareCounters(*database_, kProgram, test::Soon());
  ASSERT_TRUE(differences.ok()) << differences.status();
  EXPECT_EQ(*differences, 0) << "counters differ from the rows";
  EXPECT_EQ(misses_->misses.load(), 0) << "rows were needed that were not prefetched";
}

absl::StatusOr<std::string> AppTest::Run(std::unique_ptr<exec::Command> command,
                                         const std::string& request_id,
                                         const std::string& program_id) {
  exec::Submission submission;
  submission.program_id = program_id;
  submission.method = "Test";
  submission.request_id = request_id;
  submission.fingerprint = "f";
  submission.command = std::move(command);
  return executor_->Run(std::move(submission));
}

absl::StatusOr<PolicyResult> AppTest::Apply(const Policy& policy, bool dry_run,
                                            const std::string& program_id) {
  PolicyResult result;
  auto command = std::make_unique<ApplyPolicy>(program_id, policy, dry_run,
                                               [&](const PolicyResult& what) {
                                                 result = what;
                                                 return std::string();
                                               });
  const auto response = Run(std::move(command), "", program_id);
  if (!response.ok()) return response.status();
  return result;
}

absl::StatusOr<std::vector<EventResult>> AppTest::RecordItems(std::vector<NewEvent> items,
                                                              const std::string& program_id) {
  std::vector<EventResult> results;
  auto command = std::make_unique<RecordEvents>(program_id, std::move(items),
                                                [&](const std::vector<EventResult>& what) {
                                                  results = what;
                                                  return std::string();
                                                });
  const auto response = Run(std::move(command), "", program_id);
  if (!response.ok()) return response.status();
  return results;
}

absl::StatusOr<std::vector<EventResult>> AppTest::Record(const std::vector<Event>& events,
                                                         const std::string& program_id) {
  std::vector<NewEvent> items;
  for (const Event& event : events) {
    items.push_back({event, true});
    items.back().event.program_id = program_id;
  }
  return RecordItems(std::move(items), program_id);
}

void AppTest::MustRecord(const std::vector<Event>& events) {
  const auto results = Record(events);
  ASSERT_TRUE(results.ok()) << results.status();
  for (size_t i = 0; i < results->size(); ++i) {
    ASSERT_FALSE((*results)[i].error.has_value())
        << events[i].event_id << ": " << (*results)[i].error->reason;
  }
}

absl::Status AppTest::Feed(const events::v1::Fact& fact, const std::string& source,
                           const std::string& program_id) {
  const consumers::ReferralHandler handler;
  feed::Event event;
  event.source = source;
  event.program_id = program_id;
  event.recorded_time = clock_.Now();
  event.fact = &fact;
  return Run(std::make_unique<FeedCommand>(&handler, event), "", program_id).status();
}

absl::Status AppTest::Attribute(const std::string& customer, const std::string& channel,
                                const std::string& advocate, absl::Time signup) {
  events::v1::Fact fact;
  events::v1::SignupAttributed& attributed = *fact.mutable_signup_attributed();
  attributed.set_customer_id(customer);
  attributed.set_channel(channel);
  attributed.set_advocate_id(advocate);
  attributed.mutable_signup_time()->set_seconds(absl::ToUnixSeconds(signup));
  return Feed(fact);
}

std::vector<std::string> AppTest::Facts() {
  std::vector<std::string> facts;
  auto transaction = database_->BeginRead(test::Soon());
  Check(transaction.status());
  const auto result = (*transaction)->Query("SELECT fact FROM event ORDER BY shard, position");
  Check(result.status());
  for (const db::Row& row : result->rows) {
    events::v1::Fact fact;
    EXPECT_TRUE(fact.ParseFromString(row.Bytes(0)));
    facts.push_back(FactText(fact));
  }
  return facts;
}

Moment AppTest::Now() const { return {clock_.Now(), test::Soon()}; }

}  // namespace kith::retention::app
