#include "clients/cli/import/batch.h"

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

Wire Impatient(Caller& caller) { return {caller, SystemClock(), absl::ZeroDuration()}; }

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

TEST(BatchCallTest, EveryRunAsksAnew) {
  FakeCaller caller;
  bool known = false;
  caller.On<SubmitReferralsRequest, SubmitReferralsResponse>(
      [&](const SubmitReferralsRequest& request) {
        auto response = Accept(request);
        if (!known) response.mutable_results(1)->mutable_error()->set_reason("NOT_YET");
        return response;
      });
  for (const auto& rejection : {"NOT_YET", ""}) {
    std::vector<BatchRow> rows(2);
    ASSERT_TRUE(Submit({"r1", "r2"}).Run(Impatient(caller), &rows).ok());
    EXPECT_THAT(Rejections(rows), ElementsAre("", rejection));
    known = true;
  }
  const auto requests = caller.Requests<SubmitReferralsRequest>();
  ASSERT_THAT(requests, SizeIs(2));
  EXPECT_EQ(requests[0].program_id(), "p");
  EXPECT_THAT(Ids(requests[1]), ElementsAre("r1", "r2"));
  EXPECT_THAT(requests[0].request_id(), SizeIs(36));
  EXPECT_NE(requests[0].request_id(), requests[1].request_id());
}

TEST(BatchCallTest, RefusedItemsRejectTheirRows) {
  FakeCaller caller;
  caller.On<SubmitReferralsRequest, SubmitReferralsResponse>(
      [](const SubmitReferralsRequest& request) {
        auto response = Accept(request);
        auto* error = response.mutable_results(1)->mutable_error();
        error->set_reason("ALREADY_REFERRED");
        error->set_message("by somebody else");
        error = response.mutable_results(2)->mutable_error();
        error->set_reason("REASON_MISSING");
        error->set_field("reason");
        error->set_message("is needed");
        return response;
      });
  std::vector<BatchRow> rows(3);
  ASSERT_TRUE(Submit({"r1", "r2", "r3"}).Run(Impatient(caller), &rows).ok());
  EXPECT_THAT(Rejections(rows), ElementsAre("", "ALREADY_REFERRED: by somebody else",
                                            "REASON_MISSING: reason: is needed"));
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
  ASSERT_TRUE(Submit({"r1", "r2", "r3"}).Run(Impatient(caller), &rows).ok());
  EXPECT_THAT(Ids(caller.Requests<SubmitReferralsRequest>()[0]), ElementsAre("r2", "r3"));
  EXPECT_THAT(Rejections(rows), ElementsAre("before", "SELF_REFERRAL", ""));
}

TEST(BatchCallTest, InvalidItemsAreRejectedBeforeTheCall) {
  FakeCaller caller;
  caller.On<SubmitReferralsRequest, SubmitReferralsResponse>(Accept);
  std::vector<BatchRow> rows(3);
  BatchCall call = Submit({"with space", "r2", std::string(129, 'x')});
  call.RejectInvalidItems(&rows);
  ASSERT_TRUE(call.Run(Impatient(caller), &rows).ok());
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
  ASSERT_TRUE(Submit({"r1", "r2", "r3"}).Run(Impatient(caller), &rows).ok());
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
  const absl::Status status = Submit({"r1"}).Run(Impatient(caller), &rows);
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
  ASSERT_TRUE(Submit({"r1"}).Run({caller, SystemClock(), absl::Seconds(10)}, &rows).ok());
  const auto requests = caller.Requests<SubmitReferralsRequest>();
  ASSERT_THAT(requests, SizeIs(3));
  EXPECT_EQ(requests[0].request_id(), requests[2].request_id());
}

TEST(BatchCallTest, ACallWithoutItemsIsNotMade) {
  FakeCaller caller;
  std::vector<BatchRow> rows(1);
  rows[0].rejection = "before";
  ASSERT_TRUE(Submit({"r1"}).Run(Impatient(caller), &rows).ok());
  EXPECT_THAT(caller.Requests<SubmitReferralsRequest>(), IsEmpty());
}

}  // namespace
}  // namespace kith::cli
