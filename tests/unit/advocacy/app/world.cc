#include "tests/unit/advocacy/app/world.h"

#include <cstdlib>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/db/migrator.h"
#include "common/executor/store_setup.h"
#include "common/feed/apply_events.h"
#include "gtest/gtest.h"
#include "services/advocacy/app/reverse_activity.h"
#include "services/advocacy/migrations/migrations.h"
#include "tests/support/test_database.h"

namespace kith::advocacy {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1'700'000'000);

template <class T>
T Must(absl::StatusOr<T> value) {
  EXPECT_TRUE(value.ok()) << value.status();
  if (!value.ok()) std::abort();
  return *std::move(value);
}
void Must(const absl::Status& status) {
  EXPECT_TRUE(status.ok()) << status;
  if (!status.ok()) std::abort();
}

void SetTime(absl::Time time, google::protobuf::Timestamp& out) {
  out.set_seconds(absl::ToUnixSeconds(time));
  out.set_nanos(static_cast<int32_t>((time - absl::FromUnixSeconds(out.seconds())) /
                                     absl::Nanoseconds(1)));
}

std::string ToText(const db::Value& value) {
  if (const auto* number = std::get_if<int64_t>(&value)) return absl::StrCat(*number);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return std::holds_alternative<db::Null>(value) ? "NULL" : "?";
}

std::string Describe(const events::v1::Fact& fact) {
  if (fact.has_tier_changed()) {
    const auto& changed = fact.tier_changed();
    return absl::StrCat("tier ", changed.advocate_id(), ": ", changed.old_tier(), " -> ",
                        changed.new_tier(), " (", changed.points(), ")");
  }
  const auto& changed = fact.segment_changed();
  return absl::StrCat("segment ", changed.advocate_id(), ": ", changed.old_segment(), " -> ",
                      changed.new_segment());
}

}  // namespace

class World::Observer final : public exec::ExecutorObserver {
 public:
  void OnBatch(int64_t, absl::Duration) override {}
  void OnCommit(absl::Duration) override {}
  void OnReplay() override {}
  void OnRetry() override {}
  void OnPrefetchMiss(int64_t n) override { misses += n; }
  void OnQueueDepth(int64_t) override {}
  std::atomic<int64_t> misses{0};
};

World::World(absl::string_view backend)
    : clock_(kStart),
      database_(test::OpenFreshStore(backend)),
      observer_(std::make_unique<Observer>()) {
  Must(db::Migrate(*database_, "common", exec::Migrations(), db::MigrateMode::kAuto, clock_));
  Must(db::Migrate(*database_, "advocacy", Migrations(), db::MigrateMode::kAuto, clock_));
  Must(exec::SetUpStore(*database_, 1, clock_));
  exec::ExecutorOptions options;
  options.observer = observer_.get();
  executor_ = exec::MakeExecutor(*database_, clock_, options);
}

World::~World() { executor_->Stop(); }

int64_t World::misses() const { return observer_->misses; }

absl::StatusOr<std::string> World::Run(std::unique_ptr<exec::Command> command) {
  exec::Submission submission;
  submission.program_id = program_id_;
  submission.method = "Test";
  submission.command = std::move(command);
  return executor_->Run(std::move(submission));
}

absl::StatusOr<app::ApplyPolicyResult> World::Apply(domain::PolicyDraft draft, bool dry_run) {
  app::ApplyPolicyResult result;
  const auto status = Run(std::make_unique<app::ApplyScoringPolicy>(
      program_id_, std::move(draft), dry_run, [&result](const app::ApplyPolicyResult& answer) {
        result = answer;
        return std::string("done");
      }));
  if (!status.ok()) return status.status();
  return result;
}

absl::StatusOr<app::RecordActivitiesResult> World::Record(
    std::vector<domain::NewActivity> acts) {
  app::RecordActivitiesResult result;
  const auto status = Run(std::make_unique<app::RecordActivities>(
      program_id_, std::move(acts), now(),
      [&result](const app::RecordActivitiesResult& answer) {
        result = answer;
        return std::string("done");
      }));
  if (!status.ok()) return status.status();
  return result;
}

