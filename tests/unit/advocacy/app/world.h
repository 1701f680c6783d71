// An advocacy store with its executor, and the application's calls on it.
#ifndef KITH_TESTS_UNIT_ADVOCACY_APP_WORLD_H_
#define KITH_TESTS_UNIT_ADVOCACY_APP_WORLD_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/clock.h"
#include "common/db/db.h"
#include "common/executor/executor.h"
#include "common/feed/feed_store.h"
#include "kith/events/v1/events.pb.h"
#include "services/advocacy/app/advocates.h"
#include "services/advocacy/app/apply_scoring_policy.h"
#include "services/advocacy/app/record_activities.h"
#include "services/advocacy/consumers/referral_handler.h"

namespace kith::advocacy {

// All calls are about the program "acme" unless another is given. Not thread-safe.
class World {
 public:
  explicit World(absl::string_view backend);
  ~World();

  ManualClock& clock() { return clock_; }
  db::Database& database() { return *database_; }
  exec::Executor& executor() { return *executor_; }
  absl::Time now() const { return clock_.Now(); }
  void SetProgram(std::string program_id) { program_id_ = std::move(program_id); }

  absl::StatusOr<app::ApplyPolicyResult> Apply(domain::PolicyDraft draft,
                                               bool dry_run = false);
  absl::StatusOr<app::RecordActivitiesResult> Record(std::vector<domain::NewActivity> acts);
  // One act that must be accepted.
  domain::Activity RecordOne(const std::string& id, const std::string& advocate,
                             const std::string& behaviour, absl::Time time);
  absl::StatusOr<domain::Activity> Reverse(const std::string& activity_id);
  app::AdvocateView Advocate(const std::string& id);

  // The next events of the referral feed; each returns how many went into quarantine.
  int64_t Enrol(const std::string& advocate);
  int64_t Convert(const std::string& conversion, const std::string& advocate,
                  absl::Time time = absl::FromUnixSeconds(1'690'000'000));
  int64_t Unconvert(const std::string& conversion);
  int64_t Feed(const std::string& source, const events::v1::Fact& fact);
  // The same events again, from the first.
  void ReplayFeed();
  // All events that another world was fed, as one page.
  void CatchUpWith(const World& other);
  // Reasons of quarantined events, in order of position.
  std::vector<std::string> Quarantined();

  // What was published, as text: "tier ann: -> supporter (100)", "segment ann: …".
  std::vector<std::string> Facts();
  // Rows that were needed but not prefetched.
  int64_t misses() const;
  // All rows of a query, values parted by "|".
  std::vector<std::string> Ask(absl::string_view sql, db::Params params = {});

 private:
  class Observer;
  absl::StatusOr<std::string> Run(std::unique_ptr<exec::Command> command);
  int64_t Deliver(size_t from, size_t to);

  struct Delivered {
    std::string source;
    std::string program_id;
    events::v1::Fact fact;
  };

  ManualClock clock_;
  std::string program_id_ = "acme";
  std::unique_ptr<db::Database> database_;
  std::unique_ptr<Observer> observer_;
  std::unique_ptr<exec::Executor> executor_;
  consumers::ReferralHandler handler_;
  std::vector<Delivered> delivered_;
};

}  // namespace kith::advocacy

#endif  // KITH_TESTS_UNIT_ADVOCACY_APP_WORLD_H_
