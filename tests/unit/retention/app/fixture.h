// A retention service without its network: store, executor, commands, reports.
#ifndef KITH_TESTS_UNIT_RETENTION_APP_FIXTURE_H_
#define KITH_TESTS_UNIT_RETENTION_APP_FIXTURE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/db/db.h"
#include "common/executor/executor.h"
#include "common/feed/handler.h"
#include "gtest/gtest.h"
#include "kith/events/v1/events.pb.h"
#include "services/retention/app/apply_policy.h"
#include "services/retention/app/record_events.h"
#include "services/retention/app/reports.h"

namespace kith::retention::app {

inline constexpr char kProgram[] = "p1";

// The name of a test's variant: its store.
std::string StoreName(const testing::TestParamInfo<std::string>& variant);

// 2024-03-10 12:00 UTC.
absl::Time TestNoon();

Event MakeEvent(EventKind kind, const std::string& id, const std::string& customer,
                absl::Time time);
Event MakeSignup(const std::string& id, const std::string& customer, absl::Time time,
                 const std::string& channel = "");
Event MakeActivity(const std::string& id, const std::string& customer, absl::Time time,
                   const std::string& name);
Event MakePayment(const std::string& id, const std::string& customer, absl::Time time,
                  int64_t minor, const std::string& currency = "EUR");

// On the backend that is the test's parameter. The clock stands at noon. At the end of each
// test the counters are compared with the rows, and nothing may have been loaded that was
// not prefetched.
class AppTest : public testing::TestWithParam<std::string> {
 protected:
  AppTest();
  ~AppTest() override;
  void TearDown() override;

  // Runs a command; `request_id` empty: not stored.
  absl::StatusOr<std::string> Run(std::unique_ptr<exec::Command> command,
                                  const std::string& request_id = "",
                                  const std::string& program_id = kProgram);
  // Applies a policy and returns what happened.
  absl::StatusOr<PolicyResult> Apply(const Policy& policy, bool dry_run = false,
                                     const std::string& program_id = kProgram);
  // Records events, each with its time.
  absl::StatusOr<std::vector<EventResult>> Record(const std::vector<Event>& events,
                                                  const std::string& program_id = kProgram);
  absl::StatusOr<std::vector<EventResult>> RecordItems(
      std::vector<NewEvent> items, const std::string& program_id = kProgram);
  // Records events that must all be accepted.
  void MustRecord(const std::vector<Event>& events);
  // Applies a fact as the consumer does.
  absl::Status Feed(const events::v1::Fact& fact, const std::string& source = "referral",
                    const std::string& program_id = kProgram);
  absl::Status Attribute(const std::string& customer, const std::string& channel,
                         const std::string& advocate, absl::Time signup);

  // All facts published so far, as text, in order.
  std::vector<std::string> Facts();
  Moment Now() const;
  db::Database& database() { return *database_; }
  ManualClock& clock() { return clock_; }
  exec::Executor& executor() { return *executor_; }

 private:
  class MissCounter;

  ManualClock clock_;
  std::unique_ptr<db::Database> database_;
  std::unique_ptr<MissCounter> misses_;
  std::unique_ptr<exec::Executor> executor_;
};

}  // namespace kith::retention::app

#endif  // KITH_TESTS_UNIT_RETENTION_APP_FIXTURE_H_
