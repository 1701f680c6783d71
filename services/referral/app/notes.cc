#include "services/referral/app/notes.h"

#include "absl/strings/str_cat.h"
#include "common/base/seal.h"

namespace kith::referral::app {
namespace {

std::string NoteKey(absl::string_view program_key) {
  return DeriveKey(program_key, "lead note");
}

// Ids hold no spaces.
std::string Place(absl::string_view program_id, absl::string_view referral_id) {
  return absl::StrCat(program_id, " ", referral_id);
}

}  // namespace

std::string SealNote(absl::string_view program_key, absl::string_view program_id,
                     absl::string_view referral_id, absl::string_view nonce,
                     absl::string_view note) {
  if (note.empty()) return {};
  return Seal(NoteKey(program_key), nonce, Place(program_id, referral_id), note);
}

std::optional<std::string> OpenNote(absl::string_view program_key,
                                    absl::string_view program_id,
                                    absl::string_view referral_id, absl::string_view sealed) {
  if (sealed.empty()) return std::string();
  return OpenSealed(NoteKey(program_key), Place(program_id, referral_id), sealed);
}

}  // namespace kith::referral::app
