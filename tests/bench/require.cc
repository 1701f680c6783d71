#include "tests/bench/require.h"

#include <grpcpp/support/status.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/ids.h"

namespace kith::bench {

void Die(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  std::abort();
}

void RequireOk(const absl::Status& status) {
  if (!status.ok()) Die(status.ToString());
}

void RequireOk(const grpc::Status& status) {
  if (!status.ok()) Die(absl::StrCat(status.error_code(), ": ", status.error_message()));
}

void RequireNoFailures(const LoadResult& result) {
  if (result.failures > 0) {
    Die(absl::StrCat(result.failures, " of ", result.calls, " calls failed"));
  }
}

std::string NewRequestId() { return NewUuid(SystemClock().Now()); }

void EmptyFolder(const std::string& folder) {
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::filesystem::remove_all(entry.path());
  }
}

}  // namespace kith::bench
