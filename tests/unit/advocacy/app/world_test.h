// Tests of the application that run on every backend.
#ifndef KITH_TESTS_UNIT_ADVOCACY_APP_WORLD_TEST_H_
#define KITH_TESTS_UNIT_ADVOCACY_APP_WORLD_TEST_H_

#include <string>

#include "gtest/gtest.h"
#include "tests/support/test_database.h"
#include "tests/unit/advocacy/app/world.h"

namespace kith::advocacy {

class WorldTest : public ::testing::TestWithParam<std::string> {
 protected:
  static constexpr absl::Duration kDay = absl::Hours(24);
  WorldTest() : world_(GetParam()) {}
  absl::Time now() const { return world_.now(); }
  World world_;
};

inline std::string BackendName(const ::testing::TestParamInfo<std::string>& info) {
  return info.param;
}

}  // namespace kith::advocacy

#endif  // KITH_TESTS_UNIT_ADVOCACY_APP_WORLD_TEST_H_
