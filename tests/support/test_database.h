// Fresh stores for tests, on every backend.
#ifndef KITH_TESTS_SUPPORT_TEST_DATABASE_H_
#define KITH_TESTS_SUPPORT_TEST_DATABASE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/db/db.h"

namespace kith::test {

// A new empty folder, removed when the process ends. Thread-safe.
std::string TempDir();

// The backends that a conformance suite runs on: "sqlite" and "postgres".
std::vector<std::string> Backends();

// The URL of a new, empty store on `backend`. Thread-safe.
std::string FreshStoreUrl(absl::string_view backend);

// Opens it. A failure ends the process.
std::unique_ptr<db::Database> OpenStore(const std::string& url,
                                        const db::OpenOptions& options = {});
// The two together, for tests that need one store only.
std::unique_ptr<db::Database> OpenFreshStore(absl::string_view backend);

// A deadline for work that is expected to succeed.
absl::Time Soon();

}  // namespace kith::test

#endif  // KITH_TESTS_SUPPORT_TEST_DATABASE_H_
