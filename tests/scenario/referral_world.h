// A programme of the referral service from end to end: the real binaries, a store of their
// own, and a clock that stands still until the test moves it.
//
// What goes in is the text of the protobuf message, what comes out is one line of text for
// each thing, so that a test reads like the story that it tells:
//
//   world.Submit("referral_id: 'r1' advocate_id: 'ann' referee_email: 'bob@b.example'");
//   EXPECT_THAT(world.RewardsOf("ann"), ElementsAre("referrer-space: 250 mb available"));
//
// The program_id and request_id of a call are filled in. What a test does not expect to be
// refused ends it when it is.
#ifndef KITH_TESTS_SCENARIO_REFERRAL_WORLD_H_
#define KITH_TESTS_SCENARIO_REFERRAL_WORLD_H_

#include <gtest/gtest.h>

#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "clients/cli/caller.h"
#include "clients/cli/options.h"
#include "common/db/db.h"
#include "google/protobuf/message.h"
#include "kith/events/v1/events.pb.h"
#include "kith/referral/v1/fulfilment.pb.h"
#include "tests/support/server_process.h"

namespace kith::test {

using Lines = std::vector<std::string>;

// Which services run.
enum class Cast { kReferral, kWholeSuite };

class ReferralWorld {
 public:
  // `now` is what the clock says at first, RFC 3339.
  explicit ReferralWorld(const std::string& backend,
                         absl::string_view now = "2026-01-01T00:00:00Z",
                         Cast cast = Cast::kReferral);

  // Applies clients/examples/<file>, all of it with the whole suite and else its Program. What
  // follows is about that program.
  void Apply(const std::string& file);

  // One call: `text` is the request. Fails with the service's error.
  template <class Response, class Request>
  absl::StatusOr<Response> Try(Request request, absl::string_view text = "") {
    Response response;
    const absl::Status status = Send(request, text, &response);
    if (!status.ok()) return status;
    return response;
  }
  // The same, when it must not be refused.
  template <class Response, class Request>
  Response Ask(Request request, absl::string_view text = "") {
    Response response;
    Insist(Send(request, text, &response), request);
    return response;
  }

  // Enrols people of whom nothing but the id is known.
  void EnrolAll(std::initializer_list<std::string> advocates);
  // `enrolled`, or the reason of the refusal. `text` is a NewAdvocate.
  std::string Enrol(absl::string_view text);
  std::string CodeOf(const std::string& advocate);

  // `submitted`, or the reason. Each text is a NewReferral.
  std::string Submit(absl::string_view text) { return SubmitAll({std::string(text)})[0]; }
  Lines SubmitAll(const Lines& texts);
  // `ann by code`, or `nobody`, then what did not count: `nobody; code SELF_REFERRAL`. `text`
  // is a Signup.
  std::string SignUp(absl::string_view text);
  // `recorded` or, when it converts its referral, `converted`; or the reason. Each text is a
  // NewConversion.
  std::string Convert(absl::string_view text) { return ConvertAll({std::string(text)})[0]; }
  Lines ConvertAll(const Lines& texts);
  void Reverse(const std::string& conversion, const std::string& cause);

  // `rule: 250 mb available`, with the campaign before the rule and the cause of an end after
  // the state: `football/ball: 1 gift reversed (refund)`. In order of rule.
  Lines RewardsOf(const std::string& recipient);
  // `liability:rewards -250 mb`; what is 0 is left out. Fails the test when it does not
  // balance.
  Lines Balances();
  // What the service told the others of this program so far, in order.
  std::vector<events::v1::Fact> Facts();
  // `submitted`, `signed_up` or `converted`.
  std::string StateOf(const std::string& referral);

  // Available rewards for a provider.
  std::vector<referral::v1::ClaimedReward> Claim(absl::string_view text = "provider: 'shop'");
  // How it went: `succeeded`, `to_retry` and so on, or the reason of the refusal. An empty
  // `failure` is a success.
  std::string Report(const referral::v1::ClaimedReward& claimed, const std::string& failure,
                     bool retryable = true);

  // Moves the clock and waits until everything that is due then is done.
  void Advance(absl::Duration time);
  void AdvanceDays(int days) { Advance(absl::Hours(24) * days); }
  absl::Time now() const { return now_; }

  // Something that the retention service is told of, now; waits until all others know. `text`
  // is a LifecycleEvent. Needs the whole suite.
  void Happens(absl::string_view text);
  // Waits until every service has applied what the others said.
  void AwaitFeeds() { suite_.AwaitCaughtUp(); }

  Suite& suite() { return suite_; }
  cli::Caller& caller() { return *caller_; }
  const std::string& program() const { return program_; }

 private:
  void Start(Cast cast);
  void SetClock();
  void AwaitNothingDue();
  // Fills the message from `text` and with what is always the same.
  void Fill(google::protobuf::Message& message, absl::string_view text) const;
  absl::Status Send(google::protobuf::Message& request, absl::string_view text,
                    google::protobuf::Message* response);
  void Insist(const absl::Status& status, const google::protobuf::Message& request);

  const Cast cast_;
  absl::Time now_;
  Suite suite_;
  cli::Options options_;
  std::unique_ptr<cli::Caller> caller_;
  std::unique_ptr<db::Database> store_;
  std::string program_;
};

// Tests that run on every store. The world begins when it is first asked for.
class ScenarioTest : public ::testing::TestWithParam<std::string> {
 protected:
  // A world with that program.
  ReferralWorld& Begin(const std::string& file, absl::string_view now = "2026-01-01T00:00:00Z",
                       Cast cast = Cast::kReferral) {
    world_ = std::make_unique<ReferralWorld>(GetParam(), now, cast);
    world_->Apply(file);
    return *world_;
  }

  std::unique_ptr<ReferralWorld> world_;
};

// To be instantiated by each suite of tests with Backends().
std::string BackendOf(const ::testing::TestParamInfo<std::string>& info);

#define KITH_ON_EVERY_STORE(Test)                                                      \
  INSTANTIATE_TEST_SUITE_P(Store, Test, ::testing::ValuesIn(::kith::test::Backends()), \
                           ::kith::test::BackendOf)

}  // namespace kith::test

#endif  // KITH_TESTS_SCENARIO_REFERRAL_WORLD_H_
