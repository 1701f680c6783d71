// How much time the store is given for its statistics.
#include "common/server/periodic.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/base/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::server {
namespace {

using ::testing::ElementsAre;

// A store with one table that has grown, and that takes `takes` to be analysed.
class SlowStore final : public db::Database {
 public:
  explicit SlowStore(absl::Duration takes) : takes_(takes) {}

  absl::StatusOr<bool> RefreshStatistics(absl::Time deadline) override {
    const absl::Duration given = deadline - SystemClock().Now();
    seconds_.push_back(absl::ToInt64Seconds(absl::Ceil(given, absl::Seconds(1))));
    if (given < takes_) return absl::DeadlineExceededError("too slow");
    return std::exchange(grown_, false);
  }
  const std::vector<int64_t>& seconds() const { return seconds_; }

  absl::StatusOr<std::unique_ptr<db::WriteTransaction>> BeginWrite(absl::Time) override {
    return absl::UnimplementedError("");
  }
  absl::StatusOr<std::unique_ptr<db::ReadTransaction>> BeginRead(absl::Time) override {
    return absl::UnimplementedError("");
  }
  absl::Status RunScript(absl::Span<const db::Call>, absl::string_view) override {
    return absl::UnimplementedError("");
  }
  absl::Status Backup(const std::string&) override { return absl::UnimplementedError(""); }
  absl::string_view backend() const override { return "slow"; }

 private:
  const absl::Duration takes_;
  bool grown_ = true;
  std::vector<int64_t> seconds_;
};

TEST(StatisticsKeeperTest, StoppingDoesNotWaitLongForWhatIsUsuallyQuick) {
  SlowStore store(absl::Seconds(1));
  EXPECT_TRUE(StatisticsKeeper(store).RunOnce().ok());
  EXPECT_THAT(store.seconds(), ElementsAre(5, 5));
}

TEST(StatisticsKeeperTest, ATableThatTakesLongerIsGivenMoreTime) {
  SlowStore store(absl::Seconds(15));
  EXPECT_TRUE(StatisticsKeeper(store).RunOnce().ok());
  EXPECT_THAT(store.seconds(), ElementsAre(5, 10, 20, 20));
}

TEST(StatisticsKeeperTest, AfterAMinuteItIsLeftForAnotherRound) {
  SlowStore store(absl::Minutes(2));
  EXPECT_TRUE(absl::IsDeadlineExceeded(StatisticsKeeper(store).RunOnce()));
  EXPECT_THAT(store.seconds(), ElementsAre(5, 10, 20, 40, 60));
}

}  // namespace
}  // namespace kith::server
