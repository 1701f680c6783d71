// A temporary PostgreSQL server for the tests of one process.
//
// Environment:
//   KITH_TEST_POSTGRES_URL    use this server (a libpq URI of a role that may create
//                             databases) instead of starting one
//   KITH_TEST_POSTGRES_FSYNC  "off" for a server that does not sync; default "on"
#ifndef KITH_TESTS_SUPPORT_POSTGRES_CLUSTER_H_
#define KITH_TESTS_SUPPORT_POSTGRES_CLUSTER_H_

#include <sys/types.h>

#include <atomic>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"

namespace kith::test {

// The server listens on 127.0.0.1 and on a Unix socket, trusts everybody there, and belongs
// to an unprivileged user when the tests run as root. It goes away, with its files, when
// this process ends in whatever way. Thread-safe. Failures to start end the process.
class PostgresCluster {
 public:
  // The one of this process; started by the first call.
  static PostgresCluster& Shared();
  ~PostgresCluster();
  PostgresCluster(const PostgresCluster&) = delete;
  PostgresCluster& operator=(const PostgresCluster&) = delete;

  // The URL of a new, empty database.
  std::string NewDatabaseUrl();
  // Runs SQL as the superuser in the server's own database, for instance to end a session.
  void RunAsAdmin(const std::string& sql);

 private:
  PostgresCluster();
  void Start();
  bool TryStart(absl::string_view bin_dir, int port);
  std::string UrlOf(absl::string_view database) const;

  std::string admin_url_;
  bool external_ = false;
  pid_t keeper_ = -1;  // the process that stops the server when `lifeline_` closes
  int lifeline_ = -1;
  std::atomic<int> next_{0};
  absl::Mutex mutex_;
  std::vector<std::string> databases_ ABSL_GUARDED_BY(mutex_);  // on an external server
};

}  // namespace kith::test

#endif  // KITH_TESTS_SUPPORT_POSTGRES_CLUSTER_H_
