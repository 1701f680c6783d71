#include "services/referral/domain/lead.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/referral/domain/names.h"

namespace kith::referral::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const absl::Time kNow = absl::FromUnixSeconds(1700000000);
constexpr absl::Duration kHour = absl::Hours(1);
constexpr LeadState kStates[] = {LeadState::kSubmitted,   LeadState::kContacted,
                                 LeadState::kQualified,   LeadState::kMeeting,
                                 LeadState::kNegotiation, LeadState::kWon,
                                 LeadState::kLost,        LeadState::kUnqualified};

Referral LeadIn(LeadState state) {
  Referral lead;
  lead.referral_id = "r1";
  lead.submitted_time = kNow - 10 * kHour;
  lead.lead_state = state;
  if (state != LeadState::kSubmitted) lead.lead_state_time = kNow - 5 * kHour;
  return lead;
}

LeadUpdate UpdateTo(LeadState state, const std::string& reason = "") {
  return {.state = state, .time = kNow - kHour, .by = "sue", .reason = reason};
}

std::string ReasonOf(const Referral& lead, const LeadUpdate& update) {
  return GetErrorReason(JudgeUpdate(lead, update, kNow).status());
}

std::string ReasonOf(const Referral& lead, const FitDecision& decision) {
  return GetErrorReason(JudgeFitDecision(lead, decision, kNow).status());
}

// The lead after an update that must be allowed.
Referral After(const Referral& lead, const LeadUpdate& update) {
  return Changed(lead, JudgeUpdate(lead, update, kNow).value().value());
}

Referral After(const Referral& lead, const FitDecision& decision) {
  return Changed(lead, JudgeFitDecision(lead, decision, kNow).value().value());
}

TEST(LeadTest, OpenLeadsGoForwardAndClosedOnesStay) {
  // A row for each state, in the order above: where it may go.
  const absl::string_view allowed[] = {".#######", "..######", "...#####", "....####",
                                       ".....###", "........", "........", "........"};
  for (size_t from = 0; from < 8; ++from) {
    std::string row;
    for (const LeadState to : kStates) row += MayMove(kStates[from], to) ? '#' : '.';
    EXPECT_EQ(row, allowed[from]) << Name(kStates[from]);
  }
}

TEST(LeadTest, EveryUpdateObeysTheTransitions) {
  for (const LeadState from : kStates) {
    for (const LeadState to : kStates) {
      const bool ends = to == LeadState::kLost || to == LeadState::kUnqualified;
      const std::string reason = ReasonOf(LeadIn(from), UpdateTo(to, ends ? "no_budget" : ""));
      EXPECT_EQ(reason, MayMove(from, to) ? "" : "ILLEGAL_LEAD_TRANSITION")
          << Name(from) << " to " << Name(to);
    }
  }
}

TEST(LeadTest, SignupReferralsHaveNoSalesWork) {
  Referral referral = LeadIn(LeadState::kSubmitted);
  referral.origin = ReferralOrigin::kSignup;
  EXPECT_EQ(ReasonOf(referral, UpdateTo(LeadState::kContacted)), "NOT_A_LEAD");
  EXPECT_EQ(ReasonOf(referral, FitDecision{Fit::kGood, "sue", ""}), "NOT_A_LEAD");
  EXPECT_EQ(ChangeByConversion(referral, kNow), std::nullopt);
}

TEST(LeadTest, LosingNeedsAReasonAndNothingElseTakesOne) {
  const Referral lead = LeadIn(LeadState::kContacted);
  EXPECT_EQ(ReasonOf(lead, UpdateTo(LeadState::kLost)), "REASON_MISSING");
  EXPECT_EQ(ReasonOf(lead, UpdateTo(LeadState::kUnqualified)), "REASON_MISSING");
  EXPECT_EQ(ReasonOf(lead, UpdateTo(LeadState::kMeeting, "why_not")), "INVALID_FIELD");
  EXPECT_EQ(After(lead, UpdateTo(LeadState::kLost, "no_budget")).unqualified_reason,
            "no_budget");
}

