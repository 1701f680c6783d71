#include "clients/cli/patience.h"

#include "common/base/clock.h"
#include "gtest/gtest.h"

namespace kith::cli {
namespace {

TEST(PatienceTest, WithoutAnyNothingIsTriedAgain) {
  EXPECT_FALSE(Patience(absl::ZeroDuration()).Pause());
  EXPECT_FALSE(Patience(-absl::Seconds(1)).Pause(absl::Hours(1)));
}

TEST(PatienceTest, APauseEndsWithThePatience) {
  const absl::Time start = SystemClock().Now();
  Patience attempts(absl::Milliseconds(120));
  EXPECT_TRUE(attempts.Pause());                // 50 ms
  EXPECT_TRUE(attempts.Pause(absl::Hours(1)));  // what is left
  EXPECT_GE(SystemClock().Now() - start, absl::Milliseconds(120));
  EXPECT_FALSE(attempts.Pause());
}

TEST(PatienceTest, ServicesMayAskForMore) {
  const absl::Time start = SystemClock().Now();
  Patience attempts(absl::Hours(1));
  EXPECT_TRUE(attempts.Pause(absl::Milliseconds(80)));
  EXPECT_GE(SystemClock().Now() - start, absl::Milliseconds(80));
}

}  // namespace
}  // namespace kith::cli
