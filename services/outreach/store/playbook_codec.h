// The stored text of a playbook: one line a rule, words separated by spaces, `-` for an empty
// one, times in microseconds, enumerations by number. Lines that a version of the program does
// not know are passed over, so that an older binary can read what a newer one wrote.
#ifndef KITH_SERVICES_OUTREACH_STORE_PLAYBOOK_CODEC_H_
#define KITH_SERVICES_OUTREACH_STORE_PLAYBOOK_CODEC_H_

#include <string>

#include "absl/strings/string_view.h"
#include "services/outreach/domain/types.h"

namespace kith::outreach {

// The rules without the ids of program and playbook. Equal playbooks have equal texts.
std::string EncodeRules(const Playbook& playbook);
Playbook DecodeRules(absl::string_view text);

// `email:opt_out any:bounce`.
std::string EncodeSuppressions(const Contact& contact);
std::vector<Suppression> DecodeSuppressions(absl::string_view text);

}  // namespace kith::outreach

#endif  // KITH_SERVICES_OUTREACH_STORE_PLAYBOOK_CODEC_H_
