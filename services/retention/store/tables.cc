#include "services/retention/store/tables.h"

#include <algorithm>

#include "services/retention/store/codec.h"

namespace kith::retention::store {
namespace {

db::Value TimeOf(const std::optional<Stamp>& stamp) {
  return stamp.has_value() ? db::FromTime(stamp->time) : db::Value(db::Null());
}

db::Value IdOf(const std::optional<Stamp>& stamp) {
  return stamp.has_value() ? db::Value(stamp->event_id) : db::Value(db::Null());
}

std::optional<Stamp> ToStamp(const db::Row& row, size_t time, size_t id) {
  if (row.IsNull(time)) return std::nullopt;
  return Stamp{row.Time(time), row.Text(id)};
}

// When the last of signup and churn happened; NULL for those who stay or never signed up.
db::Value ClosedAt(const Customer& row) {
  if (!row.signup_time.has_value() || !row.churn_time.has_value()) return db::Null();
  return db::FromTime(std::max(*row.signup_time, *row.churn_time));
}

}  // namespace

db::Params ProgramTable::Encode(const Row& row) {
  return {row.program_id, row.policy_version, EncodeEras(row.eras)};
}
Program ProgramTable::Decode(const db::Row& row) {
  return {row.Text(0), row.Int(1), DecodeEras(row.Text(2))};
}

db::Params PolicyTable::Encode(const Row& row) {
  db::Params params{row.program_id, row.version, db::FromTime(row.effective_time),
                    row.policy.referred_channel, row.policy.baseline_channel};
  const std::optional<AhaRule>& aha = row.policy.aha;
  params.resize(8);
  if (!aha.has_value()) return params;
  params[5] = aha->event_name;
  params[6] = int64_t{aha->min_count};
  if (aha->within.has_value()) params[7] = absl::ToInt64Microseconds(*aha->within);
  return params;
}
StoredPolicy PolicyTable::Decode(const db::Row& row) {
  StoredPolicy stored{row.Text(0), row.Int(1), row.Time(2), {row.Text(3), row.Text(4), {}}};
  if (row.IsNull(5)) return stored;
  stored.policy.aha = AhaRule{row.Text(5), static_cast<int32_t>(row.Int(6)), std::nullopt};
  if (!row.IsNull(7)) stored.policy.aha->within = absl::Microseconds(row.Int(7));
  return stored;
}

db::Params EventTable::Encode(const Row& row) {
  return {row.program_id,
          row.event_id,
          row.customer_id,
          static_cast<int64_t>(row.kind),
          db::FromTime(row.time),
          row.name,
          row.amount.minor,
          row.amount.currency,
          row.channel,
          row.plan};
}
Event EventTable::Decode(const db::Row& row) {
  return {row.Text(0),
          row.Text(1),
          row.Text(2),
          static_cast<EventKind>(row.Int(3)),
          row.Time(4),
          row.Text(5),
          {row.Int(6), row.Text(7)},
          row.Text(8),
          row.Text(9)};
}

db::Params CustomerTable::Encode(const Row& row) {
  const bool attributed = row.attribution.has_value();
  return {row.program_id,
          row.customer_id,
          TimeOf(row.signup),
          IdOf(row.signup),
          row.signup_channel,
          attributed ? db::Value(row.attribution->channel) : db::Value(db::Null()),
          db::FromOptional(attributed ? row.attribution->signup_time : std::nullopt),
          TimeOf(row.plan_stamp),
          IdOf(row.plan_stamp),
          db::FromOptional(row.last_reactivation),
          EncodeProgress(row.aha_progress),
          row.events,
          row.channel,
          row.referrer_id,
          row.plan,
          db::FromOptional(row.signup_time),
          db::FromOptional(row.onboarded_time),
          db::FromOptional(row.aha_time),
          db::FromOptional(row.churn_time),
          ClosedAt(row)};
}
Customer CustomerTable::Decode(const db::Row& row) {
  Customer customer;
  customer.program_id = row.Text(0);
  customer.customer_id = row.Text(1);
  customer.signup = ToStamp(row, 2, 3);
  customer.signup_channel = row.Text(4);
  customer.plan_stamp = ToStamp(row, 7, 8);
  customer.last_reactivation = row.OptionalTime(9);
  customer.aha_progress = DecodeProgress(row.Text(10));
  customer.events = row.Int(11);
  customer.channel = row.Text(12);
  customer.referrer_id = row.Text(13);
  customer.plan = row.Text(14);
  customer.signup_time = row.OptionalTime(15);
  customer.onboarded_time = row.OptionalTime(16);
  customer.aha_time = row.OptionalTime(17);
  customer.churn_time = row.OptionalTime(18);
  if (!row.IsNull(5)) {
    customer.attribution = {row.Text(5), customer.referrer_id, row.OptionalTime(6)};
  }
  return customer;
}

db::Params ProgramRevenueTable::Encode(const Row& row) {
  return {row.program_id, row.currency, row.amount_minor, row.turnover_minor};
}
ProgramRevenue ProgramRevenueTable::Decode(const db::Row& row) {
  return {row.Text(0), row.Text(1), row.Int(2), row.Int(3)};
}

}  // namespace kith::retention::store
