#include "services/referral/domain/planned_versions.h"

#include "common/base/error.h"
#include "gtest/gtest.h"

namespace kith::referral::domain {
namespace {

const absl::Time kJune = absl::FromUnixSeconds(1780000000);
constexpr absl::Duration kHour = absl::Hours(1);

ProgramVersion From(int64_t number, absl::Time time) {
  ProgramVersion version;
  version.version = number;
  version.effective_time = time;
  return version;
}

class PlannedVersionsTest : public ::testing::Test {
 protected:
  using Versions = std::vector<const ProgramVersion*>;
  using Numbers = std::vector<int64_t>;

  const ProgramVersion first_ = From(1, kJune);
  const ProgramVersion second_ = From(2, kJune + 2 * kHour);
  const ProgramVersion third_ = From(3, kJune + 4 * kHour);
  const Versions all_ = {&first_, &second_, &third_};
};

TEST_F(PlannedVersionsTest, TheFirstVersionHoldsSinceEver) {
  EXPECT_EQ(*TimeOfNext({}, std::nullopt, kJune), std::nullopt);
  EXPECT_EQ(*TimeOfNext({}, kJune + kHour, kJune), kJune + kHour);
}

TEST_F(PlannedVersionsTest, APlanIsNoBar) {
  EXPECT_EQ(*TimeOfNext(all_, std::nullopt, kJune), kJune);
  EXPECT_EQ(*TimeOfNext(all_, kJune + 3 * kHour, kJune), kJune + 3 * kHour);
  // Nor where nothing is in force yet.
  EXPECT_EQ(*TimeOfNext(all_, std::nullopt, kJune - kHour), kJune - kHour);
  EXPECT_EQ(*TimeOfNext(all_, kJune - 2 * kHour, kJune - kHour), kJune - 2 * kHour);
}

TEST_F(PlannedVersionsTest, WhatIsInForceIs) {
  const auto refused = TimeOfNext(all_, kJune + kHour, kJune + 3 * kHour);
  EXPECT_EQ(ToItemError(refused.status()).field, "program.effective_time");
  EXPECT_EQ(*TimeOfNext(all_, kJune + 2 * kHour, kJune + 3 * kHour), kJune + 2 * kHour);
}

TEST_F(PlannedVersionsTest, PlansForLaterAreWithdrawn) {
  EXPECT_EQ(WithdrawnBy(all_, kJune, kJune), (Numbers{2, 3}));
  EXPECT_EQ(WithdrawnBy(all_, kJune + 3 * kHour, kJune), (Numbers{3}));
  EXPECT_EQ(WithdrawnBy(all_, kJune, kJune + 2 * kHour), (Numbers{3})) << "2 holds by then";
  EXPECT_EQ(WithdrawnBy(all_, kJune + 4 * kHour, kJune), Numbers()) << "3 is corrected";
}

TEST_F(PlannedVersionsTest, APlanIsWithdrawnOnce) {
  const ProgramVersion mended = From(3, kJune + kHour);
  const Versions versions = {&first_, &second_, &mended};
  EXPECT_EQ(WithdrawnBy(versions, kJune, kJune), (Numbers{3}));
  EXPECT_EQ(WithdrawnBy(versions, kJune + kHour, kJune + kHour), Numbers());
}

}  // namespace
}  // namespace kith::referral::domain
