#include "services/advocacy/jobs/gauges.h"

#include "gmock/gmock.h"
#include "prometheus/registry.h"
#include "prometheus/text_serializer.h"
#include "tests/unit/advocacy/app/world.h"

namespace kith::advocacy {
namespace {

using ::testing::HasSubstr;

TEST(GaugesTest, ShowTheSumsOverAllPrograms) {
  World world("sqlite");
  ASSERT_TRUE(world.Apply({}).ok());
  world.RecordOne("a1", "ann", "review", world.now());
  world.Convert("c1", "ann");
  world.SetProgram("other");
  world.Convert("c1", "bob");
  world.Enrol("zoe");
  metrics::Registry registry;
  jobs::Gauges gauges(world.database(), registry);
  ASSERT_TRUE(gauges.RunOnce().ok());
  const std::string text =
      prometheus::TextSerializer().Serialize(registry.underlying()->Collect());
  EXPECT_THAT(text, HasSubstr("\nkith_advocacy_programs 2\n"));
  EXPECT_THAT(text, HasSubstr("\nkith_advocacy_advocates 3\n"));
  EXPECT_THAT(text, HasSubstr("\nkith_advocacy_successes 2\n"));
  EXPECT_THAT(text, HasSubstr("\nkith_advocacy_activities 1\n"));
  EXPECT_THAT(text, HasSubstr("\nkith_advocacy_points 200\n"));
}

TEST(GaugesTest, StopAtOnce) {
  World world("sqlite");
  metrics::Registry registry;
  jobs::Gauges gauges(world.database(), registry, absl::Hours(1));
  gauges.Start();
  gauges.Stop();
  gauges.Stop();
}

}  // namespace
}  // namespace kith::advocacy
