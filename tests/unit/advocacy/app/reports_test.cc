// Listings and reports, and the counts that they are read from.
#include <map>
#include <random>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "services/advocacy/app/segments.h"
#include "tests/unit/advocacy/app/world_test.h"
#include "tests/unit/advocacy/domain/fixture.h"

namespace kith::advocacy {
namespace {

using domain::Segment;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ReportsTest : public WorldTest {
 protected:
  // One advocate for each number, with that many successes: "a000", "a001", …
  void Populate(const std::vector<int64_t>& successes) {
    for (size_t i = 0; i < successes.size(); ++i) {
      const std::string advocate = absl::StrCat("a", absl::Dec(i, absl::kZeroPad3));
      world_.Enrol(advocate);
      for (int64_t k = 0; k < successes[i]; ++k) {
        world_.Convert(absl::StrCat(advocate, "-", k), advocate);
      }
    }
  }
  std::vector<std::string> List(const std::string& tier, std::optional<Segment> segment,
                                int64_t page_size) {
    std::vector<std::string> ids;
    app::ListAdvocatesQuery query{"acme", tier, segment, page_size, ""};
    do {
      const auto page = app::ListAdvocates(world_.database(), query, test::Soon());
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) return ids;
      EXPECT_LE(static_cast<int64_t>(page->advocates.size()), page_size);
      for (const auto& view : page->advocates) ids.push_back(view.advocate.advocate_id);
      query.page_token = page->next_page_token;
    } while (!query.page_token.empty());
    return ids;
  }
};

TEST_P(ReportsTest, SegmentsComeFromNaturalBreaks) {
  Populate({0, 0, 0, 0, 1, 1, 2, 9, 10});
  const auto report = app::GetSegments(world_.database(), "acme", test::Soon());
  ASSERT_TRUE(report.ok());
  EXPECT_THAT(report->segments,
              ElementsAre(domain::SegmentSize{Segment::kChampion, 2, 9, 10},
                          domain::SegmentSize{Segment::kContributor, 3, 1, 2},
                          domain::SegmentSize{Segment::kDormant, 4, 0, 0}));
  EXPECT_EQ(report->points, 23 * 75);
  EXPECT_EQ(report->activities, 0);
  EXPECT_THAT(report->tiers,
              ElementsAre(domain::TierSize{"", 6}, domain::TierSize{"supporter", 1},
                          domain::TierSize{"defender", 0}, domain::TierSize{"champion", 2}));
  EXPECT_EQ(world_.Advocate("a006").segment, Segment::kContributor);
  EXPECT_EQ(world_.Advocate("a007").segment, Segment::kChampion);
}

TEST_P(ReportsTest, ConcentrationIsThatOfTheDefinition) {
  Populate({1, 2, 3, 4});
  const auto report = app::GetConcentration(world_.database(), "acme", 5, test::Soon());
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->advocates, 4);
  EXPECT_EQ(report->successes, 10);
  EXPECT_DOUBLE_EQ(report->gini, .25);
  EXPECT_EQ(report->top[3].percent, 20);
  EXPECT_DOUBLE_EQ(report->top[3].share_of_successes, .4);
  EXPECT_EQ(report->lorenz.size(), 5u);
  EXPECT_EQ(app::GetConcentration(world_.database(), "acme", 0, test::Soon())->lorenz.size(),
            100u);
}

TEST_P(ReportsTest, OfAnUnknownProgramAreNotFound) {
  EXPECT_EQ(GetErrorReason(app::GetSegments(world_.database(), "x", test::Soon()).status()),
            "PROGRAM_NOT_FOUND");
  EXPECT_EQ(
      GetErrorReason(app::GetConcentration(world_.database(), "x", 0, test::Soon()).status()),
      "PROGRAM_NOT_FOUND");
  EXPECT_EQ(
      GetErrorReason(app::GetAdvocate(world_.database(), "x", "ann", test::Soon()).status()),
      "PROGRAM_NOT_FOUND");
}

