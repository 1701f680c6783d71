// The names of enum values, as stores, facts and messages to people spell them.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_NAMES_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_NAMES_H_

#include <optional>
#include <utility>

#include "absl/strings/string_view.h"
#include "services/referral/domain/model.h"
#include "services/referral/domain/program.h"
#include "services/referral/domain/reward.h"

namespace kith::referral::domain {

// Specialised for each enum: `kAll`, the values with their names.
template <class E>
struct Names;

template <>
struct Names<AttributionModel> {
  static constexpr std::pair<AttributionModel, absl::string_view> kAll[] = {
      {AttributionModel::kFirstTouch, "first_touch"},
      {AttributionModel::kLastTouch, "last_touch"}};
};

template <>
struct Names<RewardSide> {
  static constexpr std::pair<RewardSide, absl::string_view> kAll[] = {
      {RewardSide::kReferrer, "referrer"}, {RewardSide::kReferee, "referee"}};
};

template <>
struct Names<RewardKind> {
  static constexpr std::pair<RewardKind, absl::string_view> kAll[] = {
      {RewardKind::kCash, "cash"}, {RewardKind::kCredit, "credit"}};
};

template <>
struct Names<RewardState> {
  static constexpr std::pair<RewardState, absl::string_view> kAll[] = {
      {RewardState::kHeld, "held"},
      {RewardState::kAvailable, "available"},
      {RewardState::kReversed, "reversed"}};
};

template <>
struct Names<ReferralState> {
  static constexpr std::pair<ReferralState, absl::string_view> kAll[] = {
      {ReferralState::kSubmitted, "submitted"},
      {ReferralState::kSignedUp, "signed_up"},
      {ReferralState::kConverted, "converted"}};
};

template <>
struct Names<ReferralOrigin> {
  static constexpr std::pair<ReferralOrigin, absl::string_view> kAll[] = {
      {ReferralOrigin::kLead, "lead"}, {ReferralOrigin::kSignup, "signup"}};
};

template <>
struct Names<EntryKind> {
  static constexpr std::pair<EntryKind, absl::string_view> kAll[] = {
      {EntryKind::kAccrual, "accrual"}, {EntryKind::kReversal, "reversal"}};
};

template <>
struct Names<EvidenceKind> {
  static constexpr std::pair<EvidenceKind, absl::string_view> kAll[] = {
      {EvidenceKind::kCode, "code"},
      {EvidenceKind::kLead, "lead"},
      {EvidenceKind::kSelfReported, "self_reported"},
      {EvidenceKind::kTouch, "touch"},
      {EvidenceKind::kNone, "none"}};
};

// The name of a value.
template <class E>
constexpr absl::string_view Name(E value) {
  for (const auto& [known, name] : Names<E>::kAll) {
    if (known == value) return name;
  }
  return "";
}

// The value of a name, if it is one.
template <class E>
std::optional<E> ParseName(absl::string_view name) {
  for (const auto& [value, known] : Names<E>::kAll) {
    if (known == name) return value;
  }
  return std::nullopt;
}

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_NAMES_H_
