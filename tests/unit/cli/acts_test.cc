// What all commands of single acts have in common.
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "gmock/gmock.h"
#include "nlohmann/json.hpp"
#include "tests/unit/cli/acts_world.h"

namespace kith::cli {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(ActsTest, WhatIsWrongWithAnOptionIsSaidBeforeAnythingIsSent) {
  EXPECT_THAT(std::string(RunLine("enrol p ann --attribute seats").status.message()),
              HasSubstr("'seats' must be NAME=VALUE"));
  EXPECT_THAT(std::string(RunLine("enrol p ann --email -").status.message()),
              HasSubstr("stdin holds no line"));
  EXPECT_THROW(RunLine("enrol p"), CLI::ParseError);
  EXPECT_THROW(RunLine("enrol p ann --time soon"), CLI::ParseError);
  EXPECT_THROW(RunLine("convert p"), CLI::ParseError);
  EXPECT_THROW(RunLine("reverse p o1"), CLI::ParseError);
  EXPECT_THAT(caller_.Requests<EnrollAdvocatesRequest>(), IsEmpty());
}

TEST_F(ActsTest, AnIdThatIsGivenMustNotBeEmpty) {
  using Words = std::vector<std::string>;
  for (const Words& words :
       {Words{"signup", "p", ""}, Words{"enrol", "p", ""}, Words{"refer", "p", ""},
        Words{"touch", "p", "", "v7"}, Words{"touch", "p", "ANN2", ""},
        Words{"convert", "p", ""}, Words{"convert", "p", "--of", ""},
        Words{"reverse", "p", "", "--cause", "refund"}, Words{"signup", "", "ben"},
        Words{"convert", "p", "ben", "--id", ""},
        Words{"convert", "p", "ben", "--request-id", ""},
        Words{"refer", "p", "ann", "--customer", ""}, Words{"codes", "list", "p", ""}}) {
    try {
      RunWords(words);
      ADD_FAILURE() << words[0];
    } catch (const CLI::ParseError& error) {
      EXPECT_THAT(error.what(), HasSubstr("must not be empty")) << words[0];
    }
  }
}

TEST_F(ActsTest, ARefusalIsNamed) {
  SubmitReferralsResponse response;
  auto* error = response.add_results()->mutable_error();
  error->set_reason("ALREADY_REFERRED");
  error->set_field("referee_email");
  error->set_message("is named by an earlier lead");
  caller_.Return<SubmitReferralsRequest>(response);
  const auto refused = RunLine("refer p ann --customer ben");
  EXPECT_EQ(refused.code, kExitFailed);
  EXPECT_EQ(refused.status.message(),
            "referee_email is named by an earlier lead [ALREADY_REFERRED]");
  EXPECT_EQ(refused.out, "");
}

TEST_F(ActsTest, AnAnswerThatIsLostCanBeAskedForAgain) {
  caller_.On<SubmitReferralsRequest, SubmitReferralsResponse>(
      [](const SubmitReferralsRequest&) -> absl::StatusOr<SubmitReferralsResponse> {
        return absl::UnavailableError("gone");
      });
  const auto outcome = RunLine("refer p ann --customer ben --request-id q1");
  EXPECT_EQ(outcome.code, kExitUnavailable);
  EXPECT_THAT(outcome.err, HasSubstr("with --request-id q1 the same command is done once"));
}

TEST_F(ActsTest, WhatIsDoneIsDoneAlthoughItsOutcomeCannotBeRead) {
  AnswerConversion();
  caller_.On<ListRewardsRequest, ListRewardsResponse>(
      [](const ListRewardsRequest&) -> absl::StatusOr<ListRewardsResponse> {
        return absl::UnavailableError("gone");
      });
  const auto outcome = RunLine("convert p ben --json");
  EXPECT_EQ(outcome.code, kExitOk);
  EXPECT_EQ(outcome.err, "kith: it is done, but its outcome could not be read: gone\n");
  EXPECT_EQ(json::parse(outcome.out)["rewards"], nullptr);
  EXPECT_EQ(json::parse(outcome.out)["conversion"]["conversion_id"], "o1");
}

}  // namespace
}  // namespace kith::cli
