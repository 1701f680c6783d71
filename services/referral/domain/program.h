// The rules of a program, and which version of them judges a fact.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_PROGRAM_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_PROGRAM_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "services/referral/domain/condition.h"
#include "services/referral/domain/fraud_rules.h"
#include "services/referral/domain/reward_rule.h"

namespace kith::referral::domain {

// Which touch earns the attribution when there are several.
enum class AttributionModel {
  kFirstTouch,
  kLastTouch,
  kPriorityRecency  // a click before a view, then the latest
};

// How signups are attributed.
struct AttributionRules {
  absl::Duration touch_window = absl::Hours(24 * 30);
  absl::Duration lead_window = absl::Hours(24 * 90);
  AttributionModel model = AttributionModel::kLastTouch;
  // How long a code that was rotated out is still honoured.
  absl::Duration code_grace = absl::Hours(24 * 30);
  // Half-life of the time decay credit of reports.
  absl::Duration credit_half_life = absl::Hours(24 * 7);
  friend bool operator==(const AttributionRules&, const AttributionRules&) = default;
};

// What makes a conversion a success, one that converts its referral.
struct SuccessRules {
  std::vector<std::string> events;          // names of events that count; empty: all
  std::optional<int64_t> min_amount_minor;  // least amount, without taxes and fees
  friend bool operator==(const SuccessRules&, const SuccessRules&) = default;
};

// How leads are looked after.
struct LeadRules {
  Condition fit;  // the ideal customer; always(): a person decides
  std::optional<absl::Duration> follow_up_sla;  // from submission to first contact
  bool alert_referee = false;                   // the referee is told at submission as well
  friend bool operator==(const LeadRules&, const LeadRules&) = default;
};

enum class QualityMetric { kQualification, kConversion };

// The quality-collapse alarm of a campaign.
struct QualityRules {
  bool enabled = false;
  QualityMetric metric = QualityMetric::kQualification;
  int64_t false_alarm_ppm = 10000;   // stated bound of the false alarm rate, per million
  int64_t drop_basis_points = 5000;  // the fall that it is tuned to find, of the baseline
  std::optional<int64_t> baseline_basis_points;  // absent: the program's own outcomes
  int64_t min_baseline_outcomes = 100;           // own outcomes needed before it judges
  absl::Duration outcome_within = absl::Hours(24 * 30);  // kConversion: in this time or never
  bool auto_pause = false;  // an alarm pauses the campaign's rewards
  friend bool operator==(const QualityRules&, const QualityRules&) = default;
};

enum class CampaignKind {
  kSeasonal,
  kContest,
  kFundraiser,
  kSocialGifting,
  kExclusiveEvent,
  kOther
};
enum class Recurrence { kNone, kYearly };

// A time-boxed variant of the program.
struct Campaign {
  std::string campaign_id;
  std::string display_name;
  CampaignKind kind = CampaignKind::kOther;
  std::string cause;          // of a fundraiser
  std::string link_template;  // of links with its codes (see link.h); empty: the program's
  absl::Time start_time = absl::InfinitePast();
  absl::Time end_time = absl::InfiniteFuture();  // exclusive
  Recurrence recurrence = Recurrence::kNone;     // kYearly: the same days each year
  Condition audience;                            // of advocates
  bool replaces_rewards = false;  // its rewards instead of, not besides, the program's
  std::vector<RewardRule> rewards;
  std::vector<Cap>
      caps;  // its budget: over all its rewards, and the amounts of those in money
  QualityRules quality;
  QualityRules further_quality;  // a second alarm, of the other metric
  friend bool operator==(const Campaign&, const Campaign&) = default;
};

struct Program {
  std::string program_id;
  std::string display_name;
  std::string currency;  // ISO 4217
  std::string time_zone = "UTC";
  std::string default_calling_code;  // `+49`: of numbers that state none; may be empty
  std::string link_template;         // of links with codes (see link.h); empty: no links
  AttributionRules attribution;
  Condition advocate_eligibility;  // who may be enrolled and recommend
  LeadRules leads;
  SuccessRules success;
  std::vector<RewardRule> rewards;
  std::vector<Cap> caps;  // the same over all of its rewards, those of campaigns included
  FraudRules fraud;
  std::vector<Campaign> campaigns;
  friend bool operator==(const Program&, const Program&) = default;
};

// A stored version of the rules. Versions count from 1.
struct ProgramVersion {
  Program program;
  int64_t version = 0;
  std::optional<absl::Time> effective_time;  // absent: since ever
  std::string unreadable = {};  // why this binary cannot read what is stored; empty: it can
  friend bool operator==(const ProgramVersion&, const ProgramVersion&) = default;
};

// PROGRAM_UNREADABLE when the stored rules are not known, which nothing may be judged by.
absl::Status CheckReadable(const ProgramVersion& version);

// What rules must fulfil beyond the limits of their fields. All violations are reported at
// once (INVALID_FIELD), by paths that begin with `program.`, each saying what would be right.
absl::Status ValidateProgram(const Program& program);

// The time from which a version after the one in force (nullptr: the first) holds:
// `requested`, else since ever for the first one and `now` for a later one. INVALID_FIELD when
// that would be before the time of the version in force.
absl::StatusOr<std::optional<absl::Time>> EffectiveTime(const ProgramVersion* in_force,
                                                        std::optional<absl::Time> requested,
                                                        absl::Time now);

// CURRENCY_CHANGED when a version after `newest` (nullptr: the first) has another currency.
absl::Status CheckCurrency(const ProgramVersion* newest, const Program& program);

// Of a version after others that holds from a time before now on: facts of [effective_time,
// now) that are told from now on are judged by it, and what falls due of them. Part of the
// API.
inline constexpr absl::string_view kBackdated = "BACKDATED";

// The version in force at `time`: the newest of those that hold by then. `versions` are in
// order. nullptr when none holds yet.
const ProgramVersion* VersionInForce(absl::Span<const ProgramVersion* const> versions,
                                     absl::Time time);
// Its program, or nullptr.
const Program* ProgramInForce(absl::Span<const ProgramVersion* const> versions,
                              absl::Time time);

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_PROGRAM_H_
