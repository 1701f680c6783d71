// The reads about leads, on every backend.
#include "services/referral/app/lead_reader.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "services/referral/store/page_of.h"
#include "tests/unit/referral/app/lead_world.h"

namespace kith::referral::app {
namespace {

using domain::Fit;
using domain::LeadState;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

class LeadReadsTest : public LeadTest {
 protected:
  LeadReadsTest() {
    world_.EnrollOne("bob");
    ApplyWith([](domain::Program& program) {
      program.leads.fit.any_of = {{{"lead.seats", domain::Comparison::kAtLeast, {"50"}},
                                   {"lead.country", domain::Comparison::kIn, {"DE", "FR"}}},
                                  {{"advocate.kind", domain::Comparison::kExists, {}}}};
      program.leads.follow_up_sla = 2 * kDay;
    });
  }

  // A lead of an advocate's: of a campaign, fitting or not, submitted so many days ago.
  void Add(const std::string& id, const std::string& advocate, const std::string& campaign,
           bool fits, int days) {
    SubmitReferrals::NewLead lead = Lead(id, kNow - days * kDay);
    lead.lead.advocate_id = advocate;
    lead.lead.campaign = campaign;
    lead.lead.attributes = {{"seats", fits ? "70" : "7"}, {"country", "DE"}};
    Submit(lead);
  }
  static std::vector<std::string> Ids(const absl::StatusOr<Page<domain::Referral>>& page) {
    std::vector<std::string> ids;
    for (const domain::Referral& row : page.value().rows) ids.push_back(row.referral_id);
    return ids;
  }
  std::vector<std::string> List(const LeadFilter& filter) {
    return Ids(reader_.ListLeads(filter, {}, test::Soon()));
  }
  std::vector<std::string> Overdue(bool closed_too) {
    return Ids(reader_.ListOverdue("acme", closed_too, world_.clock.Now(), {}, test::Soon()));
  }
};
INSTANTIATE_TEST_SUITE_P(Stores, LeadReadsTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

TEST_P(LeadReadsTest, ListsByEveryFilter) {
  Add("r1", "ada", "", true, 1);
  Add("r2", "ada", "spring", false, 1);
  Add("r3", "bob", "spring", true, 1);
  Add("r4", "bob", "fall", true, 1);
  // Who began with a signup is no lead.
  AttributeSignups::NewSignup signup = SignupOf("zoe", kNow);
  signup.signup.code = ada_code_;
  ASSERT_TRUE(world_.SignUp(signup).ok());
  ASSERT_TRUE(Update("r4", LeadState::kContacted).ok());
  LeadFilter all;
  all.program_id = "acme";
  EXPECT_THAT(List(all), ElementsAre("r1", "r2", "r3", "r4"));
  LeadFilter of_bob = all;
  of_bob.advocate_id = "bob";
  EXPECT_THAT(List(of_bob), ElementsAre("r3", "r4"));
  LeadFilter of_spring = all;
  of_spring.campaign = "spring";
  EXPECT_THAT(List(of_spring), ElementsAre("r2", "r3"));
  LeadFilter submitted = all;
  submitted.lead_state = LeadState::kSubmitted;
  EXPECT_THAT(List(submitted), ElementsAre("r1", "r3"));
  LeadFilter bad = all;
  bad.fit = Fit::kBad;
  EXPECT_THAT(List(bad), ElementsAre("r2"));
  LeadFilter undecided = all;
  undecided.fit = Fit::kUnknown;
  EXPECT_THAT(List(undecided), IsEmpty());
  of_spring.fit = Fit::kGood;
  EXPECT_THAT(List(of_spring), ElementsAre("r3"));
  of_bob.lead_state = LeadState::kContacted;
  EXPECT_THAT(List(of_bob), ElementsAre("r4"));
  LeadFilter filter;
  filter.program_id = "nobody";
  EXPECT_EQ(Reason(reader_.ListLeads(filter, {}, test::Soon()).status()), "PROGRAM_NOT_FOUND");
}

TEST_P(LeadReadsTest, ListsInPages) {
  for (int i = 0; i < 5; ++i) Add(absl::StrCat("r", i), "ada", "spring", true, 10 - i);
  LeadFilter filter;
  filter.program_id = "acme";
  filter.campaign = "spring";
  const auto first = reader_.ListLeads(filter, {.size = 3, .token = ""}, test::Soon());
  EXPECT_THAT(Ids(first), ElementsAre("r0", "r1", "r2"));
  const PageRequest rest{.size = 3, .token = first->next_token};
  EXPECT_THAT(Ids(reader_.ListLeads(filter, rest, test::Soon())), ElementsAre("r3", "r4"));
  filter.campaign = "fall";
  EXPECT_EQ(Reason(reader_.ListLeads(filter, rest, test::Soon()).status()),
            "INVALID_PAGE_TOKEN");
  const auto overdue =
      reader_.ListOverdue("acme", false, kNow, {.size = 2, .token = ""}, test::Soon());
  EXPECT_THAT(Ids(overdue), ElementsAre("r0", "r1"));
  EXPECT_THAT(
      Ids(reader_.ListOverdue("acme", false, kNow, {.size = 9, .token = overdue->next_token},
                              test::Soon())),
      ElementsAre("r2", "r3", "r4"));
}

TEST_P(LeadReadsTest, ListsWhoWasLeftAlone) {
  Add("fresh", "ada", "", true, 1);
  Add("old", "ada", "", true, 3);
  Add("older", "ada", "", true, 4);
  Add("misfit", "ada", "", false, 5);
  EXPECT_THAT(Overdue(false), ElementsAre("older", "old"));
  EXPECT_THAT(Overdue(true), IsEmpty());  // not noticed yet
  DueComes("old");
  ASSERT_TRUE(Update("older", LeadState::kContacted).ok());
  EXPECT_THAT(Overdue(false), ElementsAre("old"));
  EXPECT_THAT(Overdue(true), ElementsAre("older", "old"));
  EXPECT_EQ(reader_.GetFunnel("acme", {}, test::Soon())->breached, 2);
}

TEST_P(LeadReadsTest, MeasuresTheTimeToTheFirstContact) {
  Add("hours", "ada", "", true, 1);
  Add("days", "ada", "", true, 4);
  Add("never", "ada", "", true, 5);
  EXPECT_EQ(reader_.GetFunnel("acme", {}, test::Soon())->contacted, 0);
  DueComes("days");
  const auto contact = [&](const std::string& id, absl::Duration after) {
    const absl::Time submitted = world_.Referral(id).submitted_time;
    ASSERT_TRUE(Update(id, LeadState::kContacted, submitted + after).ok());
  };
  contact("hours", absl::Hours(3));
  contact("days", absl::Hours(7));  // in time, told late
  ASSERT_TRUE(Update("days", LeadState::kMeeting).ok());
  const auto funnel = reader_.GetFunnel("acme", {}, test::Soon());
  EXPECT_EQ(funnel->contacted, 2);
  EXPECT_EQ(funnel->contact_wait, absl::Hours(5));
  EXPECT_EQ(funnel->breached, 0);
}

TEST_P(LeadReadsTest, NobodyIsToCallAFraudOrWhoOptedOut) {
  for (const char* id : {"fraud", "mail", "phone", "waits"}) {
    SubmitReferrals::NewLead lead = Lead(id, kNow - 3 * kDay);
    lead.lead.attributes = {{"seats", "70"}, {"country", "DE"}};
    lead.phone = std::string(id) == "phone" ? "+49 171 1234567" : "";
    Submit(lead);
  }
  ASSERT_TRUE(world_.database()
                  .RunScript("UPDATE referral SET fraud = 'rejected' "
                             "WHERE referral_id = 'fraud'")
                  .ok());
  ASSERT_TRUE(Opt(true, "mail@friends.example").ok());
  ASSERT_TRUE(Opt(true, "", "+49 171 1234567").ok());
  EXPECT_THAT(Overdue(false), ElementsAre("waits"));
  // Nor is a breach announced.
  world_.NewFacts();
  for (const char* id : {"fraud", "mail", "phone", "waits"}) DueComes(id);
  EXPECT_EQ(world_.NewFacts().size(), 1u);
  EXPECT_THAT(Overdue(true), ElementsAre("waits"));
  EXPECT_EQ(reader_.GetFunnel("acme", {}, test::Soon())->breached, 1);
  // The leads tell so themselves.
  const char* const out = "SELECT referral_id FROM referral WHERE opted_out = 1 ORDER BY 1";
  EXPECT_THAT(world_.Query(out), ElementsAre("mail", "phone"));
  // Whoever opts in again waits again, and so does whoever is honest after all.
  ASSERT_TRUE(Opt(false, "mail@friends.example").ok());
  EXPECT_THAT(world_.Query(out), ElementsAre("phone"));
  EXPECT_THAT(Overdue(false), ElementsAre("mail", "waits"));
  ASSERT_TRUE(world_.database()
                  .RunScript("UPDATE referral SET fraud = 'approved' "
                             "WHERE referral_id = 'fraud'")
                  .ok());
  EXPECT_THAT(Overdue(false), ElementsAre("fraud", "mail", "waits"));
}

TEST_P(LeadReadsTest, CountsTheFunnel) {
  Add("r1", "ada", "", true, 1);
  Add("r2", "ada", "spring", false, 1);
  Add("r3", "bob", "spring", true, 1);
  Add("r4", "bob", "fall", true, 1);
  ASSERT_TRUE(Update("r3", LeadState::kMeeting).ok());
  ASSERT_TRUE(Update("r4", LeadState::kContacted).ok());
  ASSERT_TRUE(Update("r4", LeadState::kLost, "price").ok());
  const LeadFunnel funnel = *reader_.GetFunnel("acme", {.size = 1, .token = ""}, test::Soon());
  EXPECT_THAT(funnel.leads, ::testing::UnorderedElementsAre(
                                Pair(LeadState::kSubmitted, 1), Pair(LeadState::kMeeting, 1),
                                Pair(LeadState::kLost, 1), Pair(LeadState::kUnqualified, 1)));
  ASSERT_EQ(funnel.campaigns.rows.size(), 1);
  EXPECT_EQ(funnel.campaigns.rows[0].campaign, "fall");
  EXPECT_THAT(funnel.campaigns.rows[0].leads, ElementsAre(Pair(LeadState::kLost, 1)));
  const LeadFunnel rest = *reader_.GetFunnel(
      "acme", {.size = 1, .token = funnel.campaigns.next_token}, test::Soon());
  EXPECT_EQ(rest.campaigns.rows[0].campaign, "spring");
  EXPECT_THAT(rest.campaigns.rows[0].leads,
              ElementsAre(Pair(LeadState::kMeeting, 1), Pair(LeadState::kUnqualified, 1)));
  EXPECT_EQ(rest.campaigns.next_token, "");
}

TEST_P(LeadReadsTest, NotesAreReadableHereOnly) {
  SubmitReferrals::NewLead lead = Lead("r1");
  lead.note = "call after six";
  Submit(lead);
  Submit(Lead("r2"));
  EXPECT_EQ(*reader_.GetNote("acme", "r1", test::Soon()), "call after six");
  EXPECT_EQ(*reader_.GetNote("acme", "r2", test::Soon()), "");
  EXPECT_EQ(Reason(reader_.GetNote("acme", "r3", test::Soon()).status()),
            "REFERRAL_NOT_FOUND");
  // Two leads with one note do not look alike.
  lead = Lead("r4");
  lead.note = "call after six";
  EXPECT_NE(Submit(lead).sealed_note, world_.Referral("r1").sealed_note);
}

TEST_P(LeadReadsTest, ExplainsTheFit) {
  Add("r1", "ada", "", false, 1);
  const FitExplanation bad = *reader_.ExplainFit("acme", "r1", test::Soon());
  EXPECT_EQ(bad.fit, Fit::kBad);
  EXPECT_EQ(bad.fit_by, "rules");
  EXPECT_EQ(bad.program_version, 2);
  EXPECT_FALSE(bad.evaluation.holds);
  std::vector<std::string> tests;
  for (const domain::TestOutcome& test : bad.evaluation.tests) {
    tests.push_back(absl::StrCat(test.test.field, "=", test.value.value_or("?"), " ",
                                 test.holds ? "yes" : "no"));
  }
  EXPECT_THAT(tests,
              ElementsAre("lead.seats=7 no", "lead.country=DE yes", "advocate.kind=? no"));
  ASSERT_TRUE(Decide("r1", Fit::kGood).ok());
  const FitExplanation decided = *reader_.ExplainFit("acme", "r1", test::Soon());
  EXPECT_EQ(decided.fit, Fit::kGood);
  EXPECT_EQ(decided.fit_by, "sue");
  EXPECT_FALSE(decided.evaluation.holds);
}

// The plans are SQLite's own.
class LeadPlansTest : public LeadReadsTest {};
INSTANTIATE_TEST_SUITE_P(Stores, LeadPlansTest, ::testing::Values("sqlite"), BackendName);

TEST_P(LeadPlansTest, ListingsUseTheirIndexes) {
  const std::string rows = "EXPLAIN QUERY PLAN SELECT * FROM referral WHERE program_id = 'p' ";
  const std::pair<std::string, std::string> cases[] = {
      {absl::StrCat("AND ", store::PageOf("advocate_id", "'a'", "'r'"),
                    " ORDER BY advocate_id, referral_id LIMIT 5"),
       "referral_by_advocate"},
      {absl::StrCat("AND origin = 'lead' AND ", store::PageOf("lead_state", "'lost'", "'r'"),
                    " ORDER BY lead_state, referral_id LIMIT 5"),
       "referral_lead_by_state"},
      {absl::StrCat("AND origin = 'lead' AND ", store::PageOf("campaign", "'c'", "'r'"),
                    " AND campaign <> '' ORDER BY campaign, referral_id LIMIT 5"),
       "referral_lead_by_campaign"},
      {absl::StrCat("AND origin = 'lead' AND ", store::PageOf("fit", "'bad'", "'r'"),
                    " AND fit <> 'unknown' ORDER BY fit, referral_id LIMIT 5"),
       "referral_lead_by_fit"},
      {"AND (follow_up_due_time, referral_id) > (1, 'r') AND lead_state = 'submitted' "
       "AND follow_up_due_time IS NOT NULL AND follow_up_due_time <= 9 "
       "AND fraud <> 'rejected' AND opted_out = 0 "
       "ORDER BY follow_up_due_time, referral_id LIMIT 5",
       "referral_lead_to_contact"},
      {"AND (follow_up_due_time, referral_id) > (1, 'r') AND follow_up_breached = 1 "
       "ORDER BY follow_up_due_time, referral_id LIMIT 5",
       "referral_lead_breached"}};
  for (const auto& [condition, index] : cases) {
    const std::vector<std::string> plan = world_.Query(rows + condition);
    ASSERT_EQ(plan.size(), 1) << "a sort: " << ::testing::PrintToString(plan);
    EXPECT_TRUE(absl::StrContains(plan[0], index)) << plan[0];
  }
}

}  // namespace
}  // namespace kith::referral::app
