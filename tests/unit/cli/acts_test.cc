// What all commands of single acts have in common.
#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "common/base/error.h"
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
  for (const Words& words : {Words{"signup", "p", ""},
                             Words{"enrol", "p", ""},
                             Words{"refer", "p", ""},
                             Words{"touch", "p", "", "v7"},
                             Words{"touch", "p", "ANN2", ""},
                             Words{"convert", "p", ""},
                             Words{"convert", "p", "--of", ""},
                             Words{"reverse", "p", "", "--cause", "refund"},
                             Words{"signup", "", "ben"},
                             Words{"convert", "p", "ben", "--id", ""},
                             Words{"convert", "p", "ben", "--request-id", ""},
                             Words{"refer", "p", "ann", "--customer", ""},
                             Words{"codes", "list", "p", ""},
                             Words{"convert", "p", "ben", "--amount", ""},

                             Words{"signup", "p", "ben", "--code", ""},
                             Words{"update", "p", "ann", "--email", ""},
                             Words{"enrol", "p", "ann", "--attribute", ""},
                             Words{"report", ""},
                             Words{"import", "events", "x.csv", "--program", ""},
                             Words{"codes", "issue", "p", "ann", "--vanity", ""},
                             Words{"status", "--token-file", ""},
                             Words{"churn", "p", "--as-of", ""}}) {
    try {
      RunWords(words);
      ADD_FAILURE() << words[0];
    } catch (const CLI::ParseError& error) {
      EXPECT_THAT(error.what(), HasSubstr("must not be empty")) << words[0];
    }
  }
}

TEST_F(ActsTest, ARefusedFieldIsNamedAsItsOption) {
  using Fields = std::vector<FieldViolation>;
  const auto refuse = [](Fields fields) {
    return MakeDetailedError(errors::kInvalidField, {"", std::move(fields), {}});
  };
  caller_.On<RecordConversionsRequest, RecordConversionsResponse>(
      [&](const RecordConversionsRequest&) -> absl::StatusOr<RecordConversionsResponse> {
        return refuse({{"conversions[0].amount.currency", "must be a code"},
                       {"conversions[0].referral_id", "must be an id"},
                       {"conversions[0].lines[1].name", "must be a word"},
                       {"conversions[0].conversion_id", "must be an id"},
                       {"conversions[0].unheard_of", "must not be"}});
      });
  EXPECT_EQ(Describe(RunLine("convert p ben --amount 1 --currency EUR").status),
            "a field of the request is not valid [INVALID_FIELD]\n"
            "  --currency: must be a code\n"
            "  --of: must be an id\n"
            "  --line: must be a word\n"
            "  --id: must be an id\n"
            "  unheard_of: must not be");
  caller_.On<EnrollAdvocatesRequest, EnrollAdvocatesResponse>(
      [](const EnrollAdvocatesRequest&) -> absl::StatusOr<EnrollAdvocatesResponse> {
        return MakeFieldError(errors::kInvalidField, "advocates[0].kind", "must be a word");
      });
  const absl::Status one = RunLine("enrol p ann --kind X").status;
  EXPECT_EQ(GetErrorReason(one), "INVALID_FIELD");
  EXPECT_THAT(Describe(one), HasSubstr("--kind: must be a word"));
  EXPECT_THAT(Describe(one), testing::Not(HasSubstr("advocates[0]")));
}

TEST_F(ActsTest, AFactHasOneValue) {
  caller_.Return<EnrollAdvocatesRequest>(EnrollAdvocatesResponse());
  EXPECT_EQ(RunLine("enrol p ann --attribute plan=a --attribute plan=b").status.message(),
            "--attribute: 'plan' is given two values");
  EXPECT_THAT(caller_.Requests<EnrollAdvocatesRequest>(), testing::IsEmpty());
  RunLine("enrol p ann --attribute plan=a --attribute plan=a");
  EXPECT_EQ(caller_.Requests<EnrollAdvocatesRequest>().size(), 1U);
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
            "--email is named by an earlier lead [ALREADY_REFERRED]");
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
