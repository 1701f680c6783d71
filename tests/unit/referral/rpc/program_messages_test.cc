#include "services/referral/rpc/program_messages.h"

#include "gtest/gtest.h"
#include "services/referral/rpc/enums.h"
#include "services/referral/rpc/rule_messages.h"
#include "tests/unit/referral/domain/full_program.h"

namespace kith::referral::rpc {
namespace {

// All values of an enum of the domain, there and back; and as many values on the other side.
template <class D>
void CheckTwins(size_t without_twin = 0) {
  using P = typename Twin<D>::Type;
  size_t found = 0;
  for (const auto& [value, name] : domain::Names<D>::kAll) {
    if (ToProto(value) == P{}) continue;
    ++found;
    EXPECT_EQ(ToDomain(ToProto(value)), value) << name;
  }
  EXPECT_EQ(found + without_twin, std::size(domain::Names<D>::kAll));
  const auto& type = *google::protobuf::GetEnumDescriptor<P>();
  EXPECT_EQ(found + 1, static_cast<size_t>(type.value_count())) << type.full_name();
  EXPECT_EQ(ToDomain(P{}), std::nullopt);
}

TEST(EnumsTest, EveryValueHasItsTwin) {
  CheckTwins<domain::AttributionModel>();
  CheckTwins<domain::CapPeriod>();
  CheckTwins<domain::CapScope>();
  CheckTwins<domain::Comparison>();
  CheckTwins<domain::EvidenceKind>();
  CheckTwins<domain::Fit>();
  CheckTwins<domain::FraudState>();
  CheckTwins<domain::LeadState>();
  CheckTwins<domain::MilestoneOf>();
  CheckTwins<domain::Occurrence>();
  CheckTwins<domain::QualityMetric>();
  CheckTwins<domain::Recurrence>();
  CheckTwins<domain::ReferralState>();
  CheckTwins<domain::RewardKind>();
  CheckTwins<domain::RewardSide>();
  CheckTwins<domain::RewardState>();
  CheckTwins<domain::Signal>();
  CheckTwins<domain::TouchKind>();
  CheckTwins<domain::Trigger>();
  CheckTwins<domain::VelocityDimension>();
  // Another kind of campaign is the one that is not named.
  CheckTwins<domain::CampaignKind>(/*without_twin=*/1);
}

TEST(ProgramMessagesTest, KeepTheWholeProgram) {
  v1::Program message;
  Set(message, domain::FullProgram());
  EXPECT_EQ(ToProgram(message), domain::FullProgram());
}

TEST(ProgramMessagesTest, WhatIsUnsetGetsItsDefault) {
  v1::Program message;
  message.set_program_id("acme");
  message.set_currency("EUR");
  message.add_rewards()->set_rule_id("thanks");
  message.add_campaigns()->set_campaign_id("spring");
  domain::Program expected;
  expected.program_id = "acme";
  expected.currency = "EUR";
  expected.rewards.emplace_back().rule_id = "thanks";
  expected.campaigns.emplace_back().campaign_id = "spring";
  EXPECT_EQ(ToProgram(message), expected);
  v1::Program back;
  Set(back, expected);
  EXPECT_FALSE(back.has_fraud());
  EXPECT_FALSE(back.has_leads());
  EXPECT_FALSE(back.has_success());
  EXPECT_FALSE(back.has_advocate_eligibility());
  EXPECT_FALSE(back.campaigns(0).has_quality());
  EXPECT_FALSE(back.campaigns(0).has_start_time());
  EXPECT_EQ(ToProgram(back), expected);
}

TEST(ProgramMessagesTest, FraudAndQualityAreOnWhenTheyAreStated) {
  v1::Program message;
  message.mutable_fraud();
  message.add_campaigns()->mutable_quality();
  const domain::Program program = ToProgram(message);
  EXPECT_TRUE(program.fraud.enabled);
  EXPECT_EQ(program.fraud.hold_at, 50);
  EXPECT_EQ(program.fraud.reject_at, 100);
  EXPECT_EQ(program.fraud.chain_depth, 3);
  EXPECT_TRUE(program.campaigns[0].quality.enabled);
  EXPECT_EQ(program.campaigns[0].quality.false_alarm_ppm, 10000);
  EXPECT_EQ(program.campaigns[0].quality.min_baseline_outcomes, 100);
  EXPECT_EQ(program.campaigns[0].quality.outcome_within, absl::Hours(24 * 30));
  EXPECT_FALSE(program.campaigns[0].further_quality.enabled);
}

TEST(ProgramMessagesTest, AVersionHasItsTimeAndNumber) {
  domain::ProgramVersion version{domain::FullProgram(), 3,
                                 absl::FromUnixMicros(1700000000000001)};
  v1::GetProgramResponse message;
  Set(message, version);
  EXPECT_EQ(message.version(), 3);
  EXPECT_EQ(message.program().effective_time().seconds(), 1700000000);
  EXPECT_EQ(message.program().effective_time().nanos(), 1000);
  version.effective_time.reset();
  message.Clear();
  Set(message, version);
  EXPECT_FALSE(message.program().has_effective_time());
}

TEST(ProgramMessagesTest, FraudRulesAreShownAsTheyWork) {
  domain::ProgramVersion version;
  v1::GetProgramResponse none;
  Set(none, version);
  EXPECT_FALSE(none.has_effective_fraud());
  version.program.fraud.enabled = true;
  version.program.fraud.weights = {{domain::Signal::kVelocity, 30}};
  v1::GetProgramResponse message;
  Set(message, version);
  EXPECT_EQ(message.program().fraud().weights_size(), 1);
  std::vector<std::pair<int, int>> weights;
  for (const auto& weight : message.effective_fraud().weights()) {
    weights.emplace_back(weight.signal(), weight.weight());
  }
  EXPECT_EQ(weights, (std::vector<std::pair<int, int>>{{v1::SIGNAL_SELF_REFERRAL, 100},
                                                       {v1::SIGNAL_SAME_DOMAIN, 40},
                                                       {v1::SIGNAL_DISPOSABLE_DOMAIN, 60},
                                                       {v1::SIGNAL_EXISTING_CUSTOMER, 100},
                                                       {v1::SIGNAL_DUPLICATE_ACCOUNT, 80},
                                                       {v1::SIGNAL_CIRCULAR_CHAIN, 70},
                                                       {v1::SIGNAL_VELOCITY, 30},
                                                       {v1::SIGNAL_PAID_SEARCH, 60},
                                                       {v1::SIGNAL_BLOCKLIST, 100}}));
  EXPECT_EQ(message.effective_fraud().hold_at(), 50);
}

TEST(ProgramMessagesTest, ACampaignTellsWhereItStands) {
  app::CampaignStatus status;
  status.campaign = domain::FullCampaign();
  v1::CampaignStatus closed;
  Set(closed, status);
  EXPECT_EQ(closed.campaign().campaign_id(), "winter");
  EXPECT_FALSE(closed.open());
  EXPECT_FALSE(closed.has_pause());
  EXPECT_EQ(closed.state(), v1::CAMPAIGN_STATE_CLOSED);
  EXPECT_FALSE(closed.has_next_start_time());
  status.next_start = absl::FromUnixSeconds(30);
  v1::CampaignStatus upcoming;
  Set(upcoming, status);
  EXPECT_EQ(upcoming.state(), v1::CAMPAIGN_STATE_UPCOMING);
  EXPECT_EQ(upcoming.next_start_time().seconds(), 30);
  status.season = domain::Season{absl::FromUnixSeconds(10), absl::InfiniteFuture()};
  status.pause =
      app::PausedCampaign{"acme", "winter", absl::FromUnixSeconds(20), "quality", "alarm"};
  status.budget = {{status.campaign.caps[0], absl::UnixEpoch(), {7, 4900}}};
  v1::CampaignStatus open;
  Set(open, status);
  EXPECT_TRUE(open.open());
  EXPECT_EQ(open.state(), v1::CAMPAIGN_STATE_PAUSED);
  EXPECT_EQ(open.season_start_time().seconds(), 10);
  EXPECT_FALSE(open.has_season_end_time());
  EXPECT_EQ(open.pause().cause(), "quality");
  EXPECT_EQ(open.pause().paused_by(), "alarm");
  ASSERT_EQ(open.budget_size(), 1);
  EXPECT_EQ(open.budget(0).cap().max_minor(), 70000);
  EXPECT_FALSE(open.budget(0).has_period_start_time());
  EXPECT_EQ(open.budget(0).rewards(), 7);
  EXPECT_EQ(open.budget(0).minor(), 4900);
  status.pause.reset();
  Set(open, status);
  EXPECT_EQ(open.state(), v1::CAMPAIGN_STATE_OPEN);
}

}  // namespace
}  // namespace kith::referral::rpc
