// Times, money and enums between messages and the domain; for enums see enums.h.
#ifndef KITH_SERVICES_REFERRAL_RPC_VALUES_H_
#define KITH_SERVICES_REFERRAL_RPC_VALUES_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "kith/type/v1/types.pb.h"
#include "services/referral/domain/program_fields.h"
#include "services/referral/rpc/enums.h"

namespace kith::referral::rpc {

// Times and durations are cut down to whole microseconds, as they are stored.
absl::Time ToTime(const google::protobuf::Timestamp& timestamp);
absl::Duration ToDuration(const google::protobuf::Duration& duration);
// The reverse.
void Set(google::protobuf::Timestamp& out, absl::Time time);
void Set(google::protobuf::Duration& out, absl::Duration duration);

void Set(type::v1::Money& out, int64_t minor, const std::string& currency);
// The item error of a named error.
void Set(type::v1::ItemError& out, const absl::Status& status);
void Set(type::v1::Difference& out, const domain::FieldChange& change);

// Of a name that is given twice the later value counts.
domain::Attributes ToAttributes(
    const google::protobuf::RepeatedPtrField<v1::Attribute>& attributes);
void Set(google::protobuf::RepeatedPtrField<v1::Attribute>& out,
         const domain::Attributes& attributes);

}  // namespace kith::referral::rpc

#endif  // KITH_SERVICES_REFERRAL_RPC_VALUES_H_
