#include "services/referral/domain/conversion.h"

#include "common/base/error.h"
#include "gtest/gtest.h"

namespace kith::referral::domain {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1700000000);

class JudgeConversionTest : public ::testing::Test {
 protected:
  JudgeConversionTest() {
    version_.version = 3;
    version_.program.currency = "EUR";
    referral_.referral_id = "r1";
    referral_.referee_id = "carl";
    customer_.customer_id = "carl";
    report_.conversion_id = "order-1";
    report_.conversion_time = kNow;
    report_.amount = Money{1999, "EUR"};
    context_.version = &version_;
    context_.now = kNow;
  }
  absl::StatusOr<Conversion> Judge() const {
    return JudgeConversion("acme", report_, context_);
  }
  std::string Reason() const { return GetErrorReason(Judge().status()); }

  ProgramVersion version_;
  Referral referral_;
  Customer customer_;
  ConversionReport report_;
  ConversionContext context_;
};

TEST_F(JudgeConversionTest, OfAnUnknownCustomerWaits) {
  report_.customer_id = "carl";
  const Conversion conversion = *Judge();
  EXPECT_EQ(conversion.customer_id, "carl");
  EXPECT_EQ(conversion.referral_id, "");
  EXPECT_EQ(conversion.amount_minor, 1999);
  EXPECT_EQ(conversion.currency, "EUR");
  EXPECT_EQ(conversion.program_version, 3);
}

TEST_F(JudgeConversionTest, OfAnAttributedCustomerCountsForTheReferral) {
  report_.customer_id = "carl";
  customer_.judgement.referral_id = "signup:carl";
  context_.customer = &customer_;
  EXPECT_EQ(Judge()->referral_id, "signup:carl");
}

TEST_F(JudgeConversionTest, OfALeadCountsBeforeTheSignup) {
  report_.referral_id = "r1";
  context_.referral = &referral_;
  EXPECT_EQ(Judge()->referral_id, "r1");
  EXPECT_EQ(Judge()->customer_id, "carl");
}

TEST_F(JudgeConversionTest, WhatWasBeforeTheSignupCountsForNoReferral) {
  report_.customer_id = "carl";
  customer_.judgement.referral_id = "signup:carl";
  customer_.signup_time = kNow + absl::Microseconds(1);
  context_.customer = &customer_;
  EXPECT_EQ(Judge()->referral_id, "");
  EXPECT_EQ(Judge()->customer_id, "carl");
  EXPECT_EQ(WhyUncounted(*Judge(), &customer_), "BEFORE_SIGNUP");
  EXPECT_EQ(WhyUncounted(*Judge(), nullptr), "UNKNOWN_CUSTOMER");
  customer_.signup_time = kNow;  // at one instant the signup was first
  EXPECT_EQ(Judge()->referral_id, "signup:carl");
  customer_.judgement.referral_id.clear();
  EXPECT_EQ(WhyUncounted(*Judge(), &customer_), "NOT_ATTRIBUTED");
}

TEST_F(JudgeConversionTest, WithoutATimeItIsNotBeforeWhatIsKnown) {
  report_.customer_id = "carl";
  report_.conversion_time.reset();
  customer_.judgement.referral_id = "signup:carl";
  customer_.signup_time = kNow + absl::Seconds(1);  // by another replica's clock
  context_.customer = &customer_;
  EXPECT_EQ(Judge()->referral_id, "signup:carl");
  EXPECT_EQ(Judge()->conversion_time, kNow + absl::Seconds(1));
  customer_.signup_time = kNow - absl::Seconds(1);
  EXPECT_EQ(Judge()->conversion_time, kNow);
}

TEST_F(JudgeConversionTest, OneThatNamesItsReferralMayBeBeforeTheSignupButNotBeforeThat) {
  report_.customer_id = "carl";
  report_.referral_id = "r1";
  customer_.judgement.referral_id = "r1";
  customer_.signup_time = kNow + absl::Hours(1);
  context_.customer = &customer_;
  context_.referral = &referral_;
  referral_.submitted_time = kNow;
  EXPECT_EQ(Judge()->referral_id, "r1");
  referral_.submitted_time = kNow + absl::Microseconds(1);
  EXPECT_EQ(Reason(), "BEFORE_REFERRAL");
  EXPECT_EQ(GetErrorDetails(Judge().status())->fields.at(0).field, "conversion_time");
}

TEST_F(JudgeConversionTest, NeedsAReferralThatExists) {
  EXPECT_EQ(Reason(), "UNKNOWN_REFERRAL");
  report_.referral_id = "r1";
  EXPECT_EQ(Reason(), "UNKNOWN_REFERRAL");
}

TEST_F(JudgeConversionTest, CustomerAndReferralMustBelongTogether) {
  report_.referral_id = "r1";
  report_.customer_id = "dora";
  context_.referral = &referral_;
  EXPECT_EQ(Reason(), "CUSTOMER_MISMATCH");
  report_.customer_id = "carl";
  EXPECT_EQ(Reason(), "");
  context_.customer = &customer_;
  EXPECT_EQ(Reason(), "CUSTOMER_MISMATCH");
  customer_.judgement.referral_id = "r2";
  EXPECT_EQ(Reason(), "CUSTOMER_MISMATCH");
  customer_.judgement.referral_id = "r1";
  EXPECT_EQ(Reason(), "");
}

