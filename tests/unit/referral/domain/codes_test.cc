#include "services/referral/domain/codes.h"

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "gtest/gtest.h"

namespace kith::referral::domain {
namespace {

TEST(CodesTest, AreTheSameEveryTimeAndWellFormed) {
  const std::string code = MakeCode("acme", "ada", 0);
  EXPECT_EQ(code, MakeCode("acme", "ada", 0));
  EXPECT_EQ(code.size(), 8u);
  EXPECT_TRUE(IsWellFormedCode(code));
}

TEST(CodesTest, DifferByProgramAdvocateAndSalt) {
  const std::set<std::string> codes = {MakeCode("acme", "ada", 0), MakeCode("acme", "bob", 0),
                                       MakeCode("emca", "ada", 0), MakeCode("acme", "ada", 1)};
  EXPECT_EQ(codes.size(), 4u);
}

TEST(CodesTest, HaveNoLookAlikes) {
  for (const char c : {'O', 'I', 'L', 'S', 'U', '-', ' '}) {
    EXPECT_EQ(kCodeAlphabet.find(c), absl::string_view::npos) << c;
  }
}

TEST(CodesTest, RarelyMeet) {
  std::set<std::string> codes;
  for (int i = 0; i < 10000; ++i) codes.insert(MakeCode("acme", absl::StrCat("a", i), 0));
  EXPECT_EQ(codes.size(), 10000u);
}

TEST(CodesTest, NoSingleWrongCharacterIsACode) {
  for (int i = 0; i < 50; ++i) {
    const std::string code = MakeCode("acme", absl::StrCat("a", i), 0);
    for (size_t place = 0; place < code.size(); ++place) {
      for (const char c : kCodeAlphabet) {
        std::string wrong = code;
        wrong[place] = c;
        EXPECT_EQ(IsWellFormedCode(wrong), wrong == code) << code << " " << wrong;
      }
    }
  }
}

TEST(CodesTest, NoSwapOfNeighboursIsACode) {
  for (int i = 0; i < 1000; ++i) {
    const std::string code = MakeCode("acme", absl::StrCat("a", i), 0);
    for (size_t place = 0; place + 1 < code.size(); ++place) {
      std::string wrong = code;
      std::swap(wrong[place], wrong[place + 1]);
      EXPECT_EQ(IsWellFormedCode(wrong), wrong == code) << code << " " << wrong;
    }
  }
}

TEST(CodesTest, AreFoundHoweverTheyAreTyped) {
  EXPECT_EQ(NormalizeCode("ab12-cd34"), "AB12CD34");
  EXPECT_EQ(NormalizeCode(" AB 12 CD 34 "), "AB12CD34");
  EXPECT_EQ(NormalizeCode("OoIlLsSuU"),
            "001115"
            "5VV");
  const std::string code = MakeCode("acme", "ada", 0);
  EXPECT_EQ(NormalizeCode(code), code);
}

TEST(CodesTest, OtherLengthsAndCharactersAreNoCodes) {
  EXPECT_FALSE(IsWellFormedCode(""));
  EXPECT_FALSE(IsWellFormedCode("0000000"));
  EXPECT_TRUE(IsWellFormedCode("00000000"));
  EXPECT_FALSE(IsWellFormedCode("000000000"));
  EXPECT_FALSE(IsWellFormedCode("0000000!"));
}

TEST(CodesTest, OfCampaignsAreTheirOwn) {
  const std::set<std::string> owners = {"ada", CampaignCodeOwner("ada", "spring"),
                                        CampaignCodeOwner("ada", "summer"),
                                        CampaignCodeOwner("bob", "spring")};
  std::set<std::string> codes;
  for (const std::string& owner : owners) codes.insert(MakeCode("acme", owner, 0));
  EXPECT_EQ(codes.size(), 4u);
}

TEST(CodesTest, VanityCodesAreShortWordsThatNoAdvocateCanGet) {
  EXPECT_TRUE(CheckVanityCode("ADA5").ok());
  EXPECT_TRUE(CheckVanityCode(std::string(20, 'A')).ok());
  for (const std::string& bad :
       {std::string("ADA"), std::string(21, 'A'), std::string("ADA_X"), std::string(""),
        std::string("\xC3\x84"
                    "DAMS"),
        MakeCode("acme", "ada", 0)}) {
    EXPECT_EQ(GetErrorReason(CheckVanityCode(bad)), "INVALID_FIELD") << bad;
  }
}

}  // namespace
}  // namespace kith::referral::domain
