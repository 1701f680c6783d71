#include "services/referral/app/case_note.h"

#include "absl/strings/str_cat.h"
#include "common/base/seal.h"

namespace kith::referral::app {
namespace {

std::string NoteKey(absl::string_view program_key) {
  return DeriveKey(program_key, "fraud case note");
}

// Ids hold no spaces.
std::string Place(const domain::FraudCase& fraud_case) {
  return absl::StrCat(fraud_case.program_id, " ", fraud_case.referral_id);
}

}  // namespace

domain::FraudCase WithNote(domain::FraudCase fraud_case, absl::string_view program_key,
                           absl::string_view nonce, absl::string_view note) {
  fraud_case.sealed_note.clear();
  if (!note.empty()) {
    fraud_case.sealed_note = Seal(NoteKey(program_key), nonce, Place(fraud_case), note);
  }
  return fraud_case;
}

std::string NoteOf(const domain::FraudCase& fraud_case, absl::string_view program_key) {
  if (fraud_case.sealed_note.empty()) return {};
  return OpenSealed(NoteKey(program_key), Place(fraud_case), fraud_case.sealed_note)
      .value_or(std::string());
}

}  // namespace kith::referral::app
