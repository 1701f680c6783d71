#include "services/referral/domain/credit.h"

#include <cmath>
#include <numeric>
#include <ostream>
#include <random>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::referral::domain {

void PrintTo(const CreditShare& share, std::ostream* out) {
  *out << share.advocate_id << " " << share.basis_points << " " << share.amount_minor << " "
       << share.points;
}

namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const absl::Time kSignup = absl::FromUnixSeconds(1700000000);
constexpr absl::Duration kDay = absl::Hours(24);
const absl::Duration kWeek = 7 * kDay;

// Points of these advocates, a day apart, the last one at the signup.
std::vector<CreditPoint> Points(const std::vector<std::string>& advocates) {
  std::vector<CreditPoint> points;
  for (size_t i = 0; i < advocates.size(); ++i) {
    points.push_back({advocates[i], kSignup - (advocates.size() - 1 - i) * kDay});
  }
  return points;
}

std::vector<CreditShare> Divide(const std::vector<std::string>& advocates, CreditModel model,
                                int64_t amount = 0) {
  return DivideCredit(Points(advocates), model, kWeek, amount);
}

TEST(CreditTest, NobodyGetsNothing) {
  EXPECT_THAT(Divide({}, CreditModel::kLinear, 100), IsEmpty());
}

TEST(CreditTest, LinearGivesEachPointTheSame) {
  EXPECT_THAT(Divide({"ada", "bob", "eve"}, CreditModel::kLinear, 100),
              ElementsAre(CreditShare{"ada", 3334, 34, 1}, CreditShare{"bob", 3333, 33, 1},
                          CreditShare{"eve", 3333, 33, 1}));
  EXPECT_THAT(Divide({"ada", "bob", "ada"}, CreditModel::kLinear, 100),
              ElementsAre(CreditShare{"ada", 6667, 67, 2}, CreditShare{"bob", 3333, 33, 1}));
}

TEST(CreditTest, UShapedGivesTheEndsMost) {
  const auto u = CreditModel::kUShaped;
  EXPECT_THAT(Divide({"ada"}, u, 7), ElementsAre(CreditShare{"ada", 10000, 7, 1}));
  EXPECT_THAT(Divide({"ada", "bob"}, u, 7),
              ElementsAre(CreditShare{"ada", 5000, 4, 1}, CreditShare{"bob", 5000, 3, 1}));
  EXPECT_THAT(Divide({"ada", "bob", "eve"}, u, 1000),
              ElementsAre(CreditShare{"ada", 4000, 400, 1}, CreditShare{"eve", 4000, 400, 1},
                          CreditShare{"bob", 2000, 200, 1}));
  EXPECT_THAT(Divide({"ada", "bob", "fay", "eve"}, u, 1000),
              ElementsAre(CreditShare{"ada", 4000, 400, 1}, CreditShare{"eve", 4000, 400, 1},
                          CreditShare{"bob", 1000, 100, 1}, CreditShare{"fay", 1000, 100, 1}));
}

TEST(CreditTest, TimeDecayHalvesWithEachHalfLife) {
  const std::vector<CreditPoint> points = {
      {"ada", kSignup - 2 * kWeek}, {"bob", kSignup - kWeek}, {"eve", kSignup}};
  // 1 : 2 : 4.
  EXPECT_THAT(DivideCredit(points, CreditModel::kTimeDecay, kWeek, 700),
              ElementsAre(CreditShare{"eve", 5714, 400, 1}, CreditShare{"bob", 2857, 200, 1},
                          CreditShare{"ada", 1429, 100, 1}));
}

TEST(CreditTest, TimeDecayIsAboutProportionsHoweverOldAllIs) {
  const std::vector<CreditPoint> points = {{"ada", kSignup - 5001 * kWeek},
                                           {"bob", kSignup - 5000 * kWeek}};
  EXPECT_THAT(DivideCredit(points, CreditModel::kTimeDecay, kWeek, 0),
              ElementsAre(CreditShare{"bob", 6667, 0, 1}, CreditShare{"ada", 3333, 0, 1}));
  // What is far older gets nothing, and is still listed.
  const std::vector<CreditPoint> far = {{"ada", kSignup - 5000 * kWeek}, {"bob", kSignup}};
  EXPECT_THAT(DivideCredit(far, CreditModel::kTimeDecay, kWeek, 9),
              ElementsAre(CreditShare{"bob", 10000, 9, 1}, CreditShare{"ada", 0, 0, 1}));
}

TEST(CreditTest, SharesAlwaysSumToTheWhole) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const std::string names[] = {"ada", "bob", "eve", "fay", "gus"};
  for (int round = 0; round < 500; ++round) {
    std::vector<std::string> advocates;
    for (uint32_t n = random() % 40 + 1; n > 0; --n) advocates.push_back(names[random() % 5]);
    const int64_t amount = static_cast<int64_t>(random()) * 200;
    for (const auto model :
         {CreditModel::kLinear, CreditModel::kUShaped, CreditModel::kTimeDecay}) {
      int64_t basis_points = 0, minor = 0, points = 0;
      for (const CreditShare& share : Divide(advocates, model, amount)) {
        basis_points += share.basis_points;
        minor += share.amount_minor;
        points += share.points;
        EXPECT_GE(share.basis_points, 0);
      }
      EXPECT_EQ(basis_points, 10000);
      EXPECT_EQ(minor, amount);
      EXPECT_EQ(points, static_cast<int64_t>(advocates.size()));
    }
  }
}

Candidate CandidateFor(EvidenceKind kind, std::string advocate, absl::Duration age,
                       std::string rejection = "") {
  Candidate candidate;
  candidate.evidence.kind = kind;
  candidate.evidence.advocate_id = std::move(advocate);
  candidate.evidence.time = kSignup - age;
  candidate.rejection = std::move(rejection);
  return candidate;
}

class CreditPointsTest : public ::testing::Test {
 protected:
  CreditPointsTest() {
    customer_.signup_time = kSignup;
    customer_.judgement = {EvidenceKind::kTouch, "ada", "signup:carl", {}};
    weighed_.candidates = {CandidateFor(EvidenceKind::kLead, "eve", 3 * kDay, "OUT_OF_WINDOW"),
                           CandidateFor(EvidenceKind::kTouch, "ada", kDay),
                           CandidateFor(EvidenceKind::kTouch, "bob", 2 * kDay, "OUTRANKED"),
                           CandidateFor(EvidenceKind::kTouch, "fay", kDay, "CODE_RETIRED")};
  }
  Customer customer_;
  Weighed weighed_;
};

TEST_F(CreditPointsTest, AreWhatCouldHaveWonInOrderOfTime) {
  EXPECT_THAT(
      CreditPoints(customer_, weighed_),
      ElementsAre(CreditPoint{"bob", kSignup - 2 * kDay}, CreditPoint{"ada", kSignup - kDay}));
}

TEST_F(CreditPointsTest, AreTheWinnersWhenNoneLedToTheWinner) {
  customer_.judgement.evidence = EvidenceKind::kCode;
  customer_.judgement.advocate_id = "gus";
  EXPECT_THAT(CreditPoints(customer_, weighed_), ElementsAre(CreditPoint{"gus", kSignup}));
}

TEST_F(CreditPointsTest, AreWhomAPersonSaid) {
  customer_.judgement.evidence = EvidenceKind::kOverride;
  EXPECT_THAT(CreditPoints(customer_, weighed_), ElementsAre(CreditPoint{"ada", kSignup}));
  customer_.judgement.advocate_id = "";
  EXPECT_THAT(CreditPoints(customer_, weighed_), IsEmpty());
}

}  // namespace
}  // namespace kith::referral::domain
