#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/not_found.h"
#include "gmock/gmock.h"
#include "kith/advocacy/v1/advocacy.pb.h"
#include "kith/referral/v1/referral.pb.h"
#include "nlohmann/json.hpp"
#include "tests/unit/cli/fake_caller.h"

namespace kith::cli {
namespace {

using advocacy::v1::ApplyScoringPolicyRequest;
using advocacy::v1::ApplyScoringPolicyResponse;
using referral::v1::ApplyProgramRequest;
using referral::v1::ApplyProgramResponse;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr char kTwo[] =
    "kind: Program\nprogram_id: p\ncurrency: USD\n---\nkind: ScoringPolicy\nprogram_id: p\n";

class ApplyTest : public CommandTest {
 protected:
  ApplyTest() {
    AnswerProgram(1, true);
    ApplyScoringPolicyResponse policy;
    policy.set_version(3);
    caller_.Return<ApplyScoringPolicyRequest>(policy);
  }
  void AnswerProgram(int64_t version, bool changed) {
    ApplyProgramResponse program;
    program.set_version(version);
    program.set_changed(changed);
    auto* difference = program.add_differences();
    difference->set_field("currency");
    difference->set_old_value("EUR");
    difference->set_new_value("USD");
    caller_.Return<ApplyProgramRequest>(program);
  }
};

TEST_F(ApplyTest, ChecksAllThenAppliesAll) {
  const auto outcome = RunLine("apply -f -", kTwo);
  EXPECT_EQ(outcome.code, kExitOk);
  EXPECT_EQ(outcome.out,
            "Program p: created version 1\nScoringPolicy p: unchanged (version 3)\n");
  const auto requests = caller_.Requests<ApplyProgramRequest>();
  ASSERT_THAT(requests, SizeIs(2));
  EXPECT_TRUE(requests[0].dry_run());
  EXPECT_FALSE(requests[1].dry_run());
  EXPECT_EQ(requests[1].program().currency(), "USD");
  EXPECT_NE(requests[0].request_id(), requests[1].request_id());
}

TEST_F(ApplyTest, ADryRunShowsWhatWouldChange) {
  AnswerProgram(4, true);
  const auto outcome = RunLine("apply --dry-run -f -", kTwo);
  EXPECT_EQ(outcome.out,
            "Program p: would change version 3 to 4:\n"
            "  field     stored  applied\n"
            "  currency  EUR     USD\n"
            "ScoringPolicy p: unchanged (version 3)\n");
  EXPECT_THAT(caller_.Requests<ApplyProgramRequest>(), SizeIs(1));
  AnswerProgram(1, true);
  EXPECT_THAT(RunLine("apply --dry-run -f -", kTwo).out,
              testing::StartsWith("Program p: would create version 1\nScoringPolicy"));
}

TEST_F(ApplyTest, AChangeShowsWhatItChanged) {
  AnswerProgram(4, true);
  EXPECT_EQ(RunLine("apply -f -", kTwo).out,
            "Program p: changed version 3 to 4:\n"
            "  field     stored  applied\n"
            "  currency  EUR     USD\n"
            "ScoringPolicy p: unchanged (version 3)\n");
}

TEST_F(ApplyTest, AVersionOfThePastIsNoted) {
  ApplyProgramResponse program;
  program.set_version(2);
  program.set_changed(true);
  program.add_warnings("BACKDATED");
  program.mutable_backdated_from_time()->set_seconds(86400);
  program.mutable_backdated_until_time()->set_seconds(5 * 86400);
  caller_.Return<ApplyProgramRequest>(program);
  const std::string note =
      "BACKDATED: facts from 1970-01-02 00:00 UTC until 1970-01-06 00:00 UTC that are told "
      "from "
      "now on, and what falls due of that time, are judged by version 2; what was judged "
      "stays, "
      "unless it is recalculated";
  EXPECT_EQ(RunLine("apply -f -", kTwo).err, "kith: note: p: " + note + "\n");
  const auto json = nlohmann::json::parse(RunLine("apply --json -f -", kTwo).out);
  EXPECT_EQ(json["documents"][0]["warnings"][0], note);
  EXPECT_THAT(json["documents"][1]["warnings"], IsEmpty());
}

TEST_F(ApplyTest, AWithdrawnPlanIsNoted) {
  ApplyProgramResponse program;
  program.set_version(3);
  program.set_changed(true);
  program.add_warnings("PLAN_WITHDRAWN");
  caller_.Return<ApplyProgramRequest>(program);
  EXPECT_EQ(
      RunLine("apply --dry-run -f -", kTwo).err,
      "kith: note: p: PLAN_WITHDRAWN: what was planned for a time after that of version 3 "
      "does not come into force; apply it again to plan it anew\n");
}

TEST_F(ApplyTest, APolicyOfAnUnknownProgramIsNoted) {
  using referral::v1::GetProgramRequest;
  using referral::v1::GetProgramResponse;
  caller_.On<GetProgramRequest, GetProgramResponse>(
      [](const GetProgramRequest& request) -> absl::StatusOr<GetProgramResponse> {
        if (request.program_id() == "p") return GetProgramResponse();
        return ProgramNotFound(request.program_id());
      });
  const std::string policy = "kind: ScoringPolicy\nprogram_id: ";
  const std::string note =
      "the referral service knows no program 'brw': is program_id spelt right?";
  EXPECT_EQ(RunLine("apply -f -", policy + "brw\n").err, "kith: note: brw: " + note + "\n");
  EXPECT_EQ(RunLine("apply -f -", policy + "p\n").err, "");
  const auto json =
      nlohmann::json::parse(RunLine("apply --json --dry-run -f -", policy + "brw\n").out);
  EXPECT_EQ(json["documents"][0]["warnings"][0], note);
  // What is applied with its program, or cannot be asked about, is taken at its word.
  caller_.On<GetProgramRequest, GetProgramResponse>(
      [](const GetProgramRequest&) -> absl::StatusOr<GetProgramResponse> {
        return absl::UnavailableError("down");
      });
  EXPECT_EQ(RunLine("apply -f -", policy + "brw\n").err, "");
  EXPECT_EQ(RunLine("apply -f -", kTwo).err, "");
}

TEST_F(ApplyTest, Json) {
  const auto json = nlohmann::json::parse(RunLine("apply --json -f -", kTwo).out);
  EXPECT_EQ(json["dry_run"], false);
  EXPECT_EQ(json["documents"][0]["kind"], "Program");
  EXPECT_EQ(json["documents"][0]["id"], "p");
  EXPECT_EQ(json["documents"][0]["result"], "created");
  EXPECT_EQ(json["documents"][0]["version"], 1);
  EXPECT_EQ(json["documents"][0]["differences"][0]["field"], "currency");
  EXPECT_EQ(json["documents"][1]["result"], "unchanged");
  EXPECT_EQ(json["documents"][1]["line"], 5);
}

TEST_F(ApplyTest, NothingIsSentWhenAnythingIsWrong) {
  const auto outcome = RunLine("apply -f -", std::string(kTwo) + "---\nkind: Playbok\n");
  EXPECT_EQ(outcome.code, kExitFailed);
  EXPECT_THAT(outcome.err, HasSubstr("stdin:8:7: kind: 'Playbok'"));
  EXPECT_THAT(outcome.err, HasSubstr("kith: 1 problem; nothing was applied"));
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(caller_.Requests<ApplyProgramRequest>(), IsEmpty());
}

TEST_F(ApplyTest, NothingIsAppliedWhenAServiceRefusesOneDocument) {
  caller_.On<ApplyScoringPolicyRequest, ApplyScoringPolicyResponse>(
      [](const ApplyScoringPolicyRequest&) -> absl::StatusOr<ApplyScoringPolicyResponse> {
        return MakeFieldError(errors::kInvalidField, "policy.tiers", "must rise");
      });
  const auto outcome = RunLine("apply -f -", kTwo);
  EXPECT_EQ(outcome.code, kExitFailed);
  EXPECT_THAT(outcome.err, HasSubstr("stdin:5:1: tiers: must rise"));
  const auto requests = caller_.Requests<ApplyProgramRequest>();
  ASSERT_THAT(requests, SizeIs(1));
  EXPECT_TRUE(requests[0].dry_run());
}

TEST_F(ApplyTest, WhatIsRefusedOnlyThenIsNoOtherDocumentsResult) {
  caller_.On<ApplyProgramRequest, ApplyProgramResponse>(
      [](const ApplyProgramRequest& request) -> absl::StatusOr<ApplyProgramResponse> {
        if (request.dry_run()) return ApplyProgramResponse();
        return MakeError(errors::kOverloaded);
      });
  const auto outcome = RunLine("apply -f -", kTwo);
  EXPECT_EQ(outcome.code, kExitFailed);
  EXPECT_EQ(outcome.out, "ScoringPolicy p: unchanged (version 3)\n");
  EXPECT_THAT(outcome.err, HasSubstr("stdin:1:1: "));
  const auto documents =
      nlohmann::json::parse(RunLine("apply --json -f -", kTwo).out)["documents"];
  ASSERT_THAT(documents, SizeIs(1));
  EXPECT_EQ(documents[0]["kind"], "ScoringPolicy");
}

TEST_F(ApplyTest, WhatWasAppliedBeforeAServiceWentAwayIsTold) {
  caller_.On<ApplyScoringPolicyRequest, ApplyScoringPolicyResponse>(
      [](const ApplyScoringPolicyRequest& request)
          -> absl::StatusOr<ApplyScoringPolicyResponse> {
        if (request.dry_run()) return ApplyScoringPolicyResponse();
        return absl::UnavailableError("gone");
      });
  const auto outcome = RunLine("apply -f -", kTwo);
  EXPECT_EQ(outcome.code, kExitUnavailable);
  EXPECT_EQ(outcome.out, "Program p: created version 1\n");
  EXPECT_EQ(outcome.status.message(), "gone");
}

class ApplyFolderTest : public ApplyTest {
 protected:
  ApplyFolderTest() {
    folder_ = std::filesystem::temp_directory_path() / absl::StrCat("kith-apply-", ::getpid());
    std::filesystem::create_directories(folder_);
  }
  ~ApplyFolderTest() override { std::filesystem::remove_all(folder_); }