TEST(LeadTest, ChangesComeInOrderOfTime) {
  const Referral lead = LeadIn(LeadState::kContacted);
  LeadUpdate update = UpdateTo(LeadState::kQualified);
  update.time = kNow - 5 * kHour - absl::Microseconds(1);
  EXPECT_EQ(ReasonOf(lead, update), "TIME_OUT_OF_ORDER");
  update.time = kNow - 5 * kHour;
  EXPECT_EQ(ReasonOf(lead, update), "");
  update.time = kNow + 25 * kHour;
  EXPECT_EQ(ReasonOf(lead, update), "TIME_IN_FUTURE");
  update.time.reset();
  EXPECT_EQ(After(lead, update).lead_state_time, kNow);
  // Submitted by a clock that is a little ahead of ours.
  Referral early = LeadIn(LeadState::kSubmitted);
  early.submitted_time = kNow + kHour;
  update.state = LeadState::kContacted;
  EXPECT_EQ(After(early, update).first_contact_time, kNow + kHour);
}

TEST(LeadTest, TheSameUpdateChangesNothing) {
  const Referral lead =
      After(LeadIn(LeadState::kSubmitted), UpdateTo(LeadState::kLost, "no_budget"));
  LeadUpdate again = UpdateTo(LeadState::kLost, "no_budget");
  EXPECT_EQ(JudgeUpdate(lead, again, kNow).value(), std::nullopt);
  again.time.reset();
  EXPECT_EQ(JudgeUpdate(lead, again, kNow).value(), std::nullopt);
  again.reason = "silence";
  EXPECT_EQ(ReasonOf(lead, again), "ILLEGAL_LEAD_TRANSITION");
}

TEST(LeadTest, TheFirstMoveIsTheFirstContact) {
  Referral lead = LeadIn(LeadState::kSubmitted);
  lead.follow_up_due_time = kNow - kHour;
  EXPECT_TRUE(AwaitsContact(lead));
  const Referral in_time = After(lead, UpdateTo(LeadState::kMeeting));
  EXPECT_EQ(in_time.first_contact_time, kNow - kHour);
  EXPECT_FALSE(in_time.follow_up_breached);
  EXPECT_FALSE(AwaitsContact(in_time));
  lead.follow_up_due_time = kNow - kHour - absl::Microseconds(1);
  EXPECT_TRUE(After(lead, UpdateTo(LeadState::kContacted)).follow_up_breached);
  // Told after the breach was noticed.
  lead.follow_up_breached = true;
  EXPECT_TRUE(After(lead, UpdateTo(LeadState::kContacted)).follow_up_breached);
  lead.follow_up_due_time = kNow - kHour;
  EXPECT_FALSE(After(lead, UpdateTo(LeadState::kContacted)).follow_up_breached);
  const LeadUpdate later{LeadState::kWon, kNow, "sue", ""};
  EXPECT_EQ(After(in_time, later).first_contact_time, kNow - kHour);
}

TEST(LeadTest, WhoQualifiesALeadDecidesThatItFits) {
  const Referral contacted =
      After(LeadIn(LeadState::kSubmitted), UpdateTo(LeadState::kContacted));
  EXPECT_EQ(contacted.fit, Fit::kUnknown);
  EXPECT_FALSE(contacted.ever_qualified);
  for (const LeadState state : {LeadState::kQualified, LeadState::kMeeting,
                                LeadState::kNegotiation, LeadState::kWon}) {
    const Referral lead = After(contacted, UpdateTo(state));
    EXPECT_EQ(lead.fit, Fit::kGood) << Name(state);
    EXPECT_EQ(lead.fit_by, "sue");
    EXPECT_TRUE(lead.ever_qualified);
  }
  const Referral lost = After(contacted, UpdateTo(LeadState::kLost, "no_budget"));
  EXPECT_EQ(lost.fit, Fit::kUnknown);
  const Referral bad = After(contacted, UpdateTo(LeadState::kUnqualified, "too_small"));
  EXPECT_EQ(bad.fit, Fit::kBad);
  EXPECT_FALSE(bad.ever_qualified);
}

