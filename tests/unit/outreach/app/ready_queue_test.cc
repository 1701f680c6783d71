// A claim beside other writes of its transaction, which have changed what the store has.
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/support/test_database.h"
#include "tests/unit/outreach/app/world.h"
#include "tests/unit/outreach/domain/fixtures.h"

namespace kith::outreach {
namespace {

class ReadyQueueTest : public WorldTest {
 protected:
  ReadyQueueTest() {
    playbook_.trigger = Trigger::kAhaReached;
    playbook_.playbook_id = "p";
    playbook_.quiet_hours = QuietHours{22 * 60, 6 * 60};
  }
  // Contacts `prefix`000, 001, … in a zone; empty: of the playbook.
  static std::vector<Contact> Contacts(const std::string& prefix, int n,
                                       const std::string& zone) {
    std::vector<Contact> contacts(static_cast<size_t>(n), MakeContact(zone));
    for (size_t i = 0; i < contacts.size(); ++i) {
      contacts[i].contact_id = absl::StrCat(prefix, absl::Dec(i, absl::kZeroPad3));
    }
    return contacts;
  }
  // Gives them a message each that falls due at `due` and the seconds after it.
  void Start(const std::vector<Contact>& contacts, absl::Time due) {
    ASSERT_TRUE(world_.Upsert(contacts).ok());
    std::vector<Fact> facts;
    for (const Contact& contact : contacts) {
      facts.push_back(Aha(contact.contact_id, due + absl::Seconds(facts.size())));
    }
    ASSERT_EQ(world_.Feed("retention", facts), 0);
  }
  static std::string FirstOf(const ClaimDueResult& result) {
    return result.messages.empty() ? "none" : result.messages.front().message.contact_id;
  }
  Playbook playbook_ = MakePlaybook();
};

// The mistake: what an earlier claim has put off hides what is ready behind it.
TEST_P(ReadyQueueTest, AClaimLooksBehindWhatAnEarlierOneHasPutOff) {
  ASSERT_TRUE(world_.Apply(playbook_).ok());
  Start(Contacts("night", 100, ""), At("2026-05-01T21:00:00Z"));
  Start(Contacts("day", 40, "America/New_York"), At("2026-05-01T22:30:00Z"));
  world_.clock().Set(At("2026-05-01T23:00:00Z"));  // in New York it is 19:00
  ClaimDueResult a, b, c;
  std::vector<std::unique_ptr<exec::Command>> commands;
  for (ClaimDueResult* result : {&a, &b, &c}) {
    commands.push_back(world_.MakeClaim(result == &c ? 100 : 10, result));
  }
  world_.RunInOneBatch(std::move(commands));
  EXPECT_EQ(a.messages.size(), 10u);
  EXPECT_EQ(FirstOf(a), "day000");
  EXPECT_EQ(b.messages.size(), 10u);
  EXPECT_EQ(FirstOf(b), "day010");
  EXPECT_EQ(c.messages.size(), 20u);
  EXPECT_EQ(FirstOf(c), "day020");
  EXPECT_EQ(world_.Find("p:night099:night099:hello").due_time, At("2026-05-02T06:00:00Z"));
  EXPECT_TRUE(world_.CountsAreTrue());
}

TEST_P(ReadyQueueTest, AClaimLooksBehindWhatANewZoneHasPutOff) {
  ASSERT_TRUE(world_.Apply(playbook_).ok());
  Start(Contacts("night", 100, ""), At("2026-05-01T21:00:00Z"));
  Start(Contacts("day", 40, ""), At("2026-05-01T21:10:00Z"));
  world_.clock().Set(At("2026-05-01T21:30:00Z"));
  std::vector<ContactUpdate> updates;
  for (const Contact& contact : Contacts("night", 100, "Europe/Berlin")) {
    updates.push_back({contact});  // where it is 23:30
  }
  ClaimDueResult claimed;
  std::vector<std::unique_ptr<exec::Command>> commands;
  commands.push_back(std::make_unique<UpsertContacts>(
      "acme", updates, [](const UpsertContactsResult&) { return std::string("done"); }));
  commands.push_back(world_.MakeClaim(10, &claimed));
  world_.RunInOneBatch(std::move(commands));
  EXPECT_EQ(claimed.messages.size(), 10u);
  EXPECT_EQ(FirstOf(claimed), "day000");
  EXPECT_EQ(world_.Find("p:night000:night000:hello").due_time, At("2026-05-02T04:00:00Z"));
}

INSTANTIATE_TEST_SUITE_P(Backends, ReadyQueueTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

}  // namespace
}  // namespace kith::outreach
