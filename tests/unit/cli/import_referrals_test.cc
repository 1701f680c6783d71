// `kith import referrals`.
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "nlohmann/json.hpp"
#include "tests/unit/cli/import_world.h"

namespace kith::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

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
              HasSubstr("5,\"FORMAT: event: must be a lower-case name of letters, digits,"));
  EXPECT_THAT(RejectsText(),
              HasSubstr("6,FORMAT: converted_time: is empty although there is an event,r3"));
  // Neither is sent in part.
  EXPECT_EQ(caller_.Requests<SubmitReferralsRequest>()[0].referrals_size(), 3);
}

TEST_F(ImportTest, AConversionMayNameItsOrder) {
  const auto outcome = Import(
      "referrals",
      "referral_id,advocate_id,submitted_time,referee_id,converted_time,event,order_id\n"
      "r1,a1,2024-01-01,c1,2024-02-01,booked,Trip-1\n"
      "r1,a1,2024-01-01,c1,2024-03-01,booked,Trip-2\n"
      "r1,a1,2024-01-01,c1,2024-04-01,,Trip-2\n"
      "r2,a1,2024-01-01,c2,2024-04-01,booked,two words\n"
      "r3,a1,2024-01-01,c3,,,Trip-3\n");
  EXPECT_EQ(outcome.code, kExitRejects);
  const auto conversions = caller_.Requests<RecordConversionsRequest>()[0].conversions();
  ASSERT_EQ(conversions.size(), 3);
  EXPECT_EQ(conversions[0].order_id(), "Trip-1");
  EXPECT_EQ(conversions[0].conversion_id(), "conv:r1:booked:Trip-1");
  EXPECT_EQ(conversions[1].conversion_id(), "conv:r1:booked:Trip-2");
  EXPECT_EQ(conversions[2].conversion_id(), "conv:r1::Trip-2");
  EXPECT_THAT(RejectsText(), HasSubstr("order_id: must be "));
  EXPECT_THAT(
      RejectsText(),
      HasSubstr("6,FORMAT: converted_time: is empty although there is an order_id,r3"));
}

TEST_F(ImportTest, IdsThatAreTooLongTogetherAreToldByTheirHash) {
  const std::string referral(120, 'r');
  const std::string longest(128, 'q');
  const std::string lines = absl::StrCat(
      "referral_id,advocate_id,submitted_time,referee_id,converted_time,order_id\n",  //
      referral, ",a1,2024-01-01,c1,2024-02-01,12\n",                                  //
      referral, ",a1,2024-01-01,c1,2024-02-01,3\n",                                   //
      referral, ",a1,2024-01-01,c1,2024-02-01,4\n",                                   //
      longest, ",a1,2024-01-01,c2,2024-02-01,\n");
  EXPECT_EQ(Import("referrals", lines).code, kExitOk);
  EXPECT_EQ(Import("referrals", lines).code, kExitOk);
  const auto requests = caller_.Requests<RecordConversionsRequest>();
  ASSERT_THAT(requests, SizeIs(2));
  std::set<std::string> ids;
  for (int i = 0; i < requests[0].conversions_size(); ++i) {
    const std::string& id = requests[0].conversions(i).conversion_id();
    EXPECT_LE(id.size(), 128U);
    EXPECT_EQ(id, requests[1].conversions(i).conversion_id());
    ids.insert(id);
  }
  EXPECT_THAT(ids, SizeIs(4));
  EXPECT_EQ(requests[0].conversions(1).conversion_id(),
            absl::StrCat("conv:", referral, "::3"));
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

TEST_F(ImportTest, ALeadOfTheFutureSpoilsNoOtherOfItsAdvocate) {
  Import("referrals",
         "referral_id,advocate_id,submitted_time\nr1,a1,2062-01-01\nr2,a1,2024-01-02\n");
  const auto enrolled = caller_.Requests<EnrollAdvocatesRequest>();
  ASSERT_THAT(enrolled, SizeIs(1));
  ASSERT_EQ(enrolled[0].advocates_size(), 1);
  EXPECT_EQ(enrolled[0].advocates(0).enrolled_time().seconds(), 1704153600);  // 2024-01-02
  const auto submitted = caller_.Requests<SubmitReferralsRequest>();
  ASSERT_THAT(submitted, SizeIs(1));
  ASSERT_EQ(submitted[0].referrals_size(), 1);
  EXPECT_EQ(submitted[0].referrals(0).referral_id(), "r2");
  EXPECT_THAT(RejectsText(), HasSubstr("2,TIME_IN_FUTURE: submitted_time: is in the future"));
}

TEST_F(ImportTest, AConversionThatWasImportedDifferentlyIsToldByItsColumns) {
  RecordConversionsResponse response;
  auto* error = response.add_results()->mutable_error();
  error->set_reason("CONVERSION_ID_REUSED");
  error->set_field("conversion_id");
  error->set_message("was used before with other content");
  error = response.add_results()->mutable_error();
  error->set_reason("CUSTOMER_MISMATCH");
  error->set_field("referral_id");
  error->set_message("is of somebody else");
  caller_.Return<RecordConversionsRequest>(response);
  const auto outcome = Import("referrals",
                              "referral_id,advocate_id,submitted_time,converted_time,event\n"
                              "r1,a1,2024-01-01,2024-02-01,won\n"
                              "r2,a1,2024-01-01,2024-02-01,\n");
  EXPECT_EQ(outcome.code, kExitRejects);
  const std::vector<std::string> lines = absl::StrSplit(RejectsText(), '\n');
  ASSERT_THAT(lines, SizeIs(4));
  EXPECT_EQ(lines[1],
            "2,\"CONVERSION_ID_REUSED: converted_time: the conversion of this referral_id, "
            "event and order_id was imported before with another converted_time, amount, "
            "currency or referee_id, which stays; another one needs an event or order_id of "
            "its own, and one that was wrong is taken back by `kith reverse` as "
            "conv:r1:won\",r1,a1,2024-01-01,2024-02-01,won");
  EXPECT_THAT(lines[2],
              testing::StartsWith("3,CUSTOMER_MISMATCH: referral_id: is of somebody else,"));
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
            "customers: 1 row, 1 imported or already there, 0 rejected; 1 advocate "
            "enrolled\n");
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

}  // namespace
}  // namespace kith::cli
