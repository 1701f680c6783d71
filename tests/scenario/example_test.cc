// The programme files that come with Kith: each is understood by `kith apply` as it is.
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "tests/support/server_process.h"
#include "tests/support/test_database.h"

namespace kith::test {
namespace {

using testing::HasSubstr;
using testing::Not;

std::vector<std::string> ExampleFiles() {
  const char* root = std::getenv("KITH_SOURCE");
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(
           absl::StrCat(root == nullptr ? "." : root, "/clients/examples"))) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

class ExampleTest : public ::testing::TestWithParam<std::string> {};

TEST_P(ExampleTest, EachFileAppliesWithoutAWarning) {
  Suite suite({.backend = GetParam(), .extra_args = {}});
  suite.StartAll();
  const std::vector<std::string> files = ExampleFiles();
  EXPECT_GE(files.size(), 22);
  for (const std::string& file : files) {
    SCOPED_TRACE(file);
    const CommandResult preview = suite.Kith({"apply", "-f", file, "--dry-run"});
    EXPECT_EQ(preview.status, 0);
    EXPECT_EQ(preview.err, "");
    EXPECT_THAT(preview.out, HasSubstr("would c"));
  }
  for (const std::string& file : files) {
    SCOPED_TRACE(file);
    EXPECT_EQ(suite.Kith({"apply", "-f", file}).status, 0);
    const CommandResult again = suite.Kith({"apply", "-f", file});
    EXPECT_EQ(again.status, 0);
    EXPECT_THAT(again.out, Not(HasSubstr("created")));
    EXPECT_THAT(again.out, Not(HasSubstr("changed version")));
  }
}

INSTANTIATE_TEST_SUITE_P(Store, ExampleTest, ::testing::ValuesIn(Backends()),
                         [](const auto& store) { return store.param; });

}  // namespace
}  // namespace kith::test
