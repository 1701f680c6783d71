// The names of enum values, as stores, facts and messages to people spell them.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_NAMES_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_NAMES_H_

#include <utility>

#include "absl/strings/string_view.h"
#include "services/referral/domain/model.h"
#include "services/referral/domain/name_table.h"
#include "services/referral/domain/reward.h"
#include "services/referral/domain/rule_names.h"

namespace kith::referral::domain {

template <>
struct Names<CodeKind> {
  static constexpr std::pair<CodeKind, absl::string_view> kAll[] = {
      {CodeKind::kPersonal, "personal"},
      {CodeKind::kVanity, "vanity"},
      {CodeKind::kCampaign, "campaign"}};
};

template <>
struct Names<EvidenceKind> {
  static constexpr std::pair<EvidenceKind, absl::string_view> kAll[] = {
      {EvidenceKind::kCode, "code"},
      {EvidenceKind::kLead, "lead"},
      {EvidenceKind::kSelfReported, "self_reported"},
      {EvidenceKind::kTouch, "touch"},
      {EvidenceKind::kNone, "none"},
      {EvidenceKind::kOverride, "override"}};
};

template <>
struct Names<ReferralOrigin> {
  static constexpr std::pair<ReferralOrigin, absl::string_view> kAll[] = {
      {ReferralOrigin::kLead, "lead"}, {ReferralOrigin::kSignup, "signup"}};
};

template <>
struct Names<ReferralState> {
  static constexpr std::pair<ReferralState, absl::string_view> kAll[] = {
      {ReferralState::kSubmitted, "submitted"},
      {ReferralState::kSignedUp, "signed_up"},
      {ReferralState::kConverted, "converted"}};
};

template <>
struct Names<LeadState> {
  static constexpr std::pair<LeadState, absl::string_view> kAll[] = {
      {LeadState::kSubmitted, "submitted"},
      {LeadState::kContacted, "contacted"},
      {LeadState::kQualified, "qualified"},
      {LeadState::kMeeting, "meeting"},
      {LeadState::kNegotiation, "negotiation"},
      {LeadState::kWon, "won"},
      {LeadState::kLost, "lost"},
      {LeadState::kUnqualified, "unqualified"}};
};

template <>
struct Names<Fit> {
  static constexpr std::pair<Fit, absl::string_view> kAll[] = {
      {Fit::kUnknown, "unknown"}, {Fit::kGood, "good"}, {Fit::kBad, "bad"}};
};

template <>
struct Names<FraudState> {
  static constexpr std::pair<FraudState, absl::string_view> kAll[] = {
      {FraudState::kClear, "clear"},
      {FraudState::kHeld, "held"},
      {FraudState::kApproved, "approved"},
      {FraudState::kRejected, "rejected"}};
};

template <>
struct Names<TouchKind> {
  static constexpr std::pair<TouchKind, absl::string_view> kAll[] = {
      {TouchKind::kClick, "click"}, {TouchKind::kView, "view"}};
};

template <>
struct Names<RewardState> {
  static constexpr std::pair<RewardState, absl::string_view> kAll[] = {
      {RewardState::kPending, "pending"},
      {RewardState::kApproved, "approved"},
      {RewardState::kHeld, "held"},
      {RewardState::kAvailable, "available"},
      {RewardState::kFulfilling, "fulfilling"},
      {RewardState::kFulfilled, "fulfilled"},
      {RewardState::kCancelled, "cancelled"},
      {RewardState::kReversed, "reversed"},
      {RewardState::kExpired, "expired"}};
};

template <>
struct Names<EntryKind> {
  static constexpr std::pair<EntryKind, absl::string_view> kAll[] = {
      {EntryKind::kAccrual, "accrual"},   {EntryKind::kPayment, "payment"},
      {EntryKind::kReversal, "reversal"}, {EntryKind::kClawback, "clawback"},
      {EntryKind::kExpiry, "expiry"},     {EntryKind::kAdjustment, "adjustment"}};
};

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_NAMES_H_
