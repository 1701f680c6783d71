#include "services/outreach/jobs/gauges.h"

#include "common/metrics/registry.h"
#include "gtest/gtest.h"
#include "prometheus/registry.h"
#include "prometheus/text_serializer.h"
#include "tests/support/test_database.h"
#include "tests/unit/outreach/app/world.h"
#include "tests/unit/outreach/domain/fixtures.h"

namespace kith::outreach {
namespace {

class GaugesTest : public WorldTest {
 protected:
  std::string Exposed() {
    return prometheus::TextSerializer().Serialize(metrics_.underlying()->Collect());
  }
  metrics::Registry metrics_;
};

TEST_P(GaugesTest, TellWhatTheStoreHolds) {
  Gauges gauges(world_.database(), world_.clock(), metrics_);
  ASSERT_TRUE(gauges.RunOnce().ok());
  EXPECT_NE(Exposed().find("kith_outreach_contacts 0"), std::string::npos);
  EXPECT_NE(Exposed().find("kith_outreach_due_lag_seconds 0"), std::string::npos);
  Playbook playbook = MakePlaybook();
  playbook.trigger = Trigger::kAhaReached;
  playbook.steps.push_back(MakeStep("later", kDay));
  ASSERT_TRUE(world_.Apply(playbook).ok());
  world_.Feed("retention", {Aha("ada", now() - absl::Seconds(90)), Aha("bob", now())});
  ASSERT_TRUE(gauges.RunOnce().ok());
  const std::string text = Exposed();
  EXPECT_NE(text.find("kith_outreach_contacts 2\n"), std::string::npos) << text;
  EXPECT_NE(text.find("kith_outreach_enrollments 2\n"), std::string::npos);
  EXPECT_NE(text.find("kith_outreach_messages{state=\"scheduled\"} 4\n"), std::string::npos);
  EXPECT_NE(text.find("kith_outreach_messages{state=\"sent\"} 0\n"), std::string::npos);
  EXPECT_NE(text.find("kith_outreach_due_lag_seconds 90\n"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Backends, GaugesTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

}  // namespace
}  // namespace kith::outreach
