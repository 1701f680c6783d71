// What a service says when it cannot start: what is wrong, where, and no secret.
#include <fstream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/executor/store_setup.h"
#include "common/server/store_owner.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/server_process.h"
#include "tests/support/test_database.h"

namespace kith::server {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class ServerStartTest : public ::testing::Test {
 protected:
  // Starts a service that does not get far, and returns its log.
  std::string LogOf(const std::vector<std::string>& extra) {
    std::vector<std::string> args = {"--listen=127.0.0.1:0", "--metrics=127.0.0.1:0",
                                     absl::StrCat("--store=", store_)};
    args.insert(args.end(), extra.begin(), extra.end());
    kith::test::ServerProcess server(kith::test::BinaryPath("kith-echo"), args,
                                     absl::StrCat(folder_, "/log", starts_++));
    server.Start();
    EXPECT_EQ(server.Wait(), 1);
    const std::string log = server.Log();
    EXPECT_THAT(log, HasSubstr("\"event\":\"start_failed\""));
    return log;
  }

  const std::string folder_ = kith::test::TempDir();
  std::string store_ = absl::StrCat("sqlite:", folder_, "/echo.db");
  int starts_ = 0;
};

TEST_F(ServerStartTest, ATokenThatNoCallCanCarryIsRefusedAndNotLogged) {
  const std::string path = absl::StrCat(folder_, "/tokens");
  std::ofstream(path) << "# for the shop\nschl\xc3\xbcssel\n";
  const std::string log = LogOf({absl::StrCat("--auth-token-file=", path)});
  EXPECT_THAT(log, HasSubstr(absl::StrCat(path, ":2: a token is visible ASCII")));
  EXPECT_THAT(log, Not(HasSubstr("ssel")));
}

TEST_F(ServerStartTest, AStoreThatCannotBeOpenedIsNamed) {
  store_ = absl::StrCat("sqlite:", folder_, "/no/such/x.db");
  EXPECT_THAT(LogOf({}), HasSubstr(absl::StrCat(folder_, "/no/such/x.db")));
}

TEST_F(ServerStartTest, AnAddressIsRefusedForWhatIsWrongWithIt) {
  EXPECT_THAT(LogOf({"--listen=no-such-host.invalid:0"}),
              HasSubstr("cannot listen on no-such-host.invalid:0: the host is not known ("));
  EXPECT_THAT(
      LogOf({"--metrics=no-such-host.invalid:0"}),
      HasSubstr(
          "cannot listen on no-such-host.invalid:0 for metrics: the host is not known ("));
  // Of the range that is kept for documents: no machine's own.
  EXPECT_THAT(LogOf({"--listen=192.0.2.1:0"}),
              HasSubstr("cannot listen on 192.0.2.1:0: Cannot assign requested address"));
}

class OtherStoreTest : public ServerStartTest,
                       public ::testing::WithParamInterface<std::string> {};
INSTANTIATE_TEST_SUITE_P(Backends, OtherStoreTest, ::testing::ValuesIn(test::Backends()),
                         [](const auto& suite) { return suite.param; });

TEST_P(OtherStoreTest, IsLeftAlone) {
  store_ = test::FreshStoreUrl(GetParam());
  const auto database = test::OpenStore(store_);
  ASSERT_TRUE(db::Migrate(*database, "common", exec::Migrations(), db::MigrateMode::kAuto,
                          SystemClock())
                  .ok());
  ASSERT_TRUE(ClaimStore(*database, "referral").ok());
  EXPECT_THAT(LogOf({}), HasSubstr("this store belongs to the referral service: give the echo "
                                   "service one of its own"));
  const auto reading = database->BeginRead(test::Soon());
  EXPECT_EQ((*reading)
                ->Query("SELECT COUNT(*) FROM schema_migration WHERE stream <> 'common'")
                ->rows[0]
                .Int(0),
            0);
}

}  // namespace
}  // namespace kith::server
