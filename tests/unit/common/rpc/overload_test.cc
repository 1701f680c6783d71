// What the adapter does when there is more work than it can do.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <string>
#include <thread>

#include "absl/synchronization/notification.h"
#include "common/base/clock.h"
#include "common/rpc/status.h"
#include "gtest/gtest.h"
#include "tests/unit/common/rpc/echo_server.h"

namespace kith::rpc::test {
namespace {

absl::Status Get(EchoServer& server, absl::Duration timeout = absl::Seconds(20)) {
  GetResponse response;
  const auto context = NewContext(timeout);
  return FromGrpc(server.stub().Get(context.get(), GetRequest(), &response));
}

// Whether a port of this machine takes connections.
bool Accepts(const std::string& address) {
  sockaddr_in raw{};
  raw.sin_family = AF_INET;
  raw.sin_port =
      htons(static_cast<uint16_t>(std::stoi(address.substr(address.find(':') + 1))));
  raw.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool accepted = connect(fd, reinterpret_cast<const sockaddr*>(&raw), sizeof(raw)) == 0;
  close(fd);
  return accepted;
}

// A server with one reading thread that is held up by its first call.
class OverloadTest : public ::testing::Test {
 protected:
  OverloadTest() : server_(Options()), first_([this] { first_status_ = Get(server_); }) {
    held_.WaitForNotification();
  }
  ~OverloadTest() override { Release(); }

  EchoServer::Options Options() {
    EchoServer::Options options;
    options.threads = 1;
    options.max_queue = 1;
    options.on_get = [this](const GetRequest&, const CallContext&) {
      if (runs_.fetch_add(1) > 0) return;
      held_.Notify();
      release_.WaitForNotification();
    };
    return options;
  }
  void AwaitQueued() {
    while (server_.pool().depth() == 0) std::this_thread::yield();
  }
  void Release() {
    if (!release_.HasBeenNotified()) release_.Notify();
    if (first_.joinable()) first_.join();
  }

  std::atomic<int> runs_ = 0;
  absl::Notification held_, release_;
  EchoServer server_;
  absl::Status first_status_;
  std::thread first_;
};

TEST_F(OverloadTest, FullQueueRefusesAtOnce) {
  absl::Status second;
  std::thread waiting([&] { second = Get(server_); });
  AwaitQueued();
  const absl::Status third = Get(server_);
  EXPECT_EQ(third.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(GetErrorReason(third), "OVERLOADED");
  EXPECT_EQ(GetErrorDetails(third)->retry_delay, absl::Milliseconds(200));
  Release();
  waiting.join();
  EXPECT_TRUE(first_status_.ok());
  EXPECT_TRUE(second.ok());
  EXPECT_EQ(runs_, 2);
}

TEST_F(OverloadTest, WhatExpiredInTheQueueIsNotRun) {
  const absl::Time start = SystemClock().Now();
  const absl::Status late = Get(server_, absl::Milliseconds(50));
  EXPECT_EQ(late.code(), absl::StatusCode::kDeadlineExceeded);
  // The server's idea of the deadline is a little later than the client's.
  while (SystemClock().Now() < start + absl::Milliseconds(150)) std::this_thread::yield();
  Release();
  server_.Stop();
  EXPECT_EQ(runs_, 1);
  // Which of the two the server notices first is the machine's affair.
  EXPECT_EQ(*server_.Handled("Get", "DeadlineExceeded") + *server_.Handled("Get", "Canceled"),
            1);
  EXPECT_EQ(server_.Handled("Get", "OK"), 1);
}

TEST_F(OverloadTest, ShutdownWaitsForRunningCalls) {
  std::thread stopping([&] { server_.Shutdown(); });
  while (Accepts(server_.address())) std::this_thread::yield();
  Release();
  stopping.join();
  EXPECT_TRUE(first_status_.ok());
}

}  // namespace
}  // namespace kith::rpc::test
