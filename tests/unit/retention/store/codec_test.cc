#include "services/retention/store/codec.h"

#include "gtest/gtest.h"
#include "services/retention/store/tables.h"

namespace kith::retention::store {
namespace {

absl::Time At(int64_t seconds) { return absl::FromUnixSeconds(seconds); }

TEST(Codec, ErasSurviveTheStore) {
  const AhaEras eras{{1, At(-5), AhaRule{"login", 3, absl::Hours(48)}},
                     {4, At(100), std::nullopt},
                     {7, At(200), AhaRule{"export.csv", 1000, std::nullopt}}};
  EXPECT_EQ(DecodeEras(EncodeEras(eras)), eras);
  EXPECT_EQ(EncodeEras({}), "");
  EXPECT_TRUE(DecodeEras("").empty());
}

TEST(Codec, ProgressSurvivesTheStore) {
  const AhaProgress progress{{1, {At(-7), At(3) + absl::Microseconds(1)}}, {4, {At(9)}}};
  EXPECT_EQ(DecodeProgress(EncodeProgress(progress)), progress);
  EXPECT_EQ(EncodeProgress({}), "");
  EXPECT_TRUE(DecodeProgress("").empty());
}

}  // namespace
}  // namespace kith::retention::store
