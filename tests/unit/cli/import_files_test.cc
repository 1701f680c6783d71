// What `kith import` makes of files, of rejected lines and of services that fail.
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "clients/cli/import/run.h"
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "nlohmann/json.hpp"
#include "tests/unit/cli/import_world.h"

namespace kith::cli {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST_F(ImportTest, BrokenLinesAreRejectedAndTheRestImported) {
  const auto outcome = Import("payments",
                              "payment_id,customer_id,time,amount,currency,note\n"
                              "p1,c1,2024-01-01,3,USD,\n"
                              "p2,c1,yesterday,3,USD,\n"
                              "p3,c1,2024-01-01,3\n"
                              "p4,c1,2024-01-01,\"3,USD,\n"
                              ",c1,2024-01-01,3,USD,\"a, \"\"b\"\"\"\n"
                              "p6,c1,2024-01-01,-3,USD,\n"
                              "p7,c1,2024-01-01,3,USD,\n");
  EXPECT_EQ(outcome.code, kExitRejects);
  EXPECT_EQ(outcome.out, "payments: 7 rows, 2 imported or already there, 5 rejected\n");
  EXPECT_THAT(outcome.err, HasSubstr("note: ignored columns: note"));
  const std::vector<std::string> lines = absl::StrSplit(RejectsText(), '\n');
  ASSERT_THAT(lines, SizeIs(7));
  EXPECT_EQ(lines[0],
            "reject_line,reject_reason,payment_id,customer_id,time,amount,currency,note");
  EXPECT_THAT(lines[1], HasSubstr("3,FORMAT: time: 'yesterday' is no time"));
  EXPECT_EQ(lines[2], "4,\"FORMAT: has 4 fields, the header has 6\",p3,c1,2024-01-01,3");
  EXPECT_THAT(lines[3], testing::StartsWith("5,FORMAT: text after a closing quote;"));
  EXPECT_EQ(lines[4], "6,FORMAT: payment_id: is empty,,c1,2024-01-01,3,USD,\"a, \"\"b\"\"\"");
  EXPECT_THAT(lines[5], HasSubstr("is negative"));
  EXPECT_EQ(caller_.Requests<RecordEventsRequest>()[0].events_size(), 2);
}

TEST_F(ImportTest, AllowRejectsAndAnEmptyFileOfRejects) {
  EXPECT_EQ(Import("events", "customer_id,name,time\n,x,2024-01-01\n", "--allow-rejects").code,
            kExitOk);
  EXPECT_NE(RejectsText(), "");
  EXPECT_EQ(Import("events", "customer_id,name,time\nc,x,2024-01-01\n").code, kExitOk);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "in.csv.rejects.csv"));
}

TEST_F(ImportTest, AFileOfRejectsThatCannotBeWrittenIsNoticedBeforeAnythingIsSent) {
  const auto outcome =
      Import("events", "customer_id,name,time\nc,x,2024-01-01\n", "--rejects /no/such/r.csv");
  EXPECT_EQ(outcome.code, kExitFailed);
  EXPECT_THAT(std::string(outcome.status.message()), HasSubstr("/no/such/r.csv: "));
  EXPECT_EQ(Import("events", "customer_id,name,time\nc,x,2024-01-01\n",
                   "--rejects /dev/no-such/r.csv")
                .code,
            kExitFailed);
  EXPECT_THAT(caller_.Requests<RecordEventsRequest>(), IsEmpty());
}

TEST_F(ImportTest, TheImportedFileIsNotOverwrittenByItsRejects) {
  const std::string rows = "customer_id,name,time\n,x,2024-01-01\nc,x,2024-01-01\n";
  const auto outcome =
      Import("events", rows, absl::StrCat("--rejects ", std::string(folder_ / "in.csv")));
  EXPECT_NE(outcome.code, kExitOk);
  EXPECT_THAT(std::string(outcome.status.message()),
              HasSubstr("is the file that is imported"));
  EXPECT_THAT(caller_.Requests<RecordEventsRequest>(), IsEmpty());
  std::ostringstream left;
  left << std::ifstream(folder_ / "in.csv").rdbuf();
  EXPECT_EQ(left.str(), rows);
}

TEST_F(ImportTest, NorByThoseThatAreStillBeingWritten) {
  const auto outcome = Import("events", "customer_id,name,time\n,x,2024-01-01\n",
                              absl::StrCat("--rejects ", std::string(folder_ / "in")));
  ASSERT_EQ(outcome.code, kExitRejects);
  const std::filesystem::path part = folder_ / "in.part";
  std::filesystem::rename(folder_ / "in.csv", part);
  const auto again =
      RunLine(absl::StrCat("import events ", std::string(part), " --program p --rejects ",
                           std::string(folder_ / "in")));
  EXPECT_THAT(std::string(again.status.message()), HasSubstr("is the file that is imported"));
  EXPECT_TRUE(std::filesystem::exists(part));
}

