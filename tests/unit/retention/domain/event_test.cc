#include "services/retention/domain/event.h"

#include "gtest/gtest.h"
#include "services/retention/domain/errors.h"

namespace kith::retention {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

Event Make(EventKind kind) {
  Event event;
  event.program_id = "p";
  event.event_id = "e1";
  event.customer_id = "c1";
  event.kind = kind;
  event.time = kNow;
  return event;
}

TEST(Event, AnActivityNeedsAName) {
  Event event = Make(EventKind::kActivity);
  EXPECT_EQ(GetErrorReason(Validate(event, kNow)), "NAME_MISSING");
  event.name = "login";
  EXPECT_TRUE(Validate(event, kNow).ok());
}

TEST(Event, MoneyMustBePositive) {
  for (const EventKind kind : {EventKind::kPayment, EventKind::kRefund}) {
    Event event = Make(kind);
    EXPECT_EQ(GetErrorReason(Validate(event, kNow)), "AMOUNT_MISSING");
    event.amount = {0, "USD"};
    EXPECT_EQ(GetErrorReason(Validate(event, kNow)), "AMOUNT_MISSING");
    event.amount = {-5, "USD"};
    EXPECT_EQ(GetErrorReason(Validate(event, kNow)), "AMOUNT_MISSING");
    event.amount = {5, "USD"};
    EXPECT_TRUE(Validate(event, kNow).ok());
  }
}

TEST(Event, ClocksMayDifferByADay) {
  Event event = Make(EventKind::kChurn);
  event.time = kNow + absl::Hours(24);
  EXPECT_TRUE(Validate(event, kNow).ok());
  event.time += absl::Microseconds(1);
  const absl::Status status = Validate(event, kNow);
  EXPECT_EQ(GetErrorReason(status), "TIME_IN_FUTURE");
  EXPECT_EQ(ToItemError(status).field, "event_time");
}

TEST(Event, FieldsOfOtherKindsAreDropped) {
  Event event = Make(EventKind::kChurn);
  event.name = "n";
  event.amount = {5, "USD"};
  event.channel = "paid";
  event.plan = "pro";
  Normalize(event);
  EXPECT_EQ(event, Make(EventKind::kChurn));

  Event signup = Make(EventKind::kSignup);
  signup.channel = "paid";
  signup.plan = "pro";
  const Event expected = signup;
  Normalize(signup);
  EXPECT_EQ(signup, expected);
}

TEST(Event, RefundsReduceRevenue) {
  Event event = Make(EventKind::kPayment);
  event.amount = {250, "EUR"};
  EXPECT_EQ(RevenueOf(event), 250);
  event.kind = EventKind::kRefund;
  EXPECT_EQ(RevenueOf(event), -250);
  event.kind = EventKind::kActivity;
  EXPECT_EQ(RevenueOf(event), 0);
}

}  // namespace
}  // namespace kith::retention