TEST_P(ReportsTest, OfAnEmptyProgramAreEmpty) {
  ASSERT_TRUE(world_.Apply({}).ok());
  const auto segments = app::GetSegments(world_.database(), "acme", test::Soon());
  ASSERT_TRUE(segments.ok());
  EXPECT_EQ(segments->segments[2].advocates, 0);
  EXPECT_EQ(segments->tiers.size(), 4u);
  EXPECT_EQ(app::GetConcentration(world_.database(), "acme", 2, test::Soon())->gini, 0);
  EXPECT_THAT(List("", std::nullopt, 10), IsEmpty());
}

TEST_P(ReportsTest, AnUnknownAdvocateIsNotFound) {
  ASSERT_TRUE(world_.Apply({}).ok());
  EXPECT_EQ(GetErrorReason(
                app::GetAdvocate(world_.database(), "acme", "ann", test::Soon()).status()),
            "ADVOCATE_NOT_FOUND");
}

TEST_P(ReportsTest, ListingsFilterAndPage) {
  Populate({0, 1, 9, 0, 2, 8, 0});
  EXPECT_THAT(List("", std::nullopt, 3),
              ElementsAre("a000", "a001", "a002", "a003", "a004", "a005", "a006"));
  EXPECT_THAT(List("", std::nullopt, 7).size(), 7u);
  EXPECT_THAT(List("", Segment::kDormant, 2), ElementsAre("a000", "a003", "a006"));
  EXPECT_THAT(List("", Segment::kContributor, 1), ElementsAre("a001", "a004"));
  EXPECT_THAT(List("", Segment::kChampion, 1), ElementsAre("a002", "a005"));
  EXPECT_THAT(List("champion", std::nullopt, 5), ElementsAre("a002", "a005"));
  EXPECT_THAT(List("supporter", std::nullopt, 5), ElementsAre("a004"));
  EXPECT_THAT(List("supporter", Segment::kChampion, 5), IsEmpty());
  EXPECT_THAT(List("emperor", std::nullopt, 5), IsEmpty());
}

TEST_P(ReportsTest, AListingWithoutChampionsIsEmpty) {
  Populate({0, 2, 2});
  EXPECT_THAT(List("", Segment::kChampion, 5), IsEmpty());
  EXPECT_THAT(List("", Segment::kContributor, 5), ElementsAre("a001", "a002"));
}

TEST_P(ReportsTest, APageTokenIsGoodForItsOwnListingOnly) {
  Populate({0, 0, 0, 1, 1});
  app::ListAdvocatesQuery query{"acme", "", Segment::kDormant, 2, ""};
  const std::string token =
      app::ListAdvocates(world_.database(), query, test::Soon())->next_page_token;
  ASSERT_FALSE(token.empty());
  const auto refuse = [&](app::ListAdvocatesQuery other) {
    return GetErrorReason(app::ListAdvocates(world_.database(), other, test::Soon()).status());
  };
  EXPECT_EQ(refuse({"acme", "", Segment::kContributor, 2, token}), "INVALID_PAGE_TOKEN");
  EXPECT_EQ(refuse({"acme", "champion", Segment::kDormant, 2, token}), "INVALID_PAGE_TOKEN");
  EXPECT_EQ(refuse({"acme", "", Segment::kDormant, 2, token + "A"}), "INVALID_PAGE_TOKEN");
  EXPECT_EQ(refuse({"acme", "", Segment::kDormant, 2, "nonsense"}), "INVALID_PAGE_TOKEN");
  // The size of the page is no part of the listing.
  EXPECT_EQ(refuse({"acme", "", Segment::kDormant, 1, token}), "");
}

// A random history told in random order, with a model that adds up by itself.
class History {
 public:
  History(World& world, uint32_t seed) : world_(world), random_(seed) {}
  void Step() {
    const std::string advocate = absl::StrCat("a", random_() % 12);
    switch (random_() % 7) {
      case 0:
        world_.Enrol(advocate);
        break;
      case 1:
      case 2:
        Convert(advocate);
        break;
      case 3:
        world_.Unconvert(absl::StrCat("c", random_() % 40));
        break;
      case 4:
        static_cast<void>(world_.Reverse(absl::StrCat("r", random_() % 40)));
        break;
      default:
        Record(advocate);
    }
  }

