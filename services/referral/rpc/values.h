// Times, money and enums between messages and the domain.
#ifndef KITH_SERVICES_REFERRAL_RPC_VALUES_H_
#define KITH_SERVICES_REFERRAL_RPC_VALUES_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "kith/referral/v1/referral.pb.h"
#include "kith/type/v1/types.pb.h"
#include "services/referral/domain/model.h"
#include "services/referral/domain/program.h"

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

// Enums. UNSPECIFIED is the default where the proto names one, and "any" in filters.
domain::AttributionModel ToDomain(v1::AttributionModel model);
domain::RewardSide ToDomain(v1::RewardSide side);
domain::RewardKind ToDomain(v1::RewardKind kind);
std::optional<domain::ReferralState> ToDomain(v1::ReferralState state);
std::optional<domain::RewardState> ToDomain(v1::RewardState state);
v1::AttributionModel ToProto(domain::AttributionModel model);
v1::RewardSide ToProto(domain::RewardSide side);
v1::RewardKind ToProto(domain::RewardKind kind);
v1::ReferralState ToProto(domain::ReferralState state);
v1::RewardState ToProto(domain::RewardState state);
v1::EvidenceKind ToProto(domain::EvidenceKind kind);

}  // namespace kith::referral::rpc

#endif  // KITH_SERVICES_REFERRAL_RPC_VALUES_H_
