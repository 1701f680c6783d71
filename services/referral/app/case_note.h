// What a person noted about a fraud case: kept sealed under the program's key, bound to it.
#ifndef KITH_SERVICES_REFERRAL_APP_CASE_NOTE_H_
#define KITH_SERVICES_REFERRAL_APP_CASE_NOTE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "services/referral/domain/fraud_case.h"

namespace kith::referral::app {

// The case with the note; without one when it is empty. `nonce` as common/base/seal.h says.
domain::FraudCase WithNote(domain::FraudCase fraud_case, absl::string_view program_key,
                           absl::string_view nonce, absl::string_view note);
// The note of the case; empty when there is none that opens.
std::string NoteOf(const domain::FraudCase& fraud_case, absl::string_view program_key);

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_CASE_NOTE_H_
