// A folder with a file to import, and services that take whatever they are told.
#ifndef KITH_TESTS_UNIT_CLI_IMPORT_WORLD_H_
#define KITH_TESTS_UNIT_CLI_IMPORT_WORLD_H_

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "kith/advocacy/v1/advocacy.pb.h"
#include "kith/outreach/v1/outreach.pb.h"
#include "kith/referral/v1/program.pb.h"
#include "kith/referral/v1/referral.pb.h"
#include "kith/retention/v1/retention.pb.h"
#include "tests/unit/cli/fake_caller.h"

namespace kith::cli {

using referral::v1::AttributeSignupsRequest;
using referral::v1::AttributeSignupsResponse;
using referral::v1::EnrollAdvocatesRequest;
using referral::v1::EnrollAdvocatesResponse;
using referral::v1::ListProgramVersionsRequest;
using referral::v1::ListProgramVersionsResponse;
using referral::v1::RecordConversionsRequest;
using referral::v1::RecordConversionsResponse;
using referral::v1::SubmitReferralsRequest;
using referral::v1::SubmitReferralsResponse;
using retention::v1::RecordEventsRequest;
using retention::v1::RecordEventsResponse;

class ImportTest : public CommandTest {
 protected:
  ImportTest() {
    folder_ = std::filesystem::temp_directory_path() /
              absl::StrCat("kith-import-", ::getpid(), "-",
                           testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(folder_);
    caller_.Return<EnrollAdvocatesRequest>(EnrollAdvocatesResponse());
    caller_.Return<AttributeSignupsRequest>(AttributeSignupsResponse());
    caller_.Return<SubmitReferralsRequest>(SubmitReferralsResponse());
    caller_.Return<RecordConversionsRequest>(RecordConversionsResponse());
    caller_.Return<RecordEventsRequest>(RecordEventsResponse());
    caller_.Return<advocacy::v1::RecordActivitiesRequest>(
        advocacy::v1::RecordActivitiesResponse());
    caller_.Return<outreach::v1::UpsertContactsRequest>(
        outreach::v1::UpsertContactsResponse());
    auto* version = versions_.add_versions();
    version->set_version(1);
    version->set_currency("JPY");
    caller_.Return<ListProgramVersionsRequest>(versions_);
  }
  ~ImportTest() override { std::filesystem::remove_all(folder_); }

  Outcome Import(const std::string& kind, const std::string& text,
                 const std::string& flags = "") {
    const std::string path = folder_ / "in.csv";
    std::ofstream(path) << text;
    return RunLine(
        absl::StrCat("import ", kind, " ", path, " --program p --retry-for 0s ", flags));
  }
  std::string RejectsText() {
    std::ostringstream text;
    text << std::ifstream(folder_ / "in.csv.rejects.csv").rdbuf();
    return text.str();
  }

  std::filesystem::path folder_;
  ListProgramVersionsResponse versions_;
};

}  // namespace kith::cli

#endif  // KITH_TESTS_UNIT_CLI_IMPORT_WORLD_H_
