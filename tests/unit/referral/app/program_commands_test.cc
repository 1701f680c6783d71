// Programs and advocates, on every backend.
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/referral/app/program_reader.h"
#include "services/referral/domain/codes.h"
#include "services/referral/store/program_tables.h"
#include "tests/support/test_database.h"
#include "tests/unit/referral/app/world.h"
#include "tests/unit/referral/domain/full_program.h"

namespace kith::referral::app {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ProgramTest : public ::testing::TestWithParam<std::string> {
 protected:
  World world_{GetParam(), /*with_program=*/false};
};
INSTANTIATE_TEST_SUITE_P(Stores, ProgramTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

TEST_P(ProgramTest, TheSameAgainChangesNothing) {
  const auto first = *world_.Apply({.program = SampleProgram()});
  EXPECT_EQ(first.version, 1);
  EXPECT_TRUE(first.changed);
  const auto again = *world_.Apply({.program = SampleProgram()});
  EXPECT_EQ(again.version, 1);
  EXPECT_FALSE(again.changed);
  EXPECT_THAT(again.differences, IsEmpty());
}

TEST_P(ProgramTest, AChangeIsANewVersionFromNow) {
  ASSERT_TRUE(world_.Apply({.program = SampleProgram()}).ok());
  domain::Program changed = SampleProgram();
  changed.rewards[1].amount.fixed_minor = 1500;
  const auto second = *world_.Apply({.program = changed});
  EXPECT_EQ(second.version, 2);
  EXPECT_THAT(second.differences, ElementsAre(domain::FieldChange{
                                      "rewards[welcome].fixed_minor", "1000", "1500"}));
  const auto newest = *world_.reader().GetProgram("acme", 0, test::Soon());
  EXPECT_EQ(newest.version, 2);
  EXPECT_EQ(newest.program, changed);
  EXPECT_EQ(newest.effective_time, kNow);
  const auto first = *world_.reader().GetProgram("acme", 1, test::Soon());
  EXPECT_EQ(first.program, SampleProgram());
  EXPECT_EQ(first.effective_time, std::nullopt);
  EXPECT_EQ(GetErrorReason(world_.reader().GetProgram("acme", 3, test::Soon()).status()),
            "PROGRAM_VERSION_NOT_FOUND");
}

TEST_P(ProgramTest, AVersionOfThePastSaysWhatItJudges) {
  EXPECT_FALSE(world_.Apply({.program = SampleProgram(), .effective_time = kNow - 9 * kDay})
                   ->backdated.has_value());
  domain::Program changed = SampleProgram();
  changed.rewards[1].amount.fixed_minor = 1500;
  for (const bool dry_run : {true, false}) {
    const auto past = *world_.Apply(
        {.program = changed, .effective_time = kNow - 5 * kDay, .dry_run = dry_run});
    ASSERT_TRUE(past.backdated.has_value());
    EXPECT_EQ(past.backdated->from, kNow - 5 * kDay);
    EXPECT_EQ(past.backdated->until, kNow);
  }
  // Stored already.
  EXPECT_FALSE(world_.Apply({.program = changed, .effective_time = kNow - 5 * kDay})
                   ->backdated.has_value());
  changed.rewards[1].amount.fixed_minor = 1600;
  EXPECT_FALSE(world_.Apply({.program = changed})->backdated.has_value());
  changed.rewards[1].amount.fixed_minor = 1700;
  EXPECT_FALSE(world_.Apply({.program = changed, .effective_time = kNow + kDay})
                   ->backdated.has_value());
}

TEST_P(ProgramTest, TheCurrencyStays) {
  ASSERT_TRUE(world_.Apply({.program = SampleProgram()}).ok());
  domain::Program changed = SampleProgram();
  changed.currency = "JPY";
  for (const bool dry_run : {true, false}) {
    const absl::Status refused =
        world_.Apply({.program = changed, .dry_run = dry_run}).status();
    EXPECT_EQ(GetErrorReason(refused), "CURRENCY_CHANGED");
    EXPECT_EQ(ToItemError(refused).field, "program.currency");
  }
  changed.program_id = "nippon";
  EXPECT_TRUE(world_.Apply({.program = changed}).ok());
}

TEST_P(ProgramTest, ADryRunOnlySays) {
  const auto dry = *world_.Apply({.program = SampleProgram(), .dry_run = true});
  EXPECT_EQ(dry.version, 1);
  EXPECT_TRUE(dry.changed);
  EXPECT_EQ(GetErrorReason(world_.reader().GetProgram("acme", 0, test::Soon()).status()),
            "PROGRAM_NOT_FOUND");
}

TEST_P(ProgramTest, AVersionForTodayTakesThePlaceOfOneThatIsPlanned) {
  ASSERT_TRUE(world_.Apply({.program = SampleProgram()}).ok());
  domain::Program planned = SampleProgram();
  planned.display_name = "Next year";
  ASSERT_TRUE(world_.Apply({.program = planned, .effective_time = kNow + 40 * kDay}).ok());
  domain::Program mended = SampleProgram();
  mended.display_name = "Friends";
  for (const bool dry_run : {true, false}) {
    const auto third = *world_.Apply({.program = mended, .dry_run = dry_run});
    EXPECT_EQ(third.version, 3);
    EXPECT_TRUE(third.changed);
    EXPECT_FALSE(third.backdated.has_value());
    EXPECT_THAT(third.withdrawn, ElementsAre(2));
  }
  EXPECT_EQ(world_.reader().GetProgram("acme", 3, test::Soon())->effective_time, kNow);
  const auto in_force = [&](absl::Time now) {
    return ProgramReader(world_.database())
        .ListVersions("acme", {}, now, test::Soon())
        ->in_force;
  };
  EXPECT_EQ(in_force(kNow - absl::Microseconds(1)), 1);
  EXPECT_EQ(in_force(kNow), 3);
  EXPECT_EQ(in_force(kNow + 40 * kDay), 3) << "the plan is withdrawn";
  // Applied again, it comes into force.
  const auto fourth = *world_.Apply({.program = planned, .effective_time = kNow + 40 * kDay});
  EXPECT_EQ(fourth.version, 4);
  EXPECT_EQ(in_force(kNow + 40 * kDay - absl::Microseconds(1)), 3);
  EXPECT_EQ(in_force(kNow + 40 * kDay), 4);
}

TEST_P(ProgramTest, TimesOnlyGoForward) {
  ASSERT_TRUE(world_.Apply({.program = SampleProgram(), .effective_time = kNow}).ok());
  const auto back = world_.Apply({.program = SampleProgram(), .effective_time = kNow - kDay});
  EXPECT_EQ(ToItemError(back.status()).field, "program.effective_time");
  const auto same = *world_.Apply({.program = SampleProgram(), .effective_time = kNow});
  EXPECT_FALSE(same.changed);
  const auto later =
      *world_.Apply({.program = SampleProgram(), .effective_time = kNow + kDay});
  EXPECT_EQ(later.version, 2);
  domain::Program changed = SampleProgram();
  changed.display_name = "Friends";
  EXPECT_EQ(
      ToItemError(world_.Apply({.program = changed, .effective_time = kNow - kDay}).status())
          .field,
      "program.effective_time");
}

TEST_P(ProgramTest, InvalidRulesAreRefusedWithTheirFields) {
  domain::Program program = SampleProgram();
  program.rewards[1].rule_id = "share";
  const absl::Status status = world_.Apply({.program = program}).status();
  EXPECT_EQ(GetErrorReason(status), "INVALID_FIELD");
  EXPECT_EQ(ToItemError(status).field, "program.rewards[1].rule_id");
}

TEST_P(ProgramTest, ListsTheNewestOfEachInPages) {
  for (const char* id : {"b", "a", "c"}) {
    domain::Program program = SampleProgram();
    program.program_id = id;
    ASSERT_TRUE(world_.Apply({.program = program}).ok());
    program.display_name = "changed";
    ASSERT_TRUE(world_.Apply({.program = program}).ok());
  }
  const auto first = *world_.reader().ListPrograms({.size = 2, .token = ""}, test::Soon());
  ASSERT_EQ(first.rows.size(), 2u);
  EXPECT_EQ(first.rows[0].program.program_id, "a");
  EXPECT_EQ(first.rows[1].version, 2);
  const auto second =
      *world_.reader().ListPrograms({.size = 2, .token = first.next_token}, test::Soon());
  ASSERT_EQ(second.rows.size(), 1u);
  EXPECT_EQ(second.rows[0].program.program_id, "c");
  EXPECT_EQ(second.next_token, "");
}

TEST_P(ProgramTest, UnknownProgramsAreNotFoundByEveryCommand) {
  const auto reason = [](const auto& result) { return GetErrorReason(result.status()); };
  const std::string id = "acme";
  RewardFilter filter;
  filter.program_id = id;
  EXPECT_EQ(
      reason(world_.Run<EnrollAdvocates>(
          "E", id, std::vector<EnrollAdvocates::NewAdvocate>{{"ada", "", std::nullopt}})),
      "PROGRAM_NOT_FOUND");
  EXPECT_EQ(
      reason(world_.Run<SubmitReferrals>(
          "S", id, std::vector<SubmitReferrals::NewLead>{LeadOf("r", "ada", "carl", kNow)})),
      "PROGRAM_NOT_FOUND");
  EXPECT_EQ(reason(world_.Run<RecordTouches>(
                "T", id, std::vector<RecordTouches::NewTouch>{{"t", "c", "v", std::nullopt}})),
            "PROGRAM_NOT_FOUND");
  EXPECT_EQ(reason(world_.Run<AttributeSignups>(
                "A", id, std::vector<AttributeSignups::NewSignup>{SignupOf("carl", kNow)})),
            "PROGRAM_NOT_FOUND");
  EXPECT_EQ(reason(world_.Run<RecordConversions>(
                "C", id, std::vector<domain::ConversionReport>{PaymentOf("o", "carl", kNow)})),
            "PROGRAM_NOT_FOUND");
  EXPECT_EQ(reason(world_.Reverse("o")), "PROGRAM_NOT_FOUND");
  EXPECT_EQ(reason(world_.reader().GetSummary(id, test::Soon())), "PROGRAM_NOT_FOUND");
  EXPECT_EQ(reason(world_.reader().ListReferrals({id, "", {}}, {}, test::Soon())),
            "PROGRAM_NOT_FOUND");
  EXPECT_EQ(reason(world_.reader().ListRewards(filter, {}, test::Soon())),
            "PROGRAM_NOT_FOUND");
  EXPECT_THAT(world_.Facts(), IsEmpty());
}

TEST(ProgramCodecTest, KeepsEveryText) {
  domain::Program program = SampleProgram();
  program.display_name = "Zwölf = 12\n\"Boxkämpfer\"\\\t";
  EXPECT_EQ(*store::DecodeProgram("acme", store::EncodeProgram(program)), program);
  EXPECT_EQ(*store::DecodeProgram("acme", store::EncodeProgram(domain::FullProgram())),
            domain::FullProgram());
  EXPECT_FALSE(store::DecodeProgram("acme", "nonsense=1\n").ok());
}

class EnrollTest : public ::testing::TestWithParam<std::string> {
 protected:
  World world_{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Stores, EnrollTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

TEST_P(EnrollTest, GivesACodeOnce) {
  const std::string code = world_.EnrollOne("ada", "ada@example.com");
  EXPECT_TRUE(domain::IsWellFormedCode(code));
  EXPECT_EQ(world_.EnrollOne("ada"), code);
  EXPECT_EQ(world_.Advocate("ada").enrolled_time, kNow);
  EXPECT_THAT(world_.Facts(), ElementsAre("advocate_enrolled ada"));
  EXPECT_EQ(world_.GetSummary().advocates, 1);
  EXPECT_EQ(world_.misses(), 0);
}

TEST_P(EnrollTest, TwiceInOneCallIsOnce) {
  const auto results = world_.Enroll(
      {{"ada", "", kNow - kDay}, {"ada", "", kNow}, {"bob", "", kNow + 2 * kDay}});
  EXPECT_TRUE(results[0]->is_new);
  EXPECT_FALSE(results[1]->is_new);
  EXPECT_EQ(results[1]->advocate.enrolled_time, kNow - kDay);
  EXPECT_EQ(GetErrorReason(results[2].status()), "TIME_IN_FUTURE");
  EXPECT_EQ(world_.GetSummary().advocates, 1);
}

TEST_P(EnrollTest, AddressesAreNeverKept) {
  world_.EnrollOne("ada", "ada.secret@example.com");
  const auto hashes = world_.Query("SELECT email_hash FROM advocate");
  ASSERT_EQ(hashes.size(), 1u);
  EXPECT_EQ(hashes[0].size(), 64u);
  const auto keys = world_.Query("SELECT email_key FROM program_key");
  ASSERT_EQ(keys.size(), 1u);
  EXPECT_EQ(keys[0].size(), 64u);
  EXPECT_EQ(
      GetErrorReason(world_.reader().GetAdvocate("acme", "bob", kNow, test::Soon()).status()),
      "ADVOCATE_NOT_FOUND");
}

}  // namespace
}  // namespace kith::referral::app
