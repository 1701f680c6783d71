#include "services/referral/app/reward_standing.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/referral/domain/counting.h"
#include "services/referral/domain/reward.h"
#include "services/referral/store/advocate_tables.h"
#include "services/referral/store/campaign_tables.h"

namespace kith::referral::app {
namespace {

using domain::Because;
using domain::Reward;
using domain::RewardState;
using domain::Unpaid;

constexpr absl::string_view kRelease = "release:";
constexpr absl::string_view kRetry = "retry";

// Why no provider may have an available reward now; empty when one may.
std::string HeldBackBy(store::RowReader& rows, const Reward& reward) {
  const auto* pause =
      rows.Find<store::PausedCampaignTable>({reward.program_id, reward.campaign});
  if (pause != nullptr) return "campaign_paused";
  if (reward.side != domain::RewardSide::kReferrer) return "";
  const auto* advocate =
      rows.Find<store::AdvocateTable>({reward.program_id, reward.recipient_id});
  return advocate != nullptr && advocate->suspended() ? "advocate_suspended" : "";
}

std::string TextOfEnd(const Reward& reward) {
  if (reward.stored_state == RewardState::kFulfilling) {
    return "it is taken back unless the provider that is at it succeeds first";
  }
  if (reward.cause == domain::kCapReached) return "a cap left nothing of it";
  if (domain::IsOverCounts(reward.trigger) && domain::MakesWay(reward)) {
    return "the advocate has too few by now of what it counts";
  }
  if (reward.cause == domain::kFraudRejected) return "the referral was rejected as a fraud";
  if (reward.cause == domain::kExpired) return "it was not taken in time";
  if (reward.cause == domain::kNotReleased) return "its release event did not come in time";
  if (reward.closed_by == domain::kByRecalculation) return "a recalculation took it back";
  const bool person = !reward.closed_by.empty() && !domain::IsReservedName(reward.closed_by);
  return person ? absl::StrCat(reward.closed_by, " took it back") : "it was taken back";
}

// Of what holds a reward back for longer than its clock and its provider.
std::string TextOfWait(absl::string_view waits_for) {
  if (waits_for == kFraudDecision) return "it waits for the fraud decision";
  if (waits_for == "campaign_paused") return "its campaign is paused";
  if (waits_for == "advocate_suspended") return "the advocate is suspended";
  if (waits_for == kRetry) return "its fulfilment failed for good and waits for a person";
  if (!absl::ConsumePrefix(&waits_for, kRelease)) return "";
  return absl::StrCat("it waits for the event ", waits_for);
}

}  // namespace

std::string WaitsFor(store::RowReader& rows, const Reward& reward,
                     const domain::RewardRule* rule, absl::Time now) {
  switch (reward.state(now)) {
    case RewardState::kPending:
      return std::string(kFraudDecision);
    case RewardState::kApproved:
      return absl::StrCat(kRelease, rule == nullptr ? "" : rule->release_event);
    case RewardState::kHeld:
      return "holding_period";
    case RewardState::kAvailable: {
      std::string held_back = HeldBackBy(rows, reward);
      return held_back.empty() ? "fulfilment" : held_back;
    }
    case RewardState::kFulfilling:
      return reward.failed ? std::string(kRetry) : "provider";
    default:
      return "";
  }
}

Unpaid WhyNotOnItsWay(store::RowReader& rows, const Reward& reward,
                      const domain::RewardRule* rule, absl::Time now) {
  if (!domain::Stands(reward)) return Because(reward.cause, TextOfEnd(reward));
  if (reward.state(now) == RewardState::kExpired) {
    return Because(domain::kExpired, "it was not taken in time");
  }
  const std::string waits_for = WaitsFor(rows, reward, rule, now);
  std::string text = TextOfWait(waits_for);
  return text.empty() ? Unpaid() : Because(waits_for, std::move(text));
}

Unpaid WhyKept(const Reward& reward, const domain::RewardRule* rule, absl::Time reversal_time,
               absl::Time now) {
  if (!domain::Stands(reward) || reward.state(now) == RewardState::kExpired) return {};
  if (!domain::InClawbackWindow(reward, rule, reversal_time)) {
    const absl::Time end = reward.occasion_time + *rule->clawback_window;
    return Because(
        kClawbackWindowOver,
        absl::StrCat("it could be taken back until ",
                     absl::FormatTime("%Y-%m-%d %H:%M UTC", end, absl::UTCTimeZone()),
                     ", and the conversion was reversed later"));
  }
  if (reward.trigger != domain::Trigger::kNthSuccess) return {};
  return Because(kStillConverted, "another conversion converts the referral");
}

}  // namespace kith::referral::app