  void Write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
  }

  std::filesystem::path folder_;
};

TEST_F(ApplyFolderTest, TheFilesOfAFolderAreAppliedByName) {
  Write("b.yml", "kind: Program\nprogram_id: p\ncurrency: USD\n");
  Write("a.yaml", "kind: ScoringPolicy\nprogram_id: p\n");
  Write("notes.txt", "not: yaml: at all");
  std::filesystem::create_directories(folder_ / "c.yaml");
  const auto outcome = RunLine(absl::StrCat("apply -f ", folder_.string()));
  EXPECT_EQ(outcome.code, kExitOk);
  EXPECT_EQ(outcome.out,
            "ScoringPolicy p: unchanged (version 3)\nProgram p: created version 1\n");
  Write("c.yml", "kind: Program\nprogram_id: p\ncurrency: USD\n");
  const auto twice = RunLine(absl::StrCat("apply -f ", folder_.string()));
  EXPECT_EQ(twice.code, kExitFailed);
  EXPECT_THAT(twice.err, HasSubstr("c.yml:1:1: Program 'p' is already defined at "));
}

TEST_F(ApplyFolderTest, AFolderWithoutSuchFilesIsAnError) {
  Write("notes.txt", "");
  const auto outcome = RunLine(absl::StrCat("apply -f ", folder_.string()));
  EXPECT_EQ(outcome.code, kExitFailed);
  EXPECT_EQ(outcome.status.message(),
            absl::StrCat(folder_.string(), ": holds no file *.yaml or *.yml"));
}

TEST_F(ApplyTest, AnUnreachableServiceEndsIt) {
  caller_.On<ApplyScoringPolicyRequest, ApplyScoringPolicyResponse>(
      [](const ApplyScoringPolicyRequest&) -> absl::StatusOr<ApplyScoringPolicyResponse> {
        return absl::UnavailableError("gone");
      });
  EXPECT_EQ(RunLine("apply -f -", kTwo).code, kExitUnavailable);
  EXPECT_EQ(RunLine("apply -f /nowhere/x.yaml").code, kExitFailed);
  EXPECT_EQ(RunLine("apply -f -", "# empty\n").code, kExitFailed);
}

}  // namespace
}  // namespace kith::cli
