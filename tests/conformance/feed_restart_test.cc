// What operators can do, on every store, when a source was set back or replaced: start anew.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/conformance/feed_operator.h"
#include "tests/support/test_database.h"

namespace kith::test {
namespace {

using namespace kith::feed::v1;

class FeedRestartTest : public FeedOperator {};

TEST_P(FeedRestartTest, AfterTheSourceWasSetBackItGoesOnFromNow) {
  Publish({"a", "a", "a"});
  AwaitPosition(3);
  source_.SetBack(1);
  AwaitProblem("FEED_REWOUND");
  EXPECT_EQ(Balance("a"), 3);

  const auto restarted = Restart(RESTART_FROM_NOW, "r1");
  ASSERT_TRUE(restarted.ok()) << restarted.status();
  ASSERT_EQ(restarted->shards_size(), 1);
  EXPECT_EQ(restarted->shards(0).old_position(), 3);
  EXPECT_EQ(restarted->shards(0).position(), 1);
  EXPECT_EQ(restarted->feed_id(), "feed-1");
  AwaitPosition(1);
  Publish({"b"});
  AwaitPosition(2);
  EXPECT_EQ(Balance("a"), 3);
  EXPECT_EQ(Balance("b"), 1);
}

TEST_P(FeedRestartTest, AfterTheSourceWasReplacedItGoesOnFromTheStartOfTheNewOne) {
  Publish({"a", "a"});
  AwaitPosition(2);
  source_.Replace("feed-2", 1, {"b", "b", "b"}, program_);
  AwaitProblem("FEED_REPLACED");
  EXPECT_EQ(bank_.Ask("SELECT COUNT(*) FROM account"), 1);

  const auto restarted = Restart(RESTART_FROM_START, "r1");
  ASSERT_TRUE(restarted.ok()) << restarted.status();
  EXPECT_EQ(restarted->feed_id(), "feed-2");
  AwaitPosition(3);
  EXPECT_EQ(Balance("a"), 2);
  EXPECT_EQ(Balance("b"), 3);
  EXPECT_EQ(bank_.Ask("SELECT COUNT(*) FROM feed_cursor WHERE feed_id = 'feed-2'"), 2);
}

TEST_P(FeedRestartTest, AConsumerThatIsWellCanBeStartedAnewToo) {
  Publish({"a", "a", "a"});
  AwaitPosition(3);
  ASSERT_TRUE(Restart(RESTART_FROM_START, "r1").ok());
  AwaitPosition(3);
  EXPECT_EQ(Balance("a"), 6);
  ASSERT_TRUE(Restart(RESTART_FROM_POSITION, "r2", 2).ok());
  AwaitPosition(3);
  EXPECT_EQ(Balance("a"), 7);
}

// The mistake: an event that was applied between the question where the source ends and the
// move was applied again.
TEST_P(FeedRestartTest, WhatComesWhileItIsStartedAnewIsAppliedOnce) {
  Publish({"a"});
  AwaitPosition(1);
  source_.AfterDescribing([&] { Publish({"b", "b"}); });
  const auto restarted = Restart(RESTART_FROM_NOW, "r1");
  ASSERT_TRUE(restarted.ok()) << restarted.status();
  EXPECT_EQ(restarted->shards(0).old_position(), 1) << "nothing is applied meanwhile";
  EXPECT_EQ(restarted->shards(0).position(), 1);
  AwaitPosition(3);
  EXPECT_EQ(Balance("a"), 1);
  EXPECT_EQ(Balance("b"), 2);
}

TEST_P(FeedRestartTest, WhatAnotherReplicaAppliesMeanwhileIsNotAppliedAgain) {
  Publish({"a"});
  AwaitPosition(1);
  feed::Consumer replica("source", rpc::MakeChannel(source_.address()), handler_,
                         bank_.database(), *executor_, registry_);
  replica.Start();
  Await("the replica's own description", [&] { return !replica.cursors().empty(); });
  source_.AfterDescribing([&] {
    Publish({"b", "b"});
    Await("the replica",
          [&] { return bank_.Ask("SELECT MIN(position) FROM feed_cursor") == 3; });
  });
  const auto overtaken = Restart(RESTART_FROM_NOW, "r1");
  ASSERT_TRUE(overtaken.ok()) << overtaken.status();
  EXPECT_EQ(overtaken->shards(0).position(), 3);
  EXPECT_EQ(Balance("b"), 2);
  // It was no reason to stay when the source was set back.
  source_.SetBack(2);
  AwaitProblem("FEED_REWOUND");
  const auto restarted = Restart(RESTART_FROM_NOW, "back");
  ASSERT_TRUE(restarted.ok()) << restarted.status();
  EXPECT_EQ(restarted->shards(0).old_position(), 3);
  EXPECT_EQ(restarted->shards(0).position(), 2);
  AwaitPosition(2);
  Publish({"c"});
  AwaitPosition(3);
  EXPECT_EQ(Balance("c"), 1);
  replica.Stop();
}

TEST_P(FeedRestartTest, AReplacedSourceOfTheSameLengthIsNoticed) {
  Publish({"a"});
  AwaitPosition(1);
  source_.Replace("feed-2", 1, {"b"}, program_);
  AwaitProblem("FEED_REPLACED");
  ASSERT_TRUE(Restart(RESTART_FROM_START, "r1").ok());
  AwaitPosition(1);
  EXPECT_EQ(Balance("b"), 1);
}

TEST_P(FeedRestartTest, QuarantinedEventsOfAReplacedSourceAreDropped) {
  source_.Publish("bad", ProgramOf(0));
  source_.Publish("bad", ProgramOf(1));
  AwaitPosition(2);
  ASSERT_EQ(Quarantine().size(), 2);
  source_.Replace("feed-2", 1, {"b", "b", "b"}, program_);
  AwaitProblem("FEED_REPLACED");
  handler_.Repair();
  const auto restarted = Restart(RESTART_FROM_NOW, "r1");
  ASSERT_TRUE(restarted.ok()) << restarted.status();
  EXPECT_EQ(restarted->shards(0).position(), 3);
  EXPECT_EQ(restarted->dropped_quarantined(), 2);
  EXPECT_EQ(Quarantine().size(), 0);
  EXPECT_EQ(GetErrorReason(Retry(1, "t1").status()), "QUARANTINED_EVENT_NOT_FOUND");
  EXPECT_EQ(bank_.Ask("SELECT COUNT(*) FROM account"), 0);
}

TEST_P(FeedRestartTest, TheSameRequestAgainMovesNothing) {
  Publish({"a"});
  AwaitPosition(1);
  const auto first = Restart(RESTART_FROM_START, "r1");
  ASSERT_TRUE(first.ok()) << first.status();
  AwaitBalance("a", 2);
  Publish({"b"});
  AwaitPosition(2);
  const auto again = Restart(RESTART_FROM_START, "r1");
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->SerializeAsString(), first->SerializeAsString());
  Publish({"c"});
  AwaitPosition(3);
  EXPECT_EQ(Balance("a"), 2);
  EXPECT_EQ(Balance("b"), 1);
  EXPECT_EQ(GetErrorReason(Restart(RESTART_FROM_NOW, "r1").status()), "REQUEST_ID_REUSED");
}

TEST_P(FeedRestartTest, WhatCannotBeDoneIsRefusedByName) {
  Publish({"a"});
  AwaitPosition(1);
  EXPECT_EQ(GetErrorReason(Restart(RESTART_FROM_NOW, "r1", 0, "elsewhere").status()),
            "SOURCE_NOT_FOLLOWED");
  EXPECT_EQ(GetErrorReason(Restart(RESTART_FROM_POSITION, "r1", 2).status()),
            "POSITION_AFTER_END");
  EXPECT_EQ(GetErrorReason(Restart(RESTART_FROM_START, "r1", 1).status()),
            "POSITION_NOT_ASKED");
  EXPECT_EQ(GetErrorReason(Restart(RESTART_FROM_NOW, "r1", 1).status()), "POSITION_NOT_ASKED");
  RestartConsumerRequest request;
  request.set_request_id("r1");
  request.set_source("source");
  request.set_from(RESTART_FROM_START);
  request.set_source_shard(1);
  EXPECT_EQ(
      GetErrorReason(Call(&FeedConsumerService::Stub::RestartConsumer, request).status()),
      "SHARD_NOT_FOUND");
  EXPECT_EQ(bank_.Ask("SELECT MIN(position) FROM feed_cursor"), 1);
}

TEST_P(FeedRestartTest, ANewSourceMayHaveAnotherNumberOfShards) {
  Publish({"a"});
  AwaitPosition(1);
  source_.Replace("feed-2", 2, {"b", "b"}, program_);
  AwaitProblem("FEED_REPLACED");
  ASSERT_TRUE(Restart(RESTART_FROM_START, "r1").ok());
  AwaitBalance("b", 4);
  EXPECT_EQ(Cursors().size(), 2);
  source_.Replace("feed-3", 1, {"c"}, program_);
  ASSERT_TRUE(Restart(RESTART_FROM_START, "r2").ok());
  AwaitBalance("c", 1);
  EXPECT_EQ(Cursors().size(), 1);
}

TEST_P(FeedRestartTest, QuarantinedEventsThatComeAgainAreDroppedTheOthersStay) {
  source_.Publish("bad", ProgramOf(0));
  source_.Publish("bad", ProgramOf(0));
  source_.Publish("bad", ProgramOf(1));
  AwaitPosition(3);
  ASSERT_EQ(Quarantine().size(), 3);
  handler_.Repair();
  const auto restarted = Restart(RESTART_FROM_POSITION, "r1", 1);
  ASSERT_TRUE(restarted.ok()) << restarted.status();
  EXPECT_EQ(restarted->dropped_quarantined(), 2);
  AwaitPosition(3);
  EXPECT_EQ(Balance("bad"), 1);
  EXPECT_EQ(bank_.Balance(ProgramOf(1), "bad"), 1);
  const auto left = Quarantine();
  ASSERT_EQ(left.size(), 1);
  EXPECT_EQ(left[0].event().position(), 1);
  EXPECT_EQ(Cursors()[0].quarantined(), 1);
}

INSTANTIATE_TEST_SUITE_P(Backends, FeedRestartTest, ::testing::ValuesIn(Backends()),
                         [](const auto& suite) { return suite.param; });

}  // namespace
}  // namespace kith::test
