#include "services/outreach/app/run_playbooks.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "services/outreach/app/known_milestones.h"
#include "services/outreach/domain/message.h"
#include "services/outreach/domain/reasons.h"
#include "services/outreach/store/message_tables.h"
#include "services/outreach/store/tables.h"

namespace kith::outreach {
namespace {

EnrollmentTable::Key EnrollmentKey(const Playbook& playbook, const TriggerFact& fact) {
  return {playbook.program_id, fact.contact_id, playbook.playbook_id, fact.subject_id,
          fact.life};
}

// Whether a later fact may end what `fact` starts.
bool CanEnd(const Playbook& playbook, const TriggerFact& fact) {
  return playbook.exit_on_conversion || playbook.exit_on_churn ||
         fact.trigger == Trigger::kCustomerChurned ||
         fact.trigger == Trigger::kSignupAttributed || !fact.conversion_id.empty();
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

PlaybookTable::Key VersionOf(const Enrollment& enrollment) {
  return {enrollment.program_id, enrollment.playbook_id, enrollment.playbook_version};
}

// The messages of an enrollment, copied: changing them changes the index.
std::vector<Message> MessagesOf(const Enrollment& enrollment, exec::Unit& unit) {
  std::vector<Message> messages;
  for (const Message* message :
       unit.Select<MessagesOfEnrollment>(EnrollmentTable::KeyOf(enrollment))) {
    messages.push_back(*message);
  }
  return messages;
}

void PutIfChanged(const Message& before, Message after, exec::Unit& unit) {
  if (!(after == before)) unit.Put<MessageTable>(std::move(after));
}

void End(Enrollment enrollment, absl::string_view reason, exec::Unit& unit, absl::Time now) {
  for (const Message& message : MessagesOf(enrollment, unit)) {
    PutIfChanged(message, Exited(message, reason, now), unit);
  }
  enrollment.ended_by = std::string(reason);
  unit.Put<EnrollmentTable>(std::move(enrollment));
}

void EndIfReached(Enrollment enrollment, exec::Unit& unit, absl::Time now) {
  const auto ended_by = EndedBy(enrollment, MilestonesOf(enrollment, unit));
  if (!ended_by.has_value() || *ended_by == enrollment.ended_by) return;
  End(std::move(enrollment), *ended_by, unit, now);
}

// Goes on with what was taken back.
void Restart(const Enrollment& ended, const TriggerFact& fact, exec::Unit& unit,
             absl::Time now) {
  Enrollment enrollment = Restarted(ended, fact);
  const auto ended_by = EndedBy(enrollment, MilestonesOf(enrollment, unit));
  if (ended_by == reasons::kConversionReversed) return;  // the fact is an old one
  const PlaybookVersion* version = unit.Find<PlaybookTable>(VersionOf(ended));
  if (version == nullptr) return;
  const Contact& contact = KnowContact(ended.program_id, ended.contact_id, unit);
  for (const Message& message : MessagesOf(ended, unit)) {
    Message after = Restarted(message, version->playbook, contact, fact);
    if (ended_by.has_value()) after = Exited(std::move(after), *ended_by, now);
    PutIfChanged(message, std::move(after), unit);
  }
  enrollment.ended_by = std::string(ended_by.value_or(""));
  unit.Put<EnrollmentTable>(std::move(enrollment));
}

// Goes on with what the fact has started before, if it has anything to say to it.
void GoOn(Enrollment known, const TriggerFact& fact, exec::Unit& unit, absl::Time now) {
  if (IsTakenBack(known)) return Restart(known, fact, unit, now);
  if (known.referral_id == fact.referral_id) return;
  known.referral_id = fact.referral_id;  // a customer's, who was given to another advocate
  unit.Put<EnrollmentTable>(known);
  EndIfReached(std::move(known), unit, now);
}

void StartOne(const PlaybookVersion& version, const TriggerFact& fact, exec::Unit& unit,
              absl::Time now) {
  const EnrollmentTable::Key key = EnrollmentKey(version.playbook, fact);
  if (const Enrollment* known = unit.Find<EnrollmentTable>(key)) {
    return GoOn(*known, fact, unit, now);
  }
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

// The enrollments that a milestone may end; empty while they are not loaded.
template <class Source>
std::vector<const Enrollment*> EndableBy(const Milestone& milestone, Source select) {
  const std::pair<std::string, std::string> key(milestone.program_id, milestone.subject_id);
  if (milestone.kind == kReferralConverted) return select(EndableOfReferral(), key);
  if (milestone.kind == kConversionReversed) return select(ReversibleOfConversion(), key);
  std::vector<const Enrollment*> endable = select(EndableOfContact(), key);
  std::erase_if(endable, [&](const Enrollment* enrollment) {
    if (milestone.kind == kCustomerReactivated) return !enrollment->exit_on_return;
    return milestone.kind == kCustomerConverted && !IsAboutContact(*enrollment);
  });
  return endable;
}

// What a milestone may end, copied: ending changes the indexes.
std::vector<Enrollment> Affected(const Milestone& milestone, exec::Unit& unit) {
  std::vector<Enrollment> affected;
  for (const Enrollment* enrollment : EndableBy(milestone, [&](auto index, const auto&key) {
         return unit.Select<decltype(index)>(key);
       })) {
    affected.push_back(*enrollment);
  }
  return affected;
}

void WantStartOf(const PlaybookVersion& version, const TriggerFact& fact,
                 exec::Loader& loader) {
  const Playbook& playbook = version.playbook;
  const EnrollmentTable::Key key = EnrollmentKey(playbook, fact);
  loader.Want<EnrollmentTable>(key);
  loader.Want<ContactTable>({playbook.program_id, fact.contact_id});
  for (const Step& step : playbook.steps) {
    loader.Want<MessageTable>(
        {playbook.program_id, MessageId(playbook.playbook_id, fact.contact_id, fact.subject_id,
                                        step.step_id, fact.life)});
  }
  if (!CanEnd(playbook, fact)) return;
  WantMilestones(playbook.program_id, fact.contact_id, fact.referral_id, fact.conversion_id,
                 loader);
  // A later event of the same batch may end what this one starts.
  loader.WantAll<MessagesOfEnrollment>(key);
  const Enrollment* known = loader.Peek<EnrollmentTable>(key);
  if (known != nullptr) loader.Want<PlaybookTable>(VersionOf(*known));
}

// Wants what a fact needs whose life is known.
void WantStartInLife(const std::string& program_id, const TriggerFact& fact,
                     exec::Loader& loader) {
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

// The fact in its life, if it starts anything.
std::optional<TriggerFact> InItsLife(TriggerFact fact, const Milestone* back) {
  std::optional<absl::Time> return_time;
  if (back != nullptr) return_time = back->time;
  const std::optional<int64_t> life = LifeEndedAt(fact.time, return_time);
  if (!life.has_value()) return std::nullopt;
  fact.life = *life;
  return fact;
}

// The churn that would start the life after a return: its rows are wanted with the return, as
// both may be in one batch.
TriggerFact ChurnAfter(const Milestone& back) {
  return {Trigger::kCustomerChurned,    back.subject_id, back.subject_id, "", back.time, "",
          absl::ToUnixMicros(back.time)};
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
  if (fact.trigger != Trigger::kCustomerChurned) {
    return WantStartInLife(program_id, fact, loader);
  }
  const auto back = MilestoneKey(program_id, kCustomerReactivated, fact.contact_id);
  loader.Want<MilestoneTable>(back);
  const auto in_its_life = InItsLife(fact, loader.Peek<MilestoneTable>(back));
  if (in_its_life.has_value()) WantStartInLife(program_id, *in_its_life, loader);
}

void Start(const std::string& program_id, const TriggerFact& fact, exec::Unit& unit,
           absl::Time now) {
  std::optional<TriggerFact> starts = fact;
  if (fact.trigger == Trigger::kCustomerChurned) {
    starts = InItsLife(fact, unit.Find<MilestoneTable>(MilestoneKey(
                                 program_id, kCustomerReactivated, fact.contact_id)));
  }
  if (!starts.has_value()) return;
  for (const PlaybookVersion* version : unit.Select<NewestPlaybooks>(program_id)) {
    if (!IsInForce(*version, fact.time)) {
      version = InForce(unit.Select<VersionsOfPlaybook>(PlaybookOf(*version)), fact.time);
    }
    if (version == nullptr || version->playbook.trigger != fact.trigger) continue;
    StartOne(*version, *starts, unit, now);
  }
}

void WantReach(const Milestone& milestone, exec::Loader& loader) {
  loader.Want<MilestoneTable>(MilestoneTable::KeyOf(milestone));
  if (milestone.kind == kCustomerReactivated) {
    WantStartInLife(milestone.program_id, ChurnAfter(milestone), loader);
  }
  for (const Enrollment* enrollment : EndableBy(milestone, [&](auto index, const auto&key) {
         loader.WantAll<decltype(index)>(key);
         return loader.PeekAll<decltype(index)>(key);
       })) {
    WantMilestones(milestone.program_id, enrollment->contact_id, enrollment->referral_id,
                   enrollment->conversion_id, loader);
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

void WantWithdrawal(const std::string& program_id, const std::string& customer_id,
                    exec::Loader& loader) {
  const WithdrawableOfContact::Key key(program_id, customer_id);
  loader.WantAll<WithdrawableOfContact>(key);
  for (const Enrollment* enrollment : loader.PeekAll<WithdrawableOfContact>(key)) {
    loader.WantAll<MessagesOfEnrollment>(EnrollmentTable::KeyOf(*enrollment));
  }
}

void Withdraw(const std::string& program_id, const std::string& customer_id, exec::Unit& unit,
              absl::Time now) {
  std::vector<Enrollment> withdrawn;  // copied: ending changes the index
  for (const Enrollment* enrollment :
       unit.Select<WithdrawableOfContact>({program_id, customer_id})) {
    withdrawn.push_back(*enrollment);
  }
  for (Enrollment& enrollment : withdrawn) {
    enrollment.referral_id.clear();  // what becomes of it means nothing to them any more
    End(std::move(enrollment), reasons::kUnattributed, unit, now);
  }
}

}  // namespace kith::outreach