// The text of a file, or `none`.
std::string TextOf(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return file ? text.str() : "none";
}

TEST_F(ImportTest, RejectsThatCannotBeWrittenAreReported) {
  const auto outcome =
      Import("events", "customer_id,name,time\n,x,2024-01-01\nc,x,2024-01-01\n",
             "--rejects /dev/full --allow-rejects --json");
  EXPECT_EQ(outcome.code, kExitFailed);
  EXPECT_EQ(outcome.status.message(),
            "/dev/full: not all of the 1 rejected lines could be written: No space left on "
            "device");
  EXPECT_EQ(nlohmann::json::parse(outcome.out)["imported"], 1);
  EXPECT_EQ(nlohmann::json::parse(outcome.out)["rejects_file"], nullptr);
}

TEST_F(ImportTest, AnotherFileIsNotOverwrittenByRejects) {
  const std::string rows = "customer_id,name,time\n,x,2024-01-01\n";
  for (const char* name : {"notes.csv", "new.csv.part"}) {
    std::ofstream(folder_ / name) << "mine\n";
  }
  for (const char* name : {"notes.csv", "new.csv"}) {
    const auto outcome =
        Import("events", rows, absl::StrCat("--rejects ", std::string(folder_ / name)));
    EXPECT_EQ(outcome.code, kExitFailed);
    EXPECT_THAT(std::string(outcome.status.message()),
                HasSubstr(": is there and is no file of rejects; --rejects names another"));
  }
  EXPECT_THAT(caller_.Requests<RecordEventsRequest>(), IsEmpty());
  EXPECT_EQ(TextOf(folder_ / "notes.csv"), "mine\n");
  EXPECT_EQ(TextOf(folder_ / "new.csv.part"), "mine\n");
  // An empty one, as `mktemp` makes it, is for this; who may read it stays so.
  std::ofstream(folder_ / "empty.csv") << "";
  std::filesystem::permissions(folder_ / "empty.csv", std::filesystem::perms::owner_read |
                                                          std::filesystem::perms::owner_write);
  EXPECT_EQ(
      Import("events", rows, absl::StrCat("--rejects ", std::string(folder_ / "empty.csv")))
          .code,
      kExitRejects);
  EXPECT_THAT(TextOf(folder_ / "empty.csv"), HasSubstr("\n2,FORMAT: customer_id: is empty,"));
  EXPECT_EQ(std::filesystem::status(folder_ / "empty.csv").permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(ImportTest, TheRejectsOfAnEarlierRunAreKept) {
  const std::string one = "customer_id,name,time\n,x,2024-01-01\n";
  const std::filesystem::path path = folder_ / "in.csv.rejects.csv";
  EXPECT_EQ(Import("events", one).code, kExitRejects);
  const std::string first = TextOf(path);
  // The same again is nothing new.
  EXPECT_THAT(Import("events", one).err, testing::Not(HasSubstr("earlier run")));
  EXPECT_EQ(TextOf(path), first);
  EXPECT_EQ(TextOf(path.string() + ".~1~"), "none");
  EXPECT_THAT(Import("events", one + ",y,2024-01-01\n").err,
              HasSubstr(absl::StrCat("kith: note: the rejects of an earlier run are in ",
                                     path.string(), ".~1~\n")));
  EXPECT_EQ(TextOf(path.string() + ".~1~"), first);
  EXPECT_THAT(TextOf(path), HasSubstr(",y,2024-01-01\n"));
  EXPECT_EQ(Import("events", "customer_id,name,time\nc,x,2024-01-01\n").code, kExitOk);
  EXPECT_EQ(TextOf(path), "none");
  EXPECT_THAT(TextOf(path.string() + ".~2~"), HasSubstr(",y,2024-01-01\n"));
  EXPECT_EQ(TextOf(path.string() + ".part"), "none");
}

TEST_F(ImportTest, AnImportThatStopsLeavesTheRejectsOfAnEarlierRunAsTheyWere) {
  const std::filesystem::path path = folder_ / "in.csv.rejects.csv";
  EXPECT_EQ(Import("events", "customer_id,name,time\n,x,2024-01-01\n").code, kExitRejects);
  const std::string first = TextOf(path);
  std::string rows = "customer_id,name,time\n,x,2024-01-01\n";
  for (int i = 0; i < 1000; ++i) absl::StrAppend(&rows, "c", i, ",x,2024-01-01\n");
  caller_.On<RecordEventsRequest, RecordEventsResponse>(
      [](const RecordEventsRequest& request) -> absl::StatusOr<RecordEventsResponse> {
        if (request.events(0).customer_id() == "c0") return RecordEventsResponse();
        return absl::UnavailableError("gone");
      });
  EXPECT_EQ(Import("events", rows).code, kExitUnavailable);
  EXPECT_EQ(TextOf(path), first);
  EXPECT_EQ(TextOf(path.string() + ".~1~"), "none");
}

TEST_F(ImportTest, CustomersNeedOutreachOnlyForAZoneOrALocale) {
  caller_.health(Target::kOutreach) = {Health::kUnreachable, "", "refused"};
  EXPECT_EQ(Import("customers", "customer_id,signup_time\nc,2024-01-01\n").code, kExitOk);
  EXPECT_EQ(Import("customers", "customer_id,signup_time,locale\nc,2024-01-01,\n").code,
            kExitUnavailable);
}

TEST_F(ImportTest, SummaryAsJson) {
  const auto outcome = Import(
      "events", "customer_id,name,time,z\n,x,2024-01-01,1\nc,x,2024-01-01,1\n", "--json");
  const auto json = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(json["rows"], 2);
  EXPECT_EQ(json["imported"], 1);
  EXPECT_EQ(json["rejected"], 1);
  EXPECT_EQ(json["rejected_by_reason"]["FORMAT"], 1);
  EXPECT_EQ(json["ignored_columns"][0], "z");
}

TEST_F(ImportTest, AFileThatLacksAColumnIsRefused) {
  const auto outcome = Import("events", "customer_id,time\nc,2024-01-01\n");
  EXPECT_EQ(outcome.code, kExitFailed);
  EXPECT_THAT(std::string(outcome.status.message()),
              HasSubstr("in.csv: required column missing: 'name'"));
  EXPECT_THAT(caller_.Requests<RecordEventsRequest>(), IsEmpty());
}

TEST_F(ImportTest, ColumnsWithoutANameAreNotNoted) {
  const auto outcome = Import("events", "customer_id,name,time,, \nc,x,2024-01-01,,\n");
  EXPECT_EQ(outcome.code, kExitOk);
  EXPECT_EQ(outcome.out, "events: 1 row, 1 imported or already there, 0 rejected\n");
  EXPECT_EQ(outcome.err, "");
}

TEST_F(ImportTest, AServiceThatIsAwayIsNoticedBeforeAnythingIsSent) {
  caller_.health(Target::kRetention) = {Health::kUnreachable, "", "refused"};
  const auto outcome = Import("customers", "customer_id,signup_time\nc,2024-01-01\n");
  EXPECT_EQ(outcome.code, kExitUnavailable);
  EXPECT_THAT(outcome.err, HasSubstr("run it again"));
  EXPECT_THAT(caller_.Requests<AttributeSignupsRequest>(), IsEmpty());
}

// Serves from the third time on that it is asked.
class LateCaller final : public Caller {
 public:
  absl::Status Call(Target, const google::protobuf::Message&,
                    google::protobuf::Message*) override {
    return absl::OkStatus();
  }
  Health CheckHealth(Target) override {
    return {++asked_ < 3 ? Health::kUnreachable : Health::kServing, "", "late"};
  }

 private:
  int asked_ = 0;
};

TEST(AwaitServingTest, AServiceIsWaitedForAsLongAsItMayBeAway) {
  LateCaller caller;
  EXPECT_EQ(AwaitServing(caller, Target::kReferral, absl::ZeroDuration()).state,
            Health::kUnreachable);
  EXPECT_EQ(AwaitServing(caller, Target::kReferral, absl::Seconds(60)).state,
            Health::kServing);
}

TEST_F(ImportTest, AnErrorOfTheServiceEndsTheImport) {
  caller_.On<RecordEventsRequest, RecordEventsResponse>(
      [](const RecordEventsRequest&) -> absl::StatusOr<RecordEventsResponse> {
        return MakeError(errors::kProgramNotFound);
      });
  const auto outcome = Import("events", "customer_id,name,time\nc,x,2024-01-01\n");
  EXPECT_EQ(outcome.code, kExitFailed);
  EXPECT_EQ(GetErrorReason(outcome.status), "PROGRAM_NOT_FOUND");
}

TEST_F(ImportTest, ReadsStdin) {
  const auto outcome = RunLine(
      absl::StrCat("import events - --program p --rejects ", std::string(folder_ / "r.csv")),
      "customer_id,name,time\nc,x,2024-01-01\nc,x,never\n");
  EXPECT_EQ(outcome.code, kExitRejects);
  EXPECT_TRUE(std::filesystem::exists(folder_ / "r.csv"));
}

}  // namespace
}  // namespace kith::cli