TEST(LeadTest, AFitThatTheRulesFoundStaysTheirs) {
  Referral lead = LeadIn(LeadState::kSubmitted);
  lead.fit = Fit::kGood;
  lead.fit_by = "rules";
  lead.ever_qualified = true;
  EXPECT_EQ(After(lead, UpdateTo(LeadState::kMeeting)).fit_by, "rules");
}

TEST(LeadTest, APersonDecidesTheFit) {
  const Referral lead = LeadIn(LeadState::kSubmitted);
  const Referral good = After(lead, FitDecision{Fit::kGood, "sue", ""});
  EXPECT_EQ(good.lead_state, LeadState::kSubmitted);
  EXPECT_EQ(good.fit_by, "sue");
  EXPECT_TRUE(good.ever_qualified);
  EXPECT_EQ(good.first_contact_time, std::nullopt);
  const Referral bad = After(good, FitDecision{Fit::kBad, "tom", "too_small"});
  EXPECT_EQ(bad.lead_state, LeadState::kUnqualified);
  EXPECT_EQ(bad.lead_state_time, kNow);
  EXPECT_EQ(bad.unqualified_reason, "too_small");
  EXPECT_TRUE(bad.ever_qualified);
  const Referral again = After(bad, FitDecision{Fit::kGood, "sue", ""});
  EXPECT_EQ(again.lead_state, LeadState::kQualified);
  EXPECT_EQ(again.unqualified_reason, "");
  EXPECT_EQ(JudgeFitDecision(again, {Fit::kGood, "sue", ""}, kNow).value(), std::nullopt);
}

TEST(LeadTest, FitDecisionsThatMakeNoSenseAreRefused) {
  const Referral open = LeadIn(LeadState::kMeeting);
  EXPECT_EQ(ReasonOf(open, FitDecision{Fit::kUnknown, "sue", ""}), "INVALID_FIELD");
  EXPECT_EQ(ReasonOf(open, FitDecision{Fit::kBad, "sue", ""}), "REASON_MISSING");
  EXPECT_EQ(ReasonOf(open, FitDecision{Fit::kGood, "sue", "nice"}), "INVALID_FIELD");
  const Referral won = LeadIn(LeadState::kWon);
  EXPECT_EQ(ReasonOf(won, FitDecision{Fit::kBad, "sue", "no"}), "ILLEGAL_LEAD_TRANSITION");
  EXPECT_EQ(ReasonOf(won, FitDecision{Fit::kGood, "sue", ""}), "");
  const Referral lost = LeadIn(LeadState::kLost);
  EXPECT_EQ(ReasonOf(lost, FitDecision{Fit::kGood, "sue", ""}), "ILLEGAL_LEAD_TRANSITION");
}

TEST(LeadTest, RulesJudgeTheLeadAndTheAdvocate) {
  LeadRules rules;
  Referral lead = LeadIn(LeadState::kSubmitted);
  Advocate ada;
  EXPECT_EQ(JudgeFitByRules(rules, lead, ada), std::nullopt);
  rules.fit.any_of = {{{"lead.seats", Comparison::kAtLeast, {"50"}}},
                      {{"advocate.kind", Comparison::kEquals, {"partner"}}}};
  lead.attributes = {{"seats", "49"}};
  const Referral bad = Changed(lead, *JudgeFitByRules(rules, lead, ada));
  EXPECT_EQ(bad.fit, Fit::kBad);
  EXPECT_EQ(bad.fit_by, "rules");
  EXPECT_EQ(bad.lead_state, LeadState::kUnqualified);
  EXPECT_EQ(bad.unqualified_reason, "NOT_A_FIT");
  EXPECT_EQ(bad.first_contact_time, std::nullopt);
  ada.kind = "partner";
  const Referral by_advocate = Changed(lead, *JudgeFitByRules(rules, lead, ada));
  EXPECT_EQ(by_advocate.fit, Fit::kGood);
  EXPECT_EQ(by_advocate.lead_state, LeadState::kSubmitted);
  lead.attributes = {{"seats", "50"}};
  EXPECT_EQ(JudgeFitByRules(rules, lead, Advocate())->fit, Fit::kGood);
}

