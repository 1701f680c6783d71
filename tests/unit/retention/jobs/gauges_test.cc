#include "services/retention/jobs/gauges.h"

#include "tests/support/test_database.h"
#include "tests/unit/retention/app/fixture.h"

namespace kith::retention::jobs {
namespace {

class GaugesTest : public app::AppTest {};

TEST_P(GaugesTest, CountAllPrograms) {
  ASSERT_TRUE(Apply(Policy()).ok());
  ASSERT_TRUE(Apply(Policy(), false, "p2").ok());
  const absl::Time now = app::TestNoon();
  MustRecord({app::MakeSignup("s1", "c1", now, "paid"), app::MakeSignup("s2", "c2", now),
              app::MakeEvent(EventKind::kChurn, "x", "c1", now),
              app::MakePayment("p", "c3", now, 5)});
  ASSERT_TRUE(Record({app::MakeSignup("s1", "c1", now)}, "p2").ok());
  const auto counts = app::CountAllPrograms(database(), test::Soon());
  ASSERT_TRUE(counts.ok()) << counts.status();
  EXPECT_EQ(counts->all, (ChannelCounts{3, 1, 0, 0}));
  EXPECT_EQ(counts->without_signup, 1);
  EXPECT_EQ(counts->events, 5);
  metrics::Registry registry;
  Gauges gauges(database(), registry);
  EXPECT_TRUE(gauges.RunOnce().ok());
  gauges.Start();
  gauges.Stop();
}

INSTANTIATE_TEST_SUITE_P(Stores, GaugesTest, testing::ValuesIn(test::Backends()),
                         app::StoreName);

}  // namespace
}  // namespace kith::retention::jobs
