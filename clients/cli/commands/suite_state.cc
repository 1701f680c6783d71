#include "clients/cli/commands/suite_state.h"

#include <algorithm>
#include <array>
#include <optional>

#include "absl/strings/str_cat.h"
#include "kith/feed/v1/feed.pb.h"

namespace kith::cli {
namespace {

using feed::v1::DescribeFeedResponse;
using feed::v1::ListFeedCursorsResponse;

using Feeds = std::array<std::optional<DescribeFeedResponse>, 4>;

// The cursor for a shard, which is at 0 as long as the consumer has none.
CursorState& CursorOf(std::vector<CursorState>& cursors, const std::string& source,
                      int32_t shard) {
  for (CursorState& cursor : cursors) {
    if (cursor.source == source && cursor.shard == shard) return cursor;
  }
  cursors.push_back({source, shard, 0, 0, 0});
  return cursors.back();
}

void ReadCursors(Caller& caller, ServiceState& service) {
  auto response =
      Ask<ListFeedCursorsResponse>(caller, service.target, feed::v1::ListFeedCursorsRequest());
  if (!response.ok()) {
    service.problem = std::string(response.status().message());
    return;
  }
  for (const auto& cursor : response->cursors()) {
    service.cursors.push_back({cursor.source(), cursor.source_shard(), cursor.position(),
                               cursor.head_position(), cursor.quarantined(),
                               cursor.problem_reason(), cursor.problem_message()});
  }
  for (const std::string& source : response->not_followed()) {
    service.cursors.push_back(
        {source, 0, 0, 0, 0, "NOT_FOLLOWED",
         absl::StrCat("it was started without --follow=", source,
                      "=HOST:PORT: what happens there it does not learn")});
  }
}

void TakeHeads(const Feeds& feeds, ServiceState& service) {
  for (const std::string& source : SourcesOf(service.target)) {
    const auto& feed = feeds[static_cast<size_t>(TargetOf(source))];
    const bool followed = std::all_of(
        service.cursors.begin(), service.cursors.end(),
        [&](const CursorState& it) { return it.source != source || it.followed(); });
    if (!feed.has_value() || !followed) continue;
    for (const auto& shard : feed->shards()) {
      CursorState& cursor = CursorOf(service.cursors, source, shard.shard());
      cursor.head = shard.head_position();
    }
  }
}

}  // namespace

Target TargetOf(const std::string& name) {
  return *std::find_if(kTargets.begin(), kTargets.end(),
                       [&](Target target) { return TargetName(target) == name; });
}

std::vector<std::string> SourcesOf(Target target) {
  switch (target) {
    case Target::kReferral:
      return {"retention", "advocacy"};
    case Target::kAdvocacy:
    case Target::kRetention:
      return {"referral"};
    case Target::kOutreach:
      return {"referral", "retention"};
  }
  return {};
}

bool ServiceState::ready() const {
  const bool waits = std::any_of(
      cursors.begin(), cursors.end(),
      [](const CursorState& cursor) { return cursor.stuck() || !cursor.followed(); });
  return health.state == Health::kServing && problem.empty() && lag() == 0 && !waits;
}

int64_t ServiceState::lag() const {
  int64_t sum = 0;
  for (const CursorState& cursor : cursors) sum += cursor.lag();
  return sum;
}

int64_t ServiceState::quarantined() const {
  int64_t sum = 0;
  for (const CursorState& cursor : cursors) sum += cursor.quarantined;
  return sum;
}

bool SuiteState::all_serving() const {
  return std::all_of(services.begin(), services.end(), [](const ServiceState& service) {
    return service.health.state == Health::kServing;
  });
}

bool SuiteState::all_known() const {
  return std::all_of(services.begin(), services.end(),
                     [](const ServiceState& service) { return service.problem.empty(); });
}

bool SuiteState::ready() const {
  return std::all_of(services.begin(), services.end(),
                     [](const ServiceState& service) { return service.ready(); });
}

bool SuiteState::SamePositions(const SuiteState& other) const {
  return std::equal(
      services.begin(), services.end(), other.services.begin(), other.services.end(),
      [](const ServiceState& a, const ServiceState& b) { return a.cursors == b.cursors; });
}

SuiteState ReadSuite(Env& env) {
  SuiteState suite;
  Feeds feeds;
  for (const Target target : kTargets) {
    ServiceState service;
    service.target = target;
    service.address = env.options.address(target);
    service.health = env.caller.CheckHealth(target);
    if (service.health.state == Health::kUnreachable) {
      service.problem = service.health.detail;
    } else {
      ReadCursors(env.caller, service);
      auto feed =
          Ask<DescribeFeedResponse>(env.caller, target, feed::v1::DescribeFeedRequest());
      if (feed.ok()) {
        feeds[static_cast<size_t>(target)] = *std::move(feed);
      } else {
        service.problem = std::string(feed.status().message());
      }
    }
    suite.services.push_back(std::move(service));
  }
  for (ServiceState& service : suite.services) {
    if (service.health.state != Health::kUnreachable) TakeHeads(feeds, service);
  }
  return suite;
}

}  // namespace kith::cli
