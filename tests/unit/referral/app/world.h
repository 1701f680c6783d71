// A referral service without RPCs, for tests: a store, an executor, and short forms of the
// commands.
#ifndef KITH_TESTS_UNIT_REFERRAL_APP_WORLD_H_
#define KITH_TESTS_UNIT_REFERRAL_APP_WORLD_H_

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/base/ids.h"
#include "common/db/db.h"
#include "common/executor/executor.h"
#include "gtest/gtest.h"
#include "kith/events/v1/events.pb.h"
#include "services/referral/app/apply_program.h"
#include "services/referral/app/attribute_signups.h"
#include "services/referral/app/enroll_advocates.h"
#include "services/referral/app/reader.h"
#include "services/referral/app/record_conversions.h"
#include "services/referral/app/record_touches.h"
#include "services/referral/app/reverse_conversion.h"
#include "services/referral/app/submit_referrals.h"

namespace kith::referral::app {

// Names a test's backend.
std::string BackendName(const ::testing::TestParamInfo<std::string>& test);

inline const absl::Time kNow = absl::FromUnixSeconds(1700000000);
inline constexpr absl::Duration kDay = absl::Hours(24);

// The program "acme" in EUR: 20 % for the referrer, held for 30 days; 10 EUR for the referee
// from 20 EUR on.
domain::Program SampleProgram();

SubmitReferrals::NewLead LeadOf(std::string id, std::string advocate, std::string referee,
                                absl::Time time, std::string email = "");
AttributeSignups::NewSignup SignupOf(std::string customer, absl::Time time,
                                     std::string email = "");
domain::ConversionReport PaymentOf(std::string id, std::string customer, absl::Time time,
                                   std::optional<int64_t> cents = 5000);

// Not thread-safe. Failures of the store end the test by an exception.
class World {
 public:
  // A new store on `backend` at kNow; with the sample program unless told otherwise.
  explicit World(absl::string_view backend, bool with_program = true);

  absl::StatusOr<ApplyProgram::Response> Apply(ApplyProgram::Request request);
  EnrollAdvocates::Response Enroll(std::vector<EnrollAdvocates::NewAdvocate> advocates);
  // Enrols by id only; returns the code.
  std::string EnrollOne(const std::string& advocate_id, const std::string& email = "");
  SubmitReferrals::Response SubmitAll(std::vector<SubmitReferrals::NewLead> leads);
  Results<domain::Referral> Submit(std::vector<SubmitReferrals::NewLead> leads);
  absl::StatusOr<domain::Referral> SubmitOne(SubmitReferrals::NewLead lead);
  absl::StatusOr<domain::Touch> Touch(RecordTouches::NewTouch touch);
  absl::StatusOr<RecordedTouch> Record(RecordTouches::NewTouch touch);
  absl::StatusOr<domain::Customer> SignUp(AttributeSignups::NewSignup signup);
  absl::StatusOr<ConversionView> Convert(domain::ConversionReport report);
  absl::StatusOr<ConversionView> Reverse(const std::string& conversion_id,
                                         const std::string& cause = "refund",
                                         std::optional<absl::Time> time = std::nullopt);

  // Runs any command; a fresh request id unless one is given.
  template <class Command, class... Args>
  absl::StatusOr<typename Command::Response> Run(absl::string_view method, Args... args) {
    auto response = std::make_shared<typename Command::Response>();
    auto command = std::make_unique<Command>(
        std::move(args)...,
        [response](const typename Command::Response& r) -> absl::StatusOr<std::string> {
          *response = r;
          return std::string("done");
        });
    const absl::StatusOr<std::string> done = RunCommand(method, std::move(command));
    if (!done.ok()) return done.status();
    return *response;
  }

  domain::Referral Referral(const std::string& referral_id) const;
  domain::Advocate Advocate(const std::string& advocate_id) const;
  Summary GetSummary() const;
  std::vector<domain::Reward> Rewards() const;
  // What the feed holds, in short: "signup_attributed carl referral ada", …
  std::vector<std::string> Facts() const;
  // The same since the last call.
  std::vector<std::string> NewFacts();
  // The rows of a query, as text.
  std::vector<std::string> Query(absl::string_view sql) const;
  // Rows that commands needed without having wanted them, so far.
  int64_t misses() const { return observer_.misses; }

  ManualClock clock{kNow};
  db::Database& database() { return *database_; }
  exec::Executor& executor() { return *executor_; }
  const Reader& reader() const { return *reader_; }

 private:
  class Observer final : public exec::ExecutorObserver {
   public:
    void OnBatch(int64_t, absl::Duration) override {}
    void OnCommit(absl::Duration) override {}
    void OnReplay() override {}
    void OnRetry() override {}
    void OnPrefetchMiss(int64_t n) override { misses += n; }
    void OnQueueDepth(int64_t) override {}
    std::atomic<int64_t> misses{0};
  };

  absl::StatusOr<std::string> RunCommand(absl::string_view method,
                                         std::unique_ptr<exec::Command> command);

  Observer observer_;
  std::unique_ptr<db::Database> database_;
  std::unique_ptr<Reader> reader_;
  std::unique_ptr<exec::Executor> executor_;
  size_t facts_seen_ = 0;
};

}  // namespace kith::referral::app

#endif  // KITH_TESTS_UNIT_REFERRAL_APP_WORLD_H_
