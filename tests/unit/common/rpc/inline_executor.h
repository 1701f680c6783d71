// An executor without store or threads, and the command that it is given.
#ifndef KITH_TESTS_UNIT_COMMON_RPC_INLINE_EXECUTOR_H_
#define KITH_TESTS_UNIT_COMMON_RPC_INLINE_EXECUTOR_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "common/base/error.h"
#include "common/executor/executor.h"
#include "tests/unit/common/rpc/echo.pb.h"

namespace kith::rpc::test {

using namespace kith::echo::v1;

inline constexpr ErrorDef kRefused{absl::StatusCode::kFailedPrecondition, "REFUSED",
                                   "the text is refused"};

// Answers with its text, or fails for the text "refuse".
class EchoCommand final : public exec::Command {
 public:
  explicit EchoCommand(std::string text) : text_(std::move(text)) {}
  absl::StatusOr<std::string> Decide(exec::Unit&, absl::Time) const override {
    if (text_ == "refuse") return MakeError(kRefused);
    PutResponse response;
    response.set_text(text_);
    return response.SerializeAsString();
  }

 private:
  const std::string text_;
};

// Decides at once, on the caller's thread; remembers what it was given.
class InlineExecutor final : public exec::Executor {
 public:
  struct Seen {
    std::string program_id, method, request_id, fingerprint;
    int64_t weight;
    absl::Time deadline;
  };
  void Submit(exec::Submission submission) override {
    {
      const absl::MutexLock lock(&mutex_);
      seen_.push_back({submission.program_id, std::string(submission.method),
                       submission.request_id, submission.fingerprint, submission.weight,
                       submission.deadline});
    }
    exec::Unit unit(nullptr, 0);
    submission.done(submission.command->Decide(unit, absl::UnixEpoch()));
  }
  void Stop() override {}
  int shards() const override { return 1; }
  std::vector<Seen> seen() const {
    const absl::MutexLock lock(&mutex_);
    return seen_;
  }

 private:
  mutable absl::Mutex mutex_;
  std::vector<Seen> seen_;
};

}  // namespace kith::rpc::test

#endif  // KITH_TESTS_UNIT_COMMON_RPC_INLINE_EXECUTOR_H_
