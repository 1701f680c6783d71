#include "CLI/CLI.hpp"
#include "gmock/gmock.h"
#include "kith/referral/v1/fraud.pb.h"
#include "kith/referral/v1/program.pb.h"
#include "nlohmann/json.hpp"
#include "tests/unit/cli/fake_caller.h"

namespace kith::cli {
namespace {

using namespace kith::referral::v1;
using nlohmann::json;
using testing::HasSubstr;
using testing::SizeIs;

class ProgramsTest : public CommandTest {
 protected:
  // Version 2 is in force, and version 3 from 2027 on.
  void AnswerWithAPlan() {
    caller_.On<GetProgramRequest, GetProgramResponse>([](const GetProgramRequest& request) {
      return request.version() == 2 ? Stored(2) : Stored(3);
    });
    ListProgramVersionsResponse versions;
    versions.add_versions()->set_version(1);
    versions.add_versions()->set_version(2);
    versions.mutable_versions(1)->set_in_force(true);
    versions.add_versions()->set_version(3);
    caller_.Return<ListProgramVersionsRequest>(versions);
  }
  static GetProgramResponse Stored(int64_t version) {
    GetProgramResponse stored;
    stored.mutable_program()->set_program_id("p");
    stored.mutable_program()->set_display_name(version == 2 ? "Friends" : "Next year");
    stored.mutable_program()->set_currency("USD");
    if (version == 3) {
      stored.mutable_program()->mutable_effective_time()->set_seconds(1798761600);
    }
    stored.set_version(version);
    return stored;
  }
};

TEST_F(ProgramsTest, ListsTheNewestVersionOfEach) {
  caller_.On<ListProgramsRequest, ListProgramsResponse>(
      [](const ListProgramsRequest& request) {
        ListProgramsResponse response;
        auto* stored = response.add_programs();
        const bool first = request.page_token().empty();
        stored->mutable_program()->set_program_id(first ? "dropbox" : "uber");
        stored->mutable_program()->set_display_name("Friends");
        stored->mutable_program()->set_currency("USD");
        stored->mutable_program()->add_rewards();
        stored->set_version(2);
        if (first) response.set_next_page_token("more");
        return response;
      });
  const auto outcome = RunLine("programs list");
  EXPECT_EQ(outcome.code, kExitOk);
  EXPECT_EQ(outcome.out,
            "program  name     currency  version  rewards  campaigns\n"
            "dropbox  Friends  USD             2        1          0\n"
            "uber     Friends  USD             2        1          0\n");
  const json all = json::parse(RunLine("programs list --json").out);
  EXPECT_THAT(all["programs"], SizeIs(2));
  EXPECT_FALSE(all.contains("next_page_token"));
}

TEST_F(ProgramsTest, OfAPlannedVersionTheOneInForceIsListed) {
  AnswerWithAPlan();
  ListProgramsResponse response;
  *response.add_programs() = Stored(3);
  caller_.Return<ListProgramsRequest>(response);
  const auto outcome = RunLine("programs list");
  EXPECT_EQ(outcome.out,
            "program  name     currency  version  rewards  campaigns\n"
            "p        Friends  USD             2        0          0\n");
  EXPECT_EQ(outcome.err, "kith: note: p: version 3 is planned from 2027-01-01 UTC\n");
}

TEST_F(ProgramsTest, VersionsTellOfPlans) {
  ListProgramVersionsResponse response;
  const int64_t times[] = {0, 1798761600, 1767225600, 1830297600, 1798761600};
  for (int i = 0; i < 5; ++i) {
    auto* version = response.add_versions();
    version->set_version(i + 1);
    if (i > 0) version->mutable_effective_time()->set_seconds(times[i]);
    version->set_in_force(i == 2);
  }
  caller_.Return<ListProgramVersionsRequest>(response);
  EXPECT_EQ(RunLine("programs versions p").out,
            "version  holds from      in force   name  rewards  campaigns\n"
            "      1  ever            no                     0          0\n"
            "      2  2027-01-01 UTC  withdrawn              0          0\n"
            "      3  2026-01-01 UTC  yes                    0          0\n"
            "      4  2028-01-01 UTC  withdrawn              0          0\n"
            "      5  2027-01-01 UTC  planned                0          0\n");
}

TEST_F(ProgramsTest, AProgramThatCannotBeReadIsListedAsSuch) {
  ListProgramsResponse response;
  auto* damaged = response.add_programs();
  damaged->mutable_program()->set_program_id("acme");
  damaged->set_version(12);
  damaged->set_unreadable("there is no currency");
  auto* stored = response.add_programs();
  stored->mutable_program()->set_program_id("beta");
  stored->mutable_program()->set_currency("EUR");
  stored->set_version(1);
  caller_.Return<ListProgramsRequest>(response);
  const auto outcome = RunLine("programs list");
  EXPECT_EQ(outcome.code, kExitOk);
  EXPECT_EQ(
      outcome.out,
      "program  name                                  currency  version  rewards  campaigns\n"
      "acme     cannot be read: there is no currency                 12\n"
      "beta                                           EUR             1        0          "
      "0\n");
  EXPECT_EQ(json::parse(RunLine("programs list --json").out)["programs"][0]["unreadable"],
            "there is no currency");
}

TEST_F(ProgramsTest, VersionsTellFromWhenTheyHold) {
  ListProgramVersionsResponse response;
  auto* first = response.add_versions();
  first->set_version(1);
  auto* second = response.add_versions();
  second->set_version(2);
  second->set_in_force(true);
  second->mutable_effective_time()->set_seconds(1767225600);
  caller_.Return<ListProgramVersionsRequest>(response);
  EXPECT_EQ(RunLine("programs versions p").out,
            "version  holds from      in force  name  rewards  campaigns\n"
            "      1  ever            no                    0          0\n"
            "      2  2026-01-01 UTC  yes                   0          0\n");
}

TEST_F(ProgramsTest, DiffShowsBothValues) {
  DiffProgramVersionsResponse response;
  response.set_old_version(1);
  response.set_new_version(2);
  caller_.Return<DiffProgramVersionsRequest>(response);
  EXPECT_EQ(RunLine("programs diff p").out, "version 1 to 2: no difference\n");
  auto* difference = response.add_differences();
  difference->set_field("rewards[space].fixed_minor");
  difference->set_old_value("250");
  difference->set_new_value("500");
  caller_.Return<DiffProgramVersionsRequest>(response);
  EXPECT_EQ(RunLine("programs diff p --old 1 --new 2").out,
            "version 1 to 2:\n"
            "  field                       before  after\n"
            "  rewards[space].fixed_minor  250     500\n");
  EXPECT_EQ(caller_.Requests<DiffProgramVersionsRequest>()[1].new_version(), 2);
}

class RecalculateTest : public ProgramsTest {
 protected:
  RecalculateTest() {
    using Request = RecalculateProgramRequest;
    caller_.On<Request, RecalculateProgramResponse>([](const Request& request) {
      RecalculateProgramResponse response;
      response.set_version(2);
      response.set_conversions(500);
      if (request.page_token().empty()) response.set_next_page_token("more");
      auto* reward = response.add_rewards();
      reward->set_reward_id(request.page_token().empty() ? "c1:space" : "c2:space");
      reward->set_recipient_id("ann");
      reward->mutable_old_amount()->set_amount_minor(250);
      reward->mutable_old_amount()->set_currency("mb");
      reward->mutable_new_amount()->set_amount_minor(500);
      reward->mutable_new_amount()->set_currency("mb");
      reward->set_outcome(RECALCULATION_OUTCOME_ADJUSTED);
      return response;
    });
  }
};

TEST_F(RecalculateTest, AllPagesGoByOneVersionAndOneSpan) {
  const auto outcome = RunLine("programs recalculate p --from 2026-01-01 --dry-run");
  EXPECT_EQ(outcome.code, kExitOk);
  EXPECT_EQ(outcome.out,
            "reward    recipient  before   after  outcome   further reward\n"
            "c1:space  ann        250 mb  500 mb  adjusted  -\n"
            "c2:space  ann        250 mb  500 mb  adjusted  -\n"
            "\n"
            "1,000 conversions by version 2: 2 rewards would differ\n");
  const auto requests = caller_.Requests<RecalculateProgramRequest>();
  ASSERT_THAT(requests, SizeIs(2));
  EXPECT_EQ(requests[0].version(), 0);
  EXPECT_EQ(requests[0].from_time().seconds(), 1767225600);
  EXPECT_EQ(requests[0].to_time().seconds(), absl::ToUnixSeconds(clock_.Now()));
  EXPECT_TRUE(requests[1].dry_run());
  EXPECT_EQ(requests[1].version(), 2);
  EXPECT_EQ(requests[1].page_token(), "more");
  EXPECT_NE(requests[0].request_id(), requests[1].request_id());
}

TEST_F(RecalculateTest, WhatACapLeavesAsItIsDoesNotDiffer) {
  RecalculateProgramResponse response;
  response.set_version(2);
  response.set_conversions(1);
  for (const int after : {2000, 2500, 2000}) {
    auto* reward = response.add_rewards();
    reward->mutable_old_amount()->set_amount_minor(2000);
    reward->mutable_new_amount()->set_amount_minor(after);
    const bool capped = after == 2000;
    reward->set_outcome(capped ? RECALCULATION_OUTCOME_CAPPED
                               : RECALCULATION_OUTCOME_ADJUSTED);
  }
  caller_.Return<RecalculateProgramRequest>(response);
  EXPECT_THAT(RunLine("programs recalculate p --from 2026-01-01 --dry-run").out,
              testing::EndsWith("1 conversion by version 2: 1 reward would differ; 2 would "
                                "get more and stay, by a cap\n"));
}

TEST_F(RecalculateTest, AVersionThatIsPlannedIsNoted) {
  AnswerWithAPlan();
  EXPECT_EQ(RunLine("programs recalculate p --from 2026-01-01 --dry-run").err,
            "kith: note: p: version 3 is planned from 2027-01-01 UTC\n");
  EXPECT_EQ(RunLine("programs recalculate p --from 2026-01-01 --version 3 --dry-run").err, "");
}

TEST_F(RecalculateTest, JsonHoldsEveryReward) {
  const json all = json::parse(
      RunLine("programs recalculate p --from 2026-01-01 --to 2026-02-01 --json").out);
  EXPECT_EQ(all["dry_run"], false);
  EXPECT_EQ(all["conversions"], 1000);
  ASSERT_THAT(all["rewards"], SizeIs(2));
  EXPECT_EQ(all["rewards"][1]["outcome"], "adjusted");
  EXPECT_EQ(all["rewards"][1]["new_amount"]["amount_minor"], 500);
}

TEST_F(RecalculateTest, TheSpanMustBeSaid) {
  EXPECT_THROW(RunLine("programs recalculate p"), CLI::ParseError);
}

using CampaignsTest = CommandTest;

TEST_F(CampaignsTest, ListShowsWhereTheyStandAndWhatIsUsed) {
  ListCampaignsResponse response;
  auto* open = response.add_campaigns();
  open->mutable_campaign()->set_campaign_id("trees");
  open->mutable_campaign()->set_kind(CAMPAIGN_KIND_FUNDRAISER);
  open->mutable_campaign()->mutable_end_time()->set_seconds(1767225600);
  open->set_state(CAMPAIGN_STATE_OPEN);
  auto* budget = open->add_budget();
  budget->mutable_cap()->set_max_minor(2500);
  budget->set_minor(1000);
  auto* upcoming = response.add_campaigns();
  upcoming->mutable_campaign()->set_campaign_id("advent");
  upcoming->mutable_campaign()->set_kind(CAMPAIGN_KIND_SEASONAL);
  upcoming->mutable_campaign()->set_recurrence(RECURRENCE_YEARLY);
  upcoming->mutable_campaign()->mutable_start_time()->set_seconds(1764543600);
  upcoming->set_state(CAMPAIGN_STATE_UPCOMING);
  upcoming->mutable_next_start_time()->set_seconds(1796079600);
  auto* closed = response.add_campaigns();
  closed->mutable_campaign()->set_campaign_id("gone");
  closed->set_state(CAMPAIGN_STATE_CLOSED);
  auto* paused = response.add_campaigns();
  paused->mutable_campaign()->set_campaign_id("football");
  paused->set_state(CAMPAIGN_STATE_PAUSED);
  paused->mutable_pause()->set_cause("quality");
  caller_.Return<ListCampaignsRequest>(response);
  GetProgramResponse program;
  program.mutable_program()->set_time_zone("Europe/Berlin");
  caller_.Return<GetProgramRequest>(program);
  EXPECT_EQ(
      RunLine("campaigns list p").out,
      "campaign  kind              stands                                     "
      "from                      to                                 used\n"
      "trees     fundraiser        open                                       "
      "ever                      2026-01-01 01:00:00 Europe/Berlin  1,000 of 2,500 minor "
      "units\n"
      "advent    seasonal, yearly  upcoming, begins 2026-12-01 Europe/Berlin  "
      "2025-12-01 Europe/Berlin  never                              -\n"
      "gone      other             closed                                     "
      "ever                      never                              -\n"
      "football  other             paused: quality                            "
      "ever                      never                              -\n");
  const json shown = json::parse(RunLine("campaigns list p --json").out);
  EXPECT_EQ(shown["campaigns"][1]["state"], "upcoming");
  EXPECT_EQ(shown["campaigns"][1]["next_start_time"], "2026-11-30T23:00:00Z");
}

TEST_F(CampaignsTest, PauseSaysWhoAndWhy) {
  PauseCampaignResponse response;
  response.mutable_pause()->set_paused_by("mary");
  response.mutable_pause()->set_cause("complaints");
  response.mutable_pause()->mutable_paused_time()->set_seconds(1767225600);
  caller_.Return<PauseCampaignRequest>(response);
  EXPECT_EQ(RunLine("campaigns pause p football --by mary --cause complaints").out,
            "football is paused since 2026-01-01 UTC by mary: complaints\n");
  const auto request = caller_.Requests<PauseCampaignRequest>().at(0);
  EXPECT_EQ(request.campaign_id(), "football");
  EXPECT_EQ(request.paused_by(), "mary");
  EXPECT_NE(request.request_id(), "");
  EXPECT_THROW(RunLine("campaigns pause p football --by mary"), CLI::ParseError);
}

TEST_F(CampaignsTest, ResumeTellsWhetherItWasPaused) {
  caller_.Return<ResumeCampaignRequest>(ResumeCampaignResponse());
  EXPECT_EQ(RunLine("campaigns resume p football --by mary").out, "football was not paused\n");
  EXPECT_THROW(RunLine("campaigns resume p football"), CLI::ParseError);
  const auto requests = caller_.Requests<ResumeCampaignRequest>();
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0].requested_by(), "mary");
}

TEST_F(CampaignsTest, QualityShowsTheTestAgainstItsBound) {
  GetQualityResponse response;
  auto* quality = response.add_campaigns();
  quality->set_campaign("football");
  quality->set_metric(QUALITY_METRIC_QUALIFICATION);
  quality->set_outcomes(40);
  quality->set_successes(5);
  quality->set_judging(true);
  quality->set_baseline_ppm(500000);
  quality->set_statistic(4.6);
  quality->set_bound(4.605);
  response.add_campaigns()->set_campaign("new");
  response.mutable_campaigns(1)->set_metric(QUALITY_METRIC_CONVERSION);
  caller_.Return<GetQualityRequest>(response);
  EXPECT_EQ(
      RunLine("campaigns quality p").out,
      "campaign  metric         outcomes  good    rate  baseline  statistic  bound  alarm\n"
      "football  qualification        40     5  12.5 %    50.0 %       4.60   4.61  no\n"
      "new       conversion            0     0       -         -          -      -  no\n");
}

}  // namespace
}  // namespace kith::cli
