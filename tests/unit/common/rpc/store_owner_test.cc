// A store belongs to one service, on every backend.
#include "common/server/store_owner.h"

#include <thread>

#include "common/base/clock.h"
#include "common/db/migrator.h"
#include "common/executor/store_setup.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/test_database.h"

namespace kith::server {
namespace {

constexpr db::Migration kReferral[] = {{1, "foundation", "CREATE TABLE lead (id BIGINT)"}};
constexpr db::Migration kOutreach[] = {{1, "foundation", "CREATE TABLE message (id BIGINT)"}};

class StoreOwnerTest : public ::testing::TestWithParam<std::string> {
 protected:
  StoreOwnerTest() { Migrate("common", exec::Migrations()); }
  void Migrate(const std::string& stream, absl::Span<const db::Migration> steps) {
    clock_.Advance(absl::Seconds(1));
    const absl::Status done =
        db::Migrate(*database_, stream, steps, db::MigrateMode::kAuto, clock_);
    ASSERT_TRUE(done.ok()) << done;
  }
  void ExpectRefused(const std::string& service) {
    const absl::Status status = ClaimStore(*database_, service);
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
    EXPECT_THAT(std::string(status.message()),
                ::testing::StartsWith("this store belongs to the referral service"));
  }

  const std::string url_ = test::FreshStoreUrl(GetParam());
  const std::unique_ptr<db::Database> database_ = test::OpenStore(url_);
  ManualClock clock_{absl::FromUnixSeconds(1'800'000'000)};
};
INSTANTIATE_TEST_SUITE_P(Backends, StoreOwnerTest, ::testing::ValuesIn(test::Backends()),
                         [](const auto& suite) { return suite.param; });

TEST_P(StoreOwnerTest, TheFirstServiceGetsItForGood) {
  ASSERT_TRUE(ClaimStore(*database_, "referral").ok());
  ExpectRefused("outreach");
  EXPECT_TRUE(ClaimStore(*database_, "referral").ok());
}

TEST_P(StoreOwnerTest, AnOlderStoreBelongsToWhoseMigrationsItHolds) {
  Migrate("referral", kReferral);
  ExpectRefused("outreach");
  EXPECT_TRUE(ClaimStore(*database_, "referral").ok());
  ExpectRefused("outreach");
}

TEST_P(StoreOwnerTest, OfTwoThatShareAnOlderStoreItBelongsToTheFirst) {
  Migrate("referral", kReferral);
  Migrate("outreach", kOutreach);
  ExpectRefused("outreach");
  EXPECT_TRUE(ClaimStore(*database_, "referral").ok());
  ExpectRefused("outreach");
}

TEST_P(StoreOwnerTest, OfServicesThatStartAtOnceOneGetsIt) {
  constexpr int kServices = 6;
  std::vector<std::unique_ptr<db::Database>> databases;
  for (int i = 0; i < kServices; ++i) databases.push_back(test::OpenStore(url_));
  std::vector<absl::Status> statuses(kServices);
  std::vector<std::thread> threads;
  for (int i = 0; i < kServices; ++i) {
    threads.emplace_back([&, i] {
      statuses[i] = ClaimStore(*databases[i], i % 2 == 0 ? "referral" : "outreach");
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (int i = 0; i < kServices; ++i) {
    EXPECT_EQ(statuses[i].ok(), statuses[i % 2].ok()) << statuses[i];
  }
  EXPECT_NE(statuses[0].ok(), statuses[1].ok());
}

}  // namespace
}  // namespace kith::server
