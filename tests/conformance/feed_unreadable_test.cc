// One event that is damaged in the store of its service keeps nobody from all the others.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/feed/feed_server.h"
#include "common/feed/feed_store.h"
#include "tests/conformance/feed_operator.h"
#include "tests/support/test_database.h"

namespace kith::test {
namespace {

constexpr absl::string_view kDamage = "\xff\xff\xff\xff";

// A bank whose feed is served, and another one that follows it.
class FeedUnreadableTest : public ::testing::TestWithParam<std::string> {
 protected:
  FeedUnreadableTest() {
    log::Configure(log::Level::kOff, "source");
    // Names of the accounts: a=1, b=1, c=1.
    for (const char* name : {"a", "b", "c"}) {
      EXPECT_TRUE(
          executor_->Run(Submit("p", name, std::make_unique<AddMoney>("p", name, 1))).ok());
    }
    const db::Call damage{"UPDATE event SET fact = $1 WHERE position = 2",
                          {db::Blob{std::string(kDamage)}}};
    EXPECT_TRUE((*source_.database().BeginWrite(Soon()))->Commit({&damage, 1}).ok());
    runtime_.executor = executor_.get();
    runtime_.pool = &pool_;
    runtime_.metrics = &registry_;
    service_ = feed::MakeEventFeedService(source_.database(), feed_, &runtime_);
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(service_->grpc_service());
    server_ = builder.BuildAndStart();
    channel_ = rpc::MakeChannel(absl::StrCat("127.0.0.1:", port));
  }
  ~FeedUnreadableTest() override {
    feed_.Stop();
    server_->Shutdown();
    pool_.Stop();
    executor_->Stop();
  }

  Bank source_{GetParam(), 1};
  std::unique_ptr<exec::Executor> executor_ =
      exec::MakeExecutor(source_.database(), source_.clock(), source_.Options());
  feed::FeedServer feed_{source_.database(), source_.info()};
  metrics::Registry registry_;
  BoundedPool pool_{2, 16};
  rpc::Runtime runtime_;
  std::unique_ptr<rpc::Service> service_;
  std::unique_ptr<grpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};
INSTANTIATE_TEST_SUITE_P(Backends, FeedUnreadableTest, ::testing::ValuesIn(Backends()),
                         [](const auto& suite) { return suite.param; });

TEST_P(FeedUnreadableTest, ItIsServedAsItIs) {
  const auto stub = feed::v1::EventFeedService::NewStub(channel_);
  grpc::ClientContext context;
  rpc::SetTimeout(context, absl::Seconds(60));
  feed::v1::ReadEventsResponse page;
  const grpc::Status status = stub->ReadEvents(&context, feed::v1::ReadEventsRequest(), &page);
  ASSERT_TRUE(status.ok()) << status.error_message();
  ASSERT_EQ(page.events_size(), 3);
  EXPECT_EQ(page.events(0).fact().advocate_enrolled().advocate_id(), "a=1");
  EXPECT_EQ(page.events(0).unreadable_fact(), "");
  EXPECT_EQ(page.events(1).position(), 2);
  EXPECT_EQ(page.events(1).program_id(), "p");
  EXPECT_FALSE(page.events(1).has_fact());
  EXPECT_EQ(page.events(1).unreadable_fact(), kDamage);
  EXPECT_EQ(page.events(2).fact().advocate_enrolled().advocate_id(), "c=1");
}

TEST_P(FeedUnreadableTest, OnlyItIsPutAsideAndTheOthersGoOn) {
  Bank bank(GetParam(), 2);
  const auto executor = exec::MakeExecutor(bank.database(), bank.clock(), bank.Options());
  const RepairableHandler handler;
  {
    feed::Consumer consumer("source", channel_, handler, bank.database(), *executor,
                            registry_);
    consumer.Start();
    Await("position", [&] {
      const auto cursors = consumer.cursors();
      return !cursors.empty() && cursors[0].position == 3;
    });
    EXPECT_TRUE(consumer.cursors()[0].problem.ok());
  }
  EXPECT_EQ(bank.Balance("p", "a=1"), 1);
  EXPECT_EQ(bank.Balance("p", "b=1"), 0);
  EXPECT_EQ(bank.Balance("p", "c=1"), 1);
  const auto reading = bank.database().BeginRead(Soon());
  const auto aside = feed::ReadQuarantined(**reading, {}, 10);
  ASSERT_TRUE(aside.ok()) << aside.status();
  ASSERT_EQ(aside->size(), 1);
  EXPECT_EQ((*aside)[0].event.position, 2);
  EXPECT_EQ((*aside)[0].reason, "UNREADABLE_FACT");
  EXPECT_EQ((*aside)[0].event.fact, kDamage);
  executor->Stop();
}

}  // namespace
}  // namespace kith::test
