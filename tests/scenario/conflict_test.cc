// What goes wrong between people and between callers: two who claim one friend, one who is the
// friend, facts out of order, facts twice.
#include <gmock/gmock.h>

#include <thread>

#include "absl/strings/str_cat.h"
#include "kith/referral/v1/attribution.pb.h"
#include "kith/referral/v1/fraud.pb.h"
#include "tests/scenario/referral_world.h"
#include "tests/support/test_database.h"

namespace kith::test {
namespace {

using namespace kith::referral::v1;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class ConflictTest : public ScenarioTest {
 protected:
  void SetUp() override {
    Begin("stitch-fix.yaml");
    world_->Enrol("advocate_id: 'ann' email: 'ann@mail.example'");
    world_->Enrol("advocate_id: 'ben'");
  }
  static std::string Lead(const std::string& id, const std::string& advocate) {
    return absl::StrCat("referral_id: '", id, "' advocate_id: '", advocate,
                        "' referee_email: 'bob@mail.example'");
  }
  static constexpr char kOrder[] =
      "conversion_id: 'o1' customer_id: 'bob' event: 'order_placed'";
};

TEST_P(ConflictTest, OfTwoWhoNameOneFriendTheFirstIsTaken) {
  EXPECT_EQ(world_->Submit(Lead("r1", "ann")), "submitted");
  EXPECT_EQ(world_->Submit(Lead("r2", "ben")), "ALREADY_REFERRED");
  EXPECT_EQ(world_->Submit(Lead("r1", "ann")), "submitted");  // as stored
  EXPECT_EQ(world_->Submit(Lead("r1", "ben")), "REFERRAL_ID_REUSED");
}

TEST_P(ConflictTest, ACodeIsStrongerThanALead) {
  world_->Submit(Lead("r1", "ann"));
  EXPECT_EQ(world_->SignUp(absl::StrCat("customer_id: 'bob' email: 'bob@mail.example' code: '",
                                        world_->CodeOf("ben"), "'")),
            "ben by code; lead OUTRANKED");
  world_->Convert(kOrder);
  EXPECT_THAT(world_->RewardsOf("ann"), IsEmpty());
  EXPECT_THAT(world_->RewardsOf("ben"), ElementsAre("next-order-credit: 2500 USD available"));
  // The lead is not the friend's referral, and stays open.
  EXPECT_EQ(world_->StateOf("r1"), "submitted");
  EXPECT_EQ(world_->StateOf("signup:bob"), "converted");
}

TEST_P(ConflictTest, APersonMayDecideOtherwiseAndTheRewardsFollow) {
  world_->SignUp(absl::StrCat("customer_id: 'bob' code: '", world_->CodeOf("ben"), "'"));
  world_->Convert(kOrder);
  world_->Ask<OverrideAttributionResponse>(
      OverrideAttributionRequest(),
      "customer_id: 'bob' advocate_id: 'ann' decided_by: 'sam' cause: 'call'");
  EXPECT_THAT(world_->RewardsOf("ben"),
              ElementsAre("next-order-credit: 2500 USD reversed (override)"));
  EXPECT_THAT(world_->RewardsOf("ann"), ElementsAre("next-order-credit: 2500 USD available"));
  EXPECT_THAT(world_->Balances(),
              ElementsAre("expense:rewards 2500 USD", "liability:rewards -2500 USD"));
  const auto why = world_->Ask<ExplainAttributionResponse>(ExplainAttributionRequest(),
                                                           "customer_id: 'bob'");
  EXPECT_EQ(why.override().decided_by(), "sam");
  EXPECT_EQ(why.override().old_advocate_id(), "ben");
}

TEST_P(ConflictTest, NobodyRefersHimselfOrHerself) {
  EXPECT_EQ(world_->Submit("referral_id: 'r1' advocate_id: 'ann' "
                           "referee_email: 'Ann+shop@mail.example'"),
            "SELF_REFERRAL");
  EXPECT_EQ(world_->Submit("referral_id: 'r2' advocate_id: 'ann' referee_id: 'ann'"),
            "SELF_REFERRAL");
  EXPECT_EQ(world_->SignUp(absl::StrCat("customer_id: 'x' email: 'ann@mail.example' code: '",
                                        world_->CodeOf("ann"), "'")),
            "nobody; code SELF_REFERRAL");
}

TEST_P(ConflictTest, AConversionMayComeBeforeItsSignup) {
  EXPECT_EQ(world_->Convert(kOrder), "recorded");
  EXPECT_EQ(world_->SignUp(absl::StrCat("customer_id: 'bob' code: '", world_->CodeOf("ann"),
                                        "' signup_time {seconds: 1767200000}")),
            "ann by code");
  EXPECT_EQ(world_->StateOf("signup:bob"), "converted");
  EXPECT_THAT(world_->RewardsOf("ann"), ElementsAre("next-order-credit: 2500 USD available"));
  EXPECT_EQ(world_->Convert(kOrder), "converted");  // as stored, and nothing more
  EXPECT_THAT(world_->RewardsOf("ann"), ElementsAre("next-order-credit: 2500 USD available"));
}

TEST_P(ConflictTest, TheSameConversionFromTwoCallersAtOnceCountsOnce) {
  world_->SignUp(absl::StrCat("customer_id: 'bob' code: '", world_->CodeOf("ann"), "'"));
  for (int round = 0; round < 20; ++round) {
    const std::string order =
        absl::StrCat("conversion_id: 'o", round, "' customer_id: 'bob' event: 'order_placed'");
    std::string first, second;
    std::thread other([&] { first = world_->Convert(order); });
    second = world_->Convert(order);
    other.join();
    EXPECT_EQ(first, round == 0 ? "converted" : "recorded");
    EXPECT_EQ(second, first);
  }
  EXPECT_THAT(world_->RewardsOf("ann"), ElementsAre("next-order-credit: 2500 USD available"));
  EXPECT_EQ(world_->Convert("conversion_id: 'o1' customer_id: 'eve' event: 'order_placed'"),
            "CONVERSION_ID_REUSED");
}

TEST_P(ConflictTest, WhoIsSuspendedBringsNobody) {
  world_->Ask<SuspendAdvocateResponse>(SuspendAdvocateRequest(),
                                       "advocate_id: 'ann' decided_by: 'sam' cause: 'spam'");
  EXPECT_EQ(world_->Submit(Lead("r1", "ann")), "ADVOCATE_SUSPENDED");
  EXPECT_EQ(
      world_->SignUp(absl::StrCat("customer_id: 'bob' code: '", world_->CodeOf("ann"), "'")),
      "nobody; code ADVOCATE_SUSPENDED");
}

TEST_P(ConflictTest, ARotatedCodeCountsForItsGrace) {
  const std::string old = world_->CodeOf("ann");
  world_->Ask<RotateCodeResponse>(RotateCodeRequest(), "advocate_id: 'ann'");
  EXPECT_NE(world_->CodeOf("ann"), old);
  world_->AdvanceDays(29);
  EXPECT_EQ(world_->SignUp(absl::StrCat("customer_id: 'c1' code: '", old, "'")),
            "ann by code");
  world_->AdvanceDays(1);
  EXPECT_EQ(world_->SignUp(absl::StrCat("customer_id: 'c2' code: '", old, "'")),
            "nobody; code CODE_RETIRED");
}

KITH_ON_EVERY_STORE(ConflictTest);

}  // namespace
}  // namespace kith::test
