#include "services/referral/domain/email.h"

#include "common/base/ids.h"
#include "gtest/gtest.h"

namespace kith::referral::domain {
namespace {

TEST(EmailTest, SpellingsOfOneMailboxAreEqual) {
  EXPECT_EQ(NormalizeEmail("Ada.Byron@Example.COM"), "ada.byron@example.com");
  EXPECT_EQ(NormalizeEmail("ada+kith@example.com"), "ada@example.com");
  EXPECT_EQ(NormalizeEmail(" ada@example.com\n"), "ada@example.com");
  EXPECT_EQ(NormalizeEmail("a.d.a+x@gmail.com"), "ada@gmail.com");
  EXPECT_EQ(NormalizeEmail("a.da@GoogleMail.com"), "ada@gmail.com");
}

TEST(EmailTest, CaseAndCompositionDoNotMatterInAnyScript) {
  EXPECT_EQ(NormalizeEmail("JÖRG@example.com"), "jörg@example.com");
  EXPECT_EQ(NormalizeEmail("jo\u0308rg@example.com"), "jörg@example.com");
  EXPECT_EQ(NormalizeEmail("ИВАН@example.com"), "иван@example.com");
}

TEST(EmailTest, ADomainIsOneInEachOfItsForms) {
  EXPECT_EQ(NormalizeEmail("max@Bücher.example"), "max@xn--bcher-kva.example");
  EXPECT_EQ(NormalizeEmail("max@XN--BCHER-KVA.example"), "max@xn--bcher-kva.example");
  EXPECT_EQ(NormalizeEmail("max@straße.example"), "max@xn--strae-oqa.example");
}

TEST(EmailTest, WhatIsNoTextIsComparedAsItIs) {
  EXPECT_EQ(NormalizeEmail("A\xff@example.com"), "a\xff@example.com");
}

TEST(EmailTest, DotsCountOutsideGmail) {
  EXPECT_NE(NormalizeEmail("a.da@example.com"), NormalizeEmail("ada@example.com"));
}

TEST(EmailTest, ANameThatBeginsWithPlusStays) {
  EXPECT_EQ(NormalizeEmail("+ada@example.com"), "+ada@example.com");
}

TEST(EmailTest, TheHashIsKeyed) {
  const std::string hash = HashEmail("key", "Ada+1@example.com");
  EXPECT_EQ(hash, HmacSha256("key", "ada@example.com"));
  EXPECT_EQ(hash.size(), 32u);
  EXPECT_NE(hash, HashEmail("another key", "ada@example.com"));
}

TEST(EmailTest, NoAddressHasNoHash) { EXPECT_EQ(HashEmail("key", ""), ""); }

}  // namespace
}  // namespace kith::referral::domain
