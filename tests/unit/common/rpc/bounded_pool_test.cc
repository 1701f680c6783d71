#include "common/concurrency/bounded_pool.h"

#include <atomic>

#include "absl/synchronization/notification.h"
#include "common/base/clock.h"
#include "gtest/gtest.h"

namespace kith {
namespace {

using Turn = BoundedPool::Turn;

TEST(BoundedPoolTest, RunsEveryTaskOnce) {
  std::atomic<int> runs = 0;
  {
    BoundedPool pool(3, 1000);
    for (int i = 0; i < 1000; ++i) {
      ASSERT_TRUE(pool.TrySubmit(absl::InfiniteFuture(), [&](Turn turn) {
        if (turn == Turn::kRun) ++runs;
      }));
    }
  }
  EXPECT_EQ(runs, 1000);
}

TEST(BoundedPoolTest, RefusesWhenFull) {
  BoundedPool pool(1, 2);
  absl::Notification started, release;
  ASSERT_TRUE(pool.TrySubmit(absl::InfiniteFuture(), [&](Turn) {
    started.Notify();
    release.WaitForNotification();
  }));
  started.WaitForNotification();
  EXPECT_TRUE(pool.TrySubmit(absl::InfiniteFuture(), [](Turn) {}));
  EXPECT_TRUE(pool.TrySubmit(absl::InfiniteFuture(), [](Turn) {}));
  EXPECT_EQ(pool.depth(), 2u);
  EXPECT_FALSE(pool.TrySubmit(absl::InfiniteFuture(), [](Turn) {}));
  release.Notify();
}

TEST(BoundedPoolTest, TellsWhatExpiredInTheQueue) {
  BoundedPool pool(1, 2);
  Turn past = Turn::kRun, future = Turn::kExpired;
  const absl::Time now = SystemClock().Now();
  ASSERT_TRUE(pool.TrySubmit(now - absl::Seconds(1), [&](Turn turn) { past = turn; }));
  ASSERT_TRUE(pool.TrySubmit(now + absl::Hours(1), [&](Turn turn) { future = turn; }));
  pool.Stop();
  EXPECT_EQ(past, Turn::kExpired);
  EXPECT_EQ(future, Turn::kRun);
}

TEST(BoundedPoolTest, RefusesAfterStop) {
  BoundedPool pool(1, 2);
  pool.Stop();
  pool.Stop();
  EXPECT_FALSE(pool.TrySubmit(absl::InfiniteFuture(), [](Turn) {}));
}

}  // namespace
}  // namespace kith
