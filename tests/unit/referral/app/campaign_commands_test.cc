// Campaigns: where they stand, and pausing them; on every backend.
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/referral/app/pause_campaign.h"
#include "services/referral/app/program_reader.h"
#include "services/referral/app/resume_campaign.h"
#include "tests/support/test_database.h"
#include "tests/unit/referral/app/world.h"
#include "tests/unit/referral/domain/full_program.h"

namespace kith::referral::app {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Acme with a campaign that runs for two days from now, one that is over, and one for ever.
domain::Program ProgramWithCampaigns() {
  domain::Program program = SampleProgram();
  domain::Campaign running;
  running.campaign_id = "now";
  running.start_time = kNow;
  running.end_time = kNow + 2 * kDay;
  running.caps = {
      {domain::CapScope::kProgram, domain::CapPeriod::kLifetime, 10, std::nullopt},
      {domain::CapScope::kRecipient, domain::CapPeriod::kLifetime, 1, std::nullopt},
      {domain::CapScope::kProgram, domain::CapPeriod::kDay, std::nullopt, 5000}};
  domain::Campaign over = running;
  over.campaign_id = "gone";
  over.start_time = kNow - 2 * kDay;
  over.end_time = kNow;
  over.caps.clear();
  domain::Campaign always;
  always.campaign_id = "always";
  program.campaigns = {running, over, always};
  return program;
}

class CampaignTest : public ::testing::TestWithParam<std::string> {
 protected:
  CampaignTest() {
    EXPECT_TRUE(world_.Apply({.program = ProgramWithCampaigns()}).ok());
    world_.NewFacts();
  }
  absl::StatusOr<PausedCampaign> Pause(const std::string& campaign,
                                       const std::string& program_id = "acme") {
    return world_.Run<PauseCampaignCommand>(
        "PauseCampaign",
        PauseCampaignCommand::Request{program_id, campaign, "complaints", "olga"});
  }
  absl::StatusOr<ResumeCampaignCommand::Response> Resume(const std::string& campaign,
                                                         const std::string& by = "otto") {
    return world_.Run<ResumeCampaignCommand>("ResumeCampaign", std::string("acme"), campaign,
                                             by);
  }
  absl::StatusOr<CampaignStatus> Get(const std::string& campaign) {
    return reader_.GetCampaign("acme", campaign, world_.clock.Now(), test::Soon());
  }