 private:
  void Convert(const std::string& advocate) {
    world_.Convert(absl::StrCat("c", random_() % 40), advocate);
  }
  void Record(const std::string& advocate) {
    static constexpr const char* kBehaviours[] = {"review", "speaking", "capped", "none"};
    const uint32_t id = random_() % 40;
    ASSERT_TRUE(world_
                    .Record({{absl::StrCat("r", id), advocate, kBehaviours[random_() % 4],
                              world_.now() - absl::Hours(24) * (random_() % 30), "", ""}})
                    .ok());
  }

  World& world_;
  std::mt19937 random_;
};

TEST_P(ReportsTest, CountsEqualARecomputationFromTheRows) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  ASSERT_TRUE(
      world_
          .Apply({{{"review", 50}, {"speaking", 200}, {"capped", 30, 2, 7}, {"none", 9, 0, 1}},
                  {},
                  {}})
          .ok());
  History history(world_, seed);
  for (int step = 0; step < 400; ++step) history.Step();

  EXPECT_EQ(world_.Ask("SELECT successes, advocates FROM advocates_by_successes "
                       "ORDER BY successes"),
            world_.Ask("SELECT successes, COUNT(*) FROM advocate "
                       "GROUP BY successes ORDER BY successes"));
  EXPECT_EQ(
      world_.Ask("SELECT points, advocates FROM advocates_by_points "
                 "WHERE advocates <> 0 ORDER BY points"),
      world_.Ask("SELECT points, COUNT(*) FROM advocate GROUP BY points ORDER BY points"));
  EXPECT_EQ(world_.Ask("SELECT behaviour, activities FROM activities_by_behaviour "
                       "ORDER BY behaviour"),
            world_.Ask("SELECT behaviour, COUNT(*) FROM activity WHERE counted = 1 AND "
                       "reversed_at IS NULL GROUP BY behaviour ORDER BY behaviour"));
  // Points are the sum of the ledger, and of what is live.
  const auto points = world_.Ask(
      "SELECT advocate_id, points FROM advocate WHERE points <> 0 ORDER BY advocate_id");
  EXPECT_EQ(points, world_.Ask("SELECT advocate_id, CAST(SUM(points) AS BIGINT) "
                               "FROM point_entry GROUP BY advocate_id "
                               "HAVING SUM(points) <> 0 ORDER BY advocate_id"));
  EXPECT_EQ(points,
            world_.Ask("SELECT advocate_id, CAST(SUM(points) AS BIGINT) FROM ("
                       "SELECT advocate_id, worth AS points FROM activity "
                       "WHERE counted = 1 AND reversed_at IS NULL "
                       "UNION ALL SELECT advocate_id, points FROM success "
                       "WHERE reversed_at IS NULL) live "
                       "GROUP BY advocate_id HAVING SUM(points) <> 0 ORDER BY advocate_id"));
  EXPECT_EQ(world_.Ask("SELECT advocate_id, successes FROM advocate WHERE successes > 0 "
                       "ORDER BY advocate_id"),
            world_.Ask("SELECT advocate_id, COUNT(*) FROM success WHERE reversed_at IS NULL "
                       "GROUP BY advocate_id ORDER BY advocate_id"));
  // No period counts more than its cap, and none less than it could.
  EXPECT_THAT(world_.Ask("SELECT advocate_id, cap_period FROM activity "
                         "WHERE behaviour = 'capped' AND reversed_at IS NULL "
                         "GROUP BY advocate_id, cap_period HAVING SUM(counted) <> "
                         "CASE WHEN COUNT(*) < 2 THEN COUNT(*) ELSE 2 END"),
              IsEmpty());
  EXPECT_EQ(world_.misses() - static_cast<int64_t>(world_.Quarantined().size()), 0);
}

INSTANTIATE_TEST_SUITE_P(Backends, ReportsTest, testing::ValuesIn(test::Backends()),
                         BackendName);

}  // namespace
}  // namespace kith::advocacy
