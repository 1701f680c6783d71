// What is known of an advocate changes; on every backend.
#include "services/referral/app/update_advocates.h"

#include "tests/unit/referral/app/attribution_world.h"

namespace kith::referral::app {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Update = UpdateAdvocates::Update;

class UpdateAdvocatesTest : public AttributionTest {
 protected:
  UpdateAdvocates::Response Change(std::vector<Update> updates) {
    const auto response = world_.Run<UpdateAdvocates>("UpdateAdvocates", std::string("acme"),
                                                      std::move(updates));
    EXPECT_TRUE(response.ok()) << response.status();
    return response.value();
  }
};
INSTANTIATE_TEST_SUITE_P(Stores, UpdateAdvocatesTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

TEST_P(UpdateAdvocatesTest, WhatIsNamedChangesAndTheRestStays) {
  ASSERT_TRUE(world_
                  .Enroll({{.advocate_id = "eve",
                            .email = "eve@x.org",
                            .kind = "user",
                            .attributes = {{"plan", "free"}, {"team", "red"}},
                            .phone = "+49 30 123456"}})
                  .front()
                  .ok());
  const domain::Advocate before = world_.Advocate("eve");
  world_.NewFacts();
  const auto results = Change({{.advocate_id = "eve",
                                .kind = "partner",
                                .attributes = {{"plan", "pro"}},
                                .removed_attributes = {"team", "size"}},
                               {.advocate_id = "nobody", .kind = "user"},
                               {.advocate_id = "eve", .phone = ""}});
  ASSERT_TRUE(results[0].ok());
  EXPECT_EQ(Reason(results[1].status()), "ADVOCATE_NOT_FOUND");
  const domain::Advocate after = world_.Advocate("eve");
  EXPECT_EQ(*results[2], after);
  EXPECT_EQ(after.kind, "partner");
  EXPECT_EQ(after.attributes, (domain::Attributes{{"plan", "pro"}}));
  EXPECT_EQ(after.email_hash, before.email_hash);
  EXPECT_EQ(after.identity.phone_hash, "");
  EXPECT_EQ(after.code, before.code);
  EXPECT_EQ(after.enrolled_time, before.enrolled_time);
  EXPECT_THAT(world_.NewFacts(), ElementsAre("advocate_updated eve", "advocate_updated eve"));
  // The same again changes nothing.
  ASSERT_TRUE(Change({{.advocate_id = "eve", .kind = "partner"}}).front().ok());
  EXPECT_THAT(world_.NewFacts(), IsEmpty());
}

TEST_P(UpdateAdvocatesTest, WhatCannotBeIsRefused) {
  domain::Attributes many;
  for (int i = 0; i < 32; ++i) many[absl::StrCat("a", i)] = "x";
  const auto results = Change(
      {{.advocate_id = "ada", .phone = "none"},
       {.advocate_id = "ada", .ip_address = "none"},
       {.advocate_id = "ada", .attributes = {{"plan", "pro"}}, .removed_attributes = {"plan"}},
       {.advocate_id = "ada", .attributes = many},
       {.advocate_id = "ada", .attributes = {{"one", "more"}}},
       {.advocate_id = "ada", .attributes = {{"one", "more"}}, .removed_attributes = {"a0"}}});
  EXPECT_EQ(Reason(results[0].status()), "IDENTITY_INVALID");
  EXPECT_EQ(Reason(results[1].status()), "IDENTITY_INVALID");
  EXPECT_EQ(Reason(results[2].status()), "INVALID_FIELD");
  EXPECT_TRUE(results[3].ok());
  EXPECT_EQ(Reason(results[4].status()), "INVALID_FIELD");
  EXPECT_TRUE(results[5].ok());
  EXPECT_EQ(world_.Advocate("ada").attributes.size(), 32u);
}

TEST_P(UpdateAdvocatesTest, WhatComesLaterIsJudgedByIt) {
  ApplyWith([](domain::Program& p) {
    p.rewards.pop_back();
    p.rewards[0].amount = {};
    p.rewards[0].amount.fixed_minor = 500;
    domain::AmountCase pro;
    pro.when = {{{{"advocate.plan", domain::Comparison::kEquals, {"pro"}}}}};
    pro.amount.fixed_minor = 1024;
    p.rewards[0].cases = {pro};
  });
  ASSERT_TRUE(SignUpWithCode("carl", ada_, kNow - 2 * kDay)->attributed());
  ASSERT_TRUE(SignUpWithCode("dora", ada_, kNow - 2 * kDay)->attributed());
  ASSERT_TRUE(world_.Convert(PaymentOf("o1", "carl", kNow - kDay)).ok());
  ASSERT_TRUE(Change({{.advocate_id = "ada", .attributes = {{"plan", "pro"}}}})[0].ok());
  ASSERT_TRUE(world_.Convert(PaymentOf("o2", "dora", kNow - kDay)).ok());
  EXPECT_THAT(Rewards(), ElementsAre("o1:share ada 500 owed", "o2:share ada 1024 owed"));
  EXPECT_EQ(world_.Advocate("ada").signups, 2);
}

TEST_P(UpdateAdvocatesTest, ANewAddressIsTheAdvocatesOwn) {
  ASSERT_TRUE(Change({{.advocate_id = "ada", .email = "new@example.com"}})[0].ok());
  auto lead = LeadOf("r1", "ada", "", kNow, "New+x@example.com");
  EXPECT_EQ(Reason(world_.SubmitOne(lead).status()), "SELF_REFERRAL");
  EXPECT_TRUE(world_.SubmitOne(LeadOf("r2", "ada", "", kNow, "ada@example.com")).ok());
}

TEST_P(UpdateAdvocatesTest, EligibilityIsJudgedByWhatIsKnownThen) {
  ASSERT_TRUE(world_.Enroll({{.advocate_id = "eve", .kind = "user"}}).front().ok());
  ApplyWith([](domain::Program& p) {
    p.advocate_eligibility = {{{{"advocate.kind", domain::Comparison::kIn, {"admin"}}}}};
  });
  const std::string eve = world_.Advocate("eve").code;
  EXPECT_FALSE(SignUpWithCode("carl", eve)->attributed());
  ASSERT_TRUE(Change({{.advocate_id = "eve", .kind = "admin"}})[0].ok());
  EXPECT_TRUE(SignUpWithCode("dora", eve)->attributed());
  // What was judged stays so: for carl by what was known, and for dora when it changes again.
  ASSERT_TRUE(world_.SubmitOne(LeadOf("r1", "eve", "emil", kNow - kDay)).ok());
  ASSERT_TRUE(Change({{.advocate_id = "eve", .kind = "user"}})[0].ok());
  EXPECT_EQ(world_.SignUp(SignupOf("emil", kNow))->judgement.referral_id, "r1");
  EXPECT_EQ(reader().Explain("acme", "carl", test::Soon())->candidates[0].candidate.rejection,
            "NOT_ELIGIBLE");
  EXPECT_EQ(world_.Referral("signup:dora").advocate_id, "eve");
}

}  // namespace
}  // namespace kith::referral::app