  World world_{GetParam(), /*with_program=*/false};
  ProgramReader reader_{world_.database()};
};
INSTANTIATE_TEST_SUITE_P(Stores, CampaignTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

TEST_P(CampaignTest, PausingAndResumingAreIdempotent) {
  const PausedCampaign expected{"acme", "now", kNow, "complaints", "olga"};
  EXPECT_EQ(*Pause("now"), expected);
  world_.clock.Advance(kDay);
  EXPECT_EQ(*Pause("now"), expected);
  EXPECT_EQ(Get("now")->pause, expected);
  EXPECT_TRUE(Resume("now")->was_paused);
  EXPECT_FALSE(Resume("now")->was_paused);
  EXPECT_EQ(Get("now")->pause, std::nullopt);
  EXPECT_THAT(world_.NewFacts(),
              ElementsAre("campaign_paused now complaints", "campaign_resumed now by otto"));
  EXPECT_EQ(world_.misses(), 0);
}

TEST_P(CampaignTest, WhoLetItGoOnIsKept) {
  EXPECT_EQ(Get("now")->resumption, std::nullopt);
  ASSERT_FALSE(Resume("now")->was_paused);
  EXPECT_EQ(Get("now")->resumption, std::nullopt) << "nothing went on";
  ASSERT_TRUE(Pause("now").ok());
  world_.clock.Advance(kDay);
  ASSERT_TRUE(Resume("now")->was_paused);
  const Decision kept{"acme", "resume_campaign", "now", kNow + kDay, "otto"};
  EXPECT_EQ(Get("now")->resumption, kept);
  world_.clock.Advance(kDay);
  ASSERT_FALSE(Resume("now", "else")->was_paused);
  EXPECT_EQ(Get("now")->resumption, kept);
  // Whoever does not say who it is does not go by the name of the one before.
  ASSERT_TRUE(Pause("now").ok());
  EXPECT_EQ(Get("now")->resumption, kept);
  ASSERT_TRUE(Resume("now", "")->was_paused);
  EXPECT_EQ(Get("now")->resumption,
            (Decision{"acme", "resume_campaign", "now", kNow + 2 * kDay, ""}));
  EXPECT_EQ(Get("always")->resumption, std::nullopt);
  EXPECT_EQ(world_.misses(), 0);
}

TEST_P(CampaignTest, OnlyCampaignsOfTheProgramArePaused) {
  EXPECT_EQ(GetErrorReason(Pause("other").status()), "CAMPAIGN_NOT_FOUND");
  EXPECT_EQ(ToItemError(Pause("other").status()).field, "campaign_id");
  EXPECT_EQ(GetErrorReason(Resume("other").status()), "CAMPAIGN_NOT_FOUND");
  EXPECT_EQ(GetErrorReason(Pause("now", "nowhere").status()), "PROGRAM_NOT_FOUND");
  // A later version dropped it; its rewards may be waiting still.
  ASSERT_TRUE(world_.Apply({.program = SampleProgram()}).ok());
  EXPECT_TRUE(Pause("now").ok());
  EXPECT_EQ(GetErrorReason(Get("now").status()), "CAMPAIGN_NOT_FOUND");
}

TEST_P(CampaignTest, TellsSeasonAndBudget) {
  const CampaignStatus status = *Get("now");
  EXPECT_EQ(status.season, (domain::Season{kNow, kNow + 2 * kDay}));
  // Only caps over everybody are a budget.
  ASSERT_EQ(status.budget.size(), 2u);
  EXPECT_EQ(status.budget[0].cap.max_rewards, 10);
  EXPECT_EQ(status.budget[1].cap.max_minor, 5000);
  EXPECT_EQ(status.budget[1].period_start,
            domain::PeriodStart(domain::CapPeriod::kDay, kNow,
                                domain::ZoneOf(ProgramWithCampaigns())));
  EXPECT_EQ(status.budget[1].used.rewards, 0);
  EXPECT_EQ(Get("gone")->season, std::nullopt);
  EXPECT_EQ(Get("gone")->next_start, std::nullopt);
  EXPECT_EQ(Get("always")->season, domain::Season());
  world_.clock.Advance(2 * kDay);
  EXPECT_EQ(Get("now")->season, std::nullopt);
}

TEST_P(CampaignTest, ABudgetOfARuleIsTold) {
  domain::Program program = ProgramWithCampaigns();
  domain::RewardRule seat;
  seat.rule_id = "seat";
  seat.amount.fixed_minor = 200;
  seat.max_rewards_per_recipient = 1;
  seat.caps = {{domain::CapScope::kProgram, domain::CapPeriod::kLifetime, 20, std::nullopt}};
  program.campaigns[2].rewards = {seat};
  ASSERT_TRUE(world_.Apply({.program = program}).ok());
  const CampaignStatus status = *Get("always");
  ASSERT_EQ(status.budget.size(), 1u);
  EXPECT_EQ(status.budget[0].cap.max_rewards, 20);
  EXPECT_EQ(status.budget[0].used.rewards, 0);
}

TEST_P(CampaignTest, AreListedById) {
  const auto list = [&](const std::string& token) {
    return reader_.ListCampaigns("acme", {.size = 2, .token = token}, kNow, test::Soon());
  };
  const auto first = *list("");
  ASSERT_EQ(first.rows.size(), 2u);
  EXPECT_EQ(first.rows[0].campaign.campaign_id, "always");
  EXPECT_EQ(first.rows[1].campaign.campaign_id, "gone");
  const auto second = *list(first.next_token);
  ASSERT_EQ(second.rows.size(), 1u);
  EXPECT_EQ(second.rows[0].campaign, ProgramWithCampaigns().campaigns[0]);
  EXPECT_EQ(second.next_token, "");
  EXPECT_EQ(GetErrorReason(list("junk").status()), "INVALID_PAGE_TOKEN");
  EXPECT_EQ(GetErrorReason(reader_.ListCampaigns("nowhere", {}, kNow, test::Soon()).status()),
            "PROGRAM_NOT_FOUND");
}

class VersionsTest : public CampaignTest {};
INSTANTIATE_TEST_SUITE_P(Stores, VersionsTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

TEST_P(VersionsTest, AreListedOldestFirst) {
  ASSERT_TRUE(world_.Apply({.program = SampleProgram()}).ok());
  ASSERT_TRUE(
      world_.Apply({.program = ProgramWithCampaigns(), .effective_time = kNow + kDay}).ok());
  const auto list = [&](absl::Time now, const std::string& token) {
    return *reader_.ListVersions("acme", {.size = 2, .token = token}, now, test::Soon());
  };
  const VersionPage first = list(kNow, "");
  ASSERT_EQ(first.page.rows.size(), 2u);
  EXPECT_EQ(first.page.rows[0].version, 1);
  EXPECT_EQ(first.page.rows[0].effective_time, std::nullopt);
  EXPECT_EQ(first.page.rows[0].program, ProgramWithCampaigns());
  EXPECT_EQ(first.page.rows[1].version, 2);
  EXPECT_EQ(first.in_force, 2);
  const VersionPage second = list(kNow + kDay, first.page.next_token);
  ASSERT_EQ(second.page.rows.size(), 1u);
  EXPECT_EQ(second.page.rows[0].version, 3);
  EXPECT_EQ(second.in_force, 3);
}

TEST_P(VersionsTest, DifferByFields) {
  domain::Program changed = ProgramWithCampaigns();
  changed.display_name = "Friends";
  ASSERT_TRUE(world_.Apply({.program = changed}).ok());
  const auto diff = [&](int64_t from, int64_t to) {
    return reader_.Diff("acme", from, to, test::Soon());
  };
  const VersionDifferences newest = *diff(0, 0);
  EXPECT_EQ(newest.old_version, 1);
  EXPECT_EQ(newest.new_version, 2);
  EXPECT_THAT(
      newest.differences,
      ElementsAre(domain::FieldChange{"display_name", SampleProgram().display_name, "Friends"},
                  domain::FieldChange{"effective_time", "", "2023-11-14T22:13:20+00:00"}));
  EXPECT_EQ(diff(2, 1)->differences[0].new_value, SampleProgram().display_name);
  EXPECT_THAT(diff(2, 2)->differences, IsEmpty());
  EXPECT_EQ(diff(0, 1)->old_version, 0);
  EXPECT_EQ(diff(0, 1)->differences, domain::Differences(nullptr, ProgramWithCampaigns()));
  EXPECT_EQ(GetErrorReason(diff(0, 3).status()), "PROGRAM_VERSION_NOT_FOUND");
  EXPECT_EQ(ToItemError(diff(3, 0).status()).field, "old_version");
  EXPECT_EQ(GetErrorReason(reader_.Diff("nowhere", 0, 0, test::Soon()).status()),
            "PROGRAM_NOT_FOUND");
}

}  // namespace
}  // namespace kith::referral::app
