// A store of the first schema comes to the newest with all that it holds.
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
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

// How many there are before the one of that name.
size_t MigrationsBefore(absl::string_view name) {
  size_t before = 0;
  while (!absl::StrContains(Migrations()[before].name, name)) ++before;
  return before;
}

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
              ElementsAre("rewards/available 2", "rewards/reversed 1"));
}

TEST_P(MigrationTest, LeadsTellWhoHasOptedOut) {
  Migrate(MigrationsBefore("leads"));
  const absl::Status filled = database_->RunScript(
      "INSERT INTO referral (program_id, referral_id, advocate_id, origin, referee_id, "
      "email_hash, phone_hash, campaign, submitted_time, program_version, customer_id, "
      "evidence, conversion_id, ever_converted, state) VALUES "
      "('acme', 'both', 'ada', 'lead', '', 'A', 'B', '', 1, 1, '', 'none', '', 0, "
      "'submitted'), "
      "('acme', 'none', 'ada', 'lead', 'bob', NULL, NULL, '', 1, 1, '', 'none', '', 0, "
      "'submitted'), "
      "('acme', 'phone', 'ada', 'lead', '', 'C', 'D', '', 1, 1, '', 'none', '', 0, "
      "'submitted'), "
      "('other', 'else', 'ada', 'lead', '', 'A', 'D', '', 1, 1, '', 'none', '', 0, "
      "'submitted');"
      "INSERT INTO opt_out SELECT 'acme', email_hash, 1 FROM referral "
      "WHERE referral_id = 'both';"
      "INSERT INTO opt_out SELECT 'acme', phone_hash, 1 FROM referral "
      "WHERE referral_id = 'phone'");
  ASSERT_TRUE(filled.ok()) << filled;
  Migrate(Migrations().size());
  EXPECT_THAT(Query("SELECT referral_id, opted_out FROM referral ORDER BY 1"),
              ElementsAre("both 1", "else 0", "none 0", "phone 1"));
}

TEST_P(MigrationTest, WhatFailedForGoodSaysSo) {
  Migrate(1);
  absl::Status filled = database_->RunScript(kRewards);
  ASSERT_TRUE(filled.ok()) << filled;
  Migrate(11);
  filled = database_->RunScript(
      "UPDATE reward SET retry_time = 9223372036854775807 WHERE reward_id = 'o1:cash';"
      "UPDATE reward SET retry_time = 11 WHERE reward_id = 'o2:cash';");
  ASSERT_TRUE(filled.ok()) << filled;
  Migrate(Migrations().size());
  EXPECT_THAT(Query("SELECT reward_id || ' ' || COALESCE(retry_time, 0), failed FROM reward "
                    "ORDER BY 1"),
              ElementsAre("o1:cash 0 1", "o2:cash 11 0", "o3:cash 0 0"));
}

TEST_P(MigrationTest, AdvocatesKnowWhatCounts) {
  Migrate(MigrationsBefore("counts"));
  std::string filled;
  const auto add_referral = [&](absl::string_view id, absl::string_view fraud, bool fits,
                                absl::string_view order) {
    absl::StrAppend(
        &filled,
        "INSERT INTO referral (program_id, referral_id, advocate_id, origin, referee_id, "
        "campaign, submitted_time, program_version, customer_id, evidence, conversion_id, "
        "ever_converted, state, ever_qualified, fraud) VALUES ('acme', '",
        id, "', 'ada', 'lead', '", id, "', '', 1, 1, '', 'none', '", order,
        "', 0, 'submitted', ", fits ? 1 : 0, ", '", fraud, "');");
  };
  add_referral("r1", "clear", true, "o1");
  add_referral("r2", "held", true, "o2");
  add_referral("r3", "rejected", true, "");
  add_referral("r4", "approved", false, "o4");
  const auto add_advocate = [&](absl::string_view id, absl::string_view counts) {
    absl::StrAppend(&filled,
                    "INSERT INTO advocate (program_id, advocate_id, code, enrolled_time, "
                    "referrals, signups, conversions, leads, qualified) VALUES ('acme', '",
                    id, "', '", id, "', 1, ", counts, ");");
  };
  add_advocate("ada", "4, 4, 3, 4, 3");
  add_advocate("bob", "5, 4, 3, 2, 1");
  const absl::Status done = database_->RunScript(filled);
  ASSERT_TRUE(done.ok()) << done;
  Migrate(Migrations().size());
  EXPECT_THAT(Query("SELECT advocate_id || ' ' || leads || ' ' || counted_qualified, "
                    "counted_successes FROM advocate ORDER BY 1"),
              ElementsAre("ada 2 1 2", "bob 2 1 3"));
}

TEST_P(MigrationTest, HeldRewardsAreToldApart) {
  Migrate(1);
  absl::Status done = database_->RunScript(kRewards);
  ASSERT_TRUE(done.ok()) << done;
  Migrate(MigrationsBefore("outcomes"));
  done = database_->RunScript(
      "UPDATE reward SET announced = 1, state = 'held';"
      "UPDATE reward SET announced = 0 WHERE reward_id = 'o1:cash';"
      "UPDATE reward SET failed = 1 WHERE reward_id = 'o2:cash';"
      "DELETE FROM summary;"
      "INSERT INTO summary VALUES ('acme', 'rewards/held', 3), "
      "('acme', 'rewards/fulfilling', 4)");
  ASSERT_TRUE(done.ok()) << done;
  Migrate(Migrations().size());
  EXPECT_THAT(Query("SELECT name, value FROM summary ORDER BY 1"),
              ElementsAre("rewards/available 1", "rewards/fulfilling 5", "rewards/held 1"));
}

// What was counted without a time says nothing of who never converts.
TEST_P(MigrationTest, ConversionsAreCountedAnew) {
  Migrate(MigrationsBefore("outcomes"));
  const absl::Status done = database_->RunScript(
      "INSERT INTO quality_baseline VALUES ('acme', 'conversion', 9, 9, 1), "
      "('acme', 'qualification', 9, 5, 1);"
      "INSERT INTO quality_test VALUES "
      "('acme', 'a', 'conversion', 9, 8, 1, 2, 500000, 0, 5000, 10000, 9, 9, 3, NULL, 7, "
      "'eve', 'x'), "
      "('acme', 'b', 'conversion', 9, 0, 1, 2, 500000, 1, 5000, 10000, 9, 9, 3, 5, NULL, '', "
      "''), "
      "('acme', 'c', 'qualification', 9, 8, 1, 2, 500000, 1, 5000, 10000, 9, 9, 3, NULL, "
      "NULL, '', '');");
  ASSERT_TRUE(done.ok()) << done;
  Migrate(Migrations().size());
  EXPECT_THAT(Query("SELECT metric, outcomes FROM quality_baseline"),
              ElementsAre("qualification 9"));
  EXPECT_THAT(Query("SELECT campaign || ' ' || COALESCE(baseline_ppm, 0) || ' ' || reset_by, "
                    "outcomes FROM quality_test ORDER BY campaign"),
              ElementsAre("a 0 eve 0", "b 500000  9", "c 500000  9"));
}

}  // namespace
}  // namespace kith::referral::store
