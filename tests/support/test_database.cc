#include "tests/support/test_database.h"

#include <stdlib.h>

#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "common/base/clock.h"
#include "tests/support/postgres_cluster.h"

namespace kith::test {
namespace {

[[noreturn]] void Die(absl::string_view what) {
  std::fprintf(stderr, "store for tests: %s\n", std::string(what).c_str());
  std::abort();
}

// The temporary folders of this process.
class Folders {
 public:
  ~Folders() {
    std::error_code ignored;
    for (const std::string& path : paths_) std::filesystem::remove_all(path, ignored);
  }
  std::string New() {
    std::string path = (std::filesystem::temp_directory_path() / "kith-test-XXXXXX").string();
    if (mkdtemp(path.data()) == nullptr) Die("no temporary folder");
    absl::MutexLock lock(&mutex_);
    paths_.push_back(path);
    return path;
  }

 private:
  absl::Mutex mutex_;
  std::vector<std::string> paths_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

std::string TempDir() {
  static Folders folders;
  return folders.New();
}

std::vector<std::string> Backends() { return {"sqlite", "postgres"}; }

std::string FreshStoreUrl(absl::string_view backend) {
  if (backend == "sqlite") return absl::StrCat("sqlite:", TempDir(), "/store.db");
  if (backend == "postgres") return PostgresCluster::Shared().NewDatabaseUrl();
  Die(absl::StrCat("no backend ", backend));
}

std::unique_ptr<db::Database> OpenStore(const std::string& url,
                                        const db::OpenOptions& options) {
  absl::StatusOr<std::unique_ptr<db::Database>> database = db::Open(url, options);
  if (!database.ok()) Die(database.status().ToString());
  return *std::move(database);
}

std::unique_ptr<db::Database> OpenFreshStore(absl::string_view backend) {
  return OpenStore(FreshStoreUrl(backend));
}

absl::Time Soon() { return SystemClock().Now() + absl::Seconds(30); }

}  // namespace kith::test
