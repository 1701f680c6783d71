#include "common/base/spelling.h"

#include <gtest/gtest.h>

namespace kith {
namespace {

TEST(LowerCaseTest, KnowsEveryScript) {
  EXPECT_EQ(LowerCase("Ada BYRON-1"), "ada byron-1");
  EXPECT_EQ(LowerCase("JÖRG ŁĄCKI"), "jörg łącki");
  EXPECT_EQ(LowerCase("ИВАН"), "иван");
  EXPECT_EQ(LowerCase(""), "");
}

TEST(LowerCaseTest, ComposesWhatIsWrittenInParts) {
  EXPECT_EQ(LowerCase("Jo\u0308rg"), "jörg");
  EXPECT_EQ(LowerCase("Ａｄａ"), "ada");  // full width
}

TEST(LowerCaseTest, DifferentLettersRemainSo) {
  EXPECT_NE(LowerCase("weiß"), LowerCase("weiss"));
  EXPECT_NE(LowerCase("jorg"), LowerCase("jörg"));
}

TEST(LowerCaseTest, LowersBytesThatAreNoTextAsAscii) {
  EXPECT_EQ(LowerCase("A\xff\xc3"), "a\xff\xc3");
}

TEST(AsciiDomainTest, IsTheNameThatDnsKnows) {
  EXPECT_EQ(AsciiDomain("Example.COM"), "example.com");
  EXPECT_EQ(AsciiDomain("Bücher.example"), "xn--bcher-kva.example");
  EXPECT_EQ(AsciiDomain("BÜCHER.EXAMPLE"), "xn--bcher-kva.example");
  EXPECT_EQ(AsciiDomain("bu\u0308cher.example"), "xn--bcher-kva.example");
  EXPECT_EQ(AsciiDomain("straße.example"), "xn--strae-oqa.example");
}

TEST(AsciiDomainTest, WhatIsNoDomainIsInLowerCaseOnly) {
  EXPECT_EQ(AsciiDomain("Ü\xff.Example"), "Ü\xff.example");
  EXPECT_EQ(AsciiDomain(std::string(300, 'A') + "ü"), std::string(300, 'a') + "ü");
  EXPECT_EQ(AsciiDomain(""), "");
}

}  // namespace
}  // namespace kith
