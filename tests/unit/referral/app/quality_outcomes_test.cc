// Referrals that never convert: outcomes that only the passing of time makes known.
#include "gmock/gmock.h"
#include "services/referral/app/decide_fit.h"
#include "services/referral/app/issue_code.h"
#include "services/referral/app/update_leads.h"
#include "services/referral/jobs/due_work.h"
#include "tests/unit/referral/app/fraud_world.h"

namespace kith::referral::app {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Lines = std::vector<std::string>;

constexpr absl::Duration kWithin = absl::Hours(240);

domain::QualityRules Conversions() {
  return {.enabled = true,
          .metric = domain::QualityMetric::kConversion,
          .baseline_basis_points = 5000,
          .outcome_within = kWithin,
          .auto_pause = true};
}

// The campaign football is watched: half of those who come have to buy within ten days.
class QualityOutcomesTest : public FraudTest {
 protected:
  QualityOutcomesTest() {
    ApplyQuality([](domain::Campaign&) {});
    const auto code =
        world_.Run<IssueCode>("IssueCode", IssueCode::Request{"acme", "ann", "", "football"});
    EXPECT_TRUE(code.ok()) << code.status();
    football_code_ = code.ok() ? code->code : "";
    world_.NewFacts();
  }

  template <class Change>
  void ApplyQuality(Change change) {
    ApplyWith([&](domain::Program& program) {
      program.fraud.enabled = false;
      program.leads.fit.any_of = {{{"lead.fit", domain::Comparison::kEquals, {"yes"}}}};
      domain::Campaign football;
      football.campaign_id = "football";
      football.quality = Conversions();
      change(football);
      program.campaigns = {football};
    });
  }

  void Advance(absl::Duration by) { world_.clock.Set(world_.clock.Now() + by); }
  void DoDueWork() {
    const absl::Status done = due_work_.RunOnce();
    EXPECT_TRUE(done.ok()) << done;
  }
  void SignUp(const std::string& customer, const std::string& code,
              std::optional<absl::Time> time = std::nullopt) {
    auto signup = SignupOf(customer, time.value_or(world_.clock.Now()));
    signup.signup.code = code;
    const auto judged = world_.SignUp(signup);
    ASSERT_TRUE(judged.ok()) << judged.status();
    ASSERT_EQ(judged->judgement.advocate_id, "ann");
  }
  void SignUpMany(int number) {
    for (int i = 0; i < number; ++i) SignUp(absl::StrCat("c", next_++), football_code_);
  }
  void Pay(const std::string& customer, std::optional<absl::Time> time = std::nullopt) {
    const auto paid = world_.Convert(
        PaymentOf(absl::StrCat("o", next_++), customer, time.value_or(world_.clock.Now())));
    ASSERT_TRUE(paid.ok()) << paid.status();
  }
  void SubmitTo(const std::string& campaign, const std::string& id,
                const std::string& referee = "") {
    SubmitReferrals::NewLead lead =
        LeadOf(id, "ann", referee, world_.clock.Now(), id + "@friends.example");
    lead.lead.campaign = campaign;
    lead.lead.attributes = {{"fit", "yes"}};
    const auto submitted = world_.SubmitOne(lead);
    ASSERT_TRUE(submitted.ok()) << submitted.status();
  }
  void Update(const std::string& id, domain::LeadState state, const std::string& reason = "") {
    const auto updated = world_.Run<UpdateLeads>(
        "UpdateLeads", std::string("acme"),
        std::vector<UpdateLeads::Update>{
            {id, {.state = state, .time = std::nullopt, .by = "sue", .reason = reason}}});
    ASSERT_TRUE(updated.ok() && updated->front().ok());
  }

