// An outreach store with its executor, and the application's calls on it.
#ifndef KITH_TESTS_UNIT_OUTREACH_APP_WORLD_H_
#define KITH_TESTS_UNIT_OUTREACH_APP_WORLD_H_

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/clock.h"
#include "common/db/db.h"
#include "common/executor/executor.h"
#include "gtest/gtest.h"
#include "kith/events/v1/events.pb.h"
#include "services/outreach/app/answer_message.h"
#include "services/outreach/app/apply_playbook.h"
#include "services/outreach/app/claim_due.h"
#include "services/outreach/app/explain_contact.h"
#include "services/outreach/app/get_summary.h"
#include "services/outreach/app/upsert_contacts.h"
#include "services/outreach/consumers/fact_handler.h"

namespace kith::outreach {

using events::v1::Fact;

// Facts about referral and customer `id`, as the feeds carry them.
Fact Submitted(const std::string& referral, const std::string& advocate, absl::Time time);
Fact Attributed(const std::string& customer, const std::string& referral,
                const std::string& advocate, absl::Time time);
Fact Converted(const std::string& referral, const std::string& advocate,
               const std::string& customer, absl::Time time);
Fact Reversed(const std::string& referral);
// A conversion of a referral that has several.
Fact WithConversion(Fact fact, const std::string& conversion);
Fact Onboarded(const std::string& customer, absl::Time time);
Fact Aha(const std::string& customer, absl::Time time);
Fact Churned(const std::string& customer, absl::Time time);
Fact Reactivated(const std::string& customer, absl::Time time);

// All calls are about the program "acme". Not thread-safe.
class World {
 public:
  explicit World(absl::string_view backend);
  ~World();

  ManualClock& clock() { return clock_; }
  db::Database& database() { return *database_; }
  absl::Time now() const { return clock_.Now(); }

  absl::StatusOr<ApplyPlaybookResult> Apply(Playbook playbook, bool dry_run = false);
  absl::StatusOr<std::vector<bool>> Upsert(const std::vector<Contact>& contacts);
  // Zone and locale of a contact, by a caller who knows nothing of suppressions.
  absl::StatusOr<std::vector<bool>> UpsertZone(Contact contact);
  // What is due now, earliest first.
  std::vector<LeasedMessage> Claim(int max_messages = 100, Channel channel = Channel::kAny,
                                   absl::Duration lease = absl::ZeroDuration());
  absl::StatusOr<ClaimDueResult> TryClaim(ClaimDueRequest request);
  // The answer to a claim that is kept under `request_id`: ids and tokens, a line each.
  std::string ClaimUnder(const std::string& request_id);
  absl::StatusOr<AnswerResult> Ack(const LeasedMessage& leased);
  absl::StatusOr<AnswerResult> Ack(const std::string& message_id, const std::string& token);
  absl::StatusOr<AnswerResult> Nack(const LeasedMessage& leased, bool permanent = false);
  // A claim as a command, for RunInOneBatch. The result is in `*result` afterwards.
  std::unique_ptr<exec::Command> MakeClaim(int max_messages, ClaimDueResult* result);
  // Runs commands in one transaction, in their order.
  void RunInOneBatch(std::vector<std::unique_ptr<exec::Command>> commands);

  // Delivers facts as the next page of a feed; returns how many went into quarantine.
  int64_t Feed(absl::string_view source, std::vector<Fact> facts);

  // All pages as one.
  ContactExplanation Explain(const std::string& contact, absl::Time at,
                             int64_t page_size = 20);
  absl::StatusOr<ContactExplanation> ExplainPage(const ExplainContactRequest& request);
  Summary Summarize();
  Message Find(const std::string& message_id);
  // Whether the maintained counts are those of the rows.
  ::testing::AssertionResult CountsAreTrue();
  // Rows that were needed but not prefetched.
  int64_t misses() const;
  // All rows of a query, values parted by "|".
  std::vector<std::string> Ask(absl::string_view sql, db::Params params = {});

 private:
  class Observer;
  absl::StatusOr<std::vector<bool>> Update(std::vector<ContactUpdate> updates);
  absl::StatusOr<std::string> Run(std::unique_ptr<exec::Command> command,
                                  const std::string& request_id = "");

  ManualClock clock_;
  std::unique_ptr<db::Database> database_;
  std::unique_ptr<Observer> observer_;
  std::unique_ptr<exec::Executor> executor_;
  FactHandler handler_;
  std::map<std::string, int64_t> positions_;  // by source
};

// Tests that run on every backend.
class WorldTest : public ::testing::TestWithParam<std::string> {
 protected:
  static constexpr absl::Duration kDay = absl::Hours(24);
  WorldTest() : world_(GetParam()) {}
  absl::Time now() const { return world_.now(); }
  World world_;
};

inline std::string BackendName(const ::testing::TestParamInfo<std::string>& info) {
  return info.param;
}

}  // namespace kith::outreach

#endif  // KITH_TESTS_UNIT_OUTREACH_APP_WORLD_H_
