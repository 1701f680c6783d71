#include "services/referral/rpc/values.h"

#include "common/base/error.h"

namespace kith::referral::rpc {
namespace {

constexpr int64_t kNanosPerMicro = 1000;

}  // namespace

absl::Time ToTime(const google::protobuf::Timestamp& timestamp) {
  return absl::FromUnixSeconds(timestamp.seconds()) +
         absl::Microseconds(timestamp.nanos() / kNanosPerMicro);
}

absl::Duration ToDuration(const google::protobuf::Duration& duration) {
  return absl::Seconds(duration.seconds()) +
         absl::Microseconds(duration.nanos() / kNanosPerMicro);
}

void Set(google::protobuf::Timestamp& out, absl::Time time) {
  const int64_t seconds = absl::ToUnixSeconds(time);
  out.set_seconds(seconds);
  out.set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
}

void Set(google::protobuf::Duration& out, absl::Duration duration) {
  const int64_t seconds = absl::ToInt64Seconds(duration);
  out.set_seconds(seconds);
  out.set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(duration - absl::Seconds(seconds))));
}

void Set(type::v1::Money& out, int64_t minor, const std::string& currency) {
  out.set_amount_minor(minor);
  out.set_currency(currency);
}

void Set(type::v1::ItemError& out, const absl::Status& status) {
  ItemError error = ToItemError(status);
  out.set_reason(std::move(error.reason));
  out.set_field(std::move(error.field));
  out.set_message(std::move(error.message));
}

domain::AttributionModel ToDomain(v1::AttributionModel model) {
  return model == v1::ATTRIBUTION_MODEL_FIRST_TOUCH ? domain::AttributionModel::kFirstTouch
                                                    : domain::AttributionModel::kLastTouch;
}

domain::RewardSide ToDomain(v1::RewardSide side) {
  return side == v1::REWARD_SIDE_REFEREE ? domain::RewardSide::kReferee
                                         : domain::RewardSide::kReferrer;
}

domain::RewardKind ToDomain(v1::RewardKind kind) {
  return kind == v1::REWARD_KIND_CREDIT ? domain::RewardKind::kCredit
                                        : domain::RewardKind::kCash;
}

std::optional<domain::ReferralState> ToDomain(v1::ReferralState state) {
  switch (state) {
    case v1::REFERRAL_STATE_SUBMITTED:
      return domain::ReferralState::kSubmitted;
    case v1::REFERRAL_STATE_SIGNED_UP:
      return domain::ReferralState::kSignedUp;
    case v1::REFERRAL_STATE_CONVERTED:
      return domain::ReferralState::kConverted;
    default:
      return std::nullopt;
  }
}

std::optional<domain::RewardState> ToDomain(v1::RewardState state) {
  switch (state) {
    case v1::REWARD_STATE_HELD:
      return domain::RewardState::kHeld;
    case v1::REWARD_STATE_AVAILABLE:
      return domain::RewardState::kAvailable;
    case v1::REWARD_STATE_REVERSED:
      return domain::RewardState::kReversed;
    default:
      return std::nullopt;
  }
}

v1::AttributionModel ToProto(domain::AttributionModel model) {
  return model == domain::AttributionModel::kFirstTouch ? v1::ATTRIBUTION_MODEL_FIRST_TOUCH
                                                        : v1::ATTRIBUTION_MODEL_LAST_TOUCH;
}

v1::RewardSide ToProto(domain::RewardSide side) {
  return side == domain::RewardSide::kReferee ? v1::REWARD_SIDE_REFEREE
                                              : v1::REWARD_SIDE_REFERRER;
}

v1::RewardKind ToProto(domain::RewardKind kind) {
  return kind == domain::RewardKind::kCredit ? v1::REWARD_KIND_CREDIT : v1::REWARD_KIND_CASH;
}

v1::ReferralState ToProto(domain::ReferralState state) {
  switch (state) {
    case domain::ReferralState::kSubmitted:
      return v1::REFERRAL_STATE_SUBMITTED;
    case domain::ReferralState::kSignedUp:
      return v1::REFERRAL_STATE_SIGNED_UP;
    case domain::ReferralState::kConverted:
      return v1::REFERRAL_STATE_CONVERTED;
  }
  return v1::REFERRAL_STATE_UNSPECIFIED;
}

v1::RewardState ToProto(domain::RewardState state) {
  switch (state) {
    case domain::RewardState::kHeld:
      return v1::REWARD_STATE_HELD;
    case domain::RewardState::kAvailable:
      return v1::REWARD_STATE_AVAILABLE;
    case domain::RewardState::kReversed:
      return v1::REWARD_STATE_REVERSED;
  }
  return v1::REWARD_STATE_UNSPECIFIED;
}

v1::EvidenceKind ToProto(domain::EvidenceKind kind) {
  switch (kind) {
    case domain::EvidenceKind::kCode:
      return v1::EVIDENCE_KIND_CODE;
    case domain::EvidenceKind::kLead:
      return v1::EVIDENCE_KIND_LEAD;
    case domain::EvidenceKind::kSelfReported:
      return v1::EVIDENCE_KIND_SELF_REPORTED;
    case domain::EvidenceKind::kTouch:
      return v1::EVIDENCE_KIND_TOUCH;
    case domain::EvidenceKind::kNone:
      return v1::EVIDENCE_KIND_NONE;
  }
  return v1::EVIDENCE_KIND_UNSPECIFIED;
}

}  // namespace kith::referral::rpc
