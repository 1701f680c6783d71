// Applying and reading playbooks.
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "services/outreach/app/read_playbooks.h"
#include "tests/support/test_database.h"
#include "tests/unit/outreach/app/world.h"
#include "tests/unit/outreach/domain/fixtures.h"

namespace kith::outreach {
namespace {

using ::testing::ElementsAre;

class PlaybooksTest : public WorldTest {
 protected:
  absl::StatusOr<PlaybookVersion> Get(const std::string& id, int64_t version) {
    return GetPlaybook(world_.database(), "acme", id, version, test::Soon());
  }
};

TEST_P(PlaybooksTest, ApplyingTheSameAgainChangesNothing) {
  const Playbook playbook = MakePlaybook();
  const ApplyPlaybookResult first = *world_.Apply(playbook);
  EXPECT_TRUE(first.changed);
  EXPECT_EQ(first.version, 1);
  const ApplyPlaybookResult again = *world_.Apply(playbook);
  EXPECT_FALSE(again.changed);
  EXPECT_EQ(again.version, 1);
  EXPECT_TRUE(again.differences.empty());
  EXPECT_EQ(world_.Ask("SELECT version, newest FROM playbook"),
            std::vector<std::string>{"1|1"});
  EXPECT_EQ(world_.misses(), 0);
}

TEST_P(PlaybooksTest, VersionsStayReadable) {
  Playbook playbook = MakePlaybook();
  ASSERT_TRUE(world_.Apply(playbook).ok());
  playbook.exit_on_churn = true;
  playbook.caps = {{1, 7, StepKind::kAsk, Channel::kEmail}};
  playbook.quiet_hours = QuietHours{1320, 360};
  playbook.time_zone = "Europe/Berlin";
  playbook.max_lateness = absl::Hours(3);
  playbook.max_attempts = 7;
  playbook.steps.push_back(MakeStep("two", absl::Milliseconds(1500)));
  playbook.steps[1].cap_policy = CapPolicy::kSkip;
  playbook.steps[1].ignores_caps = true;
  playbook.steps[1].counts_towards_caps = false;
  EXPECT_EQ(world_.Apply(playbook)->version, 2);
  EXPECT_EQ(Get("welcome", 0)->playbook, playbook);
  EXPECT_EQ(Get("welcome", 2)->playbook, playbook);
  EXPECT_EQ(Get("welcome", 1)->playbook, MakePlaybook());
  EXPECT_EQ(GetErrorReason(Get("welcome", 3).status()), "PLAYBOOK_NOT_FOUND");
  EXPECT_EQ(GetErrorReason(Get("other", 0).status()), "PLAYBOOK_NOT_FOUND");
  EXPECT_EQ(world_.misses(), 0);
}

TEST_P(PlaybooksTest, DryRunTellsAndWritesNothing) {
  const ApplyPlaybookResult result = *world_.Apply(MakePlaybook(), /*dry_run=*/true);
  EXPECT_TRUE(result.changed);
  EXPECT_EQ(result.version, 1) << "that there would be";
  EXPECT_FALSE(result.differences.empty());
  EXPECT_EQ(GetErrorReason(Get("welcome", 0).status()), "PROGRAM_NOT_FOUND");
  Playbook playbook = MakePlaybook();
  EXPECT_EQ(world_.Apply(playbook)->version, 1);
  EXPECT_EQ(world_.Apply(playbook, /*dry_run=*/true)->version, 1);
  playbook.exit_on_churn = true;
  EXPECT_EQ(world_.Apply(playbook, /*dry_run=*/true)->version, 2);
  EXPECT_EQ(Get("welcome", 0)->version, 1);
  EXPECT_EQ(world_.Apply(playbook)->version, 2);
}

TEST_P(PlaybooksTest, WrongOnesAreRefusedAndLeaveNothing) {
  Playbook playbook = MakePlaybook();
  playbook.time_zone = "Mars/Olympus";
  EXPECT_EQ(GetErrorReason(world_.Apply(playbook).status()), "INVALID_FIELD");
  EXPECT_EQ(GetErrorReason(Get("welcome", 0).status()), "PROGRAM_NOT_FOUND");
}

TEST_P(PlaybooksTest, ListPagesInOrderOfId) {
  for (absl::string_view id : {"c", "a", "d", "b", "e"}) {
    Playbook playbook = MakePlaybook();
    playbook.playbook_id = std::string(id);
    ASSERT_TRUE(world_.Apply(playbook).ok());
    playbook.exit_on_churn = true;
    ASSERT_TRUE(world_.Apply(playbook).ok());
  }
  std::vector<std::string> seen;
  std::string token;
  int pages = 0;
  do {
    const PlaybookPage page =
        *ListPlaybooks(world_.database(), "acme", 2, token, test::Soon());
    for (const PlaybookVersion& version : page.playbooks) {
      seen.push_back(version.playbook.playbook_id);
      EXPECT_EQ(version.version, 2);
    }
    token = page.next_page_token;
    ++pages;
  } while (!token.empty());
  EXPECT_THAT(seen, ElementsAre("a", "b", "c", "d", "e"));
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(GetErrorReason(
                ListPlaybooks(world_.database(), "acme", 2, "bad", test::Soon()).status()),
            "INVALID_PAGE_TOKEN");
  EXPECT_EQ(
      GetErrorReason(ListPlaybooks(world_.database(), "none", 2, "", test::Soon()).status()),
      "PROGRAM_NOT_FOUND");
}

TEST_P(PlaybooksTest, APlaybookOfMaximalSizeIsStored) {
  Playbook playbook = MakePlaybook();
  playbook.steps.clear();
  for (int i = 0; i < 50; ++i) {
    playbook.steps.push_back(
        MakeStep(std::string(60, 's') + std::to_string(i), absl::Hours(i)));
  }
  playbook.caps.assign(20, Cap{1000, 400});
  ASSERT_TRUE(world_.Apply(playbook).ok());
  EXPECT_EQ(Get("welcome", 0)->playbook, playbook);
}

INSTANTIATE_TEST_SUITE_P(Backends, PlaybooksTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

}  // namespace
}  // namespace kith::outreach
