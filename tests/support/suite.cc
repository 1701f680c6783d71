#include <grpcpp/grpcpp.h>

#include <cstdio>
#include <cstdlib>
#include <thread>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/rpc/channel.h"
#include "kith/feed/v1/feed.grpc.pb.h"
#include "tests/support/server_process.h"
#include "tests/support/test_database.h"

namespace kith::test {
namespace {

using kith::feed::v1::EventFeedService;
using kith::feed::v1::FeedConsumerService;

// Who follows whom.
const std::map<std::string, std::vector<std::string>>& Follows() {
  static const auto* const follows = new std::map<std::string, std::vector<std::string>>{
      {"referral", {"retention", "advocacy"}},
      {"advocacy", {"referral"}},
      {"retention", {"referral"}},
      {"outreach", {"referral", "retention"}}};
  return *follows;
}

// Asks again and again, as fast as the answers come, until `done` or the time is over.
template <class Done>
bool Poll(absl::Duration limit, Done done) {
  const absl::Time end = SystemClock().Now() + limit;
  while (!done()) {
    if (SystemClock().Now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

// Newest positions of a feed by shard; empty when the service does not answer.
std::vector<int64_t> Heads(const Suite& suite, const std::string& name) {
  kith::feed::v1::DescribeFeedResponse feed;
  grpc::ClientContext context;
  rpc::SetTimeout(context, absl::Seconds(5));
  context.set_wait_for_ready(true);
  std::vector<int64_t> heads;
  if (EventFeedService::NewStub(suite.Channel(name))->DescribeFeed(&context, {}, &feed).ok()) {
    for (const auto& shard : feed.shards()) heads.push_back(shard.head_position());
  }
  return heads;
}

bool CaughtUp(const Suite& suite, const std::string& name) {
  const std::vector<std::string>& sources = Follows().at(name);
  if (sources.empty()) return true;
  kith::feed::v1::ListFeedCursorsResponse cursors;
  grpc::ClientContext context;
  rpc::SetTimeout(context, absl::Seconds(5));
  context.set_wait_for_ready(true);
  const auto stub = FeedConsumerService::NewStub(suite.Channel(name));
  if (!stub->ListFeedCursors(&context, {}, &cursors).ok()) return false;
  for (const std::string& source : sources) {
    const std::vector<int64_t> heads = Heads(suite, source);
    size_t seen = 0;
    for (const auto& cursor : cursors.cursors()) {
      if (cursor.source() != source) continue;
      ++seen;
      if (cursor.position() < heads.at(cursor.source_shard())) return false;
    }
    if (heads.empty() || seen != heads.size()) return false;
  }
  return true;
}

}  // namespace

const std::vector<std::string>& Suite::Names() {
  static const auto* const names =
      new std::vector<std::string>{"referral", "advocacy", "retention", "outreach"};
  return *names;
}

Suite::Suite(Options options) : folder_(TempDir()) {
  for (const std::string& name : Names()) {
    ports_[name] = FreePort();
    metrics_ports_[name] = FreePort();
    stores_[name] = options.backend == "sqlite"
                        ? absl::StrCat("sqlite:", folder_, "/", name, ".db")
                        : FreshStoreUrl(options.backend);
  }
  for (const std::string& name : Names()) {
    std::vector<std::string> args = {absl::StrCat("--listen=", address(name)),
                                     absl::StrCat("--metrics=", metrics_address(name)),
                                     absl::StrCat("--store=", stores_[name])};
    for (const std::string& source : Follows().at(name)) {
      args.push_back(absl::StrCat("--follow=", source, "=", address(source)));
    }
    args.insert(args.end(), options.extra_args.begin(), options.extra_args.end());
    processes_[name] = std::make_unique<ServerProcess>(
        BinaryPath("kith-" + name), std::move(args), absl::StrCat(folder_, "/", name, ".log"));
  }
}

std::string Suite::address(const std::string& name) const {
  return absl::StrCat("127.0.0.1:", ports_.at(name));
}

std::string Suite::metrics_address(const std::string& name) const {
  return absl::StrCat("127.0.0.1:", metrics_ports_.at(name));
}

void Suite::StartAll() {
  for (const std::string& name : Names()) process(name).Start();
  for (const std::string& name : Names()) AwaitServing(name);
}

std::shared_ptr<grpc::Channel> Suite::Channel(const std::string& name) const {
  grpc::ChannelArguments args;
  args.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  args.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 20);
  args.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 20);
  args.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 50);
  return grpc::CreateCustomChannel(address(name), grpc::InsecureChannelCredentials(), args);
}

void Suite::AwaitServing(const std::string& name, absl::Duration limit) {
  const bool serving = Poll(limit, [&] { return !Heads(*this, name).empty(); });
  if (serving) return;
  const std::string log = process(name).Log();
  std::fprintf(stderr, "%s does not serve:\n%s\n", name.c_str(),
               log.substr(log.size() > 4000 ? log.size() - 4000 : 0).c_str());
  std::abort();
}

void Suite::AwaitCaughtUp(absl::Duration limit) {
  const absl::Time end = SystemClock().Now() + limit;
  std::map<std::string, std::vector<int64_t>> before;
  // Services follow each other: until a round of all has moved no feed.
  while (true) {
    std::map<std::string, std::vector<int64_t>> heads;
    for (const std::string& name : Names()) {
      if (!Poll(end - SystemClock().Now(), [&] { return CaughtUp(*this, name); })) {
        std::fprintf(stderr, "%s does not catch up\n", name.c_str());
        std::abort();
      }
      heads[name] = Heads(*this, name);
    }
    if (heads == before) return;
    before = std::move(heads);
  }
}

CommandResult Suite::Kith(std::vector<std::string> args) const {
  for (const std::string& name : Names()) {
    args.push_back(absl::StrCat("--", name));
    args.push_back(address(name));
  }
  return RunCommand("kith", args);
}

}  // namespace kith::test
