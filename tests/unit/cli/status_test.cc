#include "gmock/gmock.h"
#include "kith/feed/v1/feed.pb.h"
#include "nlohmann/json.hpp"
#include "tests/unit/cli/fake_caller.h"

namespace kith::cli {
namespace {

using feed::v1::DescribeFeedRequest;
using feed::v1::DescribeFeedResponse;
using feed::v1::ListFeedCursorsRequest;
using feed::v1::ListFeedCursorsResponse;
using testing::HasSubstr;

class StatusTest : public CommandTest {
 protected:
  StatusTest() {
    TakeToAnswer(absl::ZeroDuration());
    AnswerCursors(100, 100);
  }

  // The feeds are described by services that take this long to answer.
  void TakeToAnswer(absl::Duration time) {
    caller_.On<DescribeFeedRequest, DescribeFeedResponse>(
        [this, time](const DescribeFeedRequest&) {
          clock_.Advance(time);
          DescribeFeedResponse response;
          response.add_shards()->set_head_position(100);
          return response;
        });
  }

  // All services answer alike: the fake does not tell them apart.
  void AnswerCursors(int64_t referral, int64_t retention) {
    caller_.On<ListFeedCursorsRequest, ListFeedCursorsResponse>(
        [=](const ListFeedCursorsRequest&) {
          ListFeedCursorsResponse response;
          for (const auto& [source, position] :
               {std::pair("referral", referral), std::pair("retention", retention),
                std::pair("advocacy", int64_t{100})}) {
            auto* cursor = response.add_cursors();
            cursor->set_source(source);
            cursor->set_position(position);
            cursor->set_head_position(position);
          }
          return response;
        });
  }
};

TEST_F(StatusTest, ShowsEachService) {
  const auto outcome = RunLine("status --outreach 10.0.0.1:99");
  EXPECT_EQ(outcome.code, kExitOk);
  EXPECT_THAT(outcome.out, HasSubstr("referral   127.0.0.1:7401  serving  1.2.3    "
                                     "retention 0, advocacy 0"));
  EXPECT_THAT(
      outcome.out,
      HasSubstr("outreach   10.0.0.1:99     serving  1.2.3    referral 0, retention 0"));
}

TEST_F(StatusTest, AServiceThatRefusesToTellIsNamedAndNoSuccess) {
  caller_.On<DescribeFeedRequest, DescribeFeedResponse>(
      [](const DescribeFeedRequest&) -> absl::StatusOr<DescribeFeedResponse> {
        return absl::UnauthenticatedError("a valid bearer token is needed");
      });
  const auto outcome = RunLine("status");
  EXPECT_EQ(outcome.code, kExitFailed);
  EXPECT_THAT(outcome.err, HasSubstr("kith: advocacy: a valid bearer token is needed\n"));
  const auto as_json = RunLine("status --json");
  EXPECT_EQ(as_json.code, kExitFailed);
  EXPECT_EQ(nlohmann::json::parse(as_json.out)["services"][1]["problem"],
            "a valid bearer token is needed");
}

TEST_F(StatusTest, LagIsMeasuredAgainstTheSource) {
  AnswerCursors(88, 100);
  const auto json = nlohmann::json::parse(RunLine("status --json").out);
  EXPECT_EQ(json["ready"], false);
  EXPECT_EQ(json["services"][1]["service"], "advocacy");
  EXPECT_EQ(json["services"][1]["health"], "serving");
  EXPECT_EQ(json["services"][1]["lag"], 12);
  EXPECT_EQ(json["services"][1]["cursors"][0].dump(),
            R"({"head":100,"lag":12,"position":88,"problem":null,"quarantined":0,"shard":0,)"
            R"("source":"referral"})");
}

TEST_F(StatusTest, AConsumerWithoutACursorHasNotBegun) {
  caller_.Return<ListFeedCursorsRequest>(ListFeedCursorsResponse());
  const auto json = nlohmann::json::parse(RunLine("status --json").out);
  EXPECT_EQ(json["services"][0]["lag"], 200);
  EXPECT_EQ(json["services"][1]["lag"], 100);
  EXPECT_EQ(json["services"][3]["lag"], 200);
}

TEST_F(StatusTest, AServiceThatDoesNotFollowAnotherSaysSo) {
  ListFeedCursorsResponse response;
  response.add_not_followed("referral");
  caller_.Return<ListFeedCursorsRequest>(response);
  const auto outcome = RunLine("status");
  EXPECT_EQ(outcome.code, kExitOk);
  EXPECT_THAT(outcome.out, HasSubstr("advocacy   127.0.0.1:7402  serving  1.2.3    "
                                     "referral ? (NOT_FOLLOWED)"));
  EXPECT_THAT(
      outcome.err,
      HasSubstr("kith: advocacy does not follow referral: it was started without "
                "--follow=referral=HOST:PORT: what happens there it does not learn\n"));
  const auto json = nlohmann::json::parse(RunLine("status --json").out);
  EXPECT_EQ(json["ready"], false);
  EXPECT_EQ(json["services"][1]["lag"], 0);
  EXPECT_EQ(json["services"][1]["cursors"][0]["problem"], "NOT_FOLLOWED");
  EXPECT_THAT(RunLine("feeds status").out,
              HasSubstr("advocacy   referral       0         0     0       0            0  "
                        "NOT_FOLLOWED"));
  EXPECT_THAT(RunLine("feeds status").err,
              HasSubstr("kith: advocacy does not follow referral"));
}

TEST_F(StatusTest, AServiceThatIsAwayShows) {
  caller_.health(Target::kAdvocacy) = {Health::kUnreachable, "", "refused"};
  const auto outcome = RunLine("status");
  EXPECT_EQ(outcome.code, kExitUnavailable);
  EXPECT_THAT(outcome.out, HasSubstr("advocacy   127.0.0.1:7402  unreachable"));
  EXPECT_THAT(outcome.err, HasSubstr("kith: advocacy: refused"));
}

TEST_F(StatusTest, WaitReturnsOnceReadyAndSettled) {
  EXPECT_EQ(RunLine("status --wait").code, kExitOk);
  EXPECT_EQ(RunLine("status --wait=5").code, kExitOk);
}

TEST_F(StatusTest, WaitFailsWhenNotReadyInTime) {
  TakeToAnswer(absl::Milliseconds(100));
  AnswerCursors(88, 100);
  const auto outcome = RunLine("status --wait=1");
  EXPECT_EQ(outcome.code, kExitFailed);
  EXPECT_THAT(outcome.err, HasSubstr("not ready within 1 s"));
  // Looked again after 0.4 s and 0.8 s; by the end of the third look there is no time left.
  EXPECT_THAT(caller_.Requests<DescribeFeedRequest>(), testing::SizeIs(12));
}

TEST_F(StatusTest, WhatServicesTakeToAnswerIsWaitedForToo) {
  TakeToAnswer(absl::Milliseconds(300));
  AnswerCursors(88, 100);
  EXPECT_EQ(RunLine("status --wait=1").code, kExitFailed);
  // One round of four services takes longer than that.
  EXPECT_THAT(caller_.Requests<DescribeFeedRequest>(), testing::SizeIs(4));
}

}  // namespace
}  // namespace kith::cli
