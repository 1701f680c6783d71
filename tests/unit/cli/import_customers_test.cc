// `kith import customers`.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/unit/cli/import_world.h"

namespace kith::cli {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

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

TEST_F(ImportTest, ACustomerWhoLeavesInTheFutureIsNotImportedAtAll) {
  const auto outcome = Import("customers",
                              "customer_id,signup_time,churn_time\n"
                              "c1,2024-01-01,2099-01-01\nc2,2024-01-01,2024-02-01\n");
  EXPECT_EQ(outcome.code, kExitRejects);
  const auto signups = caller_.Requests<AttributeSignupsRequest>();
  ASSERT_EQ(signups[0].signups_size(), 1);
  EXPECT_EQ(signups[0].signups(0).customer_id(), "c2");
  EXPECT_THAT(RejectsText(), HasSubstr("TIME_IN_FUTURE: churn_time: is in the future"));
}

TEST_F(ImportTest, ACustomerOfTheFutureSpoilsNobodyElseOfItsReferrer) {
  Import("customers",
         "customer_id,signup_time,referrer_id\nc1,2062-01-01,r1\nc2,2024-01-02,r1\n");
  const auto enrolled = caller_.Requests<EnrollAdvocatesRequest>();
  ASSERT_THAT(enrolled, SizeIs(1));
  ASSERT_EQ(enrolled[0].advocates_size(), 1);
  EXPECT_EQ(enrolled[0].advocates(0).enrolled_time().seconds(), 1704153600);  // 2024-01-02
  EXPECT_EQ(caller_.Requests<AttributeSignupsRequest>()[0].signups_size(), 1);
  EXPECT_THAT(RejectsText(), HasSubstr("2,TIME_IN_FUTURE: signup_time: is in the future"));
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

// The answer to the events of a file, with refusals of some.
RecordEventsResponse Answer(const std::vector<std::string>& differences) {
  RecordEventsResponse response;
  for (const std::string& differs : differences) {
    auto& result = *response.add_results();
    if (differs.empty()) continue;
    result.mutable_error()->set_reason("EVENT_ID_REUSED");
    result.mutable_error()->set_field("event_id");
    result.mutable_error()->set_message(
        absl::StrCat("signup:c was recorded before with another ", differs));
  }
  return response;
}

TEST_F(ImportTest, ACustomerWhoWasImportedDifferentlyIsToldByTheColumns) {
  caller_.Return<RecordEventsRequest>(Answer({"plan", "", "time and channel", "", "time"}));
  const auto outcome = Import("customers",
                              "customer_id,signup_time,plan,churn_time\n"
                              "c1,2024-01-01,pro,2024-02-01\n"
                              "c2,2024-01-01,pro,\nc3,2024-01-01,pro,2024-02-01\n");
  EXPECT_EQ(outcome.code, kExitRejects);
  EXPECT_EQ(RejectsText(),
            "reject_line,reject_reason,customer_id,signup_time,plan,churn_time\n"
            "2,\"EVENT_ID_REUSED: plan: the customer was imported before with another one, "
            "which stays; churn_time is recorded\",c1,2024-01-01,pro,2024-02-01\n"
            "3,\"EVENT_ID_REUSED: channel and signup_time: the customer was imported before "
            "with another one, which stays\",c2,2024-01-01,pro,\n"
            "4,\"EVENT_ID_REUSED: churn_time: the customer was imported before with another "
            "one, which stays; who came back is told by an event named "
            "reactivation\",c3,2024-01-01,pro,2024-02-01\n");
  // The leaving is sent with the refused signup.
  const auto events = caller_.Requests<RecordEventsRequest>();
  ASSERT_EQ(events[0].events_size(), 5);
  EXPECT_EQ(events[0].events(1).event_id(), "churn:c1");
}

TEST_F(ImportTest, AnEmptiedChurnTimeIsNoted) {
  RecordEventsResponse known = Answer({"", "", "", ""});
  for (auto& result : *known.mutable_results()) result.set_duplicate(true);
  known.mutable_results(3)->set_duplicate(false);
  caller_.Return<RecordEventsRequest>(known);
  const std::string rows = "c1,2024-01-01,\nc2,2024-01-01,2024-02-01\nc3,2024-01-01,\n";
  EXPECT_EQ(Import("customers", "customer_id,signup_time,churn_time\n" + rows).err,
            "kith: note: 1 line tells of customers who are known, without churn_time: that "
            "takes no leaving back that was imported before; who came back is told by an "
            "event named reactivation\n");
  EXPECT_EQ(Import("customers", "customer_id,signup_time,plan\nc1,2024-01-01,\n").err, "");
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

}  // namespace
}  // namespace kith::cli
