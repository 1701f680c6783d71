#include "services/retention/domain/log_rank.h"

#include <random>

#include "gtest/gtest.h"
#include "services/retention/domain/chi_square.h"
#include "tests/unit/retention/domain/reference_data.h"

namespace kith::retention {
namespace {

void ExpectResult(const LogRankResult& result, double chi_square, int degrees) {
  EXPECT_NEAR(result.chi_square, chi_square, chi_square * 1e-9);
  EXPECT_EQ(result.degrees_of_freedom, degrees);
  EXPECT_EQ(result.p_value, ChiSquareSurvival(result.chi_square, degrees));
}

TEST(LogRank, Leukaemia) {
  const Groups groups{AmlMaintained(), AmlNonmaintained()};
  ExpectResult(LogRank(groups), 3.396388699, 1);
  ExpectResult(LogRank(groups, 1), 2.779279545, 1);
}

TEST(LogRank, Freireich) {
  ExpectResult(LogRank({FreireichTreated(), FreireichPlacebo()}), 16.79294099, 1);
}

TEST(LogRank, LungBySex) {
  const LogRankResult result = LogRank(ToGroups(ReadGroups("lung.csv")));
  ExpectResult(result, 10.32674195, 1);
  EXPECT_NEAR(result.p_value, .00131116452, 1e-11);
}

TEST(LogRank, LungBySexInStrata) {
  std::vector<Groups> strata;
  for (const auto& [ecog, groups] : ReadStrata("lung.csv")) {
    if (!ecog.empty()) strata.push_back(ToGroups(groups));
  }
  ExpectResult(LogRank(strata), 10.79505963, 1);
}

TEST(LogRank, VeteranByCellType) {
  ExpectResult(LogRank(ToGroups(ReadGroups("veteran.csv"))), 25.40370035, 3);
}

TEST(LogRank, ColonDeathsByTreatment) {
  ExpectResult(LogRank(ToGroups(ReadGroups("colon_deaths.csv"))), 11.68309271, 2);
}

TEST(LogRank, ThreeAgainstThree) {
  const LogRankResult result =
      LogRank({MakeTenures({10, 20, 30}, {}), MakeTenures({10, 20, 50}, {})});
  EXPECT_NEAR(result.chi_square, .254237, 1e-6);
}

TEST(LogRank, AGroupWithoutExpectationChangesNothing) {
  const Groups two{AmlMaintained(), AmlNonmaintained()};
  const LogRankResult expected = LogRank(two);
  for (const Tenures& bystander : {Tenures(), MakeTenures({}, {0, 1, 4})}) {
    for (const Groups& three :
         {Groups{bystander, two[0], two[1]}, Groups{two[0], bystander, two[1]},
          Groups{two[0], two[1], bystander}}) {
      ExpectResult(LogRank(three), expected.chi_square, 1);
    }
  }
}

TEST(LogRank, OrderOfGroupsDoesNotMatter) {
  Groups groups = ToGroups(ReadGroups("veteran.csv"));
  std::sort(groups.begin(), groups.end(), [](const Tenures& a, const Tenures& b) {
    return Totals(a).customers < Totals(b).customers;
  });
  ExpectResult(LogRank(groups), 25.40370035, 3);
}

TEST(LogRank, NothingToCompare) {
  for (const Groups& groups : {Groups{}, Groups{AmlMaintained()},
                               Groups{MakeTenures({}, {3}), MakeTenures({}, {5})}}) {
    const LogRankResult result = LogRank(groups);
    EXPECT_EQ(result.chi_square, 0);
    EXPECT_EQ(result.degrees_of_freedom, 0);
    EXPECT_EQ(result.p_value, 1);
  }
}

TEST(LogRank, OneCustomerEachHasNoSpread) {
  // The only event with two at risk decides alone; the last has nobody to compare with.
  const LogRankResult result = LogRank({MakeTenures({1}, {}), MakeTenures({2}, {})});
  EXPECT_NEAR(result.chi_square, 1, 1e-12);
  EXPECT_EQ(result.degrees_of_freedom, 1);
}

TEST(LogRank, AllLeaveAtOnce) {
  const LogRankResult result = LogRank({MakeTenures({1, 1}, {}), MakeTenures({1}, {})});
  EXPECT_EQ(result.chi_square, 0) << "no variance, no difference";
  EXPECT_EQ(result.p_value, 1);
}

}  // namespace
}  // namespace kith::retention