TEST(LeadTest, AConversionWinsOpenLeadsOnly) {
  for (const LeadState state : kStates) {
    const auto change = ChangeByConversion(LeadIn(state), kNow);
    EXPECT_EQ(change.has_value(), IsOpen(state)) << Name(state);
  }
  const Referral lead = LeadIn(LeadState::kMeeting);
  // An order of yesterday cannot make the lead won before its last change.
  const Referral won = Changed(lead, *ChangeByConversion(lead, kNow - 24 * kHour));
  EXPECT_EQ(won.lead_state, LeadState::kWon);
  EXPECT_EQ(won.lead_state_time, kNow - 5 * kHour);
  EXPECT_EQ(won.fit, Fit::kUnknown);
  EXPECT_EQ(won.first_contact_time, std::nullopt);
}

TEST(LeadTest, EachMetricHasOneOutcome) {
  const LeadOutcome fits{QualityMetric::kQualification, true};
  const LeadOutcome misfit{QualityMetric::kQualification, false};
  const LeadOutcome won{QualityMetric::kConversion, true};
  const Referral lead = LeadIn(LeadState::kSubmitted);
  const Referral contacted = After(lead, UpdateTo(LeadState::kContacted));
  const Referral qualified = After(contacted, UpdateTo(LeadState::kQualified));
  const Referral bad = After(contacted, UpdateTo(LeadState::kUnqualified, "too_small"));
  EXPECT_THAT(OutcomesOf(lead, contacted), IsEmpty());
  EXPECT_THAT(OutcomesOf(contacted, qualified), ElementsAre(fits));
  EXPECT_THAT(OutcomesOf(contacted, bad), ElementsAre(misfit));
  const Referral redeemed = After(bad, FitDecision{Fit::kGood, "sue", ""});
  const LeadOutcome corrected{QualityMetric::kQualification, true, bad.lead_state_time};
  EXPECT_THAT(OutcomesOf(bad, redeemed), ElementsAre(corrected));
  const Referral bad_again = After(redeemed, FitDecision{Fit::kBad, "sue", "too_small"});
  EXPECT_THAT(OutcomesOf(redeemed, bad_again), IsEmpty());
  EXPECT_THAT(OutcomesOf(bad_again, After(bad_again, FitDecision{Fit::kGood, "eve", ""})),
              IsEmpty());
  EXPECT_THAT(OutcomesOf(lead, After(lead, UpdateTo(LeadState::kWon))),
              ElementsAre(fits, won));
  EXPECT_THAT(OutcomesOf(qualified, After(qualified, UpdateTo(LeadState::kLost, "price"))),
              IsEmpty());
  Referral converted = bad;
  converted.ever_converted = true;
  EXPECT_THAT(OutcomesOf(bad, converted), ElementsAre(won));
  EXPECT_THAT(OutcomesOf(converted, converted), IsEmpty());
}

TEST(LeadTest, TheFirstContactIsDueBySla) {
  LeadRules rules;
  EXPECT_EQ(FollowUpDueTime(rules, kNow), std::nullopt);
  rules.follow_up_sla = 48 * kHour;
  EXPECT_EQ(FollowUpDueTime(rules, kNow), kNow + 48 * kHour);
  EXPECT_FALSE(AwaitsContact(LeadIn(LeadState::kSubmitted)));
}

}  // namespace
}  // namespace kith::referral::domain
