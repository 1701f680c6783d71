// A store of the first schema comes to the newest with all that it holds.
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/db/migrator.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/referral/migrations/migrations.h"
#include "tests/support/test_database.h"

namespace kith::referral::store {
namespace {

using ::testing::ElementsAre;

// Three rewards of two advocates, one of them reversed.
constexpr absl::string_view kRewards =
    "INSERT INTO reward (program_id, reward_id, referral_id, conversion_id, rule_id, "
    "program_version, side, recipient_id, kind, amount_minor, currency, available_time, "
    "created_time, reversal_time, cause) VALUES "
    "('acme', 'o1:cash', 'r1', 'o1', 'cash', 1, 'referrer', 'ada', 'cash', 500, 'EUR', 9, 7, "
    "NULL, ''), "
    "('acme', 'o2:cash', 'r2', 'o2', 'cash', 1, 'referrer', 'ada', 'cash', 300, 'EUR', 9, 7, "
    "NULL, ''), "
    "('acme', 'o3:cash', 'r3', 'o3', 'cash', 1, 'referrer', 'bob', 'cash', 200, 'EUR', 9, 7, "
    "8, 'refund');"
    "INSERT INTO reward_count VALUES ('acme', 'cash', 'ada', 2);"
    "INSERT INTO ledger_entry VALUES "
    "('acme', 'o1:cash', 'accrual', 'expense:rewards', 'EUR', 500, 7), "
    "('acme', 'o1:cash', 'accrual', 'liability:rewards', 'EUR', -500, 7);";

class MigrationTest : public ::testing::TestWithParam<std::string> {
 protected:
  void Migrate(size_t steps) {
    const absl::Status done = db::Migrate(*database_, "referral", Migrations().first(steps),
                                          db::MigrateMode::kAuto, SystemClock());
    ASSERT_TRUE(done.ok()) << done;
  }
  // "text number" of two columns.
  std::vector<std::string> Query(absl::string_view sql) {
    std::vector<std::string> rows;
    const auto transaction = database_->BeginRead(test::Soon());
    EXPECT_TRUE(transaction.ok()) << transaction.status();
    const auto result = (*transaction)->Query(sql);
    EXPECT_TRUE(result.ok()) << result.status();
    if (!result.ok()) return rows;
    for (const db::Row& row : result->rows) {
      rows.push_back(absl::StrCat(row.Text(0), " ", row.Int(1)));
    }
    return rows;
  }

  std::unique_ptr<db::Database> database_ = test::OpenFreshStore(GetParam());
};
INSTANTIATE_TEST_SUITE_P(Stores, MigrationTest, ::testing::ValuesIn(test::Backends()),
                         [](const auto& test) { return test.param; });

TEST_P(MigrationTest, RewardsOfTheFirstSchemaAreKeptAndCounted) {
  Migrate(1);
  const absl::Status filled = database_->RunScript(kRewards);
  ASSERT_TRUE(filled.ok()) << filled;
  Migrate(Migrations().size());
  EXPECT_THAT(Query("SELECT reward_id || ' ' || state, amount_minor FROM reward ORDER BY 1"),
              ElementsAre("o1:cash held 500", "o2:cash held 300", "o3:cash reversed 200"));
  EXPECT_THAT(Query("SELECT holder || ' ' || recipient_id, minor FROM cap_use"),
              ElementsAre("rule/cash ada 800"));
  EXPECT_THAT(Query("SELECT account, amount_minor FROM ledger_entry ORDER BY 1"),
              ElementsAre("expense:rewards 500", "liability:rewards -500"));
  // What changes the state of a reward takes it from these counts.
  EXPECT_THAT(Query("SELECT name, value FROM summary ORDER BY 1"),
              ElementsAre("rewards/held 2", "rewards/reversed 1"));
}

}  // namespace
}  // namespace kith::referral::store
