// Tokens from files: what is one, and that none is ever shown.
#include "common/rpc/auth.h"

#include <fstream>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/test_database.h"

namespace kith::rpc {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class AuthTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::vector<std::string>> Load(const std::string& text) {
    std::ofstream(path_, std::ios::binary) << text;
    return LoadTokens(path_);
  }
  const std::string path_ = absl::StrCat(kith::test::TempDir(), "/tokens");
};

TEST_F(AuthTest, ATokenIsALine) {
  const std::string longest(4096, 'x');
  const auto tokens =
      Load(absl::StrCat("# for the shop\n\n  first  \r\n!~second=\n", longest));
  ASSERT_TRUE(tokens.ok()) << tokens.status();
  EXPECT_THAT(*tokens, ElementsAre("first", "!~second=", longest));
}

TEST_F(AuthTest, WhatNoCallCanCarryIsRefusedByItsLineAndNotShown) {
  const std::string secret = "s3cr3t";
  for (const std::string& bad :
       {secret + "\xc3\xbc", "\xef\xbb\xbf" + secret, secret + " " + secret,
        secret + "\t" + secret, secret + "\x01", secret + "\x7f",
        secret + std::string(1, '\0'), secret + std::string(4096, 'x')}) {
    const absl::Status status = Load(absl::StrCat("# one\ngood\n", bad, "\nlast\n")).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << bad;
    EXPECT_EQ(status.message(),
              absl::StrCat(path_,
                           ":3: a token is visible ASCII without spaces, at most 4096 "
                           "bytes"));
  }
}

TEST_F(AuthTest, AFileWithoutTokensSaysWhatIsWrong) {
  EXPECT_EQ(Load("# none\n\n").status().message(), absl::StrCat("no token in ", path_));
  EXPECT_EQ(LoadTokens("no/such/file").status().message(), "no/such/file: it cannot be read");
}

}  // namespace
}  // namespace kith::rpc
