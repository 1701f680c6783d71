// What a consumer makes of a store that lacks time or room: no event is to blame for that.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>

#include "tests/conformance/feed_operator.h"
#include "tests/support/test_database.h"

namespace kith::test {
namespace {

class FeedStoreTest : public FeedOperator {
 protected:
  static int64_t AccountsIn(const DbEvent& event) {
    return std::count_if(event.calls.begin(), event.calls.end(), [](const db::Call& call) {
      return call.sql == AccountTable::kUpsert;
    });
  }
  // From now on no account can be written, though anything else can.
  void TakeRoom() {
    if (GetParam() == "postgres") {
      ASSERT_TRUE(
          bank_.database()
              .RunScript("CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS "
                         "'BEGIN RAISE EXCEPTION ''no room'' USING ERRCODE = ''53100'';"
                         " END'; CREATE TRIGGER no_room BEFORE INSERT ON account "
                         "FOR EACH ROW EXECUTE FUNCTION no_room()")
              .ok());
      return;
    }
    bank_.database().SetBefore([](const DbEvent& event) {
      return AccountsIn(event) > 0 ? absl::UnavailableError("no room") : absl::OkStatus();
    });
  }
  void MakeRoom() {
    bank_.database().SetBefore({});
    if (GetParam() != "postgres") return;
    ASSERT_TRUE(bank_.database().RunScript("DROP TRIGGER no_room ON account").ok());
  }
};

TEST_P(FeedStoreTest, WithoutRoomNoEventIsPutAside) {
  TakeRoom();
  Publish({"a"});
  AwaitProblem("STORE_UNAVAILABLE");
  EXPECT_EQ(Quarantine().size(), 0);
  EXPECT_EQ(bank_.Ask("SELECT COUNT(*) FROM feed_cursor"), 0);
  MakeRoom();
  AwaitPosition(1);
  EXPECT_EQ(Balance("a"), 1);
  EXPECT_EQ(Quarantine().size(), 0);
}

TEST_P(FeedStoreTest, APageThatRunsOutOfTimeComesAgainInHalves) {
  std::atomic<int64_t> too_long{0};
  bank_.database().SetBefore([&](const DbEvent& event) {
    const bool fits = event.operation != DbOperation::kCommit || AccountsIn(event) <= 4;
    if (fits) return absl::OkStatus();
    ++too_long;
    return absl::DeadlineExceededError("too slow");
  });
  const std::vector<std::string> names = {"a", "b", "c", "d", "e", "f", "g", "h"};
  source_.PublishTogether(names, program_);
  AwaitPosition(8);
  for (const std::string& name : names) EXPECT_EQ(Balance(name), 1) << name;
  EXPECT_EQ(too_long, 1);
  EXPECT_EQ(Quarantine().size(), 0);
  bank_.database().SetBefore({});
}

INSTANTIATE_TEST_SUITE_P(Backends, FeedStoreTest, ::testing::ValuesIn(Backends()),
                         [](const auto& suite) { return suite.param; });

}  // namespace
}  // namespace kith::test
