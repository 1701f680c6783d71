#include "services/outreach/domain/names.h"

namespace kith::outreach {
namespace {

template <class Enum, size_t kSize>
absl::string_view Lookup(const absl::string_view (&names)[kSize], Enum value) {
  const auto i = static_cast<size_t>(value);
  return i < kSize ? names[i] : "unknown";
}

constexpr absl::string_view kTriggers[] = {"none",
                                           "referral_submitted",
                                           "signup_attributed",
                                           "referral_converted",
                                           "customer_onboarded",
                                           "aha_reached",
                                           "customer_churned"};
constexpr absl::string_view kKinds[] = {"any", "ask", "value", "notice", "human_task"};
constexpr absl::string_view kChannelNames[] = {"any", "email", "sms", "webhook", "task"};
constexpr absl::string_view kPolicies[] = {"defer", "defer", "skip"};
constexpr absl::string_view kStates[] = {"unknown", "scheduled", "leased",
                                         "sent",    "skipped",   "dead"};

}  // namespace

absl::string_view Name(Trigger trigger) { return Lookup(kTriggers, trigger); }
absl::string_view Name(StepKind kind) { return Lookup(kKinds, kind); }
absl::string_view Name(Channel channel) { return Lookup(kChannelNames, channel); }
absl::string_view Name(CapPolicy policy) { return Lookup(kPolicies, policy); }
absl::string_view Name(MessageState state) { return Lookup(kStates, state); }

MessageState MessageStateOf(absl::string_view name) {
  for (MessageState state : kMessageStates) {
    if (Name(state) == name) return state;
  }
  return MessageState::kDead;
}

}  // namespace kith::outreach