TEST_F(JudgeConversionTest, AnAmountBelowZeroIsNoConversion) {
  report_.customer_id = "carl";
  report_.amount->minor = -1;
  EXPECT_EQ(Reason(), "AMOUNT_NEGATIVE");
  report_.amount->minor = 0;
  EXPECT_EQ(Reason(), "");
}

TEST_F(JudgeConversionTest, TheCurrencyIsTheProgramsOfThatTime) {
  report_.customer_id = "carl";
  report_.amount->currency = "USD";
  EXPECT_EQ(Reason(), "CURRENCY_MISMATCH");
  context_.version = nullptr;
  EXPECT_EQ(Judge()->program_version, 0);
  report_.amount.reset();
  context_.version = &version_;
  EXPECT_EQ(Judge()->amount_minor, std::nullopt);
}

TEST_F(JudgeConversionTest, IsNotOfTheFuture) {
  report_.customer_id = "carl";
  report_.conversion_time = kNow + absl::Hours(25);
  EXPECT_EQ(Reason(), "TIME_IN_FUTURE");
}

TEST_F(JudgeConversionTest, SameContentIsWhatTheCallerGave) {
  report_.referral_id = "r1";
  context_.referral = &referral_;
  const Conversion stored = *Judge();
  EXPECT_TRUE(SameContent(report_, stored));
  ConversionReport other = report_;
  other.conversion_time.reset();
  EXPECT_TRUE(SameContent(other, stored));
  other.amount.reset();
  EXPECT_FALSE(SameContent(other, stored));
  other = report_;
  other.customer_id = "carl";
  EXPECT_FALSE(SameContent(other, stored));
  other = report_;
  other.event = "app_installed";
  EXPECT_FALSE(SameContent(other, stored));
  other = report_;
  other.annual_minor = 0;
  EXPECT_FALSE(SameContent(other, stored));
  other = report_;
  other.lines = {{"fee", 1}};
  EXPECT_FALSE(SameContent(other, stored));
  other = report_;
  other.attributes = {{"plan", "pro"}};
  EXPECT_FALSE(SameContent(other, stored));
}

TEST_F(JudgeConversionTest, IsASuccessByTheRulesOfItsTime) {
  report_.customer_id = "carl";
  EXPECT_TRUE(Judge()->success);
  version_.program.success.events = {"first_payment", "app_installed"};
  EXPECT_FALSE(Judge()->success);
  report_.event = "app_installed";
  EXPECT_TRUE(Judge()->success);
  EXPECT_EQ(Judge()->event, "app_installed");
  version_.program.success.min_amount_minor = 2000;
  EXPECT_FALSE(Judge()->success);
  report_.amount->minor = 2000;
  EXPECT_TRUE(Judge()->success);
  report_.amount.reset();
  EXPECT_FALSE(Judge()->success);
  version_.program.success.min_amount_minor = 0;
  EXPECT_TRUE(Judge()->success);
}

TEST_F(JudgeConversionTest, ACustomerFoundByAddressIsTheOneWhoConverted) {
  referral_.referee_id.clear();
  report_.referral_id = "r1";
  context_.referral = &referral_;
  context_.customer = &customer_;
  EXPECT_EQ(Reason(), "CUSTOMER_MISMATCH");  // attributed to somebody else
  customer_.judgement.referral_id = "r1";
  EXPECT_EQ(Judge()->customer_id, "carl");
}

TEST(CustomerByAddressTest, PrefersTheOneAttributedToTheLeadThenTheFirst) {
  Referral lead;
  lead.referral_id = "r1";
  Customer a, b, c;
  a.customer_id = "a";
  a.signup_time = kNow;
  b.customer_id = "b";
  b.signup_time = kNow - absl::Hours(1);
  c.customer_id = "c";
  c.signup_time = kNow + absl::Hours(1);
  EXPECT_EQ(CustomerByAddress(lead, {}), nullptr);
  EXPECT_EQ(CustomerByAddress(lead, {&a, &b, &c}), &b);
  c.judgement.referral_id = "r1";
  EXPECT_EQ(CustomerByAddress(lead, {&a, &b, &c}), &c);
}

Conversion At(std::string id, int64_t second, bool reversed = false) {
  Conversion conversion;
  conversion.conversion_id = std::move(id);
  conversion.conversion_time = absl::FromUnixSeconds(second);
  if (reversed) conversion.reversal_time = kNow;
  return conversion;
}

TEST(NextLiveTest, IsTheEarliestThatIsNotReversed) {
  const Conversion a = At("a", 5), b = At("b", 4), c = At("c", 4), d = At("d", 1, true);
  EXPECT_EQ(NextLive({}), nullptr);
  EXPECT_EQ(NextLive({&d}), nullptr);
  EXPECT_EQ(NextLive({&a, &c, &d, &b}), &b);
  EXPECT_EQ(NextLive({&a, &c}), &c);
}

TEST(NextLiveTest, IsASuccess) {
  Conversion small = At("a", 1);
  small.success = false;
  const std::vector<Conversion> open = {At("c", 3), small, At("b", 2)};
  EXPECT_EQ(NextLiveOf(open), &open[2]);
}

}  // namespace
}  // namespace kith::referral::domain
