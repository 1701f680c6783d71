#include "common/rpc/text_rules.h"

#include <string>

#include "gtest/gtest.h"

namespace kith::rpc {
namespace {

using namespace kith::type::v1;

TEST(TextRulesTest, Ids) {
  for (const char* good : {"a", "A-1_b.c:d/e", "~!"}) EXPECT_TRUE(HasForm(PATTERN_ID, good));
  for (const char* bad : {"a b", "ä", "a\n", "\x7f"}) EXPECT_FALSE(HasForm(PATTERN_ID, bad));
}

TEST(TextRulesTest, WhatWouldHaveTheFormIsSuggested) {
  EXPECT_EQ(SuggestForm(PATTERN_NAME, "Paid Search"), "; 'paid-search' would do");
  EXPECT_EQ(SuggestForm(PATTERN_NAME, "  E-Mail (weekly) "), "; 'e-mail-weekly' would do");
  EXPECT_EQ(SuggestForm(PATTERN_CURRENCY, "usd"), "; 'USD' would do");
  for (const char* hopeless : {"2024 sale", "Caf\u00e9", "!", " "}) {
    EXPECT_EQ(SuggestForm(PATTERN_NAME, hopeless), "") << hopeless;
  }
  EXPECT_EQ(SuggestForm(PATTERN_CURRENCY, "dollar"), "");
  EXPECT_EQ(SuggestForm(PATTERN_ID, "two words"), "");
}

TEST(TextRulesTest, Currencies) {
  EXPECT_TRUE(HasForm(PATTERN_CURRENCY, "EUR"));
  for (const char* bad : {"EU", "EURO", "eur", "EU1", "XXQ", "XXX", "XTS", "ABC"}) {
    EXPECT_FALSE(HasForm(PATTERN_CURRENCY, bad)) << bad;
  }
}

TEST(TextRulesTest, Names) {
  for (const char* good : {"a", "first_payment", "plan-2.pro"}) {
    EXPECT_TRUE(HasForm(PATTERN_NAME, good)) << good;
  }
  for (const char* bad : {"A", "1a", "_a", "a b", "ä"}) {
    EXPECT_FALSE(HasForm(PATTERN_NAME, bad)) << bad;
  }
}

TEST(TextRulesTest, MailAddresses) {
  for (const char* good : {"a@b.co", "first.last+tag@mail.example.org", "jörg@exämple.de"}) {
    EXPECT_TRUE(HasForm(PATTERN_EMAIL, good)) << good;
  }
  const std::string long_local = std::string(65, 'a') + "@b.co";
  for (const char* bad : {"a", "@b.co", "a@b", "a@b..co", "a@.co", "a@b.", "a@b@c.de",
                          "a b@c.de", "a@b .de", "<a@b.de>", "a@-b.de", long_local.c_str()}) {
    EXPECT_FALSE(HasForm(PATTERN_EMAIL, bad)) << bad;
  }
}

TEST(TextRulesTest, TimeZones) {
  for (const char* good : {"UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires"}) {
    EXPECT_TRUE(HasForm(PATTERN_TIME_ZONE, good)) << good;
    EXPECT_TRUE(HasForm(PATTERN_TIME_ZONE, good)) << good;
  }
  for (const char* bad : {"Europe/Nowhere", "Europe", "localtime", "/etc/localtime",
                          "../zoneinfo/UTC", "file:UTC", "zone.tab", "UTC+1"}) {
    EXPECT_FALSE(HasForm(PATTERN_TIME_ZONE, bad)) << bad;
  }
}

}  // namespace
}  // namespace kith::rpc
