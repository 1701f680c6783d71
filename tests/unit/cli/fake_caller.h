// Services that answer as a test says.
#ifndef KITH_TESTS_UNIT_CLI_FAKE_CALLER_H_
#define KITH_TESTS_UNIT_CLI_FAKE_CALLER_H_

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/mutex.h"
#include "clients/cli/caller.h"
#include "clients/cli/commands/commands.h"
#include "clients/cli/env.h"
#include "common/base/clock.h"
#include "gtest/gtest.h"

namespace kith::cli {

// Answers calls by the type of their request and keeps them. Thread-safe.
class FakeCaller final : public Caller {
 public:
  using Message = google::protobuf::Message;

  // Answers requests of this type.
  template <class Request, class Response>
  void On(std::function<absl::StatusOr<Response>(const Request&)> answer) {
    answers_[Request::descriptor()->full_name()] = [answer](const Message& request,
                                                            Message* response) {
      auto result = answer(static_cast<const Request&>(request));
      if (!result.ok()) return result.status();
      static_cast<Response*>(response)->CopyFrom(*result);
      return absl::OkStatus();
    };
  }
  // Answers requests of this type always alike.
  template <class Request, class Response>
  void Return(Response response) {
    On<Request, Response>([response](const Request&) { return response; });
  }

  absl::Status Call(Target target, const Message& request, Message* response) override {
    EXPECT_TRUE(Serves(target, request)) << request.GetTypeName() << " is not of that service";
    std::function<absl::Status(const Message&, Message*)> answer;
    {
      absl::MutexLock lock(&mutex_);
      calls_.emplace_back(target, std::unique_ptr<Message>(request.New()));
      calls_.back().second->CopyFrom(request);
      const auto found = answers_.find(request.GetDescriptor()->full_name());
      if (found == answers_.end()) {
        return absl::UnavailableError(
            absl::StrCat("no answer to ", request.GetDescriptor()->name()));
      }
      answer = found->second;
    }
    return answer(request, response);
  }

  Health CheckHealth(Target target) override { return health_[static_cast<size_t>(target)]; }
  Health& health(Target target) { return health_[static_cast<size_t>(target)]; }

  // The requests of this type so far.
  template <class Request>
  std::vector<Request> Requests() {
    absl::MutexLock lock(&mutex_);
    std::vector<Request> found;
    for (const auto& [target, request] : calls_) {
      const auto* typed = dynamic_cast<const Request*>(request.get());
      if (typed != nullptr) found.push_back(*typed);
    }
    return found;
  }

 private:
  // All services have feeds; the rest each has for itself.
  static bool Serves(Target target, const Message& request) {
    const std::string& package = request.GetDescriptor()->file()->package();
    return package == "kith.feed.v1" ||
           package == absl::StrCat("kith.", TargetName(target), ".v1");
  }

  absl::Mutex mutex_;
  std::map<std::string, std::function<absl::Status(const Message&, Message*)>> answers_;
  std::vector<std::pair<Target, std::unique_ptr<Message>>> calls_;
  std::array<Health, 4> health_{
      Health{Health::kServing, "1.2.3", ""}, Health{Health::kServing, "1.2.3", ""},
      Health{Health::kServing, "1.2.3", ""}, Health{Health::kServing, "1.2.3", ""}};
};

// Runs command lines against a FakeCaller.
class CommandTest : public testing::Test {
 protected:
  // What a command printed and returned.
  struct Outcome {
    int code = -1;
    std::string out;
    std::string err;
    absl::Status status;
  };

  // `line` is split at spaces; `input` is what stdin holds.
  Outcome RunLine(const std::string& line, const std::string& input = "") {
    return RunWords(absl::StrSplit(line, ' ', absl::SkipEmpty()), input);
  }
  Outcome RunWords(const std::vector<std::string>& words, const std::string& input = "") {
    Options options = OptionsFromEnvironment();
    cli::Run run;
    CLI::App app("kith");
    AddAllCommands(app, options, run);
    std::vector<std::string> reversed(words.rbegin(), words.rend());
    app.parse(reversed);
    std::istringstream in(input);
    std::ostringstream out, err;
    Env env{options, caller_, clock_, in, out, err, false, false};
    const absl::StatusOr<int> code = run(env);
    return {code.ok() ? *code : ExitCodeOf(code.status()), out.str(), err.str(),
            code.status()};
  }

  FakeCaller caller_;
  ManualClock clock_{absl::FromCivil(absl::CivilDay(2026, 3, 1), absl::UTCTimeZone())};
};

}  // namespace kith::cli

#endif  // KITH_TESTS_UNIT_CLI_FAKE_CALLER_H_
