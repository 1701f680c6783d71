// Leads from submission to the end of the sales work, on every backend.
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/unit/referral/app/lead_world.h"

namespace kith::referral::app {
namespace {

using domain::Fit;
using domain::LeadState;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

using LeadFlowTest = LeadTest;
INSTANTIATE_TEST_SUITE_P(Stores, LeadFlowTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

// A lead with at least 50 seats fits; it is to be contacted within two days.
void FitAndSla(domain::Program& program) {
  program.leads.fit.any_of = {{{"lead.seats", domain::Comparison::kAtLeast, {"50"}}}};
  program.leads.follow_up_sla = 2 * kDay;
}

TEST_P(LeadFlowTest, KeepsAllThatALeadSays) {
  SubmitReferrals::NewLead lead = Lead("r1");
  lead.phone = "+49 (30) 123-456";
  lead.name = "Carl  Smith";
  lead.note = "call after six";
  lead.lead.expectations = {"fast_setup", "good_support"};
  lead.lead.attributes = {{"seats", "50"}, {"note", "a=b;c"}};
  const domain::Referral referral = Submit(lead);
  EXPECT_EQ(referral.lead_state, LeadState::kSubmitted);
  EXPECT_EQ(referral.fit, Fit::kUnknown);
  EXPECT_EQ(referral.phone_hash.size(), 32);
  EXPECT_EQ(referral.name_hash.size(), 32);
  EXPECT_FALSE(absl::StrContains(referral.sealed_note, "call"));
  const domain::Referral stored = world_.Referral("r1");
  EXPECT_EQ(stored, referral);
  EXPECT_EQ(stored.expectations, lead.lead.expectations);
  EXPECT_EQ(stored.attributes, lead.lead.attributes);
}

TEST_P(LeadFlowTest, TheSameLeadAgainIsTheSame) {
  SubmitReferrals::NewLead lead = Lead("r1");
  lead.phone = "+49 30 123456";
  lead.note = "call after six";
  const domain::Referral first = Submit(lead);
  lead.phone = "0049 30 / 123456";
  lead.lead.submitted_time.reset();
  EXPECT_EQ(Submit(lead), first);
  lead.note = "call before six";
  EXPECT_EQ(Refusal(lead), "REFERRAL_ID_REUSED");
  lead.note = "";
  EXPECT_EQ(Refusal(lead), "REFERRAL_ID_REUSED");
}

TEST_P(LeadFlowTest, NobodyIsReferredTwice) {
  SubmitReferrals::NewLead lead = Lead("r1");
  lead.phone = "+49 30 123456";
  lead.name = "Carl Smith";
  Submit(lead);
  world_.EnrollOne("bob");
  // Another spelling of the address, of the number, and of the name by the same advocate.
  EXPECT_EQ(Refusal(LeadOf("r2", "bob", "", kNow, "R1+x@Friends.example")),
            "ALREADY_REFERRED");
  SubmitReferrals::NewLead other = LeadOf("r2", "bob", "", kNow);
  other.phone = "0049-30-123456";
  EXPECT_EQ(Refusal(other), "ALREADY_REFERRED");
  other = LeadOf("r2", "ada", "carl", kNow);
  other.name = " carl   SMITH ";
  EXPECT_EQ(Refusal(other), "ALREADY_REFERRED");
  other.lead.advocate_id = "bob";
  EXPECT_EQ(Submit(other).advocate_id, "bob");
  EXPECT_EQ(world_.Advocate("ada").referrals, 1);
  EXPECT_EQ(world_.Advocate("bob").referrals, 1);
}

TEST_P(LeadFlowTest, AColdLeadKeepsNobodyElse) {
  ApplyWith([](domain::Program& p) { p.attribution.lead_window = 10 * kDay; });
  world_.EnrollOne("bob");
  SubmitReferrals::NewLead cold = LeadOf("cold", "ada", "", kNow, "carl@x.example");
  cold.phone = "+49 30 123456";
  Submit(cold);
  ASSERT_TRUE(Update("cold", LeadState::kLost, "no_budget").ok());
  const auto warm = [](const std::string& id, absl::Time time) {
    return LeadOf(id, "bob", "", time, "Carl@x.example");
  };
  world_.clock.Set(kNow + 10 * kDay);
  EXPECT_EQ(Refusal(warm("warm", kNow + 10 * kDay)), "ALREADY_REFERRED");
  world_.clock.Advance(absl::Microseconds(1));
  EXPECT_EQ(Submit(warm("warm", world_.clock.Now())).advocate_id, "bob");
  // Now bob's keeps others, and ada's window does not begin anew.
  EXPECT_EQ(Refusal(LeadOf("again", "ada", "", world_.clock.Now(), "carl@x.example")),
            "ALREADY_REFERRED");
  EXPECT_EQ(Submit(cold).lead_state, LeadState::kLost) << "as it is stored";
  const auto judged = world_.SignUp(SignupOf("carl", world_.clock.Now(), "carl@x.example"));
  EXPECT_EQ(judged->judgement.referral_id, "warm");
  EXPECT_EQ(world_.Advocate("ada").referrals, 1);
  EXPECT_EQ(world_.Advocate("ada").signups, 0);
  EXPECT_EQ(world_.Advocate("bob").signups, 1);
  // Whoever opts out does so for both.
  EXPECT_EQ(Opt(true, "carl@x.example")->changed, 1);
  EXPECT_TRUE(world_.Referral("cold").opted_out);
  EXPECT_TRUE(world_.Referral("warm").opted_out);
}

TEST_P(LeadFlowTest, ALeadThatCameToSomethingKeepsOthersForGood) {
  ApplyWith([](domain::Program& p) { p.attribution.lead_window = 10 * kDay; });
  world_.EnrollOne("bob");
  Submit(LeadOf("r1", "ada", "carl", kNow - 50 * kDay, "carl@x.example"));
  domain::ConversionReport paid = PaymentOf("o1", "", kNow - 49 * kDay);
  paid.referral_id = "r1";
  ASSERT_TRUE(world_.Convert(paid).ok());
  EXPECT_EQ(Refusal(LeadOf("r2", "bob", "", kNow, "carl@x.example")), "ALREADY_REFERRED");
}

TEST_P(LeadFlowTest, ABatchSeesItsOwnLeads) {
  SubmitReferrals::NewLead first = LeadOf("r1", "ada", "", kNow);
  first.phone = "+4930123456";
  SubmitReferrals::NewLead second = LeadOf("r2", "ada", "", kNow, "carl@example.com");
  second.phone = first.phone;
  const auto results = world_.Submit({first, second});
  EXPECT_TRUE(results[0].ok());
  EXPECT_EQ(Reason(results[1].status()), "ALREADY_REFERRED");
}

TEST_P(LeadFlowTest, WhoOptedOutIsLeftAlone) {
  EXPECT_EQ(Opt(true, "Carl.Smith@gmail.com", "+49 30 123456")->changed, 2);
  EXPECT_EQ(Opt(true, "carlsmith+x@googlemail.com")->changed, 0);
  EXPECT_EQ(Refusal(LeadOf("r1", "ada", "", kNow, "carlsmith@gmail.com")), "OPTED_OUT");
  SubmitReferrals::NewLead by_phone = LeadOf("r1", "ada", "carl", kNow);
  by_phone.phone = "004930123456";
  EXPECT_EQ(Refusal(by_phone), "OPTED_OUT");
  EXPECT_EQ(Opt(false, "", "+4930123456")->changed, 1);
  EXPECT_EQ(Submit(by_phone).referral_id, "r1");
  EXPECT_EQ(Reason(Opt(true, "").status()), "INVALID_FIELD");
  EXPECT_EQ(Reason(Opt(true, "", "12 34").status()), "INVALID_FIELD");
  // Nothing is done by half.
  const absl::Status half = Opt(true, "dora@example.com", "12 34").status();
  EXPECT_EQ(Reason(half), "INVALID_FIELD");
  EXPECT_EQ(ToItemError(half).field, "phone");
  EXPECT_EQ(Submit(LeadOf("r2", "ada", "", kNow, "dora@example.com")).referral_id, "r2");
}

TEST_P(LeadFlowTest, CampaignsAndAdvocatesMustAllowIt) {
  ApplyWith([](domain::Program& program) {
    domain::Campaign spring;
    spring.campaign_id = "spring";
    spring.start_time = kNow - 10 * kDay;
    spring.end_time = kNow - 5 * kDay;
    program.campaigns = {spring};
    program.advocate_eligibility.any_of = {
        {{"advocate.referrals", domain::Comparison::kAtMost, {"1"}}}};
  });
  SubmitReferrals::NewLead lead = Lead("r1", kNow - 5 * kDay);
  lead.lead.campaign = "spring";
  EXPECT_EQ(Refusal(lead), "CAMPAIGN_CLOSED");
  lead.lead.submitted_time = kNow - 6 * kDay;
  EXPECT_EQ(Submit(lead).campaign, "spring");
  Submit(Lead("r2"));
  EXPECT_EQ(Refusal(Lead("r3")), "NOT_ELIGIBLE");
}

TEST_P(LeadFlowTest, TheRulesDecideWhomALeadFits) {
  ApplyWith(FitAndSla);
  world_.NewFacts();
  SubmitReferrals::NewLead lead = Lead("good");
  lead.lead.attributes = {{"seats", "80"}};
  const domain::Referral good = Submit(lead);
  EXPECT_EQ(good.fit, Fit::kGood);
  EXPECT_EQ(good.fit_by, "rules");
  EXPECT_EQ(good.lead_state, LeadState::kSubmitted);
  const domain::Referral bad = Submit(Lead("bad"));
  EXPECT_EQ(bad.fit, Fit::kBad);
  EXPECT_EQ(bad.lead_state, LeadState::kUnqualified);
  EXPECT_EQ(bad.unqualified_reason, "NOT_A_FIT");
  EXPECT_EQ(bad.lead_state_time, kNow - kDay);
  EXPECT_EQ(bad.follow_up_due_time, std::nullopt);
  EXPECT_EQ(world_.Advocate("ada").qualified, 1);
  EXPECT_THAT(world_.NewFacts(),
              ElementsAre("referral_submitted good", "referral_submitted bad",
                          "lead_state_changed bad submitted unqualified NOT_A_FIT"));
  EXPECT_THAT(Scheduled(), ElementsAre("good 24"));
}

TEST_P(LeadFlowTest, SalesWorkGoesOnAndQualifiesOnce) {
  Submit(Lead("r1"));
  world_.NewFacts();
  EXPECT_EQ(Update("r1", LeadState::kContacted)->first_contact_time, kNow);
  EXPECT_EQ(world_.Advocate("ada").qualified, 0);
  world_.clock.Advance(kDay);
  EXPECT_EQ(Update("r1", LeadState::kMeeting)->fit, Fit::kGood);
  EXPECT_EQ(world_.Advocate("ada").qualified, 1);
  EXPECT_EQ(Reason(Update("r1", LeadState::kQualified).status()), "ILLEGAL_LEAD_TRANSITION");
  EXPECT_EQ(Reason(Update("r1", LeadState::kUnqualified).status()), "REASON_MISSING");
  EXPECT_EQ(Update("r1", LeadState::kUnqualified, "no_budget")->fit, Fit::kBad);
  EXPECT_EQ(Decide("r1", Fit::kGood)->lead_state, LeadState::kQualified);
  EXPECT_EQ(world_.Advocate("ada").qualified, 1);
  EXPECT_EQ(Update("r1", LeadState::kLost, "price")->unqualified_reason, "price");
  EXPECT_EQ(Reason(Update("r0", LeadState::kLost, "price").status()), "UNKNOWN_REFERRAL");
  EXPECT_THAT(world_.NewFacts(),
              ElementsAre("lead_state_changed r1 submitted contacted",
                          "lead_state_changed r1 contacted meeting",
                          "lead_state_changed r1 meeting unqualified no_budget",
                          "lead_state_changed r1 unqualified qualified",
                          "lead_state_changed r1 qualified lost price"));
}

TEST_P(LeadFlowTest, APersonMayQualifyFromTheDesk) {
  ApplyWith([](domain::Program& program) { program.leads.follow_up_sla = 2 * kDay; });
  Submit(Lead("r1"));
  EXPECT_EQ(Decide("r1", Fit::kGood)->lead_state, LeadState::kSubmitted);
  EXPECT_EQ(world_.Advocate("ada").qualified, 1);
  EXPECT_THAT(Scheduled(), ElementsAre("r1 24"));
  EXPECT_EQ(Decide("r1", Fit::kBad, "too_small")->lead_state, LeadState::kUnqualified);
  EXPECT_THAT(Scheduled(), IsEmpty());
  EXPECT_EQ(Reason(Decide("r0", Fit::kGood).status()), "REFERRAL_NOT_FOUND");
}

TEST_P(LeadFlowTest, ALeadThatIsLeftAloneIsBreachedOnce) {
  ApplyWith([](domain::Program& program) { program.leads.follow_up_sla = 2 * kDay; });
  Submit(Lead("r1"));
  world_.NewFacts();
  EXPECT_THAT(Scheduled(), ElementsAre("r1 24"));
  DueComes("r1");  // too early: a clock that jumped back
  EXPECT_FALSE(world_.Referral("r1").follow_up_breached);
  world_.clock.Advance(kDay);
  DueComes("r1");  // the very instant is in time
  EXPECT_FALSE(world_.Referral("r1").follow_up_breached);
  EXPECT_THAT(Scheduled(), ElementsAre("r1 24"));
  EXPECT_TRUE(
      reader_.ListOverdue("acme", false, world_.clock.Now(), {}, test::Soon())->rows.empty());
  world_.clock.Advance(absl::Microseconds(1));
  EXPECT_EQ(
      reader_.ListOverdue("acme", false, world_.clock.Now(), {}, test::Soon())->rows.size(),
      1u);
  DueComes("r1");
  DueComes("r1");
  EXPECT_TRUE(world_.Referral("r1").follow_up_breached);
  EXPECT_THAT(world_.NewFacts(), ElementsAre("follow_up_breached r1"));
  world_.clock.Advance(absl::Seconds(1));
  EXPECT_TRUE(Update("r1", LeadState::kContacted)->follow_up_breached);
  EXPECT_THAT(world_.NewFacts(), ElementsAre("lead_state_changed r1 submitted contacted"));
}

TEST_P(LeadFlowTest, AContactEndsTheFollowUp) {
  ApplyWith([](domain::Program& program) { program.leads.follow_up_sla = 2 * kDay; });
  Submit(Lead("in_time"));
  Submit(Lead("late", kNow - 3 * kDay));  // due at once
  EXPECT_THAT(Scheduled(), ElementsAre("late -24", "in_time 24"));
  world_.NewFacts();
  EXPECT_FALSE(Update("in_time", LeadState::kContacted)->follow_up_breached);
  EXPECT_TRUE(Update("late", LeadState::kContacted)->follow_up_breached);
  EXPECT_THAT(Scheduled(), IsEmpty());
  EXPECT_THAT(world_.NewFacts(), ElementsAre("lead_state_changed in_time submitted contacted",
                                             "follow_up_breached late",
                                             "lead_state_changed late submitted contacted"));
  world_.clock.Advance(10 * kDay);
  DueComes("in_time");
  EXPECT_FALSE(world_.Referral("in_time").follow_up_breached);
}

TEST_P(LeadFlowTest, WhoOptsInAgainIsToBeCalledAgain) {
  ApplyWith([](domain::Program& program) { program.leads.follow_up_sla = 2 * kDay; });
  for (const char* id : {"before", "called", "late"}) Submit(Lead(id, kNow - 3 * kDay));
  SubmitReferrals::NewLead both = Lead("both", kNow - 3 * kDay);
  both.phone = "+49 171 1234567";
  Submit(both);
  DueComes("before");
  for (const char* id : {"before", "both", "called", "late"}) {
    ASSERT_TRUE(Opt(true, absl::StrCat(id, "@friends.example")).ok());
  }
  ASSERT_TRUE(Opt(true, "", "+49 171 1234567").ok());
  ASSERT_TRUE(Update("called", LeadState::kContacted).ok());
  ASSERT_TRUE(world_.database().RunScript("DELETE FROM due_work").ok());  // it was done
  world_.NewFacts();
  for (const char* id : {"before", "both", "called", "late"}) {
    ASSERT_TRUE(Opt(false, absl::StrCat(id, "@friends.example")).ok());
  }
  EXPECT_THAT(Scheduled(), ElementsAre("late -24"));
  ASSERT_TRUE(Opt(false, "nobody@friends.example", "0171 1234567").ok());
  ASSERT_TRUE(Opt(false, "", "+49 171 1234567").ok());
  EXPECT_THAT(Scheduled(), ElementsAre("both -24", "late -24"));
  DueComes("late");
  EXPECT_THAT(world_.NewFacts(), ElementsAre("follow_up_breached late"));
  // Who is in already changes nothing.
  ASSERT_TRUE(world_.database().RunScript("DELETE FROM due_work").ok());
  EXPECT_EQ(Opt(false, "late@friends.example")->changed, 0);
  EXPECT_THAT(Scheduled(), IsEmpty());
}

TEST_P(LeadFlowTest, NobodyIsTooLateForAFraudOrWhoOptedOut) {
  ApplyWith([](domain::Program& program) { program.leads.follow_up_sla = 2 * kDay; });
  for (const char* id : {"fraud", "fits", "mail"}) Submit(Lead(id, kNow - 3 * kDay));
  SubmitReferrals::NewLead phone = Lead("phone", kNow - 3 * kDay);
  phone.phone = "+49 171 1234567";
  Submit(phone);
  ASSERT_TRUE(world_.database()
                  .RunScript("UPDATE referral SET fraud = 'rejected' "
                             "WHERE referral_id = 'fraud'")
                  .ok());
  ASSERT_TRUE(Opt(true, "mail@friends.example", "+49 171 1234567").ok());
  world_.NewFacts();
  for (const char* id : {"fraud", "mail", "phone"}) {
    EXPECT_FALSE(Update(id, LeadState::kContacted)->follow_up_breached) << id;
    EXPECT_THAT(world_.NewFacts(),
                ElementsAre(absl::StrCat("lead_state_changed ", id, " submitted contacted")));
  }
  EXPECT_TRUE(Update("fits", LeadState::kContacted)->follow_up_breached);
  EXPECT_EQ(reader_.GetFunnel("acme", {}, test::Soon())->breached, 1);
}

TEST_P(LeadFlowTest, AConversionWinsTheLead) {
  ApplyWith([](domain::Program& program) { program.leads.follow_up_sla = 2 * kDay; });
  ASSERT_TRUE(world_.SubmitOne(LeadOf("r1", "ada", "carl", kNow - 3 * kDay)).ok());
  ASSERT_TRUE(world_.SignUp(SignupOf("carl", kNow - 2 * kDay)).ok());
  ASSERT_TRUE(world_.Convert(PaymentOf("o1", "carl", kNow - kDay)).ok());
  const domain::Referral won = world_.Referral("r1");
  EXPECT_EQ(won.lead_state, LeadState::kWon);
  EXPECT_EQ(won.lead_state_time, kNow - kDay);
  EXPECT_EQ(won.fit, Fit::kUnknown);
  EXPECT_THAT(Scheduled(), IsEmpty());
  ASSERT_TRUE(world_.Reverse("o1").ok());
  EXPECT_EQ(world_.Referral("r1").lead_state, LeadState::kWon);
}

TEST_P(LeadFlowTest, CompanyAndRefereeAreAlerted) {
  ApplyWith([](domain::Program& program) {
    program.leads.follow_up_sla = 2 * kDay;
    program.leads.alert_referee = true;
  });
  SubmitReferrals::NewLead lead = Lead("r1");
  lead.lead.expectations = {"fast_setup"};
  Submit(lead);
  events::v1::Fact fact;
  ASSERT_TRUE(fact.ParseFromString(absl::HexStringToBytes(
      world_.Query("SELECT fact FROM event ORDER BY position DESC LIMIT 1").front())));
  EXPECT_TRUE(fact.referral_submitted().alert_referee());
  EXPECT_EQ(fact.referral_submitted().follow_up_due_time().seconds(),
            absl::ToUnixSeconds(kNow + kDay));
  EXPECT_THAT(fact.referral_submitted().expectations(), ElementsAre("fast_setup"));
}

TEST_P(LeadFlowTest, FraudRulesHoldOrRejectALead) {
  ApplyWith([](domain::Program& program) {
    program.fraud.enabled = true;
    program.fraud.weights = {{domain::Signal::kDisposableDomain, 60},
                             {domain::Signal::kSameDomain, 100}};
    program.fraud.disposable_domains = {"trash.example"};
  });
  const auto bob = world_.Enroll(
      {{.advocate_id = "bob", .email = "bob@firm.example", .phone = "+49 30 999999"}});
  ASSERT_TRUE(bob.front().ok());
  world_.NewFacts();
  const domain::Referral held = Submit(LeadOf("held", "bob", "", kNow, "carl@trash.example"));
  EXPECT_EQ(held.fraud, domain::FraudState::kHeld);
  EXPECT_EQ(held.fraud_score, 60);
  const auto rejected = world_.SubmitOne(LeadOf("own", "bob", "", kNow, "dora@firm.example"));
  EXPECT_EQ(Reason(rejected.status()), "FRAUD_REJECTED");
  EXPECT_EQ(ToItemError(rejected.status()).message, "is rejected because of same_domain");
  EXPECT_EQ(world_.Advocate("bob").referrals, 1);
  EXPECT_THAT(world_.Query("SELECT referral_id FROM referral"), ElementsAre("held"));
  EXPECT_THAT(world_.Query("SELECT referral_id FROM fraud_case ORDER BY referral_id"),
              ElementsAre("held", "own"));
}

TEST_P(LeadFlowTest, LeadsEarnWhenTheyAreSubmittedAndWhenTheyQualify) {
  ApplyWith([](domain::Program& program) {
    domain::RewardRule football;
    football.rule_id = "football";
    football.kind = domain::RewardKind::kPhysicalGift;
    football.trigger = domain::Trigger::kMilestone;
    football.count = 3;
    football.item = "football";
    domain::RewardRule bonus;
    bonus.rule_id = "bonus";
    bonus.trigger = domain::Trigger::kQualified;
    bonus.amount.fixed_minor = 500;
    program.rewards = {football, bonus};
  });
  for (const char* id : {"r1", "r2", "r3"}) Submit(Lead(id));
  ASSERT_TRUE(Update("r2", LeadState::kQualified).ok());
  ASSERT_TRUE(Decide("r2", Fit::kGood).ok());
  EXPECT_THAT(world_.Query("SELECT rule_id, recipient_id, referral_id, amount_minor "
                           "FROM reward ORDER BY rule_id"),
              ElementsAre("bonus ada r2 500", "football ada r3 1"));
}

TEST_P(LeadFlowTest, AThousandLeadsAtOnce) {
  ApplyWith(FitAndSla);
  std::vector<SubmitReferrals::NewLead> leads;
  for (int i = 0; i < 1000; ++i) {
    leads.push_back(Lead(absl::StrCat("r", i)));
    leads.back().phone = absl::StrCat("+4930", 100000 + i);
    leads.back().lead.attributes = {{"seats", absl::StrCat(i % 100)}};
  }
  for (const auto& result : world_.Submit(leads)) ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(world_.Advocate("ada").referrals, 1000);
  EXPECT_EQ(world_.Advocate("ada").qualified, 500);
  std::vector<UpdateLeads::Update> updates;
  for (int i = 0; i < 1000; ++i) {
    updates.push_back({absl::StrCat("r", i),
                       {.state = LeadState::kWon, .time = kNow, .by = "sue", .reason = ""}});
  }
  const auto results = world_.Run<UpdateLeads>("UpdateLeads", std::string("acme"), updates);
  int64_t won = 0;
  for (const auto& result : *results) won += result.ok() ? 1 : 0;
  EXPECT_EQ(won, 500);  // the others were unqualified by the rules
}

TEST_P(LeadFlowTest, ACampaignThatIsUnknownIsALabelAndSaidToBe) {
  auto lead = Lead("r1");
  lead.lead.campaign = "sprnig";
  const auto submitted = world_.SubmitAll({lead, Lead("r2")});
  ASSERT_TRUE(submitted[0].ok());
  EXPECT_EQ(submitted[0]->referral.campaign, "sprnig");
  EXPECT_EQ(submitted[0]->warnings, std::vector<std::string>{"UNKNOWN_CAMPAIGN"});
  EXPECT_TRUE(submitted[1]->warnings.empty());
  EXPECT_EQ(world_.SubmitAll({lead})[0]->warnings.size(), 1u);  // again, as before
}

}  // namespace
}  // namespace kith::referral::app
