#include "services/retention/consumers/referral_handler.h"

#include "common/base/error.h"
#include "services/retention/app/lookups.h"
#include "tests/support/test_database.h"
#include "tests/unit/retention/app/fixture.h"

namespace kith::retention::consumers {
namespace {

using app::kProgram;
using app::TestNoon;

class ReferralHandlerTest : public app::AppTest {
 protected:
  Customer Get(const std::string& id) {
    auto found = app::GetCustomer(database(), kProgram, id, test::Soon());
    EXPECT_TRUE(found.ok()) << found.status();
    return found->customer;
  }
};

TEST_P(ReferralHandlerTest, AnAttributionMakesProgramAndCustomerKnown) {
  ASSERT_TRUE(Attribute("c1", "referral", "adv-1", TestNoon()).ok());
  const Customer customer = Get("c1");
  EXPECT_EQ(customer.channel, "referral");
  EXPECT_EQ(customer.referrer_id, "adv-1");
  EXPECT_EQ(customer.signup_time, TestNoon());
  EXPECT_EQ(customer.events, 0);
  const auto summary = app::GetProgramSummary(database(), kProgram, test::Soon());
  EXPECT_EQ(summary->counts.channels.at("referral").customers, 1);
  EXPECT_EQ(summary->counts.events, 0);
}

TEST_P(ReferralHandlerTest, BothOrdersMakeTheSameCustomer) {
  ASSERT_TRUE(Attribute("c1", "referral", "adv-1", TestNoon()).ok());
  const absl::Time signup = TestNoon() - absl::Hours(1);
  MustRecord({app::MakeSignup("s1", "c1", signup, "paid"),
              app::MakeSignup("s2", "c2", signup, "paid")});
  ASSERT_TRUE(Attribute("c2", "referral", "adv-1", TestNoon()).ok());
  for (const std::string id : {"c1", "c2"}) {
    EXPECT_EQ(Get(id).channel, "referral") << id;
    EXPECT_EQ(Get(id).signup_time, signup) << id;
  }
}

TEST_P(ReferralHandlerTest, AChangedJudgementMovesTheCustomer) {
  ASSERT_TRUE(Attribute("c1", "organic", "", TestNoon()).ok());
  ASSERT_TRUE(Attribute("c1", "referral", "adv-2", TestNoon()).ok());
  const auto summary = app::GetProgramSummary(database(), kProgram, test::Soon());
  EXPECT_EQ(summary->counts.channels.size(), 1u);
  EXPECT_EQ(summary->counts.channels.at("referral").customers, 1);
}

TEST_P(ReferralHandlerTest, AWithdrawnAttributionLeavesTheChannelOfTheSignup) {
  const absl::Time signup = TestNoon() - absl::Hours(1);
  ASSERT_TRUE(Attribute("c1", "referral", "adv-1", signup).ok());
  MustRecord({app::MakeSignup("s1", "c1", signup, "paid")});
  for (const std::string id : {"c1", "c2"}) {
    ASSERT_TRUE(Attribute(id, "referral", "adv-1", signup).ok());
    ASSERT_EQ(Get(id).channel, "referral");
    // As often as it is told.
    ASSERT_TRUE(Attribute(id, "organic", "", signup).ok());
    ASSERT_TRUE(Attribute(id, "organic", "", signup).ok());
    EXPECT_EQ(Get(id).channel, id == "c1" ? "paid" : "organic");
    EXPECT_EQ(Get(id).referrer_id, "");
    EXPECT_EQ(Get(id).signup_time, signup);
  }
  // The signup event may come behind the withdrawal.
  MustRecord({app::MakeSignup("s2", "c2", signup, "partner")});
  EXPECT_EQ(Get("c2").channel, "partner");
  const auto summary = app::GetProgramSummary(database(), kProgram, test::Soon());
  EXPECT_EQ(summary->counts.channels.size(), 2u);
  EXPECT_EQ(summary->counts.channels.at("paid").customers, 1);
  EXPECT_EQ(summary->counts.channels.at("partner").customers, 1);
  // A person credits the advocate after all.
  ASSERT_TRUE(Attribute("c1", "referral", "adv-1", signup).ok());
  EXPECT_EQ(Get("c1").channel, "referral");
}

TEST_P(ReferralHandlerTest, TheSameFactAgainChangesNothing) {
  ASSERT_TRUE(Attribute("c1", "referral", "adv-1", TestNoon()).ok());
  const Customer before = Get("c1");
  ASSERT_TRUE(Attribute("c1", "referral", "adv-1", TestNoon()).ok());
  EXPECT_TRUE(Get("c1") == before);
  EXPECT_TRUE(Facts().empty());
}

TEST_P(ReferralHandlerTest, OtherFactsAndSourcesArePassedOver) {
  events::v1::Fact fact;
  fact.mutable_reward_created()->set_reward_id("r1");
  EXPECT_TRUE(Feed(fact).ok());
  EXPECT_TRUE(Feed(events::v1::Fact()).ok()) << "a fact newer than this schema";
  fact.mutable_signup_attributed()->set_customer_id("c1");
  EXPECT_TRUE(Feed(fact, "advocacy").ok());
  EXPECT_EQ(
      GetErrorReason(app::GetCustomer(database(), kProgram, "c1", test::Soon()).status()),
      "PROGRAM_NOT_FOUND");
}

TEST_P(ReferralHandlerTest, AFactWithoutACustomerIsRefused) {
  events::v1::Fact fact;
  fact.mutable_signup_attributed()->set_channel("referral");
  EXPECT_EQ(GetErrorReason(Feed(fact)), "UNREADABLE_FACT");
}

INSTANTIATE_TEST_SUITE_P(Stores, ReferralHandlerTest, testing::ValuesIn(test::Backends()),
                         app::StoreName);

}  // namespace
}  // namespace kith::retention::consumers
