#include "common/base/error.h"
#include "gmock/gmock.h"
#include "kith/feed/v1/feed.pb.h"
#include "nlohmann/json.hpp"
#include "tests/unit/cli/fake_caller.h"

namespace kith::cli {
namespace {

using namespace feed::v1;
using testing::HasSubstr;
using testing::SizeIs;

constexpr ErrorDef kNotFound{absl::StatusCode::kNotFound, "QUARANTINED_EVENT_NOT_FOUND", "no"};

class FeedsTest : public CommandTest {
 protected:
  FeedsTest() {
    DescribeFeedResponse feed;
    feed.add_shards()->set_head_position(80);
    caller_.Return<DescribeFeedRequest>(feed);
    caller_.Return<ListFeedCursorsRequest>(ListFeedCursorsResponse());
    caller_.Return<ListQuarantinedEventsRequest>(ListQuarantinedEventsResponse());
  }

  // All services answer alike: the fake does not tell them apart.
  void AnswerCursor(int64_t quarantined, const std::string& problem = "") {
    ListFeedCursorsResponse response;
    FeedCursor* cursor = response.add_cursors();
    cursor->set_source("referral");
    cursor->set_position(100);
    cursor->set_quarantined(quarantined);
    cursor->set_problem_reason(problem);
    if (!problem.empty()) cursor->set_problem_message("was set back");
    caller_.Return<ListFeedCursorsRequest>(response);
  }
  void AnswerQuarantine(std::vector<int64_t> positions) {
    ListQuarantinedEventsResponse response;
    for (const int64_t position : positions) {
      QuarantinedEvent* event = response.add_events();
      event->set_source("referral");
      event->mutable_event()->set_position(position);
      event->mutable_event()->set_program_id("p");
      event->mutable_event()->mutable_fact()->mutable_advocate_enrolled();
      event->set_reason("BAD_AMOUNT");
      event->set_message("it cannot be used");
      event->mutable_quarantined_time()->set_seconds(1700000000);
    }
    caller_.Return<ListQuarantinedEventsRequest>(response);
  }
};

TEST_F(FeedsTest, StatusShowsEachConsumer) {
  const auto outcome = RunLine("feeds status");
  EXPECT_EQ(outcome.code, kExitOk);
  EXPECT_THAT(outcome.out, HasSubstr("service    follows    shard  position  head  behind  "
                                     "quarantined  problem\n"
                                     "referral   retention      0         0    80      80  "
                                     "          0  -\n"
                                     "referral   advocacy       0         0    80      80  "
                                     "          0  -\n"
                                     "advocacy   referral       0         0    80      80  "
                                     "          0  -\n"));
  EXPECT_THAT(outcome.out, HasSubstr("outreach   retention"));
  EXPECT_THAT(outcome.out, testing::EndsWith("\nQuarantined events\nno quarantined events\n"));
  EXPECT_EQ(outcome.err, "");
}

TEST_F(FeedsTest, StatusSaysWhatStandsInTheWayAndWhatToDo) {
  AnswerCursor(0, "FEED_REWOUND");
  const auto outcome = RunLine("feeds status");
  EXPECT_THAT(outcome.out, HasSubstr("0  FEED_REWOUND\n"));
  EXPECT_THAT(outcome.err,
              HasSubstr("kith: advocacy: was set back\n  say from where to go on: "
                        "kith feeds restart advocacy referral --from start|now|POSITION\n"));
  EXPECT_THAT(RunLine("status").out, HasSubstr("referral 0 (FEED_REWOUND)"));
  const auto json = nlohmann::json::parse(RunLine("status --json").out);
  EXPECT_EQ(json["ready"], false);
}

TEST_F(FeedsTest, StatusAsJson) {
  AnswerCursor(1, "FEED_REPLACED");
  AnswerQuarantine({7});
  const auto json = nlohmann::json::parse(RunLine("feeds status --json").out);
  EXPECT_EQ(json["consumers"][3].dump(),
            R"({"head":80,"lag":0,"position":100,"problem":{"message":"was set back",)"
            R"("reason":"FEED_REPLACED"},"quarantined":1,"service":"advocacy","shard":0,)"
            R"("source":"referral"})");
  EXPECT_EQ(json["quarantined"][1].dump(),
            R"({"fact":"advocate_enrolled","message":"it cannot be used","position":7,)"
            R"("program_id":"p","quarantined_time":"2023-11-14T22:13:20Z",)"
            R"("reason":"BAD_AMOUNT","service":"advocacy","shard":0,"source":"referral"})");
}

TEST_F(FeedsTest, StatusListsQuarantinedEvents) {
  AnswerCursor(3);
  AnswerQuarantine({7, 9});
  const auto outcome = RunLine("feeds status --limit 2");
  EXPECT_THAT(outcome.out,
              HasSubstr("advocacy   referral      0         7  p        advocate_enrolled  "
                        "2023-11-14 22:13:20 UTC  BAD_AMOUNT  it cannot be used\n"));
  EXPECT_THAT(outcome.err, HasSubstr("4 more quarantined events"));
  EXPECT_THAT(RunLine("feeds status --limit 0").out,
              testing::Not(HasSubstr("uarantined events")));
  EXPECT_EQ(caller_.Requests<ListQuarantinedEventsRequest>()[0].page_size(), 2);
}

TEST_F(FeedsTest, AServiceThatIsAwayShows) {
  caller_.health(Target::kOutreach) = {Health::kUnreachable, "", "refused"};
  const auto outcome = RunLine("feeds status");
  EXPECT_EQ(outcome.code, kExitUnavailable);
  EXPECT_THAT(outcome.err, HasSubstr("kith: outreach: refused"));
}

TEST_F(FeedsTest, RestartSaysFromWhere) {
  RestartConsumerResponse response;
  response.set_feed_id("f");
  response.set_dropped_quarantined(2);
  RestartedShard* shard = response.add_shards();
  shard->set_old_position(120);
  shard->set_position(80);
  caller_.Return<RestartConsumerRequest>(response);
  EXPECT_EQ(RunLine("feeds restart advocacy referral --from now").out,
            "advocacy follows referral shard 0 from position 80 (it stood at 120)\n"
            "2 quarantined events after the position were dropped\n");
  EXPECT_EQ(RunLine("feeds restart outreach retention --from start").code, kExitOk);
  const auto json = nlohmann::json::parse(
      RunLine("feeds restart advocacy referral --from 80 --shard 3 --json").out);
  EXPECT_EQ(json.dump(),
            R"({"dropped_quarantined":2,"feed_id":"f","service":"advocacy","shards":)"
            R"([{"old_position":120,"position":80,"source_shard":0}],"source":"referral"})");
  const auto requests = caller_.Requests<RestartConsumerRequest>();
  ASSERT_THAT(requests, SizeIs(3));
  EXPECT_EQ(requests[0].from(), RESTART_FROM_NOW);
  EXPECT_FALSE(requests[0].has_source_shard());
  EXPECT_EQ(requests[1].from(), RESTART_FROM_START);
  EXPECT_EQ(requests[1].source(), "retention");
  EXPECT_EQ(requests[2].from(), RESTART_FROM_POSITION);
  EXPECT_EQ(requests[2].position(), 80);
  EXPECT_EQ(requests[2].source_shard(), 3);
  EXPECT_NE(requests[0].request_id(), requests[1].request_id());
}

TEST_F(FeedsTest, RestartWantsAnExplicitChoice) {
  EXPECT_THROW(RunLine("feeds restart advocacy referral"), CLI::ParseError);
  EXPECT_THROW(RunLine("feeds restart advocacy referral --from later"), CLI::ParseError);
  EXPECT_THROW(RunLine("feeds restart advocacy referral --from -1"), CLI::ParseError);
  EXPECT_THROW(RunLine("feeds restart nobody advocacy --from now"), CLI::ParseError);
  EXPECT_THROW(RunLine("feeds"), CLI::ParseError);
}

TEST_F(FeedsTest, RetryTellsWhatIsLeft) {
  AnswerQuarantine({7, 8, 9});
  caller_.On<RetryQuarantinedEventRequest, RetryQuarantinedEventResponse>(
      [](const RetryQuarantinedEventRequest& request)
          -> absl::StatusOr<RetryQuarantinedEventResponse> {
        RetryQuarantinedEventResponse response;
        response.set_applied(request.position() == 7);
        if (request.position() == 8) return MakeError(kNotFound);
        if (request.position() == 9) response.set_reason("WORSE");
        return response;
      });
  const auto outcome = RunLine("feeds retry advocacy");
  EXPECT_EQ(outcome.code, kExitFailed);
  EXPECT_THAT(outcome.out,
              testing::StartsWith("advocacy: 1 applied, 1 still in quarantine\n"));
  EXPECT_THAT(outcome.out,
              HasSubstr("advocacy  referral      0         9  advocate_enrolled  WORSE\n"));
  const auto json = nlohmann::json::parse(RunLine("feeds retry --json").out);
  ASSERT_THAT(json["services"], SizeIs(4));
  EXPECT_EQ(json["services"][3]["service"], "outreach");
  EXPECT_EQ(json["services"][3]["applied"], 1);
  EXPECT_EQ(json["services"][2]["left"][0]["reason"], "WORSE");
  EXPECT_EQ(RunLine("feeds retry outreach --source retention").code, kExitOk);
}

// The mistake: a call that failed took the report of what had been done with it.
TEST_F(FeedsTest, RetryTellsWhatItDidBeforeACallFailed) {
  AnswerQuarantine({7, 8, 9});
  caller_.On<RetryQuarantinedEventRequest, RetryQuarantinedEventResponse>(
      [](const RetryQuarantinedEventRequest& request)
          -> absl::StatusOr<RetryQuarantinedEventResponse> {
        if (request.position() == 9) return absl::InternalError("broken");
        RetryQuarantinedEventResponse response;
        response.set_applied(request.position() == 7);
        response.set_reason(request.position() == 8 ? "WORSE" : "");
        return response;
      });
  const auto outcome = RunLine("feeds retry");
  EXPECT_NE(outcome.code, kExitOk);
  EXPECT_THAT(outcome.out,
              testing::StartsWith("referral: 1 applied, 1 still in quarantine; not all were "
                                  "tried\n"));
  EXPECT_EQ(outcome.status.message(), "broken");
  const auto json = nlohmann::json::parse(RunLine("feeds retry --json").out);
  ASSERT_THAT(json["services"], SizeIs(1));
  EXPECT_EQ(json["services"][0]["applied"], 1);
  EXPECT_EQ(json["services"][0]["complete"], false);
}

// Page by page: what was read before is not asked for again.
TEST_F(FeedsTest, RetryReadsTheQuarantineInPages) {
  caller_.On<ListQuarantinedEventsRequest, ListQuarantinedEventsResponse>(
      [](const ListQuarantinedEventsRequest& request)
          -> absl::StatusOr<ListQuarantinedEventsResponse> {
        ListQuarantinedEventsResponse response;
        const int page = request.page_token().empty() ? 0 : request.page_token().front() - '0';
        for (int i = 1; i <= request.page_size(); ++i) {
          QuarantinedEvent* event = response.add_events();
          event->set_source("referral");
          event->mutable_event()->set_position(page * request.page_size() + i);
        }
        if (page < 9) response.set_next_page_token(std::string(1, '1' + page));
        return response;
      });
  int64_t asked = 0, pages = 0;
  caller_.On<RetryQuarantinedEventRequest, RetryQuarantinedEventResponse>(
      [&](const RetryQuarantinedEventRequest& request)
          -> absl::StatusOr<RetryQuarantinedEventResponse> {
        EXPECT_EQ(request.position(), ++asked);
        const auto read =
            static_cast<int64_t>(caller_.Requests<ListQuarantinedEventsRequest>().size());
        pages = std::max(pages, read - (asked - 1) / 100);
        RetryQuarantinedEventResponse response;
        response.set_reason("WORSE");
        return response;
      });
  const auto json = nlohmann::json::parse(RunLine("feeds retry advocacy --json").out);
  EXPECT_EQ(asked, 1000);
  EXPECT_EQ(pages, 1) << "a page is tried before the next is read";
  EXPECT_EQ(json["services"][0]["left_count"], 1000);
}

}  // namespace
}  // namespace kith::cli
