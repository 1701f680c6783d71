// The names of the enums that rules are made of.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_RULE_NAMES_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_RULE_NAMES_H_

#include <utility>

#include "absl/strings/string_view.h"
#include "services/referral/domain/name_table.h"
#include "services/referral/domain/program.h"

namespace kith::referral::domain {

template <>
struct Names<Comparison> {
  static constexpr std::pair<Comparison, absl::string_view> kAll[] = {
      {Comparison::kEquals, "equals"},
      {Comparison::kNotEquals, "not_equals"},
      {Comparison::kIn, "in"},
      {Comparison::kNotIn, "not_in"},
      {Comparison::kAtLeast, "at_least"},
      {Comparison::kAtMost, "at_most"},
      {Comparison::kGreater, "greater"},
      {Comparison::kLess, "less"},
      {Comparison::kExists, "exists"},
      {Comparison::kMissing, "missing"}};
};

template <>
struct Names<RewardSide> {
  static constexpr std::pair<RewardSide, absl::string_view> kAll[] = {
      {RewardSide::kReferrer, "referrer"}, {RewardSide::kReferee, "referee"}};
};

template <>
struct Names<RewardKind> {
  static constexpr std::pair<RewardKind, absl::string_view> kAll[] = {
      {RewardKind::kCash, "cash"},
      {RewardKind::kCredit, "credit"},
      {RewardKind::kPercentOff, "percent_off"},
      {RewardKind::kFeeWaiver, "fee_waiver"},
      {RewardKind::kFreePeriod, "free_period"},
      {RewardKind::kFeatureUnlock, "feature_unlock"},
      {RewardKind::kPlanUpgrade, "plan_upgrade"},
      {RewardKind::kInKind, "in_kind"},
      {RewardKind::kPoints, "points"},
      {RewardKind::kPhysicalGift, "physical_gift"},
      {RewardKind::kGiftCard, "gift_card"},
      {RewardKind::kDonation, "donation"},
      {RewardKind::kEventTicket, "event_ticket"},
      {RewardKind::kEarlyAccess, "early_access"},
      {RewardKind::kContestEntry, "contest_entry"}};
};

template <>
struct Names<Trigger> {
  static constexpr std::pair<Trigger, absl::string_view> kAll[] = {
      {Trigger::kConverted, "converted"},    {Trigger::kSubmitted, "submitted"},
      {Trigger::kQualified, "qualified"},    {Trigger::kSignedUp, "signed_up"},
      {Trigger::kRetained, "retained"},      {Trigger::kAhaReached, "aha_reached"},
      {Trigger::kNthSuccess, "nth_success"}, {Trigger::kMilestone, "milestone"}};
};

template <>
struct Names<Occurrence> {
  static constexpr std::pair<Occurrence, absl::string_view> kAll[] = {
      {Occurrence::kFirst, "first"}, {Occurrence::kEvery, "every"}};
};

template <>
struct Names<MilestoneOf> {
  static constexpr std::pair<MilestoneOf, absl::string_view> kAll[] = {
      {MilestoneOf::kSubmitted, "submitted"}, {MilestoneOf::kQualified, "qualified"}};
};

template <>
struct Names<CapScope> {
  static constexpr std::pair<CapScope, absl::string_view> kAll[] = {
      {CapScope::kRecipient, "recipient"}, {CapScope::kProgram, "program"}};
};

template <>
struct Names<CapPeriod> {
  static constexpr std::pair<CapPeriod, absl::string_view> kAll[] = {
      {CapPeriod::kLifetime, "lifetime"},
      {CapPeriod::kDay, "day"},
      {CapPeriod::kWeek, "week"},
      {CapPeriod::kMonth, "month"},
      {CapPeriod::kYear, "year"}};
};

template <>
struct Names<Signal> {
  static constexpr std::pair<Signal, absl::string_view> kAll[] = {
      {Signal::kSelfReferral, "self_referral"},
      {Signal::kSameDomain, "same_domain"},
      {Signal::kDisposableDomain, "disposable_domain"},
      {Signal::kExistingCustomer, "existing_customer"},
      {Signal::kDuplicateAccount, "duplicate_account"},
      {Signal::kCircularChain, "circular_chain"},
      {Signal::kVelocity, "velocity"},
      {Signal::kPaidSearch, "paid_search"},
      {Signal::kBlocklist, "blocklist"}};
};

template <>
struct Names<VelocityDimension> {
  static constexpr std::pair<VelocityDimension, absl::string_view> kAll[] = {
      {VelocityDimension::kAdvocate, "advocate"},
      {VelocityDimension::kIp, "ip"},
      {VelocityDimension::kDevice, "device"}};
};

template <>
struct Names<AttributionModel> {
  static constexpr std::pair<AttributionModel, absl::string_view> kAll[] = {
      {AttributionModel::kFirstTouch, "first_touch"},
      {AttributionModel::kLastTouch, "last_touch"},
      {AttributionModel::kPriorityRecency, "priority_recency"}};
};

template <>
struct Names<QualityMetric> {
  static constexpr std::pair<QualityMetric, absl::string_view> kAll[] = {
      {QualityMetric::kQualification, "qualification"},
      {QualityMetric::kConversion, "conversion"}};
};

template <>
struct Names<CampaignKind> {
  static constexpr std::pair<CampaignKind, absl::string_view> kAll[] = {
      {CampaignKind::kSeasonal, "seasonal"},
      {CampaignKind::kContest, "contest"},
      {CampaignKind::kFundraiser, "fundraiser"},
      {CampaignKind::kSocialGifting, "social_gifting"},
      {CampaignKind::kExclusiveEvent, "exclusive_event"},
      {CampaignKind::kOther, "other"}};
};

template <>
struct Names<Recurrence> {
  static constexpr std::pair<Recurrence, absl::string_view> kAll[] = {
      {Recurrence::kNone, "none"}, {Recurrence::kYearly, "yearly"}};
};

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_RULE_NAMES_H_