  // "good/all" of the campaign's conversions; empty: there are none.
  std::string Football(
      domain::QualityMetric metric = domain::QualityMetric::kConversion) const {
    const auto page = reader_.GetQuality("acme", "football", {}, test::Soon()).value();
    for (const domain::QualityTest& test : page.rows) {
      if (test.metric == metric) return absl::StrCat(test.successes, "/", test.outcomes);
    }
    return "";
  }
  Lines Awaited() const {
    return world_.Query(
        "SELECT subject_id FROM due_work WHERE kind = 'outcome' ORDER BY subject_id");
  }
  Lines Alarms() {
    Lines alarms;
    for (const std::string& fact : world_.NewFacts()) {
      if (absl::StartsWith(fact, "quality") || absl::StartsWith(fact, "campaign")) {
        alarms.push_back(fact);
      }
    }
    return alarms;
  }

  std::string football_code_;
  int next_ = 1;
  metrics::Registry registry_;
  jobs::DueWork due_work_{world_.database(), world_.executor(), world_.clock, registry_};
};

TEST_P(QualityOutcomesTest, WhoSignsUpAndNeverBuysIsABadOutcome) {
  SignUpMany(12);
  EXPECT_THAT(Awaited(), SizeIs(12));
  Advance(kWithin - absl::Microseconds(1));
  DoDueWork();
  EXPECT_EQ(Football(), "");
  Advance(absl::Microseconds(1));
  DoDueWork();
  EXPECT_EQ(Football(), "0/12");
  EXPECT_THAT(Alarms(), ElementsAre("quality_collapsed football conversion 0/12 of 5000",
                                    "campaign_paused football quality"));
  EXPECT_THAT(Awaited(), IsEmpty());
  DoDueWork();
  EXPECT_EQ(Football(), "0/12");
}

TEST_P(QualityOutcomesTest, WhoBuysInTimeIsAGoodOneAtOnceAndOnce) {
  SignUpMany(2);
  Advance(2 * kDay);
  Pay("c1");
  EXPECT_EQ(Football(), "1/1");
  EXPECT_THAT(Awaited(), ElementsAre("signup:c2/864000000000"));
  ASSERT_TRUE(world_.Reverse("o3").ok());
  Pay("c1");
  EXPECT_EQ(Football(), "1/1");
  Advance(kWithin);
  DoDueWork();
  EXPECT_EQ(Football(), "1/2");
}

TEST_P(QualityOutcomesTest, WhoBuysTooLateDoesNotCountTwice) {
  SignUpMany(1);
  Advance(kWithin);
  DoDueWork();
  EXPECT_EQ(Football(), "0/1");
  Advance(kDay);
  Pay("c1");
  DoDueWork();
  EXPECT_EQ(Football(), "0/1");
}

// However late the job is, the time of the conversion decides.
TEST_P(QualityOutcomesTest, TheTimeOfTheConversionDecides) {
  SignUpMany(3);
  const absl::Time end = world_.clock.Now() + kWithin;
  Advance(kWithin + kDay);
  Pay("c1", end);
  Pay("c2", end + absl::Microseconds(1));
  EXPECT_EQ(Football(), "1/1");
  DoDueWork();
  EXPECT_EQ(Football(), "1/3");
  EXPECT_THAT(Awaited(), IsEmpty());
}

TEST_P(QualityOutcomesTest, AClockThatJumpsAndIsSetBackCountsOnce) {
  SignUpMany(2);
  Advance(365 * kDay);
  DoDueWork();
  EXPECT_EQ(Football(), "0/2");
  Advance(-365 * kDay);
  DoDueWork();
  Pay("c1");
  Advance(kWithin);
  DoDueWork();
  EXPECT_EQ(Football(), "0/2");
}

TEST_P(QualityOutcomesTest, WhatIsToldLateHasItsTimeFromThenOn) {
  const absl::Time long_ago = kNow - 80 * kDay;
  SignUp("c1", ann_code_, long_ago);
  SubmitReferrals::NewLead lead = LeadOf("l1", "ann", "carl", long_ago);
  lead.lead.campaign = "football";
  ASSERT_TRUE(world_.SubmitOne(lead).ok());
  lead = LeadOf("l2", "ann", "dora", long_ago);
  lead.lead.campaign = "football";
  ASSERT_TRUE(world_.SubmitOne(lead).ok());
  DoDueWork();
  EXPECT_EQ(Football(), "");
  SignUp("carl", "", long_ago + kDay);
  Pay("carl", long_ago + 2 * kDay);
  EXPECT_EQ(Football(), "1/1");
  Advance(kWithin);
  DoDueWork();
  EXPECT_EQ(Football(), "1/2");
}

TEST_P(QualityOutcomesTest, ALostLeadIsOneWhenItsTimeIsOver) {
  for (const char* id : {"lost", "won", "idle", "late"}) SubmitTo("football", id);
  Update("lost", domain::LeadState::kLost, "price");
  EXPECT_EQ(Football(), "");
  Update("won", domain::LeadState::kWon);
  EXPECT_EQ(Football(), "1/1");
  Advance(kWithin);
  DoDueWork();
  EXPECT_EQ(Football(), "1/4");
  Update("late", domain::LeadState::kWon);
  EXPECT_EQ(Football(), "1/4");
}

TEST_P(QualityOutcomesTest, TheBaselineIsOfThoseWhoseTimeIsOver) {
  ApplyQuality([](domain::Campaign& football) {
    football.quality.baseline_basis_points.reset();
    football.quality.min_baseline_outcomes = 4;
    football.quality.auto_pause = false;
  });
  for (const char* id : {"a", "b", "c", "d"}) SignUp(id, ann_code_);
  Pay("a");
  Pay("b");
  Advance(kDay);
  SignUpMany(1);
  EXPECT_EQ(world_.Query("SELECT COUNT(*) FROM conversion_baseline"), Lines{"0"})
      << "good ones do not come early here";
  Advance(kWithin - kDay);
  DoDueWork();
  EXPECT_EQ(world_.Query("SELECT outcomes, successes FROM conversion_baseline"), Lines{"4 2"});
  Advance(kDay);
  DoDueWork();
  const domain::QualityTest test =
      reader_.GetQuality("acme", "football", {}, test::Soon()).value().rows.front();
  EXPECT_EQ(test.baseline_outcomes, 4);
  EXPECT_EQ(test.baseline_successes, 2);
}

TEST_P(QualityOutcomesTest, NothingIsAwaitedWhereConversionsAreNotWatched) {
  ApplyQuality([](domain::Campaign& football) {
    football.quality.metric = domain::QualityMetric::kQualification;
  });
  SignUpMany(1);
  SignUp("else", ann_code_);
  SubmitTo("football", "l1");
  EXPECT_THAT(Awaited(), IsEmpty());
  Pay("c1");
  EXPECT_EQ(world_.Query("SELECT COUNT(*) FROM conversion_baseline"), Lines{"0"});
}

TEST_P(QualityOutcomesTest, ACampaignMayHaveAnAlarmOfEachMetric) {
  ApplyQuality([](domain::Campaign& football) {
    football.further_quality.enabled = true;
    football.further_quality.baseline_basis_points = 5000;
  });
  SubmitTo("football", "l1");
  EXPECT_EQ(Football(domain::QualityMetric::kQualification), "1/1");
  EXPECT_EQ(Football(), "");
  Advance(kWithin);
  DoDueWork();
  EXPECT_EQ(Football(domain::QualityMetric::kQualification), "1/1");
  EXPECT_EQ(Football(), "0/1");
}

// With the customer who gives its code a lead comes to a campaign, and begins there.
TEST_P(QualityOutcomesTest, ALeadThatComesToTheCampaignByACodeBeginsThen) {
  SubmitTo("", "l1", "carl");
  Advance(5 * kDay);
  SignUp("carl", football_code_);
  ASSERT_EQ(world_.Referral("l1").campaign, "football");
  Advance(kWithin - 5 * kDay);
  DoDueWork();
  EXPECT_EQ(Football(), "");
  EXPECT_THAT(Awaited(), SizeIs(1));
  Advance(5 * kDay);
  DoDueWork();
  EXPECT_EQ(Football(), "0/1");
  EXPECT_EQ(world_.Query("SELECT COUNT(*) FROM conversion_baseline"), Lines{"0"});
}

INSTANTIATE_TEST_SUITE_P(Stores, QualityOutcomesTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

}  // namespace
}  // namespace kith::referral::app
