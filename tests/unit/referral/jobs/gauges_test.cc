#include "services/referral/jobs/gauges.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "prometheus/registry.h"
#include "prometheus/text_serializer.h"
#include "tests/unit/referral/app/world.h"

namespace kith::referral::jobs {
namespace {

using ::testing::HasSubstr;

std::string Text(const metrics::Registry& registry) {
  return prometheus::TextSerializer().Serialize(registry.underlying()->Collect());
}

TEST(GaugesTest, ShowWhatIsOwed) {
  app::World world("sqlite");
  world.EnrollOne("ada");
  auto signup = app::SignupOf("carl", app::kNow);
  signup.signup.referrer_id = "ada";
  ASSERT_TRUE(world.SignUp(signup).ok());
  ASSERT_TRUE(world.Convert(app::PaymentOf("o1", "carl", app::kNow, 5000)).ok());
  metrics::Registry registry;
  Gauges gauges(world.reader(), registry);
  ASSERT_TRUE(gauges.RunOnce().ok());
  const std::string text = Text(registry);
  EXPECT_THAT(text, HasSubstr("\nkith_referral_advocates 1\n"));
  EXPECT_THAT(text, HasSubstr("\nkith_referral_referrals 1\n"));
  EXPECT_THAT(text, HasSubstr("\nkith_referral_conversions 1\n"));
  EXPECT_THAT(text, HasSubstr("\nkith_referral_converted_referrals 1\n"));
  EXPECT_THAT(text, HasSubstr("\nkith_referral_ledger_entries 4\n"));
  EXPECT_THAT(text,
              HasSubstr("\nkith_referral_liability_minor_units{currency=\"EUR\"} 2000\n"));
  ASSERT_TRUE(world.Reverse("o1").ok());
  ASSERT_TRUE(gauges.RunOnce().ok());
  EXPECT_THAT(Text(registry),
              HasSubstr("\nkith_referral_liability_minor_units{currency=\"EUR\"} 0\n"));
}

TEST(GaugesTest, StopAtOnce) {
  app::World world("sqlite");
  metrics::Registry registry;
  Gauges gauges(world.reader(), registry, absl::Hours(1));
  gauges.Start();
  gauges.Stop();
  gauges.Stop();
}

}  // namespace
}  // namespace kith::referral::jobs
