// The operator's commands on the real service: each is understood and answers.
#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "nlohmann/json.hpp"
#include "tests/scenario/referral_world.h"
#include "tests/support/test_database.h"

namespace kith::test {
namespace {

using testing::HasSubstr;

class CommandScenarioTest : public ScenarioTest {
 protected:
  // Runs `kith` with these words; it must succeed and say just `note` on stderr.
  std::string Kith(const std::string& line, const std::string& note = "") {
    const CommandResult result =
        world_->suite().Kith(absl::StrSplit(line, ' ', absl::SkipEmpty()));
    EXPECT_EQ(result.status, 0) << line << '\n' << result.err;
    EXPECT_EQ(result.err, note) << line;
    return result.out;
  }
};

TEST_P(CommandScenarioTest, ProgramsAndTheirRecalculation) {
  Begin("dropbox.yaml").EnrolAll({"ann"});
  world_->Submit("referral_id: 'r1' advocate_id: 'ann' referee_id: 'bob'");
  world_->Convert("conversion_id: 'i1' referral_id: 'r1' event: 'app_installed'");
  world_->AdvanceDays(10);
  world_->Apply("dropbox-500.yaml");
  EXPECT_THAT(Kith("programs list"), HasSubstr("dropbox  Space for friends  USD"));
  EXPECT_THAT(Kith("programs versions dropbox"), HasSubstr("2026-01-11"));
  EXPECT_THAT(Kith("programs diff dropbox"), HasSubstr("500"));
  const std::string recalculate =
      "programs recalculate dropbox --from 2026-01-01 --to 2026-01-10";
  EXPECT_THAT(Kith(recalculate + " --dry-run"), HasSubstr("2 rewards would differ"));
  EXPECT_THAT(Kith(recalculate), HasSubstr("2 rewards differ"));
  EXPECT_THAT(Kith(recalculate), HasSubstr("0 rewards differ"));
  EXPECT_THAT(Kith("rewards dropbox --recipient ann"), HasSubstr("500 mb"));
  EXPECT_THAT(Kith("rewards explain dropbox i1:referrer-space"), HasSubstr("500 mb for ann"));
  EXPECT_THAT(Kith("rewards ledger dropbox"), HasSubstr("liability:rewards  -1,000 mb"));
  EXPECT_THAT(Kith("rewards caps dropbox --recipient ann"), HasSubstr("1 of 32"));
  EXPECT_THAT(Kith("rewards take-back dropbox i1:referrer-space --by mary --cause mistake"),
              HasSubstr("i1:referrer-space is reversed: mistake"));
}

TEST_P(CommandScenarioTest, LeadsAndWhoBroughtWhom) {
  Begin("uber.yaml").EnrolAll({"ann", "ben"});
  world_->Submit("referral_id: 'r1' advocate_id: 'ann' referee_id: 'bob'");
  world_->Submit("referral_id: 'r2' advocate_id: 'ben' referee_id: 'cat'");
  world_->AdvanceDays(3);
  EXPECT_THAT(Kith("referrals list uber"), HasSubstr("\nr2"));
  EXPECT_THAT(Kith("referrals overdue uber"), HasSubstr("\nr1"));
  EXPECT_THAT(Kith("referrals update uber r1 --lead contacted --by mary"),
              HasSubstr("r1 is contacted"));
  EXPECT_THAT(Kith("referrals get uber r1"), HasSubstr("contacted"));
  EXPECT_THAT(Kith("referrals list uber --lead contacted"), HasSubstr("\nr1"));
  EXPECT_THAT(Kith("referrals funnel uber"), HasSubstr("(all)             1          1"));
  world_->SignUp("customer_id: 'bob'");
  EXPECT_THAT(Kith("attribution explain uber bob"), HasSubstr("bob was brought by ann"));
  EXPECT_THAT(Kith("attribution override uber bob --advocate ben --by mary --cause call"),
              HasSubstr("bob was brought by ben, by override"));
  EXPECT_THAT(Kith("attribution overrides uber"), HasSubstr("mary"));
  EXPECT_THAT(
      Kith("codes issue uber ann --vanity ANNS-TEAM",
           "kith: note: ANNS-TEAM is kept as ANN5TEAM: case, dashes and letters that look "
           "like digits do not matter\n"),
      HasSubstr("in use"));
  EXPECT_THAT(Kith("codes list uber ann"), HasSubstr("vanity"));
  EXPECT_THAT(Kith("codes resolve uber anns-team"), HasSubstr("ann's and counts"));
  EXPECT_THAT(Kith("codes rotate uber ann"), HasSubstr("honoured until"));
  EXPECT_THAT(Kith("codes revoke uber anns-team --by mary"), HasSubstr("retired"));
}

TEST_P(CommandScenarioTest, SingleActsFromEnrolmentToReversal) {
  Begin("quickstart.yaml");
  const auto enrolled = nlohmann::json::parse(Kith("enrol quickstart ann --json"));
  EXPECT_EQ(enrolled["enrolled_now"], true);
  EXPECT_THAT(Kith("enrol quickstart ann"), HasSubstr("before; nothing was changed"));
  EXPECT_THAT(Kith("refer quickstart ann --email ben@example.org --id r1"),
              HasSubstr("\nadvocate           ann\n"));
  const std::string code = enrolled["advocate"]["code"];
  EXPECT_THAT(Kith(absl::StrCat("touch quickstart ", code, " v1 --id t1")),
              HasSubstr("\nt1     v1       ann\n"));
  EXPECT_THAT(Kith("signup quickstart ben --email ben@example.org --visitor v1"),
              HasSubstr("ben was brought by ann, by lead, referral r1\n"));
  const std::string convert = "convert quickstart ben --amount 49.90 --id o1";
  const std::string converted = Kith(convert);
  EXPECT_THAT(converted, HasSubstr("\ncredited    ann\n"));
  EXPECT_THAT(converted, HasSubstr("\nstands      converts the referral\n"));
  EXPECT_THAT(converted, HasSubstr("  9.98 USD  "));   // 20 %, half to even
  EXPECT_THAT(converted, HasSubstr("  10.00 USD  "));  // the newcomer's credit
  EXPECT_EQ(Kith(convert), converted);
  EXPECT_THAT(Kith("rewards why quickstart o1"), HasSubstr("customer ben, referral r1, "));
  EXPECT_THAT(Kith("convert quickstart ben --amount 5 --id o0 --time 2020-01-01"),
              HasSubstr("counts for no referral: it was before the customer's signup\n"));
  EXPECT_THAT(Kith("rewards why quickstart o0"), HasSubstr(" [BEFORE_SIGNUP]\n"));
  const auto reversed = nlohmann::json::parse(
      Kith("reverse quickstart o1 --cause refund --request-id q1 --json"));
  EXPECT_EQ(reversed["conversion"]["reversed"], true);
  ASSERT_EQ(reversed["rewards"].size(), 2U);
  for (const auto& reward : reversed["rewards"]) EXPECT_EQ(reward["state"], "reversed");
  EXPECT_EQ(reversed["referral"]["state"], "signed_up");
}

TEST_P(CommandScenarioTest, CampaignsGiftsAndFraud) {
  Begin("sellsy-ambassadors.yaml", "2026-06-02T00:00:00Z");
  world_->Enrol("advocate_id: 'ann' attributes {name: 'score' value: '9'}");
  world_->SubmitAll({"referral_id: 'r1' advocate_id: 'ann' referee_id: 'b1'",
                     "referral_id: 'r2' advocate_id: 'ann' referee_id: 'b2'"});
  const std::string program = "sellsy-ambassadors";
  EXPECT_THAT(Kith("campaigns list " + program), HasSubstr("football"));
  EXPECT_THAT(Kith("campaigns pause " + program + " football --by mary --cause stop"),
              HasSubstr("football is paused"));
  EXPECT_THAT(Kith("campaigns resume " + program + " football --by mary"),
              HasSubstr("goes on"));
  Kith("campaigns quality " + program);
  EXPECT_THAT(Kith("fulfilment stock " + program + " notebook --set 0"),
              HasSubstr("notebook"));
  EXPECT_THAT(Kith("fulfilment list " + program + " --state out_of_stock"),
              HasSubstr("notebook"));
  Kith("fraud cases " + program);
  EXPECT_THAT(Kith("fraud rules " + program), HasSubstr(program));
  EXPECT_THAT(Kith("fraud suspend " + program + " ann --by mary --cause spam"),
              HasSubstr("ann is suspended"));
  EXPECT_THAT(Kith("fraud reinstate " + program + " ann --by mary --cause mistake"),
              HasSubstr("ann may recommend"));
  EXPECT_THAT(
      Kith("fraud block " + program + " email_domain spam.example --by mary --cause spam",
           absl::StrCat(
               "kith: note: ", program,
               " has no fraud rules: the blocklist has no effect until it has some\n")),
      HasSubstr("email_domain"));
  EXPECT_THAT(Kith("fraud blocklist " + program), HasSubstr("mary"));
  EXPECT_THAT(Kith("fraud unblock " + program + " email_domain spam.example"),
              HasSubstr("1 of 1"));
}

KITH_ON_EVERY_STORE(CommandScenarioTest);

}  // namespace
}  // namespace kith::test
