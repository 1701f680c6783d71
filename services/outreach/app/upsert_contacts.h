// Sets zone, locale and suppressions of contacts.
#ifndef KITH_SERVICES_OUTREACH_APP_UPSERT_CONTACTS_H_
#define KITH_SERVICES_OUTREACH_APP_UPSERT_CONTACTS_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "common/executor/executor.h"
#include "services/outreach/domain/types.h"

namespace kith::outreach {

// What is to be known of a contact. A zone and a locale replace what was known, unless they
// are empty; so do the suppressions, unless they are kept: who does not know them must not
// lift them.
struct ContactUpdate {
  Contact contact;
  bool keeps_suppressions = false;  // those of `contact` are ignored
};

struct UpsertContactsResult {
  std::vector<bool> changed;  // or new; in the order of the contacts
};

// A contact whose zone changes gets the due times that its messages would have had if the
// zone had been known when they were planned. Errors: PROGRAM_NOT_FOUND, INVALID_FIELD (a zone
// that does not exist).
class UpsertContacts final : public exec::Command {
 public:
  using Encoder = std::function<std::string(const UpsertContactsResult&)>;
  UpsertContacts(std::string program_id, std::vector<ContactUpdate> updates, Encoder encode)
      : program_id_(std::move(program_id)),
        updates_(std::move(updates)),
        encode_(std::move(encode)) {}
  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  absl::Status CheckZones() const;

  const std::string program_id_;
  const std::vector<ContactUpdate> updates_;  // their program_id is program_id_
  const Encoder encode_;
};

}  // namespace kith::outreach

#endif  // KITH_SERVICES_OUTREACH_APP_UPSERT_CONTACTS_H_
