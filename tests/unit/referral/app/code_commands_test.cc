// Codes: vanity and campaign codes, rotation and revocation, on every backend.
#include "services/referral/domain/codes.h"
#include "tests/unit/referral/app/attribution_world.h"

namespace kith::referral::app {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

class CodeCommandsTest : public AttributionTest {
 protected:
  void ApplySpring() {
    ApplyWith([](domain::Program& program) {
      domain::Campaign spring;
      spring.campaign_id = "spring";
      spring.start_time = kNow - 10 * kDay;
      spring.end_time = kNow + 10 * kDay;
      program.campaigns = {spring};
    });
  }
  std::string EvidenceOf(const absl::StatusOr<domain::Customer>& customer) {
    if (!customer.ok()) return std::string(customer.status().message());
    const domain::Judgement& judgement = customer->judgement;
    if (judgement.rejected.empty()) return judgement.advocate_id;
    return judgement.rejected.front().reason;
  }
};
INSTANTIATE_TEST_SUITE_P(Stores, CodeCommandsTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

TEST_P(CodeCommandsTest, AVanityCodeBelongsToOneAdvocateInAnySpelling) {
  const domain::Code code = *IssueVanity("ada", "ada-loves it");
  EXPECT_EQ(code.code, "ADA10VE51T");
  EXPECT_EQ(code.kind, domain::CodeKind::kVanity);
  EXPECT_EQ(code.issued_time, kNow);
  EXPECT_EQ(*IssueVanity("ada", "ADA10VE51T"), code);
  EXPECT_EQ(Reason(IssueVanity("bob", "AdaLovesIt").status()), "CODE_TAKEN");
  EXPECT_EQ(Reason(IssueVanity("zoe", "ZOE1").status()), "ADVOCATE_NOT_FOUND");
  EXPECT_EQ(Reason(IssueVanity("bob", "B_B!").status()), "INVALID_FIELD");
  EXPECT_EQ(Reason(IssueVanity("bob", "BOB").status()), "INVALID_FIELD");
  EXPECT_EQ(Reason(IssueVanity("bob", domain::MakeCode("acme", "zoe", 0)).status()),
            "INVALID_FIELD");
  // The personal code stays the one to hand out, and both count.
  EXPECT_EQ(world_.Advocate("ada").code, ada_);
  EXPECT_EQ(EvidenceOf(SignUpWithCode("carl", "adaLOVESit")), "ada");
  EXPECT_EQ(EvidenceOf(SignUpWithCode("dora", ada_)), "ada");
}

TEST_P(CodeCommandsTest, ARotatedCodeIsHonouredForItsGrace) {
  ApplyWith([](domain::Program& p) { p.attribution.code_grace = 5 * kDay; });
  const RotateCode::Response rotated = *Rotate("ada");
  EXPECT_NE(rotated.code.code, ada_);
  EXPECT_TRUE(domain::IsWellFormedCode(rotated.code.code));
  EXPECT_EQ(rotated.retired.code, ada_);
  EXPECT_EQ(rotated.retired.retired_time, kNow);
  EXPECT_EQ(rotated.retired.honoured_until, kNow + 5 * kDay);
  EXPECT_EQ(world_.Advocate("ada").code, rotated.code.code);
  world_.clock.Set(kNow + 5 * kDay);
  EXPECT_EQ(EvidenceOf(SignUpWithCode("carl", ada_, kNow + 5 * kDay)), "CODE_RETIRED");
  EXPECT_EQ(EvidenceOf(SignUpWithCode("dora", ada_, kNow + 5 * kDay - absl::Microseconds(1))),
            "ada");
  EXPECT_EQ(EvidenceOf(SignUpWithCode("emil", rotated.code.code, kNow)), "ada");
}

TEST_P(CodeCommandsTest, EveryRotationGivesAnotherCode) {
  std::set<std::string> codes = {ada_};
  for (int i = 0; i < 8; ++i) codes.insert(Rotate("ada")->code.code);
  EXPECT_EQ(codes.size(), 9u);
  EXPECT_EQ(world_.Query("SELECT COUNT(*) FROM advocate_code WHERE advocate_id = 'ada'"),
            std::vector<std::string>{"9"});
  EXPECT_EQ(Reason(Rotate("zoe").status()), "ADVOCATE_NOT_FOUND");
}

TEST_P(CodeCommandsTest, ARevokedCodeCountsOnlyForWhatHappenedBefore) {
  ASSERT_TRUE(world_.Touch({"t0", ada_, "v1", kNow - kDay}).ok());
  const domain::Code revoked = *Revoke(" " + ada_);
  EXPECT_EQ(revoked.honoured_until, kNow);
  EXPECT_EQ(EvidenceOf(SignUpWithCode("carl", ada_, kNow)), "CODE_RETIRED");
  EXPECT_EQ(EvidenceOf(SignUpWithCode("dora", ada_, kNow - kDay)), "ada");
  // A touch before counts, however late the signup; one after is kept and refused.
  ASSERT_TRUE(world_.Touch({"t1", ada_, "v2", kNow}).ok());
  auto emil = SignupOf("emil", kNow), fred = emil;
  emil.signup.visitor_id = "v1";
  fred.signup.customer_id = "fred";
  fred.signup.visitor_id = "v2";
  EXPECT_EQ(EvidenceOf(world_.SignUp(emil)), "ada");
  EXPECT_EQ(EvidenceOf(world_.SignUp(fred)), "CODE_RETIRED");
  world_.clock.Set(kNow + kDay);
  EXPECT_EQ(*Revoke(ada_), revoked);
  EXPECT_EQ(Reason(Revoke("NOBODYS").status()), "CODE_NOT_FOUND");
}

TEST_P(CodeCommandsTest, ATouchTellsWhatBecameOfItsCode) {
  ApplyWith([](domain::Program& p) { p.attribution.code_grace = 5 * kDay; });
  const auto touch = [&](const std::string& id, const std::string& code, absl::Time time) {
    return world_.Record({id, code, "v1", time}).value();
  };
  EXPECT_EQ(touch("t0", ada_, kNow).uncounted, "");
  EXPECT_EQ(touch("t0", ada_, kNow).honoured_until, std::nullopt);
  ASSERT_TRUE(Rotate("ada").ok());
  world_.clock.Set(kNow + 5 * kDay);
  EXPECT_EQ(touch("t1", ada_, kNow + kDay).uncounted, "");
  EXPECT_EQ(touch("t1", ada_, kNow + kDay).honoured_until, kNow + 5 * kDay);
  EXPECT_EQ(touch("t2", ada_, kNow + 5 * kDay).uncounted, "CODE_ROTATED");
  ASSERT_TRUE(IssueVanity("ada", "ADA-TEAM").ok());
  ASSERT_TRUE(Revoke("ADA-TEAM").ok());
  const RecordedTouch gone = touch("t3", "ADA-TEAM", kNow + 5 * kDay);
  EXPECT_EQ(gone.uncounted, "CODE_REVOKED");
  EXPECT_EQ(gone.honoured_until, kNow + 5 * kDay);
  EXPECT_EQ(gone.touch.advocate_id, "ada");
  EXPECT_EQ(Reason(world_.Record({"t4", "NOBODYS", "v1", kNow}).status()), "UNKNOWN_CODE");
  EXPECT_EQ(world_.misses(), 0);
}

TEST_P(CodeCommandsTest, RevokingEndsTheGraceOfARotatedCode) {
  ASSERT_TRUE(Rotate("ada").ok());
  world_.clock.Set(kNow + kDay);
  const domain::Code revoked = *Revoke(ada_);
  EXPECT_EQ(revoked.retired_time, kNow);
  EXPECT_EQ(revoked.honoured_until, kNow + kDay);
}

TEST_P(CodeCommandsTest, WhoRevokedACodeIsKept) {
  ASSERT_TRUE(IssueVanity("ada", "AAAA").ok());
  ASSERT_TRUE(Rotate("ada").ok());
  const auto revoker = [&](const std::string& code) {
    const auto listed = reader().ListCodes("acme", "ada", {}, kNow, test::Soon());
    for (const domain::Code& row : listed.value().rows) {
      if (row.code == code) return row.revoked_by;
    }
    return std::string("no such code");
  };
  EXPECT_EQ(revoker(ada_), "") << "rotated out";
  EXPECT_EQ(Revoke(ada_, "eve")->revoked_by, "eve");
  EXPECT_EQ(revoker(ada_), "eve");
  EXPECT_EQ(revoker("AAAA"), "");
  // It counted no more when the others came.
  EXPECT_EQ(Revoke(ada_, "otto")->revoked_by, "eve");
  EXPECT_EQ(Revoke(ada_, "")->revoked_by, "eve");
  EXPECT_EQ(reader().ResolveCode("acme", ada_, kNow, test::Soon())->code.revoked_by, "eve");
  EXPECT_EQ(Revoke("AAAA", "")->revoked_by, "");
  EXPECT_THAT(world_.Query("SELECT kind, subject_id, decided_by FROM decision "
                           "WHERE decided_by <> ''"),
              ElementsAre("revoke_code " + ada_ + " eve"));
}

TEST_P(CodeCommandsTest, ACampaignCodeGivesTheReferralItsCampaign) {
  ApplySpring();
  const domain::Code code = *IssueFor("ada", "spring");
  EXPECT_EQ(code.kind, domain::CodeKind::kCampaign);
  EXPECT_TRUE(domain::IsWellFormedCode(code.code));
  EXPECT_EQ(*IssueFor("ada", "spring"), code);
  EXPECT_EQ(Reason(IssueFor("ada", "autumn").status()), "CAMPAIGN_NOT_FOUND");
  ASSERT_EQ(EvidenceOf(SignUpWithCode("carl", code.code)), "ada");
  EXPECT_EQ(world_.Referral("signup:carl").campaign, "spring");
  ASSERT_EQ(EvidenceOf(SignUpWithCode("dora", ada_)), "ada");
  EXPECT_EQ(world_.Referral("signup:dora").campaign, "");
  EXPECT_EQ(world_.Touch({"t1", code.code, "v1", kNow - kDay})->campaign, "spring");
  auto emil = SignupOf("emil", kNow);
  emil.signup.visitor_id = "v1";
  ASSERT_EQ(EvidenceOf(world_.SignUp(emil)), "ada");
  EXPECT_EQ(world_.Referral("signup:emil").campaign, "spring");
  EXPECT_EQ(EvidenceOf(SignUpWithCode("fred", code.code, kNow - 11 * kDay)),
            "CAMPAIGN_CLOSED");
  ASSERT_TRUE(Revoke(code.code).ok());
  EXPECT_NE(IssueFor("ada", "spring")->code, code.code);
}

TEST_P(CodeCommandsTest, ACodeIsResolvedWithWhatStandsAgainstIt) {
  ApplySpring();
  const std::string spring = IssueFor("ada", "spring")->code;
  const auto resolve = [&](const std::string& code, absl::Time now) {
    return reader().ResolveCode("acme", code, now, test::Soon());
  };
  EXPECT_EQ(resolve(" " + ada_, kNow)->code.advocate_id, "ada");
  EXPECT_EQ(resolve(ada_, kNow)->refusal, "");
  EXPECT_EQ(resolve(spring, kNow)->refusal, "");
  EXPECT_EQ(resolve(spring, kNow + 10 * kDay)->refusal, "CAMPAIGN_CLOSED");
  ASSERT_TRUE(Rotate("ada").ok());
  EXPECT_EQ(resolve(ada_, kNow)->refusal, "");
  EXPECT_EQ(resolve(ada_, kNow + 30 * kDay)->refusal, "CODE_RETIRED");
  EXPECT_EQ(Reason(resolve("NOBODYS", kNow).status()), "CODE_NOT_FOUND");
  EXPECT_EQ(Reason(reader().ResolveCode("none", ada_, kNow, test::Soon()).status()),
            "PROGRAM_NOT_FOUND");
}

TEST_P(CodeCommandsTest, EveryCodeComesWithItsLink) {
  EXPECT_EQ(world_.Advocate("ada").link, "") << "no template";
  ApplyWith([](domain::Program& program) {
    program.link_template = "https://acme.example/r/{code}";
    domain::Campaign spring, plain;
    spring.campaign_id = "spring";
    spring.link_template = "https://acme.example/spring/{code}";
    plain.campaign_id = "plain";
    program.campaigns = {spring, plain};
  });
  const std::string mine = "https://acme.example/r/";
  EXPECT_EQ(world_.Advocate("ada").link, mine + ada_);
  EXPECT_EQ(world_.Enroll({{.advocate_id = "ada"}})[0]->advocate.link, mine + ada_);
  const auto eve = world_.Enroll({{.advocate_id = "eve"}})[0]->advocate;
  EXPECT_EQ(eve.link, mine + eve.code);
  EXPECT_EQ(IssueVanity("ada", "Ada Loves It")->link, mine + "ADA10VE51T");
  const domain::Code spring = *IssueFor("ada", "spring");
  EXPECT_EQ(spring.link, "https://acme.example/spring/" + spring.code);
  const domain::Code plain = *IssueFor("ada", "plain");
  EXPECT_EQ(plain.link, mine + plain.code);
  const RotateCode::Response rotated = *Rotate("ada");
  EXPECT_EQ(rotated.code.link, mine + rotated.code.code);
  EXPECT_EQ(rotated.retired.link, mine + ada_);
  EXPECT_EQ(Revoke(plain.code)->link, mine + plain.code);
  std::map<std::string, std::string> links;
  const auto listed = reader().ListCodes("acme", "ada", {}, kNow, test::Soon());
  for (const domain::Code& code : listed.value().rows) links[code.code] = code.link;
  EXPECT_EQ(links.size(), 5u);
  EXPECT_EQ(links[spring.code], spring.link);
  EXPECT_EQ(links["ADA10VE51T"], mine + "ADA10VE51T");
  const auto resolved = reader().ResolveCode("acme", spring.link, kNow, test::Soon());
  EXPECT_EQ(resolved->code.code, spring.code);
  EXPECT_EQ(resolved->code.link, spring.link);
}

TEST_P(CodeCommandsTest, TheFeedTellsTheCampaignOfASignup) {
  ApplySpring();
  const domain::Code spring = *IssueFor("ada", "spring");
  world_.NewFacts();
  ASSERT_TRUE(SignUpWithCode("carl", spring.code).ok());
  EXPECT_THAT(world_.NewFacts(),
              ElementsAre("signup_attributed carl referral ada signup:carl code spring"));
  ASSERT_TRUE(SignUpWithCode("dora", ada_).ok());
  EXPECT_THAT(world_.NewFacts(),
              ElementsAre("signup_attributed dora referral ada signup:dora code"));
}

TEST_P(CodeCommandsTest, APastedLinkCountsAsItsCode) {
  ApplyWith([](domain::Program& p) { p.link_template = "https://acme.example/r/{code}"; });
  const std::string link = "acme.example/r/" + ada_ + "?utm_source=mail";
  EXPECT_EQ(EvidenceOf(SignUpWithCode("carl", link)), "ada");
  EXPECT_EQ(EvidenceOf(SignUpWithCode("carl", ada_)), "ada") << "the same signup";
  EXPECT_EQ(EvidenceOf(SignUpWithCode("dora", "https://elsewhere.example/" + ada_)),
            "UNKNOWN_CODE");
  EXPECT_EQ(world_.Touch({"t1", link, "v1", kNow})->code, ada_);
  EXPECT_EQ(world_.Touch({"t1", ada_, "v1", kNow})->code, ada_) << "the same touch";
  const absl::Status other =
      world_.Touch({"t2", "https://elsewhere.example/" + ada_, "v1", kNow}).status();
  EXPECT_EQ(Reason(other), "UNKNOWN_CODE");
}

TEST_P(CodeCommandsTest, CodesAreListedInPages) {
  ASSERT_TRUE(IssueVanity("ada", "AAAA").ok());
  ASSERT_TRUE(IssueVanity("ada", "ZZZZ").ok());
  const auto list = [&](const std::string& advocate, PageRequest page) {
    return reader().ListCodes("acme", advocate, page, kNow, test::Soon());
  };
  const auto texts = [](const Page<domain::Code>& page) {
    std::vector<std::string> codes;
    for (const domain::Code& code : page.rows) codes.push_back(code.code);
    return codes;
  };
  EXPECT_THAT(texts(*list("ada", {})), UnorderedElementsAre("AAAA", ada_, "ZZZZ"));
  const auto first = *list("ada", {.size = 2, .token = ""});
  EXPECT_THAT(texts(first), UnorderedElementsAre("AAAA", ada_));
  EXPECT_THAT(texts(*list("ada", {2, first.next_token})), ElementsAre("ZZZZ"));
  EXPECT_EQ(Reason(list("bob", {2, first.next_token}).status()), "INVALID_PAGE_TOKEN");
  EXPECT_EQ(Reason(list("zoe", {}).status()), "ADVOCATE_NOT_FOUND");
}

}  // namespace
}  // namespace kith::referral::app
