#include "tests/scenario/referral_world.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/grpc_caller.h"
#include "clients/cli/text/enum_name.h"
#include "clients/cli/text/parse.h"
#include "clients/cli/yaml/document.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/base/ids.h"
#include "google/protobuf/text_format.h"
#include "kith/feed/v1/feed.pb.h"
#include "kith/referral/v1/referral.pb.h"
#include "kith/referral/v1/reward.pb.h"
#include "kith/retention/v1/retention.pb.h"
#include "kith/testing/v1/clock.pb.h"
#include "tests/support/test_database.h"

namespace kith::test {
namespace {

using cli::EnumText;
using cli::Target;
using google::protobuf::Message;
using namespace kith::referral::v1;

[[noreturn]] void Die(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  std::abort();
}

absl::Time ParseTime(absl::string_view text) {
  const absl::StatusOr<absl::Time> time = cli::ParseTimeText(text);
  if (!time.ok()) Die(time.status().ToString());
  return *time;
}

Suite::Options SuiteOptions(const std::string& backend, absl::string_view now) {
  Suite::Options options;
  options.backend = backend;
  options.extra_args = {absl::StrCat("--clock=manual:", now)};
  return options;
}

std::string ReadExample(const std::string& file) {
  const char* root = std::getenv("KITH_SOURCE");
  const std::string path =
      absl::StrCat(root == nullptr ? "." : root, "/clients/examples/", file);
  std::ifstream stream(path);
  std::ostringstream text;
  if (!stream || !(text << stream.rdbuf())) Die(path + ": cannot be read");
  return text.str();
}

// The service of a request, by its package.
Target TargetOf(const Message& request) {
  const std::string package = request.GetDescriptor()->file()->package();
  for (const Target target : cli::kTargets) {
    if (package == absl::StrCat("kith.", cli::TargetName(target), ".v1")) return target;
  }
  return Target::kReferral;
}

void FillString(Message& message, const char* name, const std::string& value) {
  const auto* field = message.GetDescriptor()->FindFieldByName(name);
  if (field == nullptr || message.GetReflection()->HasField(message, field)) return;
  if (!message.GetReflection()->GetString(message, field).empty()) return;
  message.GetReflection()->SetString(&message, field, value);
}

template <class Item>
Item FromText(absl::string_view text) {
  Item item;
  if (!google::protobuf::TextFormat::ParseFromString(std::string(text), &item)) {
    Die(absl::StrCat("no ", Item::descriptor()->name(), ": ", text));
  }
  return item;
}

std::string DescribeReward(const Reward& reward) {
  std::string line =
      absl::StrCat(reward.campaign().empty() ? "" : absl::StrCat(reward.campaign(), "/"),
                   reward.rule_id(), ": ", reward.amount().amount_minor(), " ",
                   reward.amount().currency(), " ", EnumText(reward.state()));
  if (!reward.cause().empty()) absl::StrAppend(&line, " (", reward.cause(), ")");
  return line;
}

}  // namespace

ReferralWorld::ReferralWorld(const std::string& backend, absl::string_view now, Cast cast)
    : cast_(cast), now_(ParseTime(now)), suite_(SuiteOptions(backend, now)) {
  Start(cast);
  for (const Target target : cli::kTargets) {
    options_.addresses[static_cast<size_t>(target)] =
        suite_.address(std::string(cli::TargetName(target)));
  }
  auto caller = cli::GrpcCaller::Create(options_);
  if (!caller.ok()) Die(caller.status().ToString());
  caller_ = *std::move(caller);
  store_ = OpenStore(suite_.store_url("referral"));
}

void ReferralWorld::Start(Cast cast) {
  if (cast == Cast::kWholeSuite) return suite_.StartAll();
  suite_.process("referral").Start();
  suite_.AwaitServing("referral");
}

void ReferralWorld::Fill(Message& message, absl::string_view text) const {
  if (!google::protobuf::TextFormat::MergeFromString(std::string(text), &message)) {
    Die(absl::StrCat("no ", message.GetDescriptor()->name(), ": ", text));
  }
  FillString(message, "program_id", program_);
  FillString(message, "request_id", NewUuid(SystemClock().Now()));
}

absl::Status ReferralWorld::Send(Message& request, absl::string_view text, Message* response) {
  Fill(request, text);
  return caller_->Call(TargetOf(request), request, response);
}

void ReferralWorld::Insist(const absl::Status& status, const Message& request) {
  if (status.ok()) return;
  Die(absl::StrCat("refused: ", cli::Describe(status), "\n",
                   request.GetDescriptor()->full_name(), " {", request.ShortDebugString(),
                   "}"));
}

void ReferralWorld::Apply(const std::string& file) {
  cli::Documents all;
  cli::ParseDocuments(file, ReadExample(file), &all);
  for (const cli::Problem& problem : all.problems) Die(cli::ToString(problem));
  for (const cli::Document& document : all.documents) {
    const bool program = document.kind->name == "Program";
    if (program) program_ = document.id;
    if (!program && cast_ != Cast::kWholeSuite) continue;
    const auto result = document.kind->apply(*caller_, *document.message,
                                             NewUuid(SystemClock().Now()), /*dry_run=*/false);
    Insist(result.status(), *document.message);
  }
}

void ReferralWorld::EnrolAll(std::initializer_list<std::string> advocates) {
  for (const std::string& advocate : advocates) {
    EXPECT_EQ(Enrol(absl::StrCat("advocate_id: '", advocate, "'")), "enrolled") << advocate;
  }
}

std::string ReferralWorld::Enrol(absl::string_view text) {
  EnrollAdvocatesRequest request;
  *request.add_advocates() = FromText<NewAdvocate>(text);
  const auto response = Ask<EnrollAdvocatesResponse>(request);
  const auto& result = response.results(0);
  return result.has_advocate() ? "enrolled" : result.error().reason();
}

std::string ReferralWorld::CodeOf(const std::string& advocate) {
  GetAdvocateRequest request;
  request.set_advocate_id(advocate);
  return Ask<GetAdvocateResponse>(request).advocate().code();
}

Lines ReferralWorld::SubmitAll(const Lines& texts) {
  SubmitReferralsRequest request;
  for (const std::string& text : texts) {
    *request.add_referrals() = FromText<NewReferral>(text);
  }
  const auto response = Ask<SubmitReferralsResponse>(request);
  Lines lines;
  for (const auto& result : response.results()) {
    lines.push_back(result.has_referral() ? "submitted" : result.error().reason());
  }
  return lines;
}

std::string ReferralWorld::SignUp(absl::string_view text) {
  now_ += absl::Seconds(1);
  SetClock();
  AttributeSignupsRequest request;
  *request.add_signups() = FromText<Signup>(text);
  const auto response = Ask<AttributeSignupsResponse>(request);
  const auto& result = response.results(0);
  if (result.has_error()) return result.error().reason();
  const Attribution& judged = result.attribution();
  std::string line = judged.advocate_id().empty() ? "nobody"
                                                  : absl::StrCat(judged.advocate_id(), " by ",
                                                                 EnumText(judged.evidence()));
  for (const auto& rejected : judged.rejected()) {
    absl::StrAppend(&line, "; ", EnumText(rejected.evidence()), " ", rejected.reason());
  }
  return line;
}

Lines ReferralWorld::ConvertAll(const Lines& texts) {
  RecordConversionsRequest request;
  for (const std::string& text : texts) {
    *request.add_conversions() = FromText<NewConversion>(text);
  }
  const auto response = Ask<RecordConversionsResponse>(request);
  Lines lines;
  for (const auto& result : response.results()) {
    lines.push_back(result.has_error()           ? result.error().reason()
                    : result.conversion().live() ? "converted"
                                                 : "recorded");
  }
  return lines;
}

void ReferralWorld::Reverse(const std::string& conversion, const std::string& cause) {
  ReverseConversionRequest request;
  request.set_conversion_id(conversion);
  request.set_cause(cause);
  Ask<ReverseConversionResponse>(request);
}

Lines ReferralWorld::RewardsOf(const std::string& recipient) {
  ListRewardsRequest request;
  request.set_recipient_id(recipient);
  request.set_page_size(1000);
  const auto response = Ask<ListRewardsResponse>(request);
  Lines lines;
  for (const Reward& reward : response.rewards()) lines.push_back(DescribeReward(reward));
  std::sort(lines.begin(), lines.end());
  return lines;
}

Lines ReferralWorld::Balances() {
  const auto response = Ask<GetLedgerBalancesResponse>(GetLedgerBalancesRequest());
  Lines lines;
  std::map<std::string, int64_t> sums;
  for (const LedgerBalance& balance : response.balances()) {
    sums[balance.currency()] += balance.balance_minor();
    if (balance.balance_minor() == 0) continue;
    lines.push_back(absl::StrCat(balance.account(), " ", balance.balance_minor(), " ",
                                 balance.currency()));
  }
  for (const auto& [unit, sum] : sums) EXPECT_EQ(sum, 0) << unit;
  std::sort(lines.begin(), lines.end());
  return lines;
}

std::vector<events::v1::Fact> ReferralWorld::Facts() {
  std::vector<events::v1::Fact> facts;
  const auto feed = Ask<feed::v1::DescribeFeedResponse>(feed::v1::DescribeFeedRequest());
  for (const auto& shard : feed.shards()) {
    feed::v1::ReadEventsRequest request;
    request.set_shard(shard.shard());
    while (request.after_position() < shard.head_position()) {
      const auto page = Ask<feed::v1::ReadEventsResponse>(request);
      for (const auto& event : page.events()) {
        request.set_after_position(event.position());
        if (event.program_id() == program_) facts.push_back(event.fact());
      }
    }
  }
  return facts;
}

std::string ReferralWorld::StateOf(const std::string& referral) {
  GetReferralRequest request;
  request.set_referral_id(referral);
  return EnumText(Ask<GetReferralResponse>(request).referral().state());
}

std::vector<ClaimedReward> ReferralWorld::Claim(absl::string_view text) {
  const auto response = Ask<ClaimRewardsResponse>(ClaimRewardsRequest(), text);
  return {response.rewards().begin(), response.rewards().end()};
}

std::string ReferralWorld::Report(const ClaimedReward& claimed, const std::string& failure,
                                  bool retryable) {
  ReportFulfilmentsRequest request;
  FulfilmentReport* report = request.add_reports();
  report->set_reward_id(claimed.reward().reward_id());
  report->set_lease_token(claimed.lease_token());
  if (failure.empty()) {
    report->mutable_succeeded();
  } else {
    report->mutable_failed()->set_reason(failure);
    report->mutable_failed()->set_retryable(retryable);
  }
  const auto response = Ask<ReportFulfilmentsResponse>(request);
  const auto& result = response.results(0);
  return result.has_error() ? result.error().reason() : EnumText(result.fulfilment().state());
}

void ReferralWorld::Advance(absl::Duration time) {
  now_ += time;
  SetClock();
  AwaitNothingDue();
}

void ReferralWorld::SetClock() {
  testing::v1::SetTimeRequest request;
  *request.mutable_time() = cli::ToTimestamp(now_);
  for (const Target target : cli::kTargets) {
    if (cast_ != Cast::kWholeSuite && target != Target::kReferral) continue;
    testing::v1::SetTimeResponse response;
    Insist(caller_->Call(target, request, &response), request);
  }
}

void ReferralWorld::AwaitNothingDue() {
  const absl::Time end = SystemClock().Now() + absl::Seconds(30);
  for (;;) {
    auto reading = store_->BeginRead(Soon());
    Insist(reading.status(), testing::v1::SetTimeRequest());
    const auto due = (*reading)->Query("SELECT COUNT(*) FROM due_work WHERE due_time <= $1",
                                       {db::FromTime(now_)});
    Insist(due.status(), testing::v1::SetTimeRequest());
    if (due->rows[0].Int(0) == 0) return;
    if (SystemClock().Now() > end) Die("what is due is not done");
    std::this_thread::yield();
  }
}

void ReferralWorld::Happens(absl::string_view text) {
  retention::v1::RecordEventsRequest request;
  auto& event = *request.add_events() = FromText<retention::v1::LifecycleEvent>(text);
  event.set_event_id(NewUuid(SystemClock().Now()));
  *event.mutable_event_time() = cli::ToTimestamp(now_);
  const auto response = Ask<retention::v1::RecordEventsResponse>(request);
  if (response.results(0).has_error()) Die(response.ShortDebugString());
  AwaitFeeds();
}

std::string BackendOf(const ::testing::TestParamInfo<std::string>& info) { return info.param; }

}  // namespace kith::test
