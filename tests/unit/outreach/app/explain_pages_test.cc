// The explanation of a contact with many messages, page by page.
#include <algorithm>
#include <functional>
#include <set>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "services/outreach/domain/message.h"
#include "services/outreach/store/queries.h"
#include "tests/support/test_database.h"
#include "tests/unit/outreach/app/world.h"
#include "tests/unit/outreach/domain/fixtures.h"

namespace kith::outreach {
namespace {

class ExplainPagesTest : public WorldTest {
 protected:
  // `steps` messages for each of `referrals` of one advocate, hours apart.
  void Plan(int referrals, int steps, std::vector<Cap> caps = {}) {
    Playbook playbook = MakePlaybook();
    playbook.trigger = Trigger::kReferralSubmitted;
    playbook.caps = std::move(caps);
    playbook.steps.clear();
    for (int i = 0; i < steps; ++i) {
      playbook.steps.push_back(MakeStep(absl::StrCat("s", i), absl::Hours(i)));
    }
    ASSERT_TRUE(world_.Apply(playbook).ok());
    std::vector<Fact> facts;
    for (int i = 0; i < referrals; ++i) {
      facts.push_back(Submitted(absl::StrCat("r", i), "ada", now()));
    }
    ASSERT_EQ(world_.Feed("referral", facts), 0);
  }
};

// The mistake: a listing that ends at 2000 and does not say so.
TEST_P(ExplainPagesTest, NoMessageIsLeftOut) {
  Plan(50, 50);
  const ContactExplanation all = world_.Explain("ada", now() - absl::Seconds(1), 1000);
  std::set<std::string> ids;
  absl::Time last = absl::InfinitePast();
  for (const MessageTrace& trace : all.messages) {
    ids.insert(trace.message.message_id);
    EXPECT_GE(trace.message.due_time, last);
    last = trace.message.due_time;
  }
  EXPECT_EQ(all.messages.size(), 2500u);
  EXPECT_EQ(ids.size(), 2500u);
  EXPECT_EQ(world_.ExplainPage({"acme", "ada"})->messages.size(), 100u);
}

// Caps look at messages of other pages.
TEST_P(ExplainPagesTest, APageSaysWhatTheWholeSays) {
  Plan(4, 6, {{.max_messages = 3, .days = 2}, {.max_messages = 1, .days = 1}});
  const auto summary = [&](absl::Time at, int64_t page_size) {
    std::vector<std::string> lines;
    for (const MessageTrace& trace : world_.Explain("ada", at, page_size).messages) {
      lines.push_back(absl::StrCat(trace.message.message_id, " ", trace.verdict.would_send(),
                                   " ", trace.verdict.checks.back().explanation));
    }
    return lines;
  };
  for (int round = 0; round < 6; ++round) {
    for (const absl::Duration ahead : {absl::ZeroDuration(), absl::Hours(3), kDay * 2}) {
      const auto whole = summary(now() + ahead, 1000);
      EXPECT_EQ(whole.size(), 24u);
      for (const int64_t page_size : {1, 5, 23, 24}) {
        EXPECT_EQ(summary(now() + ahead, page_size), whole) << page_size;
      }
    }
    for (const LeasedMessage& leased : world_.Claim(2)) {
      if (round % 2 == 0) {
        EXPECT_TRUE(world_.Ack(leased).ok());
      }
    }
    world_.clock().Advance(absl::Hours(13));
  }
}

// The mistake: everything that a contact was ever sent was read for each page.
TEST_P(ExplainPagesTest, OnlySoMuchIsReadToJudge) {
  Plan(4, 3);
  world_.clock().Advance(absl::Hours(1));
  const auto leased = world_.Claim(3);
  ASSERT_EQ(leased.size(), 3u);
  auto read = *world_.database().BeginRead(absl::InfiniteFuture());
  const auto ids = [](const std::vector<Message>& messages) {
    std::vector<std::string> list;
    for (const Message& message : messages) list.push_back(message.message_id);
    return list;
  };
  const auto all = *LoadClaimable(*read, "acme", "ada", now(), 100);
  EXPECT_EQ(all.size(), 5u) << "without those that a sender has";
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end(), ClaimsBefore));
  EXPECT_EQ(ids(*LoadClaimable(*read, "acme", "ada", now(), 2)),
            ids({all.begin(), all.begin() + 2}));
  EXPECT_EQ(LoadClaimable(*read, "acme", "ada", now() - absl::Minutes(1), 100)->size(), 1u);
  EXPECT_EQ(LoadHandedOut(*read, "acme", "ada", {now(), now()}, 100)->size(), 3u);
  EXPECT_EQ(LoadHandedOut(*read, "acme", "ada", {now(), now()}, 2)->size(), 2u);
  const Stretch later{now() + absl::Seconds(1), now() + kDay};
  EXPECT_EQ(LoadHandedOut(*read, "acme", "ada", later, 100)->size(), 0u);
}

TEST_P(ExplainPagesTest, AllPagesAreJudgedByTheMomentOfTheFirst) {
  Plan(1, 3);
  ExplainContactRequest request{"acme", "ada", std::nullopt, 1, ""};
  const ContactExplanation first = *world_.ExplainPage(request);
  EXPECT_TRUE(first.messages.at(0).verdict.would_send());
  world_.clock().Advance(kDay);
  request.page_token = first.next_page_token;
  const ContactExplanation second = *world_.ExplainPage(request);
  EXPECT_FALSE(second.messages.at(0).verdict.would_send()) << "it was not due then";
  request.page_token = second.next_page_token;
  EXPECT_EQ(world_.ExplainPage(request)->next_page_token, "");
}

TEST_P(ExplainPagesTest, ATokenIsOfOneListing) {
  Plan(1, 3);
  ExplainContactRequest request{"acme", "ada", now(), 1, ""};
  request.page_token = world_.ExplainPage(request)->next_page_token;
  EXPECT_TRUE(world_.ExplainPage(request).ok());
  for (const auto& change : std::vector<std::function<void(ExplainContactRequest&)>>{
           [](ExplainContactRequest& other) { other.contact_id = "bob"; },
           [](ExplainContactRequest& other) { other.at = std::nullopt; },
           [](ExplainContactRequest& other) { *other.at += absl::Seconds(1); },
           [](ExplainContactRequest& other) { other.page_token = "x"; }}) {
    ExplainContactRequest other = request;
    change(other);
    EXPECT_EQ(GetErrorReason(world_.ExplainPage(other).status()), "INVALID_PAGE_TOKEN");
  }
}

TEST_P(ExplainPagesTest, AContactWithoutMessagesHasOnePage) {
  Plan(0, 1);
  ASSERT_TRUE(world_.Upsert({MakeContact("Asia/Kolkata")}).ok());
  const ContactExplanation none = *world_.ExplainPage({"acme", "ada"});
  EXPECT_TRUE(none.messages.empty());
  EXPECT_EQ(none.zone_source, "contact Asia/Kolkata");
  EXPECT_EQ(none.next_page_token, "");
}

INSTANTIATE_TEST_SUITE_P(Backends, ExplainPagesTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

}  // namespace
}  // namespace kith::outreach
