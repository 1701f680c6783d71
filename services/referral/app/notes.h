// The notes that come with leads: kept sealed under the program's key, bound to their row.
#ifndef KITH_SERVICES_REFERRAL_APP_NOTES_H_
#define KITH_SERVICES_REFERRAL_APP_NOTES_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace kith::referral::app {

// Empty for an empty note. `nonce` as common/base/seal.h says.
std::string SealNote(absl::string_view program_key, absl::string_view program_id,
                     absl::string_view referral_id, absl::string_view nonce,
                     absl::string_view note);
// Empty for no note; nullopt when it was not sealed for this referral.
std::optional<std::string> OpenNote(absl::string_view program_key,
                                    absl::string_view program_id,
                                    absl::string_view referral_id, absl::string_view sealed);

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_NOTES_H_
