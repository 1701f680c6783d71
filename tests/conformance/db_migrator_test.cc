// Migrations on every backend: once, in order, whole, and by several processes at once.
#include <gtest/gtest.h>

#include <thread>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/db/migrator.h"
#include "tests/support/fault_database.h"
#include "tests/support/test_database.h"

namespace kith::db {
namespace {

constexpr Migration kFirst{1, "first",
                           "CREATE TABLE thing (id BIGINT PRIMARY KEY, n BIGINT NOT NULL);\n"
                           "-- a comment; with a semicolon\n"
                           "INSERT INTO thing VALUES (1, 10);"};
constexpr Migration kSecond{2, "second", "UPDATE thing SET n = n + 1"};
constexpr Migration kThird{3, "third", "UPDATE thing SET n = n * 2"};

class MigratorTest : public testing::TestWithParam<std::string> {
 protected:
  absl::Status Run(Database& database, const std::vector<Migration>& steps, MigrateMode mode) {
    return Migrate(database, "main", steps, mode, clock_);
  }
  // By several processes.
  void RunAtOnce(const std::vector<Migration>& steps) {
    constexpr int kProcesses = 6;
    std::vector<std::unique_ptr<Database>> databases;
    for (int i = 0; i < kProcesses; ++i) databases.push_back(test::OpenStore(url_));
    std::vector<absl::Status> statuses(kProcesses);
    std::vector<std::thread> threads;
    for (int i = 0; i < kProcesses; ++i) {
      threads.emplace_back(
          [&, i] { statuses[i] = Run(*databases[i], steps, MigrateMode::kAuto); });
    }
    for (std::thread& thread : threads) thread.join();
    for (const absl::Status& status : statuses) EXPECT_TRUE(status.ok()) << status;
  }
  int64_t Number(Database& database) {
    auto read = *database.BeginRead(test::Soon());
    auto result = read->Query("SELECT n FROM thing WHERE id = 1");
    return result.ok() ? result->rows.at(0).Int(0) : -1;
  }

