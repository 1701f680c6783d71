// Programmes that need more than one service: tiers that raise a commission, a reward for what
// the friend achieves, reminders.
#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "clients/cli/text/enum_name.h"
#include "clients/cli/text/parse.h"
#include "kith/advocacy/v1/advocacy.pb.h"
#include "kith/outreach/v1/outreach.pb.h"
#include "tests/scenario/referral_world.h"
#include "tests/support/test_database.h"

namespace kith::test {
namespace {

using cli::EnumText;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class SuiteTest : public ScenarioTest {
 protected:
  ReferralWorld& BeginSuite(const std::string& file) {
    return Begin(file, "2026-01-01T00:00:00Z", Cast::kWholeSuite);
  }
  std::string SignUpByCode(const std::string& friend_id) {
    const std::string judged = world_->SignUp(
        absl::StrCat("customer_id: '", friend_id, "' code: '", world_->CodeOf("ann"), "'"));
    world_->AwaitFeeds();
    return judged;
  }
  static std::string Payment(const std::string& customer, int dollars) {
    return absl::StrCat("conversion_id: 'p-", customer, "' customer_id: '", customer,
                        "' amount {amount_minor: ", dollars * 100, " currency: 'USD'}");
  }
  void Act(const std::string& id, const std::string& behaviour) {
    world_->Ask<kith::advocacy::v1::RecordActivitiesResponse>(
        kith::advocacy::v1::RecordActivitiesRequest(),
        absl::StrCat("activities {activity_id: '", id, "' advocate_id: 'ann' behaviour: '",
                     behaviour, "'}"));
    world_->AwaitFeeds();
  }
  // What a contact gets: `remind scheduled 2026-01-04`.
  Lines MessagesOf(const std::string& contact) {
    const auto response = world_->Ask<kith::outreach::v1::ExplainContactResponse>(
        kith::outreach::v1::ExplainContactRequest(), "contact_id: '" + contact + "'");
    Lines lines;
    for (const auto& message : response.messages()) {
      const absl::Time planned = cli::FromTimestamp(message.planned_time());
      lines.push_back(
          absl::StrCat(message.step_id(), " ", EnumText(message.state()), " ",
                       absl::FormatTime("%Y-%m-%d", planned, absl::UTCTimeZone())));
    }
    return lines;
  }
};

TEST_P(SuiteTest, ChampionsEarnAQuarterAndOthersAFifth) {
  BeginSuite("segmented.yaml").EnrolAll({"ann"});
  world_->AwaitFeeds();
  SignUpByCode("bob");
  EXPECT_EQ(world_->Convert(Payment("bob", 100)), "converted");
  EXPECT_THAT(world_->RewardsOf("ann"), ElementsAre("commission: 2000 USD held"));
  // A successful referral and talks make ann a champion: 75 + 3 * 200.
  for (const char* id : {"t1", "t2", "t3"}) Act(id, "speaking");
  SignUpByCode("cat");
  EXPECT_EQ(world_->Convert(Payment("cat", 100)), "converted");
  EXPECT_THAT(world_->RewardsOf("ann"),
              ElementsAre("commission: 2000 USD held", "commission: 2500 USD held"));
}

TEST_P(SuiteTest, WhoLeavesWhileACommissionIsHeldTakesItAlong) {
  BeginSuite("segmented.yaml").EnrolAll({"ann"});
  world_->AwaitFeeds();
  for (const char* id : {"bob", "cat"}) {
    SignUpByCode(id);
    EXPECT_EQ(world_->Convert(Payment(id, 100)), "converted");
  }
  world_->AdvanceDays(8);
  world_->Happens("customer_id: 'bob' kind: EVENT_KIND_CHURN");
  EXPECT_THAT(world_->RewardsOf("ann"),
              UnorderedElementsAre("commission: 2000 USD reversed (churn)",
                                   "commission: 2000 USD held"));
  // Past the holding period it is ann's.
  world_->AdvanceDays(22);
  world_->Happens("customer_id: 'cat' kind: EVENT_KIND_CHURN");
  EXPECT_THAT(world_->RewardsOf("ann"),
              UnorderedElementsAre("commission: 2000 USD reversed (churn)",
                                   "commission: 2000 USD available"));
  EXPECT_THAT(world_->Balances(),
              ElementsAre("expense:rewards 2000 USD", "liability:rewards -2000 USD"));
}

TEST_P(SuiteTest, TrustIsRewardedWhenTheFriendHasAResult) {
  BeginSuite("trust-transfer.yaml").EnrolAll({"ann"});
  SignUpByCode("bob");
  world_->AwaitFeeds();
  EXPECT_THAT(MessagesOf("bob"),
              ElementsAre("expectations scheduled 2026-01-01", "call scheduled 2026-01-03",
                          "plan scheduled 2026-01-06", "manager scheduled 2026-01-07"));
  world_->Happens("customer_id: 'bob' kind: EVENT_KIND_ACTIVITY name: 'logged_in'");
  EXPECT_THAT(world_->RewardsOf("ann"), IsEmpty());
  world_->AdvanceDays(10);
  world_->Happens("customer_id: 'bob' kind: EVENT_KIND_ACTIVITY name: 'first_result'");
  EXPECT_THAT(world_->RewardsOf("ann"), ElementsAre("thanks: 2500 USD available"));
  EXPECT_THAT(MessagesOf("bob"), Contains("reconnect scheduled 2026-01-12"));
}

TEST_P(SuiteTest, GlossierOffersAReminderAfterThreeDaysUnlessTheFriendHasBought) {
  BeginSuite("glossier.yaml").EnrolAll({"ann"});
  world_->Submit("referral_id: 'r1' advocate_id: 'ann' referee_id: 'bob'");
  world_->AwaitFeeds();
  EXPECT_THAT(MessagesOf("ann"), ElementsAre("remind scheduled 2026-01-04"));
  world_->SignUp("customer_id: 'bob'");
  world_->Convert("conversion_id: 'o1' customer_id: 'bob' event: 'order_placed'");
  world_->AwaitFeeds();
  EXPECT_THAT(MessagesOf("ann"), ElementsAre("remind skipped 2026-01-04"));
}

TEST_P(SuiteTest, UberHasSomebodyCallWhenACodeWasUsed) {
  BeginSuite("uber.yaml").EnrolAll({"ann"});
  SignUpByCode("bob");
  EXPECT_THAT(MessagesOf("bob"), ElementsAre("call scheduled 2026-01-01"));
}

TEST_P(SuiteTest, AdvocatesAreAskedWhenTheyHaveHadTimeToSucceed) {
  BeginSuite("advocacy-programme.yaml");
  world_->Happens("customer_id: 'bob' kind: EVENT_KIND_SIGNUP");
  world_->Happens("customer_id: 'bob' kind: EVENT_KIND_ONBOARDING_COMPLETED");
  EXPECT_THAT(MessagesOf("bob"),
              ElementsAre("review scheduled 2026-01-29", "case-study scheduled 2026-04-01",
                          "speaking scheduled 2026-06-30"));
}

KITH_ON_EVERY_STORE(SuiteTest);

}  // namespace
}  // namespace kith::test
