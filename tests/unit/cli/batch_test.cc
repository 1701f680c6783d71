#include "clients/cli/import/batch.h"

#include <regex>

#include "clients/cli/import/importer.h"
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "kith/referral/v1/referral.pb.h"
#include "tests/unit/cli/fake_caller.h"

namespace kith::cli {
namespace {

using referral::v1::SubmitReferralsRequest;
using referral::v1::SubmitReferralsResponse;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr absl::Duration kNoPatience = absl::ZeroDuration();

// A call that submits the referrals `ids`, one a row.
BatchCall Submit(const std::vector<std::string>& ids) {
  BatchCall call = NewCall<SubmitReferralsRequest, SubmitReferralsResponse>(
      Target::kReferral, "p", "referrals", {.in_order = true});
  for (size_t row = 0; row < ids.size(); ++row) {
    auto& referral = call.Add<referral::v1::NewReferral>(row);
    referral.set_referral_id(ids[row]);
    referral.set_advocate_id("a");
  }
  return call;
}

std::vector<std::string> Ids(const SubmitReferralsRequest& request) {
  std::vector<std::string> ids;
  for (const auto& referral : request.referrals()) ids.push_back(referral.referral_id());
  return ids;
}

std::vector<std::string> Rejections(const std::vector<BatchRow>& rows) {
  std::vector<std::string> reasons;
  for (const BatchRow& row : rows) reasons.push_back(row.rejection);
  return reasons;
}

// Accepts everything.
SubmitReferralsResponse Accept(const SubmitReferralsRequest& request) {
  SubmitReferralsResponse response;
  for (const auto& referral : request.referrals()) {
    response.add_results()->mutable_referral()->set_referral_id(referral.referral_id());
  }
  return response;
}

TEST(ContentIdTest, LooksLikeAUuidAndDependsOnTheContentOnly) {
  const std::string id = ContentId("abc");
  EXPECT_TRUE(std::regex_match(
      id, std::regex("[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")))
      << id;
  EXPECT_EQ(id, ContentId("abc"));
  EXPECT_NE(id, ContentId("abd"));
}

TEST(BatchCallTest, TheSameContentIsTheSameRequest) {
  FakeCaller caller;
  caller.On<SubmitReferralsRequest, SubmitReferralsResponse>(Accept);
  for (const auto& ids : {std::vector<std::string>{"r1", "r2"}, {"r1", "r2"}, {"r1", "r3"}}) {
    std::vector<BatchRow> rows(2);
    ASSERT_TRUE(Submit(ids).Run(caller, kNoPatience, &rows).ok());
    EXPECT_THAT(Rejections(rows), ElementsAre("", ""));
  }
  const auto requests = caller.Requests<SubmitReferralsRequest>();
  ASSERT_THAT(requests, SizeIs(3));
  EXPECT_EQ(requests[0].program_id(), "p");
  EXPECT_EQ(requests[0].request_id(), requests[1].request_id());
  EXPECT_NE(requests[0].request_id(), requests[2].request_id());
}

TEST(BatchCallTest, RefusedItemsRejectTheirRows) {
  FakeCaller caller;
  caller.On<SubmitReferralsRequest, SubmitReferralsResponse>(
      [](const SubmitReferralsRequest& request) {
        auto response = Accept(request);
        auto* error = response.mutable_results(1)->mutable_error();
        error->set_reason("ALREADY_REFERRED");
        error->set_message("by somebody else");
        return response;
      });
  std::vector<BatchRow> rows(3);
  ASSERT_TRUE(Submit({"r1", "r2", "r3"}).Run(caller, kNoPatience, &rows).ok());
  EXPECT_THAT(Rejections(rows), ElementsAre("", "ALREADY_REFERRED: by somebody else", ""));
}

TEST(BatchCallTest, ItemsOfRejectedRowsAreNotSent) {
  FakeCaller caller;
  caller.On<SubmitReferralsRequest, SubmitReferralsResponse>(
      [](const SubmitReferralsRequest& request) {
        auto response = Accept(request);
        // The first item that is sent belongs to the second row.
        response.mutable_results(0)->mutable_error()->set_reason("SELF_REFERRAL");
        return response;
      });
  std::vector<BatchRow> rows(3);
  rows[0].rejection = "before";
  ASSERT_TRUE(Submit({"r1", "r2", "r3"}).Run(caller, kNoPatience, &rows).ok());
  EXPECT_THAT(Ids(caller.Requests<SubmitReferralsRequest>()[0]), ElementsAre("r2", "r3"));
  EXPECT_THAT(Rejections(rows), ElementsAre("before", "SELF_REFERRAL", ""));
}

TEST(BatchCallTest, InvalidItemsAreRejectedBeforeTheCall) {
  FakeCaller caller;
  caller.On<SubmitReferralsRequest, SubmitReferralsResponse>(Accept);
  std::vector<BatchRow> rows(3);
  BatchCall call = Submit({"with space", "r2", std::string(129, 'x')});
  call.RejectInvalidItems(&rows);
  ASSERT_TRUE(call.Run(caller, kNoPatience, &rows).ok());
  ASSERT_THAT(caller.Requests<SubmitReferralsRequest>(), SizeIs(1));
  EXPECT_THAT(Ids(caller.Requests<SubmitReferralsRequest>()[0]), ElementsAre("r2"));
  EXPECT_THAT(Rejections(rows),
              ElementsAre(testing::StartsWith("INVALID_FIELD: referral_id: "), "",
                          testing::StartsWith("INVALID_FIELD: referral_id: ")));
}

TEST(BatchCallTest, AllInvalidItemsAreFound) {
  std::vector<BatchRow> rows(500);
  Submit(std::vector<std::string>(500, "not an id")).RejectInvalidItems(&rows);
  for (const BatchRow& row : rows) EXPECT_NE(row.rejection, "");
}

TEST(BatchCallTest, WhatTheServiceFindsInvalidIsDroppedAndTheRestSentAgain) {
  FakeCaller caller;
  caller.On<SubmitReferralsRequest, SubmitReferralsResponse>(
      [](const SubmitReferralsRequest& request) -> absl::StatusOr<SubmitReferralsResponse> {
        if (request.referrals_size() == 3) {
          return MakeFieldError(errors::kInvalidField, "referrals[1].referral_id", "not so");
        }
        return Accept(request);
      });
  std::vector<BatchRow> rows(3);
  ASSERT_TRUE(Submit({"r1", "r2", "r3"}).Run(caller, kNoPatience, &rows).ok());
  const auto requests = caller.Requests<SubmitReferralsRequest>();
  ASSERT_THAT(requests, SizeIs(2));
  EXPECT_THAT(Ids(requests[1]), ElementsAre("r1", "r3"));
  EXPECT_NE(requests[0].request_id(), requests[1].request_id());
  EXPECT_THAT(Rejections(rows), ElementsAre("", "INVALID_FIELD: referral_id: not so", ""));
}

TEST(BatchCallTest, OtherErrorsEndIt) {
  FakeCaller caller;
  caller.On<SubmitReferralsRequest, SubmitReferralsResponse>(
      [](const SubmitReferralsRequest&) -> absl::StatusOr<SubmitReferralsResponse> {
        return MakeError(errors::kProgramNotFound);
      });
  std::vector<BatchRow> rows(1);
  const absl::Status status = Submit({"r1"}).Run(caller, kNoPatience, &rows);
  EXPECT_EQ(GetErrorReason(status), "PROGRAM_NOT_FOUND");
  EXPECT_THAT(Rejections(rows), ElementsAre(""));
}

TEST(BatchCallTest, AnOverloadedServiceIsAskedAgainWithTheSameRequest) {
  FakeCaller caller;
  int calls = 0;
  caller.On<SubmitReferralsRequest, SubmitReferralsResponse>(
      [&](const SubmitReferralsRequest& request) -> absl::StatusOr<SubmitReferralsResponse> {
        if (++calls < 3) return MakeError(errors::kOverloaded);
        return Accept(request);
      });
  std::vector<BatchRow> rows(1);
  ASSERT_TRUE(Submit({"r1"}).Run(caller, absl::Seconds(10), &rows).ok());
  const auto requests = caller.Requests<SubmitReferralsRequest>();
  ASSERT_THAT(requests, SizeIs(3));
  EXPECT_EQ(requests[0].request_id(), requests[2].request_id());
}

TEST(BatchCallTest, ACallWithoutItemsIsNotMade) {
  FakeCaller caller;
  std::vector<BatchRow> rows(1);
  rows[0].rejection = "before";
  ASSERT_TRUE(Submit({"r1"}).Run(caller, kNoPatience, &rows).ok());
  EXPECT_THAT(caller.Requests<SubmitReferralsRequest>(), IsEmpty());
}

}  // namespace
}  // namespace kith::cli
