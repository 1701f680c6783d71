// The words of the API's enumerations, as playbook files and explanations write them.
#ifndef KITH_SERVICES_OUTREACH_DOMAIN_NAMES_H_
#define KITH_SERVICES_OUTREACH_DOMAIN_NAMES_H_

#include "absl/strings/string_view.h"
#include "services/outreach/domain/types.h"

namespace kith::outreach {

absl::string_view Name(Trigger trigger);     // "referral_submitted"
absl::string_view Name(StepKind kind);       // "human_task"; "any"
absl::string_view Name(Channel channel);     // "email"; "any"
absl::string_view Name(CapPolicy policy);    // "defer", also when unspecified
absl::string_view Name(MessageState state);  // "scheduled"

// The state of that name; kDead for any other text.
MessageState MessageStateOf(absl::string_view name);

}  // namespace kith::outreach

#endif  // KITH_SERVICES_OUTREACH_DOMAIN_NAMES_H_
