// Space for both sides once the friend has installed the app, and the day on which it became
// more.
#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "kith/referral/v1/program.pb.h"
#include "tests/scenario/referral_world.h"
#include "tests/support/test_database.h"

namespace kith::test {
namespace {

using kith::referral::v1::RecalculateProgramRequest;
using kith::referral::v1::RecalculateProgramResponse;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class DropboxTest : public ScenarioTest {
 protected:
  void SetUp() override {
    Begin("dropbox.yaml");
    world_->Enrol("advocate_id: 'ann' device_id: 'anns-laptop'");
    world_->Enrol("advocate_id: 'pro' attributes {name: 'plan' value: 'pro'}");
  }
  // A friend who comes by a lead of the advocate's and has not installed anything yet.
  void Bring(const std::string& advocate, const std::string& friend_id) {
    EXPECT_EQ(world_->Submit(absl::StrCat("referral_id: 'r-", friend_id, "' advocate_id: '",
                                          advocate, "' referee_id: '", friend_id, "'")),
              "submitted");
    EXPECT_EQ(world_->SignUp(absl::StrCat("customer_id: '", friend_id, "'")),
              advocate + " by lead");
  }
  static std::string Install(const std::string& friend_id) {
    return absl::StrCat("conversion_id: 'install-", friend_id, "' customer_id: '", friend_id,
                        "' event: 'app_installed'");
  }
  RecalculateProgramResponse Recalculate(bool dry_run) {
    return world_->Ask<RecalculateProgramResponse>(
        RecalculateProgramRequest(),
        absl::StrCat("from_time {seconds: 1767225600} to_time {seconds: 1769904000} dry_run: ",
                     dry_run ? "true" : "false"));
  }
  static Lines Describe(const RecalculateProgramResponse& response) {
    Lines lines;
    for (const auto& reward : response.rewards()) {
      lines.push_back(
          absl::StrCat(reward.reward_id(), ": ", reward.old_amount().amount_minor(), " to ",
                       reward.new_amount().amount_minor(), ", ", reward.outcome()));
    }
    return lines;
  }
};

TEST_P(DropboxTest, BothGetSpaceWhenTheAppIsInstalledAndNotAtSignup) {
  Bring("ann", "bob");
  EXPECT_THAT(world_->RewardsOf("ann"), IsEmpty());
  EXPECT_EQ(world_->Convert("conversion_id: 'visit' customer_id: 'bob' event: 'logged_in'"),
            "recorded");
  EXPECT_THAT(world_->RewardsOf("ann"), IsEmpty());
  EXPECT_EQ(world_->Convert(Install("bob")), "converted");
  EXPECT_THAT(world_->RewardsOf("ann"), ElementsAre("referrer-space: 250 mb available"));
  EXPECT_THAT(world_->RewardsOf("bob"), ElementsAre("friend-space: 250 mb available"));
  // The app on the friend's second computer is worth nothing more.
  EXPECT_EQ(world_->Convert("conversion_id: 'i2' customer_id: 'bob' event: 'app_installed'"),
            "recorded");
  EXPECT_THAT(world_->Balances(),
              ElementsAre("expense:rewards 500 mb", "liability:rewards -500 mb"));
}

TEST_P(DropboxTest, WhoPaysForAPlanGetsAGigabyte) {
  Bring("pro", "bob");
  world_->Convert(Install("bob"));
  EXPECT_THAT(world_->RewardsOf("pro"), ElementsAre("referrer-space: 1024 mb available"));
  EXPECT_THAT(world_->RewardsOf("bob"), ElementsAre("friend-space: 250 mb available"));
}

TEST_P(DropboxTest, TheCapOf32IsReachedInTheMiddleOfABatch) {
  Lines installs;
  for (int i = 10; i < 45; ++i) {
    const std::string friend_id = absl::StrCat("f", i);
    Bring("ann", friend_id);
    installs.push_back(Install(friend_id));
  }
  EXPECT_THAT(world_->ConvertAll(installs), Each("converted"));
  const Lines rewards = world_->RewardsOf("ann");
  EXPECT_EQ(std::count(rewards.begin(), rewards.end(), "referrer-space: 250 mb available"),
            32);
  EXPECT_EQ(std::count(rewards.begin(), rewards.end(),
                       "referrer-space: 0 mb cancelled (CAP_REACHED)"),
            3);
  EXPECT_THAT(rewards, SizeIs(35));
  // The friends have theirs all the same.
  EXPECT_THAT(world_->RewardsOf("f44"), ElementsAre("friend-space: 250 mb available"));
  EXPECT_THAT(world_->Balances(),
              ElementsAre("expense:rewards 16750 mb", "liability:rewards -16750 mb"));
}

TEST_P(DropboxTest, TheSameComputerIsRefused) {
  const std::string code = world_->CodeOf("ann");
  EXPECT_EQ(world_->SignUp(absl::StrCat("customer_id: 'me2' code: '", code,
                                        "' device_id: 'anns-laptop'")),
            "nobody; code FRAUD_REJECTED");
  EXPECT_EQ(
      world_->SignUp(absl::StrCat("customer_id: 'bob' code: '", code, "' device_id: 'pc'")),
      "ann by code");
  EXPECT_EQ(
      world_->SignUp(absl::StrCat("customer_id: 'bob2' code: '", code, "' device_id: 'pc'")),
      "nobody; code FRAUD_REJECTED");
  world_->ConvertAll({Install("me2"), Install("bob"), Install("bob2")});
  EXPECT_THAT(world_->RewardsOf("ann"), SizeIs(1));
  EXPECT_THAT(world_->RewardsOf("bob2"), IsEmpty());
}

TEST_P(DropboxTest, WhoHasAnAccountIsRefused) {
  EXPECT_EQ(world_->SignUp("customer_id: 'old' email: 'old@mail.example'"), "nobody");
  EXPECT_EQ(
      world_->Submit("referral_id: 'r1' advocate_id: 'ann' referee_email: 'OLD@mail.example'"),
      "EXISTING_CUSTOMER");
}

TEST_P(DropboxTest, MoreSpaceIsRetroactiveOnlyByRecalculation) {
  Bring("ann", "bob");
  Bring("ann", "cat");
  Bring("pro", "dan");
  world_->ConvertAll({Install("bob"), Install("cat"), Install("dan")});
  for (const auto& claimed : world_->Claim("provider: 'storage' max_rewards: 100")) {
    // What was for cat is given already.
    if (claimed.reward().conversion_id() == "install-cat") {
      EXPECT_EQ(world_->Report(claimed, ""), "succeeded");
    } else {
      EXPECT_EQ(world_->Report(claimed, "busy"), "to_retry");
    }
  }
  world_->AdvanceDays(31);
  world_->Apply("dropbox-500.yaml");
  world_->Advance(absl::Hours(1));
  Bring("ann", "eve");
  world_->Convert(Install("eve"));
  EXPECT_THAT(world_->RewardsOf("ann"), ElementsAre("referrer-space: 250 mb available",
                                                    "referrer-space: 250 mb fulfilled",
                                                    "referrer-space: 500 mb available"));

  // A look changes nothing; the whole is done once however often it is asked for.
  const Lines preview = Describe(Recalculate(/*dry_run=*/true));
  EXPECT_THAT(preview,
              testing::UnorderedElementsAre("install-bob:friend-space: 250 to 500, 2",
                                            "install-bob:referrer-space: 250 to 500, 2",
                                            "install-cat:friend-space: 250 to 500, 3",
                                            "install-cat:referrer-space: 250 to 500, 3",
                                            "install-dan:friend-space: 250 to 500, 2"));
  EXPECT_THAT(world_->RewardsOf("bob"), ElementsAre("friend-space: 250 mb available"));
  EXPECT_EQ(Describe(Recalculate(/*dry_run=*/false)), preview);
  EXPECT_THAT(Describe(Recalculate(/*dry_run=*/false)), IsEmpty());

  EXPECT_THAT(
      world_->RewardsOf("ann"),
      ElementsAre("referrer-space: 250 mb available", "referrer-space: 250 mb fulfilled",
                  "referrer-space: 500 mb available", "referrer-space: 500 mb available"));
  EXPECT_THAT(world_->RewardsOf("bob"), ElementsAre("friend-space: 500 mb available"));
  EXPECT_THAT(world_->RewardsOf("cat"),
              ElementsAre("friend-space: 250 mb available", "friend-space: 250 mb fulfilled"));
  EXPECT_THAT(world_->RewardsOf("pro"), ElementsAre("referrer-space: 1024 mb available"));
  // bob 500 + 500, cat 500 + 500 of which 500 are paid, dan 1024 + 500, eve 500 + 500.
  EXPECT_THAT(world_->Balances(),
              ElementsAre("expense:rewards 4524 mb", "liability:rewards -4024 mb",
                          "paid:rewards -500 mb"));
}

KITH_ON_EVERY_STORE(DropboxTest);

}  // namespace
}  // namespace kith::test
