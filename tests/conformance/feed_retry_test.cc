// What operators can do, on every store, with quarantined events: try them again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/conformance/feed_operator.h"
#include "tests/support/test_database.h"

namespace kith::test {
namespace {

using namespace kith::feed::v1;

class FeedRetryTest : public FeedOperator {};

TEST_P(FeedRetryTest, AQuarantinedEventIsAppliedOnceItsCauseIsGone) {
  Publish({"a", "bad"});
  AwaitPosition(2);
  const auto early = Retry(2, "t1");
  ASSERT_TRUE(early.ok()) << early.status();
  EXPECT_FALSE(early->applied());
  EXPECT_EQ(early->reason(), "BAD_AMOUNT");
  EXPECT_EQ(Quarantine().size(), 1);
  EXPECT_EQ(bank_.Ask("SELECT COUNT(*) FROM account"), 1);

  handler_.Repair();
  const int64_t misses = bank_.observer().misses;
  // The same request has been answered.
  EXPECT_FALSE(Retry(2, "t1")->applied());
  const auto applied = Retry(2, "t2");
  ASSERT_TRUE(applied.ok()) << applied.status();
  EXPECT_TRUE(applied->applied());
  EXPECT_EQ(Balance("bad"), 1);
  EXPECT_EQ(Quarantine().size(), 0);
  EXPECT_TRUE(Retry(2, "t2")->applied());
  EXPECT_EQ(GetErrorReason(Retry(3, "t2").status()), "REQUEST_ID_REUSED");
  EXPECT_EQ(GetErrorReason(Retry(2, "t3").status()), "QUARANTINED_EVENT_NOT_FOUND");
  EXPECT_EQ(Balance("bad"), 1);
  EXPECT_EQ(bank_.observer().misses, misses);
}

TEST_P(FeedRetryTest, ARetryThatTheStoreRefusesStaysInQuarantine) {
  Publish({"twice"});
  AwaitPosition(1);
  const auto refused = Retry(1, "t1");
  ASSERT_TRUE(refused.ok()) << refused.status();
  EXPECT_FALSE(refused->applied());
  EXPECT_EQ(refused->reason(), "STORE_REFUSED");
  ASSERT_EQ(Quarantine().size(), 1);
  EXPECT_EQ(bank_.Ask("SELECT COUNT(*) FROM account"), 0);
  handler_.Repair();
  EXPECT_TRUE(Retry(1, "t2")->applied());
  EXPECT_EQ(Balance("twice"), 1);
}

TEST_P(FeedRetryTest, AFactThatIsStillUnknownStaysInQuarantineAsItCame) {
  events::v1::Fact newer;
  newer.GetReflection()->MutableUnknownFields(&newer)->AddVarint(9999, 1);
  source_.PublishFact(newer, program_);
  Publish({"a"});
  AwaitPosition(2);
  const auto unknown = Retry(1, "t1");
  ASSERT_TRUE(unknown.ok()) << unknown.status();
  EXPECT_FALSE(unknown->applied());
  EXPECT_EQ(unknown->reason(), "UNKNOWN_FACT");
  const auto aside = Quarantine();
  ASSERT_EQ(aside.size(), 1);
  EXPECT_EQ(aside[0].reason(), "UNKNOWN_FACT");
  EXPECT_EQ(aside[0].event().fact().SerializeAsString(), newer.SerializeAsString());
  EXPECT_EQ(bank_.Ask("SELECT COUNT(*) FROM account"), 1);
  EXPECT_EQ(Balance("a"), 1);
}

INSTANTIATE_TEST_SUITE_P(Backends, FeedRetryTest, ::testing::ValuesIn(Backends()),
                         [](const auto& suite) { return suite.param; });

}  // namespace
}  // namespace kith::test
