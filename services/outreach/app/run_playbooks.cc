#include "services/outreach/app/run_playbooks.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "services/outreach/domain/message.h"
#include "services/outreach/store/message_tables.h"

namespace kith::outreach {
namespace {

MilestoneTable::Key MilestoneKey(const std::string& program_id, absl::string_view kind,
                                 const std::string& subject_id) {
  return {program_id, std::string(kind), subject_id};
}

EnrollmentTable::Key EnrollmentKey(const Playbook& playbook, const TriggerFact& fact) {
  return {playbook.program_id, fact.contact_id, playbook.playbook_id, fact.subject_id};
}

bool CanEnd(const Playbook& playbook) {
  return playbook.exit_on_conversion || playbook.exit_on_churn;
}

Milestones MilestonesOf(const Enrollment& enrollment, exec::Unit& unit) {
  const auto find = [&](absl::string_view kind, const std::string& subject_id) {
    return unit.Find<MilestoneTable>(MilestoneKey(enrollment.program_id, kind, subject_id));
  };
  Milestones milestones;
  if (enrollment.exit_on_conversion) {
    milestones.converted = (IsAboutContact(enrollment) &&
                            find(kCustomerConverted, enrollment.contact_id) != nullptr) ||
                           (!enrollment.referral_id.empty() &&
                            find(kReferralConverted, enrollment.referral_id) != nullptr);
  }
  if (enrollment.exit_on_churn) {
    const Milestone* churned = find(kCustomerChurned, enrollment.contact_id);
    if (churned != nullptr) milestones.churn_time = churned->time;
  }
  return milestones;
}

// The milestones that MilestonesOf asks for.
void WantMilestones(const std::string& program_id, const std::string& contact_id,
                    const std::string& referral_id, exec::Loader& loader) {
  loader.Want<MilestoneTable>(MilestoneKey(program_id, kCustomerConverted, contact_id));
  loader.Want<MilestoneTable>(MilestoneKey(program_id, kCustomerChurned, contact_id));
  if (!referral_id.empty()) {
    loader.Want<MilestoneTable>(MilestoneKey(program_id, kReferralConverted, referral_id));
  }
}

VersionsOfPlaybook::Key PlaybookOf(const PlaybookVersion& version) {
  return {version.playbook.program_id, version.playbook.playbook_id};
}

// Whether the versions before `newest` need no look.
bool IsInForce(const PlaybookVersion& newest, absl::Time time) {
  return newest.version == 1 || newest.applied_time <= time;
}

// The newest version that had been applied at `time`, so that facts read late start what they
// would have started in time. The first reaches back: it is for all that came before it.
// `versions` are all of a playbook, oldest first.
const PlaybookVersion* InForce(const std::vector<const PlaybookVersion*>& versions,
                               absl::Time time) {
  const PlaybookVersion* in_force = versions.empty() ? nullptr : versions.front();
  for (const PlaybookVersion* version : versions) {
    if (version->applied_time <= time) in_force = version;
  }
  return in_force;
}

const Contact& KnowContact(const std::string& program_id, const std::string& contact_id,
                           exec::Unit& unit) {
  const ContactTable::Key key(program_id, contact_id);
  if (unit.Find<ContactTable>(key) == nullptr) {
    Contact contact;
    contact.program_id = program_id;
    contact.contact_id = contact_id;
    unit.Put<ContactTable>(std::move(contact));
  }
  const Contact* known = unit.Find<ContactTable>(key);
  static const Contact* const kNobody = new Contact;  // when the store has failed
  return known == nullptr ? *kNobody : *known;
}

void StartOne(const PlaybookVersion& version, const TriggerFact& fact, exec::Unit& unit,
              absl::Time now) {
  if (unit.Find<EnrollmentTable>(EnrollmentKey(version.playbook, fact)) != nullptr) return;
  const Contact& contact = KnowContact(version.playbook.program_id, fact.contact_id, unit);
  Started started = StartPlaybook(version, contact, fact);
  const auto ended_by = EndedBy(started.enrollment, MilestonesOf(started.enrollment, unit));
  if (ended_by.has_value()) started.enrollment.ended_by = std::string(*ended_by);
  unit.Put<EnrollmentTable>(std::move(started.enrollment));
  for (Message& message : started.messages) {
    unit.Put<MessageTable>(ended_by.has_value() ? Exited(std::move(message), *ended_by, now)
                                                : std::move(message));
  }
}

bool MayEnd(const Milestone& milestone, const Enrollment& enrollment) {
  return milestone.kind != kCustomerConverted || IsAboutContact(enrollment);
}

// What a milestone may end, copied: ending changes the indexes.
std::vector<Enrollment> Affected(const Milestone& milestone, exec::Unit& unit) {
  const std::pair<std::string, std::string> key(milestone.program_id, milestone.subject_id);
  std::vector<Enrollment> affected;
  for (const Enrollment* enrollment : milestone.kind == kReferralConverted
                                          ? unit.Select<EndableOfReferral>(key)
                                          : unit.Select<EndableOfContact>(key)) {
    if (MayEnd(milestone, *enrollment)) affected.push_back(*enrollment);
  }
  return affected;
}

void EndIfReached(Enrollment enrollment, exec::Unit& unit, absl::Time now) {
  const auto ended_by = EndedBy(enrollment, MilestonesOf(enrollment, unit));
  if (!ended_by.has_value() || *ended_by == enrollment.ended_by) return;
  for (const Message* message :
       unit.Select<MessagesOfEnrollment>(EnrollmentTable::KeyOf(enrollment))) {
    Message after = Exited(*message, *ended_by, now);
    if (!(after == *message)) unit.Put<MessageTable>(std::move(after));
  }
  enrollment.ended_by = std::string(*ended_by);
  unit.Put<EnrollmentTable>(std::move(enrollment));
}

void WantStartOf(const PlaybookVersion& version, const TriggerFact& fact,
                 exec::Loader& loader) {
  const Playbook& playbook = version.playbook;
  const EnrollmentTable::Key key = EnrollmentKey(playbook, fact);
  loader.Want<EnrollmentTable>(key);
  loader.Want<ContactTable>({playbook.program_id, fact.contact_id});
  for (const Step& step : playbook.steps) {
    loader.Want<MessageTable>(
        {playbook.program_id,
         MessageId(playbook.playbook_id, fact.contact_id, fact.subject_id, step.step_id)});
  }
  if (!CanEnd(playbook)) return;
  WantMilestones(playbook.program_id, fact.contact_id, fact.referral_id, loader);
  // A later event of the same batch may end what this one starts.
  loader.WantAll<MessagesOfEnrollment>(key);
}

}  // namespace

void WantProgram(const std::string& program_id, exec::Loader& loader) {
  loader.Want<ProgramTable>(program_id);
}

void KnowProgram(const std::string& program_id, exec::Unit& unit, absl::Time now) {
  if (unit.Find<ProgramTable>(program_id) != nullptr) return;
  unit.Put<ProgramTable>({program_id, now});
}

void WantStart(const std::string& program_id, const TriggerFact& fact, exec::Loader& loader) {
  loader.WantAll<NewestPlaybooks>(program_id);
  for (const PlaybookVersion* version : loader.PeekAll<NewestPlaybooks>(program_id)) {
    if (!IsInForce(*version, fact.time)) {
      const VersionsOfPlaybook::Key key = PlaybookOf(*version);
      loader.WantAll<VersionsOfPlaybook>(key);
      version = InForce(loader.PeekAll<VersionsOfPlaybook>(key), fact.time);
    }
    if (version == nullptr || version->playbook.trigger != fact.trigger) continue;
    WantStartOf(*version, fact, loader);
  }
}

void Start(const std::string& program_id, const TriggerFact& fact, exec::Unit& unit,
           absl::Time now) {
  for (const PlaybookVersion* version : unit.Select<NewestPlaybooks>(program_id)) {
    if (!IsInForce(*version, fact.time)) {
      version = InForce(unit.Select<VersionsOfPlaybook>(PlaybookOf(*version)), fact.time);
    }
    if (version == nullptr || version->playbook.trigger != fact.trigger) continue;
    StartOne(*version, fact, unit, now);
  }
}

void WantReach(const Milestone& milestone, exec::Loader& loader) {
  loader.Want<MilestoneTable>(MilestoneTable::KeyOf(milestone));
  const std::pair<std::string, std::string> key(milestone.program_id, milestone.subject_id);
  const bool referral = milestone.kind == kReferralConverted;
  if (referral) {
    loader.WantAll<EndableOfReferral>(key);
  } else {
    loader.WantAll<EndableOfContact>(key);
  }
  for (const Enrollment* enrollment : referral ? loader.PeekAll<EndableOfReferral>(key)
                                               : loader.PeekAll<EndableOfContact>(key)) {
    if (!MayEnd(milestone, *enrollment)) continue;
    WantMilestones(milestone.program_id, enrollment->contact_id, enrollment->referral_id,
                   loader);
    loader.WantAll<MessagesOfEnrollment>(EnrollmentTable::KeyOf(*enrollment));
  }
}

void Reach(const Milestone& milestone, exec::Unit& unit, absl::Time now) {
  const Milestone* known = unit.Find<MilestoneTable>(MilestoneTable::KeyOf(milestone));
  if (known == nullptr || known->time < milestone.time) unit.Put<MilestoneTable>(milestone);
  for (Enrollment& enrollment : Affected(milestone, unit)) {
    EndIfReached(std::move(enrollment), unit, now);
  }
}

}  // namespace kith::outreach
