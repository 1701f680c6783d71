#include "services/outreach/app/upsert_contacts.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/not_found.h"
#include "common/base/status_macros.h"
#include "services/outreach/domain/enrollment.h"
#include "services/outreach/domain/errors.h"
#include "services/outreach/domain/local_time.h"
#include "services/outreach/store/message_tables.h"
#include "services/outreach/store/tables.h"

namespace kith::outreach {
namespace {

PlaybookTable::Key VersionOf(const Message& message) {
  return {message.program_id, message.playbook_id, message.playbook_version};
}

void Rezone(const Contact& before, const Contact& after, exec::Unit& unit) {
  for (const Message* message :
       unit.Select<OpenOfContact>({after.program_id, after.contact_id})) {
    const PlaybookVersion* version = unit.Find<PlaybookTable>(VersionOf(*message));
    if (version == nullptr) continue;
    Message moved = Rezoned(*message, version->playbook, before.time_zone, after.time_zone);
    if (!(moved == *message)) unit.Put<MessageTable>(std::move(moved));
  }
}

// The contact that an update makes of `known`, a contact without anything when it is new.
Contact Updated(const Contact& known, const ContactUpdate& update) {
  Contact contact = update.contact;
  if (contact.time_zone.empty()) contact.time_zone = known.time_zone;
  if (contact.locale.empty()) contact.locale = known.locale;
  if (update.keeps_suppressions) contact.suppressions = known.suppressions;
  return contact;
}

// Whether the contact was new or changed.
bool Upsert(const ContactUpdate& update, exec::Unit& unit) {
  const Contact* found =
      unit.Find<ContactTable>({update.contact.program_id, update.contact.contact_id});
  Contact contact = Updated(found == nullptr ? Contact() : *found, update);
  if (found != nullptr && *found == contact) return false;
  if (found != nullptr && found->time_zone != contact.time_zone) {
    Rezone(Contact(*found), contact, unit);
  }
  unit.Put<ContactTable>(std::move(contact));
  return true;
}

}  // namespace

void UpsertContacts::Prefetch(exec::Loader& loader) const {
  loader.Want<ProgramTable>(program_id_);
  for (const ContactUpdate& update : updates_) {
    const Contact& contact = update.contact;
    const ContactTable::Key key(program_id_, contact.contact_id);
    loader.Want<ContactTable>(key);
    const Contact* found = loader.Peek<ContactTable>(key);
    if (found == nullptr || contact.time_zone.empty()) continue;
    if (found->time_zone == contact.time_zone) continue;
    loader.WantAll<OpenOfContact>(key);
    for (const Message* message : loader.PeekAll<OpenOfContact>(key)) {
      loader.Want<PlaybookTable>(VersionOf(*message));
    }
  }
}

absl::Status UpsertContacts::CheckZones() const {
  for (size_t i = 0; i < updates_.size(); ++i) {
    const std::string& zone = updates_[i].contact.time_zone;
    if (!zone.empty() && !IsKnownZone(zone)) {
      return MakeFieldError(errors::kInvalidField, absl::StrCat("contacts[", i, "].time_zone"),
                            "is not in the IANA time zone database");
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> UpsertContacts::Decide(exec::Unit& unit, absl::Time) const {
  if (unit.Find<ProgramTable>(program_id_) == nullptr) {
    return ProgramNotFound(program_id_);
  }
  KITH_RETURN_IF_ERROR(CheckZones());
  UpsertContactsResult result;
  for (const ContactUpdate& update : updates_) result.changed.push_back(Upsert(update, unit));
  return encode_(result);
}

}  // namespace kith::outreach