domain::Activity World::RecordOne(const std::string& id, const std::string& advocate,
                                  const std::string& behaviour, absl::Time time) {
  return Must(Must(Record({{id, advocate, behaviour, time, "", ""}})).front());
}

absl::StatusOr<domain::Activity> World::Reverse(const std::string& activity_id) {
  domain::Activity result;
  const auto status = Run(std::make_unique<app::ReverseActivity>(
      program_id_, activity_id, "mistake", [&result](const domain::Activity& answer) {
        result = answer;
        return std::string("done");
      }));
  if (!status.ok()) return status.status();
  return result;
}

app::AdvocateView World::Advocate(const std::string& id) {
  return Must(app::GetAdvocate(*database_, program_id_, id, test::Soon()));
}

int64_t World::Enrol(const std::string& advocate) {
  events::v1::Fact fact;
  fact.mutable_advocate_enrolled()->set_advocate_id(advocate);
  SetTime(now(), *fact.mutable_advocate_enrolled()->mutable_enrolled_time());
  return Feed("referral", fact);
}

int64_t World::Convert(const std::string& conversion, const std::string& advocate,
                       absl::Time time) {
  events::v1::Fact fact;
  auto& converted = *fact.mutable_referral_converted();
  converted.set_conversion_id(conversion);
  converted.set_referral_id(absl::StrCat("referral-of-", conversion));
  converted.set_advocate_id(advocate);
  SetTime(time, *converted.mutable_conversion_time());
  return Feed("referral", fact);
}

int64_t World::Unconvert(const std::string& conversion) {
  events::v1::Fact fact;
  fact.mutable_conversion_reversed()->set_conversion_id(conversion);
  SetTime(now(), *fact.mutable_conversion_reversed()->mutable_reversal_time());
  return Feed("referral", fact);
}

int64_t World::Feed(const std::string& source, const events::v1::Fact& fact) {
  delivered_.push_back({source, program_id_, fact});
  return Deliver(delivered_.size() - 1, delivered_.size());
}

void World::ReplayFeed() { Deliver(0, delivered_.size()); }

void World::CatchUpWith(const World& other) {
  delivered_ = other.delivered_;
  ReplayFeed();
}

int64_t World::Deliver(size_t from, size_t to) {
  feed::ApplyPage page;
  page.source = delivered_[from].source;
  page.feed_id = page.source;
  page.last_position = static_cast<int64_t>(to);
  for (size_t i = from; i < to; ++i) {
    const Delivered& event = delivered_[i];
    page.events.push_back(
        {event.source, 0, static_cast<int64_t>(i + 1), event.program_id, now(), &event.fact});
  }
  const std::string quarantined =
      Must(Run(std::make_unique<feed::ApplyEvents>(&handler_, std::move(page), 0)));
  int64_t count = -1;
  EXPECT_TRUE(absl::SimpleAtoi(quarantined, &count)) << quarantined;
  return count;
}

std::vector<std::string> World::Quarantined() {
  return Ask("SELECT reason FROM quarantine ORDER BY position");
}

std::vector<std::string> World::Facts() {
  const auto read = Must(database_->BeginRead(test::Soon()));
  std::vector<std::string> facts;
  for (const auto& event : Must(feed::ReadEventPage(*read, 0, 0, 100'000)).events) {
    events::v1::Fact fact;
    EXPECT_TRUE(fact.ParseFromString(event.fact));
    facts.push_back(Describe(fact));
  }
  return facts;
}

std::vector<std::string> World::Ask(absl::string_view sql, db::Params params) {
  const auto read = Must(database_->BeginRead(test::Soon()));
  std::vector<std::string> rows;
  for (const db::Row& row : Must(read->Query(sql, std::move(params))).rows) {
    std::vector<std::string> values;
    for (size_t i = 0; i < row.size(); ++i) values.push_back(ToText(row[i]));
    rows.push_back(absl::StrJoin(values, "|"));
  }
  return rows;
}

}  // namespace kith::advocacy
