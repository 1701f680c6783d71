// Real binaries for tests: started, killed, restarted, awaited.
#ifndef KITH_TESTS_SUPPORT_SERVER_PROCESS_H_
#define KITH_TESTS_SUPPORT_SERVER_PROCESS_H_

#include <sys/types.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace grpc {
class Channel;
}

namespace kith::test {

// A free TCP port of 127.0.0.1 that no other caller in this process was given.
int FreePort();

// Path of a binary of the project. From the environment variable KITH_BIN, which ctest
// sets, or beside the running test. An absolute path is itself.
std::string BinaryPath(absl::string_view name);

// A child process whose output goes to a file. It dies with this process. Not thread-safe.
class ServerProcess {
 public:
  ServerProcess(std::string binary, std::vector<std::string> args, std::string log_path);
  ~ServerProcess();  // kills
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  void Start();
  bool running() const { return pid_ > 0; }
  pid_t pid() const { return pid_; }
  void Kill();  // SIGKILL, and waits for the end
  // SIGTERM, and waits; returns the exit status, or -1 when it was ended by a signal.
  int Terminate();
  // Waits for the end of its own accord.
  int Wait();
  // Everything written to standard error and output so far.
  std::string Log() const;
  int64_t ResidentKilobytes() const;

 private:
  const std::string binary_;
  const std::vector<std::string> args_;
  const std::string log_path_;
  pid_t pid_ = -1;
};

// What a finished command left.
struct CommandResult {
  int status = -1;
  std::string out;
  std::string err;
};
// Runs a binary to its end.
CommandResult RunCommand(absl::string_view binary, const std::vector<std::string>& args);

// The four services on loopback, with stores in a folder of their own or on a PostgreSQL
// cluster, following each other.
class Suite {
 public:
  struct Options {
    std::string backend = "sqlite";
    std::vector<std::string> extra_args;  // for all four
  };
  Suite() : Suite(Options()) {}
  explicit Suite(Options options);

  static const std::vector<std::string>& Names();  // referral, advocacy, retention, outreach
  void StartAll();                                 // and waits until all serve
  ServerProcess& process(const std::string& name) { return *processes_.at(name); }
  std::string address(const std::string& name) const;
  std::string metrics_address(const std::string& name) const;
  std::string store_url(const std::string& name) const { return stores_.at(name); }
  const std::string& folder() const { return folder_; }
  // A channel to the service, made anew so that no back-off of an earlier one is felt.
  std::shared_ptr<grpc::Channel> Channel(const std::string& name) const;
  // Waits until the service answers that it serves; ends the test process when it does not
  // within `limit`, with the end of its log.
  void AwaitServing(const std::string& name, absl::Duration limit = absl::Seconds(60));
  // Waits until every consumer has applied everything its sources have published.
  void AwaitCaughtUp(absl::Duration limit = absl::Seconds(120));
  // Runs `kith` with the addresses of the suite.
  CommandResult Kith(std::vector<std::string> args) const;

 private:
  std::string folder_;
  std::map<std::string, int> ports_, metrics_ports_;
  std::map<std::string, std::string> stores_;
  std::map<std::string, std::unique_ptr<ServerProcess>> processes_;
};

}  // namespace kith::test

#endif  // KITH_TESTS_SUPPORT_SERVER_PROCESS_H_
