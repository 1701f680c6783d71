#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "kith/advocacy/v1/advocacy.pb.h"
#include "kith/outreach/v1/outreach.pb.h"
#include "kith/referral/v1/program.pb.h"
#include "kith/referral/v1/referral.pb.h"
#include "kith/retention/v1/retention.pb.h"
#include "nlohmann/json.hpp"
#include "tests/unit/cli/fake_caller.h"

namespace kith::cli {
namespace {

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
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

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

TEST_F(ImportTest, ACustomerGoesToThreeServices) {
  const auto outcome = Import("customers",
                              "signup_time,customer_id,channel,referrer_id,churn_time,plan,"
                              "email,time_zone,locale\n"
                              "2024-01-01,c1,referral,a1,2024-02-01,DM,c@x.org,Asia/Tokyo,ja\n"
                              "2024-01-02T03:04:05Z,c2,paid,,,,,,\n"
                              "2024-01-03,c3,referral,,,,,,\n");
  EXPECT_EQ(outcome.code, kExitOk);
  EXPECT_EQ(outcome.out, "customers: 3 rows, 3 imported or already there, 0 rejected\n");

  const auto advocates = caller_.Requests<EnrollAdvocatesRequest>();
  ASSERT_THAT(advocates, SizeIs(1));
  ASSERT_EQ(advocates[0].advocates_size(), 1);
  EXPECT_EQ(advocates[0].advocates(0).advocate_id(), "a1");
  EXPECT_EQ(advocates[0].advocates(0).enrolled_time().seconds(), 1704067200);

  const auto signups = caller_.Requests<AttributeSignupsRequest>();
  ASSERT_EQ(signups[0].signups_size(), 3);
  EXPECT_EQ(signups[0].signups(0).referrer_id(), "a1");
  EXPECT_EQ(signups[0].signups(0).channel(), "");  // the referral service finds it out
  EXPECT_EQ(signups[0].signups(0).email(), "c@x.org");
  EXPECT_EQ(signups[0].signups(1).channel(), "paid");
  EXPECT_EQ(signups[0].signups(2).channel(), "referral");  // nobody knows by whom

  const auto events = caller_.Requests<RecordEventsRequest>();
  ASSERT_EQ(events[0].events_size(), 4);
  EXPECT_EQ(events[0].events(0).event_id(), "signup:c1");
  EXPECT_EQ(events[0].events(0).plan(), "DM");
  EXPECT_EQ(events[0].events(1).event_id(), "churn:c1");
  EXPECT_EQ(events[0].events(1).kind(), retention::v1::EVENT_KIND_CHURN);
  EXPECT_EQ(events[0].events(2).channel(), "paid");

  const auto contacts = caller_.Requests<outreach::v1::UpsertContactsRequest>();
  ASSERT_EQ(contacts[0].contacts_size(), 1);
  EXPECT_EQ(contacts[0].contacts(0).contact_id(), "c1");
  EXPECT_EQ(contacts[0].contacts(0).time_zone(), "Asia/Tokyo");
}

TEST_F(ImportTest, ACustomerThatIsRefusedGoesNoFurther) {
  AttributeSignupsResponse response;
  response.add_results()->mutable_error()->set_reason("CUSTOMER_EXISTS");
  response.add_results()->mutable_attribution();
  caller_.Return<AttributeSignupsRequest>(response);
  const auto outcome =
      Import("customers", "customer_id,signup_time\nc1,2024-01-01\nc2,2024-01-01\n");
  EXPECT_EQ(outcome.code, kExitRejects);
  const auto events = caller_.Requests<RecordEventsRequest>();
  ASSERT_EQ(events[0].events_size(), 1);
  EXPECT_EQ(events[0].events(0).customer_id(), "c2");
  EXPECT_EQ(RejectsText(),
            "reject_line,reject_reason,customer_id,signup_time\n"
            "2,CUSTOMER_EXISTS,c1,2024-01-01\n");
}

TEST_F(ImportTest, ARowIsImportedAsAWholeOrNotAtAll) {
  const auto outcome = Import("customers",
                              "customer_id,signup_time,referrer_id,time_zone\n"
                              "c1,2024-01-01,a1,Mars/Base\n"
                              "c2,2024-01-02,a1,Asia/Tokyo\n"
                              "c3,2024-01-02,a 2,Asia/Tokyo\n");
  EXPECT_EQ(outcome.code, kExitRejects);
  EXPECT_THAT(outcome.out, HasSubstr("3 rows, 1 imported"));
  EXPECT_EQ(caller_.Requests<AttributeSignupsRequest>()[0].signups_size(), 1);
  EXPECT_EQ(caller_.Requests<RecordEventsRequest>()[0].events_size(), 1);
  // The referrer is enrolled all the same, because the second row names them, too.
  const auto advocates = caller_.Requests<EnrollAdvocatesRequest>();
  ASSERT_EQ(advocates[0].advocates_size(), 1);
  EXPECT_EQ(advocates[0].advocates(0).advocate_id(), "a1");
}

TEST_F(ImportTest, WhomOnlyRejectedLinesNameIsNotEnrolled) {
  Import("customers",
         "customer_id,signup_time,referrer_id,channel,email\n"
         "c1,2024-01-01,a1,Not A Channel,\n"
         "c2,2024-01-02,a2,,nonsense\n"
         "c3,2024-01-03,a3,,\n"
         "c4,2024-01-04,a2,,\n");
  Import("referrals",
         "referral_id,advocate_id,submitted_time,referee_id,referee_email\n"
         "r1,a1,2024-01-01,c1,nonsense\n"
         "r2,a2,2024-01-02,c2,b@x.org\n");
  const auto requests = caller_.Requests<EnrollAdvocatesRequest>();
  ASSERT_THAT(requests, SizeIs(2));
  ASSERT_EQ(requests[0].advocates_size(), 2);
  EXPECT_EQ(requests[0].advocates(0).advocate_id(), "a3");
  EXPECT_EQ(requests[0].advocates(1).advocate_id(), "a2");
  EXPECT_EQ(requests[0].advocates(1).enrolled_time().seconds(), 1704326400);  // 2024-01-04
  ASSERT_EQ(requests[1].advocates_size(), 1);
  EXPECT_EQ(requests[1].advocates(0).advocate_id(), "a2");
}

TEST_F(ImportTest, AConversionToldByItsDayIsNotBeforeALeadOfThatDay) {
  const auto outcome = Import("referrals",
                              "referral_id,advocate_id,submitted_time,referee_id,"
                              "converted_time\n"
                              "r1,a1,2024-01-01T10:00:00Z,c1,2024-01-01\n"
                              "r2,a1,2024-01-01T22:00:00-05:00,c2,2024-01-01\n"
                              "r3,a1,2024-01-01T10:00:00Z,c3,2024-01-01T09:00:00Z\n"
                              "r4,a1,2024-01-01T10:00:00Z,c4,2023-12-31\n"
                              "r5,a1,2024-01-01T10:00:00Z,c5,2024-01-02\n");
  EXPECT_EQ(outcome.code, kExitRejects);
  EXPECT_THAT(outcome.err, HasSubstr("BEFORE_REFERRAL: 2"));
  const auto conversions = caller_.Requests<RecordConversionsRequest>()[0].conversions();
  ASSERT_EQ(conversions.size(), 3);
  EXPECT_EQ(conversions[0].conversion_time().seconds(), 1704103200);  // as submitted
  EXPECT_EQ(conversions[1].conversion_time().seconds(), 1704164400);
  EXPECT_EQ(conversions[2].conversion_id(), "conv:r5");
  EXPECT_EQ(conversions[2].conversion_time().seconds(), 1704153600);
}

TEST_F(ImportTest, AReferralIsEnrolledSubmittedAndConverted) {
  SubmitReferralsResponse response;
  response.add_results()->mutable_referral();
  response.add_results()->mutable_error()->set_reason("ALREADY_REFERRED");
  response.add_results()->mutable_referral();
  caller_.Return<SubmitReferralsRequest>(response);
  const auto outcome = Import("referrals",
                              "referral_id,advocate_id,submitted_time,referee_id,"
                              "converted_time,amount,currency\n"
                              "r1,a1,2024-01-01,c1,2024-03-01,1250,JPY\n"
                              "r2,a2,2024-01-02,c1,2024-03-01,,\n"
                              "r3,a1,2024-01-03,c2,2024-03-01,700,\n");
  EXPECT_EQ(outcome.code, kExitRejects);
  EXPECT_THAT(outcome.err, HasSubstr("ALREADY_REFERRED: 1"));

  const auto advocates = caller_.Requests<EnrollAdvocatesRequest>();
  ASSERT_EQ(advocates[0].advocates_size(), 2);
  EXPECT_EQ(advocates[0].advocates(0).advocate_id(), "a1");
  EXPECT_EQ(advocates[0].advocates(0).enrolled_time().seconds(), 1704067200);

  const auto conversions = caller_.Requests<RecordConversionsRequest>();
  ASSERT_EQ(conversions[0].conversions_size(), 2);
  EXPECT_EQ(conversions[0].conversions(0).conversion_id(), "conv:r1");
  EXPECT_EQ(conversions[0].conversions(0).customer_id(), "c1");
  EXPECT_EQ(conversions[0].conversions(0).referral_id(), "r1");
  EXPECT_EQ(conversions[0].conversions(0).amount().amount_minor(), 1250);
  // Without a currency it is the program's, and the yen has no minor unit.
  EXPECT_EQ(conversions[0].conversions(1).amount().amount_minor(), 700);
  EXPECT_EQ(conversions[0].conversions(1).amount().currency(), "JPY");
}

TEST_F(ImportTest, AConversionMayNameItsEvent) {
  const std::string header =
      "referral_id,advocate_id,submitted_time,referee_id,converted_time,event\n";
  const auto outcome =
      Import("referrals", header +
                              "r1,a1,2024-01-01,c1,2024-02-01,app_installed\n"
                              "r1,a1,2024-01-01,c1,2024-03-01,trip_completed\n"
                              "r1,a1,2024-01-01,c1,2024-04-01,\n"
                              "r2,a1,2024-01-01,c2,2024-04-01,Not A Word\n"
                              "r3,a1,2024-01-01,c3,,trip_completed\n");
  EXPECT_EQ(outcome.code, kExitRejects);
  const auto conversions = caller_.Requests<RecordConversionsRequest>()[0].conversions();
  ASSERT_EQ(conversions.size(), 3);
  EXPECT_EQ(conversions[0].event(), "app_installed");
  EXPECT_EQ(conversions[0].conversion_id(), "conv:r1:app_installed");
  EXPECT_EQ(conversions[1].conversion_id(), "conv:r1:trip_completed");
  EXPECT_EQ(conversions[2].event(), "");
  EXPECT_EQ(conversions[2].conversion_id(), "conv:r1");
  EXPECT_THAT(RejectsText(),
              HasSubstr("5,\"event: must be a lower-case name of letters, digits,"));
  EXPECT_THAT(RejectsText(),
              HasSubstr("6,converted_time: is empty although there is an event,r3"));
  // Neither is sent in part.
  EXPECT_EQ(caller_.Requests<SubmitReferralsRequest>()[0].referrals_size(), 3);
}

TEST_F(ImportTest, ALineWhoseConversionWouldBeRefusedIsNotSentAtAll) {
  auto* later = versions_.add_versions();
  later->set_version(2);
  later->set_currency("EUR");
  later->mutable_effective_time()->set_seconds(1709251200);  // 2024-03-01
  caller_.Return<ListProgramVersionsRequest>(versions_);
  const auto outcome = Import("referrals",
                              "referral_id,advocate_id,submitted_time,referee_id,"
                              "converted_time,amount,currency\n"
                              "r1,a1,2024-01-01,c1,2024-02-01,700,USD\n"
                              "r2,a2,2024-01-01,c2,2024-02-01,700,\n"
                              "r3,a3,2024-01-01,c3,2024-03-01,700,JPY\n"
                              "r4,a4,2024-01-01,c4,2024-03-01,700,\n"
                              "r5,a5,2024-01-01,c5,2062-03-01,,\n"
                              "r6,a6,2024-01-01,c6,2026-03-02,,\n"
                              "r7,a7,2024-01-02,c7,2024-01-01,,\n");
  EXPECT_EQ(outcome.code, kExitRejects);
  const std::vector<std::string> lines = absl::StrSplit(RejectsText(), '\n');
  ASSERT_THAT(lines, SizeIs(6));
  EXPECT_THAT(lines[4], testing::StartsWith("8,BEFORE_REFERRAL: converted_time: "));
  EXPECT_THAT(lines[1], testing::StartsWith(
                            "2,\"CURRENCY_MISMATCH: currency: must be JPY, the program's\""));
  EXPECT_THAT(lines[2], testing::StartsWith("4,\"CURRENCY_MISMATCH: currency: must be EUR"));
  EXPECT_THAT(lines[3], testing::StartsWith("6,TIME_IN_FUTURE: converted_time: "));
  std::vector<std::string> sent;
  const auto submitted = caller_.Requests<SubmitReferralsRequest>();
  ASSERT_THAT(submitted, SizeIs(1));
  for (const auto& lead : submitted[0].referrals()) sent.push_back(lead.referral_id());
  EXPECT_THAT(sent, ElementsAre("r2", "r4", "r6"));
  const auto conversions = caller_.Requests<RecordConversionsRequest>()[0].conversions();
  ASSERT_EQ(conversions.size(), 3);
  EXPECT_EQ(conversions[0].amount().currency(), "JPY");
  EXPECT_EQ(conversions[1].amount().currency(), "EUR");
  EXPECT_EQ(conversions[1].amount().amount_minor(), 70000);
  EXPECT_EQ(caller_.Requests<EnrollAdvocatesRequest>()[0].advocates_size(), 3);
}

TEST_F(ImportTest, WhoIsEnrolledByTheWayIsTold) {
  caller_.On<EnrollAdvocatesRequest, EnrollAdvocatesResponse>(
      [](const EnrollAdvocatesRequest& request) {
        EnrollAdvocatesResponse response;
        for (const auto& advocate : request.advocates()) {
          response.add_results()->set_enrolled_now(advocate.advocate_id() != "known");
        }
        return response;
      });
  const std::string text =
      "referral_id,advocate_id,submitted_time,referee_id\n"
      "r1,known,2024-01-01,c1\nr2,a2,2024-01-01,c2\nr3,a3,2024-01-01,c3\n";
  const auto outcome = Import("referrals", text);
  EXPECT_EQ(outcome.out,
            "referrals: 3 rows, 3 imported or already there, 0 rejected; 2 advocates "
            "enrolled\n");
  EXPECT_EQ(outcome.err,
            "kith: note: enrolled 2 advocates whom the file names and who were not enrolled "
            "before\n");
  EXPECT_EQ(nlohmann::json::parse(Import("referrals", text, "--json").out)["enrolled"], 2);
  const auto customers =
      Import("customers", "customer_id,signup_time,referrer_id\nc1,2024-01-01,a2\n");
  EXPECT_EQ(customers.out,
            "customers: 1 rows, 1 imported or already there, 0 rejected; 1 advocate "
            "enrolled\n");
}

TEST_F(ImportTest, EventsAreActivitiesUnlessTheirNameIsKnown) {
  Import("events",
         "customer_id,name,time\nc1,churn,2024-01-01\nc1,leave,2024-01-01\n"
         "c1,onboarding_completed,2024-01-01\n");
  const auto events = caller_.Requests<RecordEventsRequest>();
  ASSERT_EQ(events[0].events_size(), 3);
  EXPECT_EQ(events[0].events(0).kind(), retention::v1::EVENT_KIND_CHURN);
  EXPECT_EQ(events[0].events(0).name(), "");
  EXPECT_EQ(events[0].events(1).kind(), retention::v1::EVENT_KIND_ACTIVITY);
  EXPECT_EQ(events[0].events(1).name(), "leave");
  EXPECT_EQ(events[0].events(2).kind(), retention::v1::EVENT_KIND_ONBOARDING_COMPLETED);
}

TEST_F(ImportTest, EqualEventsAreToldApartByNumber) {
  const std::string text =
      "customer_id,name,time\nc1,x,2024-01-01\nc1,x,2024-01-01T00:00:00Z\nc2,x,2024-01-01\n"
      "c1,x,2024-01-01\n";
  Import("events", text);
  Import("events", text);
  const auto requests = caller_.Requests<RecordEventsRequest>();
  ASSERT_THAT(requests, SizeIs(2));
  const auto& events = requests[0].events();
  EXPECT_EQ(events[1].event_id(), events[0].event_id() + ":2");
  EXPECT_EQ(events[3].event_id(), events[0].event_id() + ":3");
  EXPECT_NE(events[2].event_id(), events[0].event_id());
  for (int i = 0; i < events.size(); ++i) {
    EXPECT_EQ(requests[1].events(i).SerializeAsString(), events[i].SerializeAsString());
  }
}

TEST_F(ImportTest, PaymentsAndActivities) {
  EXPECT_EQ(Import("payments",
                   "payment_id,customer_id,time,amount,currency\np1,c1,2024-01-01,3,USD\n")
                .code,
            kExitOk);
  const auto events = caller_.Requests<RecordEventsRequest>();
  EXPECT_EQ(events[0].events(0).event_id(), "payment:p1");
  EXPECT_EQ(events[0].events(0).amount().amount_minor(), 300);
  EXPECT_EQ(Import("activities",
                   "activity_id,advocate_id,behaviour,time,url\nx1,a1,review,2024-01-01,u\n")
                .code,
            kExitOk);
  const auto acts = caller_.Requests<advocacy::v1::RecordActivitiesRequest>();
  EXPECT_EQ(acts[0].activities(0).behaviour(), "review");
  EXPECT_EQ(acts[0].activities(0).url(), "u");
}

TEST_F(ImportTest, LinesAboutPeopleWhoAreNotKnownAreCounted) {
  RecordEventsResponse events;
  events.add_results()->set_unknown_customer(true);
  events.add_results();
  events.add_results()->set_unknown_customer(true);
  caller_.Return<RecordEventsRequest>(events);
  const std::string lines =
      "customer_id,name,time\nc1,a,2024-01-01\nc2,a,2024-01-01\n"
      "c3,a,2024-01-01\n";
  const auto outcome = Import("events", lines);
  EXPECT_EQ(outcome.code, kExitOk);
  EXPECT_EQ(outcome.out, "events: 3 rows, 3 imported or already there, 0 rejected\n");
  EXPECT_EQ(outcome.err,
            "kith: note: 2 lines name customers that are not known (yet): no signup of theirs "
            "was told\n");
  EXPECT_EQ(nlohmann::json::parse(Import("events", lines, "--json").out)["unknown"], 2);
  advocacy::v1::RecordActivitiesResponse activities;
  activities.add_results()->set_unknown_advocate(true);
  caller_.Return<advocacy::v1::RecordActivitiesRequest>(activities);
  EXPECT_EQ(
      Import("activities", "activity_id,advocate_id,behaviour,time\nx1,a1,review,2024-01-01\n")
          .err,
      "kith: note: 1 line names advocates that are not known (yet): they are not enrolled, or "
      "the feed has not told of it\n");
}

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
  EXPECT_THAT(lines[1], HasSubstr("3,time: 'yesterday' is no time"));
  EXPECT_EQ(lines[2], "4,\"has 4 fields, the header has 6\",p3,c1,2024-01-01,3");
  EXPECT_THAT(lines[3], testing::StartsWith("5,"));
  EXPECT_EQ(lines[4], "6,payment_id: is empty,,c1,2024-01-01,3,USD,\"a, \"\"b\"\"\"");
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

TEST_F(ImportTest, AServiceThatIsAwayIsNoticedBeforeAnythingIsSent) {
  caller_.health(Target::kRetention) = {Health::kUnreachable, "", "refused"};
  const auto outcome = Import("customers", "customer_id,signup_time\nc,2024-01-01\n");
  EXPECT_EQ(outcome.code, kExitUnavailable);
  EXPECT_THAT(outcome.err, HasSubstr("run it again"));
  EXPECT_THAT(caller_.Requests<AttributeSignupsRequest>(), IsEmpty());
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

TEST_F(ImportTest, ManyBatchesAreSubmittedInTheOrderOfTheFile) {
  std::string text = "referral_id,advocate_id,submitted_time,referee_id\n";
  for (int i = 0; i < 5201; ++i) {
    absl::StrAppend(&text, "r", i, ",a", i % 700, ",2024-01-01,c", i, "\n");
  }
  const auto outcome = Import("referrals", text);
  EXPECT_EQ(outcome.code, kExitOk);
  EXPECT_THAT(outcome.out, HasSubstr("5,201 rows, 5,201 imported"));
  const auto requests = caller_.Requests<SubmitReferralsRequest>();
  ASSERT_THAT(requests, SizeIs(11));
  int next = 0;
  for (const auto& request : requests) {
    for (const auto& referral : request.referrals()) {
      EXPECT_EQ(referral.referral_id(), absl::StrCat("r", next++));
    }
  }
  EXPECT_EQ(next, 5201);
  int advocates = 0;
  for (const auto& request : caller_.Requests<EnrollAdvocatesRequest>()) {
    advocates += request.advocates_size();
  }
  EXPECT_EQ(advocates, 700);
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