  const std::string url_ = test::FreshStoreUrl(GetParam());
  const std::unique_ptr<Database> db_ = test::OpenStore(url_);
  ManualClock clock_{absl::FromUnixMicros(1700000000000001)};
};

INSTANTIATE_TEST_SUITE_P(Backends, MigratorTest, testing::ValuesIn(test::Backends()),
                         [](const auto& param) { return param.param; });

TEST_P(MigratorTest, RunsTheStepsInOrderAndRecordsThem) {
  ASSERT_TRUE(Run(*db_, {kFirst, kSecond, kThird}, MigrateMode::kAuto).ok());
  EXPECT_EQ(Number(*db_), 22);
  const Result record = *(*db_->BeginRead(test::Soon()))
                             ->Query(
                                 "SELECT number, name, applied_at "
                                 "FROM schema_migration ORDER BY number");
  ASSERT_EQ(record.rows.size(), 3u);
  EXPECT_EQ(record.rows[1].Int(0), 2);
  EXPECT_EQ(record.rows[1].Text(1), "second");
  EXPECT_EQ(record.rows[1].Time(2), clock_.Now());
}

TEST_P(MigratorTest, RunsEachStepOnce) {
  ASSERT_TRUE(Run(*db_, {kFirst, kSecond}, MigrateMode::kAuto).ok());
  ASSERT_TRUE(Run(*db_, {kFirst, kSecond}, MigrateMode::kAuto).ok());
  EXPECT_EQ(Number(*db_), 11);
  ASSERT_TRUE(Run(*db_, {kFirst, kSecond, kThird}, MigrateMode::kOnly).ok());
  EXPECT_EQ(Number(*db_), 22);
}

TEST_P(MigratorTest, ANewerStoreIsAccepted) {
  ASSERT_TRUE(Run(*db_, {kFirst, kSecond}, MigrateMode::kAuto).ok());
  EXPECT_TRUE(Run(*db_, {kFirst}, MigrateMode::kAuto).ok());
  EXPECT_TRUE(Run(*db_, {kFirst}, MigrateMode::kOff).ok());
  EXPECT_EQ(Number(*db_), 11);
}

TEST_P(MigratorTest, OffRefusesAStoreThatLacksAStepAndChangesNothing) {
  EXPECT_EQ(Run(*db_, {kFirst}, MigrateMode::kOff).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Number(*db_), -1);
  ASSERT_TRUE(Run(*db_, {kFirst}, MigrateMode::kAuto).ok());
  EXPECT_TRUE(Run(*db_, {kFirst}, MigrateMode::kOff).ok());
  EXPECT_EQ(Run(*db_, {kFirst, kSecond}, MigrateMode::kOff).code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST_P(MigratorTest, AFailedStepLeavesNothingAndMayBeMended) {
  constexpr Migration kBroken{2, "second", "UPDATE thing SET n = 99; SELEC"};
  const absl::Status status = Run(*db_, {kFirst, kBroken, kThird}, MigrateMode::kAuto);
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal) << status;
  EXPECT_EQ(Number(*db_), 10) << "the first step stays, the second is undone";
  ASSERT_TRUE(Run(*db_, {kFirst, kSecond, kThird}, MigrateMode::kAuto).ok());
  EXPECT_EQ(Number(*db_), 22);
}

TEST_P(MigratorTest, StreamsAreNumberedApart) {
  constexpr Migration kShared[] = {{1, "shared", "CREATE TABLE shared (id BIGINT)"}};
  ASSERT_TRUE(Migrate(*db_, "common", kShared, MigrateMode::kAuto, clock_).ok());
  EXPECT_EQ(Run(*db_, {kFirst}, MigrateMode::kOff).code(),
            absl::StatusCode::kFailedPrecondition);
  ASSERT_TRUE(Run(*db_, {kFirst}, MigrateMode::kAuto).ok());
  EXPECT_EQ(Number(*db_), 10);
  EXPECT_TRUE(Migrate(*db_, "common", kShared, MigrateMode::kOff, clock_).ok());
}

TEST_P(MigratorTest, AGapInTheNumbersIsRefused) {
  EXPECT_EQ(Run(*db_, {kFirst, kThird}, MigrateMode::kAuto).code(),
            absl::StatusCode::kInternal);
  EXPECT_EQ(Number(*db_), -1);
}

TEST_P(MigratorTest, AnotherProgramsStoreIsRefused) {
  ASSERT_TRUE(Run(*db_, {kFirst}, MigrateMode::kAuto).ok());
  constexpr Migration kOther{1, "other", "CREATE TABLE other (id BIGINT)"};
  EXPECT_EQ(Run(*db_, {kOther}, MigrateMode::kAuto).code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST_P(MigratorTest, ProcessesThatStartAtOnceTakeTurns) {
  RunAtOnce({kFirst, kSecond, kThird});
  EXPECT_EQ(Number(*db_), 22) << "each step ran once";
}

// Who is late to a step has lost a turn, and not one of its attempts at the next one.
TEST_P(MigratorTest, HoweverManyStepsThereAre) {
  constexpr int kSteps = 40;
  std::vector<std::string> names;
  for (int i = 0; i < kSteps; ++i) names.push_back(absl::StrCat("step ", i + 1));
  std::vector<Migration> steps = {kFirst};
  for (int i = 1; i < kSteps; ++i) steps.push_back({i + 1, names[i], kSecond.sql});
  RunAtOnce(steps);
  EXPECT_EQ(Number(*db_), 10 + kSteps - 1) << "each step ran once";
}

TEST_P(MigratorTest, ALostConnectionIsTriedAgain) {
  test::FaultDatabase faulty(test::OpenStore(url_));
  // The answer of the first step is lost after it was done.
  faulty.SetAfter(test::FailAt(test::DbOperation::kScript, 2, test::InjectedConnectionLoss()));
  ASSERT_TRUE(Run(faulty, {kFirst, kSecond}, MigrateMode::kAuto).ok());
  EXPECT_EQ(Number(faulty), 11);
}

}  // namespace
}  // namespace kith::db
