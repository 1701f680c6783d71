// What every measurement needs: an end of the process when something is wrong, because the
// figures would not be comparable.
#ifndef KITH_TESTS_BENCH_REQUIRE_H_
#define KITH_TESTS_BENCH_REQUIRE_H_

#include <string>

#include "absl/status/status.h"
#include "tests/bench/load_generator.h"

namespace grpc {
class Status;
}

namespace kith::bench {

[[noreturn]] void Die(const std::string& what);
void RequireOk(const absl::Status& status);
void RequireOk(const grpc::Status& status);
void RequireNoFailures(const LoadResult& result);

// A new request id (UUIDv7).
std::string NewRequestId();
// Removes what is in a folder, so that the disk does not fill up during the run.
void EmptyFolder(const std::string& folder);

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_REQUIRE_H_
