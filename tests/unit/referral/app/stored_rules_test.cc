// Stored rules that this binary cannot read: nothing is judged by them; on every backend.
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/log/log.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/referral/app/operations_reader.h"
#include "services/referral/app/program_reader.h"
#include "services/referral/domain/errors.h"
#include "tests/support/test_database.h"
#include "tests/unit/referral/app/world.h"

namespace kith::referral::app {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr absl::string_view kText =
    "version 2 of program acme cannot be read by this binary: it is damaged, or a newer one "
    "wrote it";

// Acme, whose second version a newer binary has written.
class StoredRulesTest : public ::testing::TestWithParam<std::string> {
 protected:
  StoredRulesTest() {
    world_.EnrollOne("ada");
    EXPECT_TRUE(world_.SubmitOne(LeadOf("r1", "ada", "bob", kNow - kDay)).ok());
    world_.NewFacts();
  }
  void Run(absl::string_view sql) {
    const absl::Status done = world_.database().RunScript(sql);
    ASSERT_TRUE(done.ok()) << done;
  }
  void WriteNewer() {
    Run(
        absl::StrCat("INSERT INTO program_version VALUES ('acme', 2, 9000000000000000, "
                     "'currency=EUR\n",
                     Field(), "=1\n')"));
  }
  // That this binary does not know.
  static std::string Field() { return absl::StrCat("of_the_future_on_", GetParam()); }
  std::vector<std::string> Rows() const {
    std::vector<std::string> counts;
    for (const char* table :
         {"program_version", "referral", "customer", "conversion", "reward", "ledger_entry",
          "advocate", "event", "stored_response"}) {
      counts.push_back(
          world_.Query(absl::StrCat("SELECT '", table, "', COUNT(*) FROM ", table)).front());
    }
    return counts;
  }
  static void ExpectUnreadable(const absl::Status& status) {
    EXPECT_EQ(GetErrorReason(status), "PROGRAM_UNREADABLE");
    EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
    EXPECT_EQ(status.message(), kText);
  }

  World world_{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Stores, StoredRulesTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

TEST_P(StoredRulesTest, CommandsFailChangeNothingAndAreLogged) {
  WriteNewer();
  const std::vector<std::string> before = Rows();
  log::Configure(log::Level::kError, "referral");
  ::testing::internal::CaptureStderr();
  ExpectUnreadable(
      world_
          .Run<SubmitReferrals>("SubmitReferrals", std::string("acme"),
                                std::vector{LeadOf("r2", "ada", "carl", kNow - kDay)})
          .status());
  ExpectUnreadable(world_
                       .Run<AttributeSignups>("AttributeSignups", std::string("acme"),
                                              std::vector{SignupOf("bob", kNow)})
                       .status());
  const std::string logged = ::testing::internal::GetCapturedStderr();
  log::Configure(log::Level::kOff, "referral");
  const std::string event = "\"event\":\"program_unreadable\"";
  EXPECT_THAT(logged, HasSubstr(event));
  EXPECT_EQ(logged.find(event), logged.rfind(event)) << "once is enough";
  EXPECT_THAT(logged, HasSubstr(absl::StrCat("\"program_id\":\"acme\",\"version\":2,"
                                             "\"cause\":\"bad program field ",
                                             Field(), "\"")));
  ExpectUnreadable(world_
                       .Run<RecordConversions>("RecordConversions", std::string("acme"),
                                               std::vector{PaymentOf("p1", "bob", kNow)})
                       .status());
  // The same rules once more would seem to be other ones.
  ExpectUnreadable(world_.Apply({.program = SampleProgram()}).status());
  EXPECT_EQ(Rows(), before);
  EXPECT_THAT(world_.NewFacts(), IsEmpty());
  // As soon as a binary that knows the version has it, all goes on.
  Run("DELETE FROM program_version WHERE version = 2");
  EXPECT_TRUE(world_.SignUp(SignupOf("bob", kNow)).ok());
}

TEST_P(StoredRulesTest, DamagedRulesAreNotEmptyRules) {
  for (const char* content : {"", "currency=EUR\nrewards[0].rule_id", "currency=\\q\n"}) {
    Run("DELETE FROM program_version WHERE version = 2");
    Run(absl::StrCat("INSERT INTO program_version VALUES ('acme', 2, NULL, '", content, "')"));
    const auto signup = world_.Run<AttributeSignups>("AttributeSignups", std::string("acme"),
                                                     std::vector{SignupOf("bob", kNow)});
    ExpectUnreadable(signup.status());
  }
}

TEST_P(StoredRulesTest, ReadsOfTheRulesFailAndThoseOfRowsDoNot) {
  WriteNewer();
  const ProgramReader programs(world_.database());
  ExpectUnreadable(world_.reader().GetProgram("acme", 0, test::Soon()).status());
  ExpectUnreadable(world_.reader().GetProgram("acme", 2, test::Soon()).status());
  ExpectUnreadable(programs.ListVersions("acme", {}, kNow, test::Soon()).status());
  ExpectUnreadable(programs.Diff("acme", 1, 2, test::Soon()).status());
  ExpectUnreadable(programs.ListCampaigns("acme", {}, kNow, test::Soon()).status());
  EXPECT_EQ(world_.reader().GetProgram("acme", 1, test::Soon())->program, SampleProgram());
  EXPECT_EQ(world_.reader().GetReferral("acme", "r1", test::Soon())->advocate_id, "ada");
  EXPECT_EQ(world_.GetSummary().referrals, 1);
}

TEST_P(StoredRulesTest, TheListSaysWhatCannotBeRead) {
  domain::Program other = SampleProgram();
  other.program_id = "beta";
  ASSERT_TRUE(world_.Apply({.program = other}).ok());
  WriteNewer();
  const auto listed = world_.reader().ListPrograms({.size = 1, .token = ""}, test::Soon());
  ASSERT_TRUE(listed.ok()) << listed.status();
  ASSERT_EQ(listed->rows.size(), 1u);
  EXPECT_EQ(listed->rows[0].program.program_id, "acme");
  EXPECT_EQ(listed->rows[0].version, 2);
  EXPECT_EQ(listed->rows[0].unreadable, absl::StrCat("bad program field ", Field()));
  const auto next =
      world_.reader().ListPrograms({.size = 1, .token = listed->next_token}, test::Soon());
  ASSERT_EQ(next->rows.size(), 1u);
  EXPECT_EQ(next->rows[0].program, other);
  EXPECT_EQ(next->rows[0].unreadable, "");
}

TEST_P(StoredRulesTest, OtherProgramsGoOn) {
  domain::Program other = SampleProgram();
  other.program_id = "beta";
  domain::Cap budget;
  budget.scope = domain::CapScope::kProgram;
  budget.max_minor = 700;
  other.caps = {budget};
  ASSERT_TRUE(world_.Apply({.program = other}).ok());
  WriteNewer();
  const auto budgets =
      OperationsReader(world_.database()).ReadBudgets(world_.clock.Now(), test::Soon());
  ASSERT_TRUE(budgets.ok()) << budgets.status();
  ASSERT_EQ(budgets->left.size(), 1u);
  EXPECT_EQ(budgets->left[0].program_id, "beta");
  EXPECT_EQ(budgets->left[0].currency, "EUR");
  EXPECT_EQ(budgets->left[0].minor, 700);
  EXPECT_TRUE(world_.reader().GetProgram("beta", 0, test::Soon()).ok());
  other.display_name = "Beta";
  EXPECT_TRUE(world_.Apply({.program = other}).ok());
}

}  // namespace
}  // namespace kith::referral::app
