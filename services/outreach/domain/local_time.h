// Local time as people live it. The offset is always that of the moment in question, never
// today's. A local time that a clock change skips stands for the first instant after the
// change; one that occurs twice stands for its first occurrence.
#ifndef KITH_SERVICES_OUTREACH_DOMAIN_LOCAL_TIME_H_
#define KITH_SERVICES_OUTREACH_DOMAIN_LOCAL_TIME_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "services/outreach/domain/types.h"

namespace kith::outreach {

// Where a zone came from, first match: the contact, its playbook, UTC.
enum class ZoneSource { kContact, kPlaybook, kUtc };
absl::string_view Name(ZoneSource source);  // "contact", "playbook", "utc"

struct Zone {
  absl::TimeZone zone;
  ZoneSource source = ZoneSource::kUtc;
};

// `Asia/Kolkata, the contact's zone`; `UTC, as no zone is known`.
std::string Describe(const Zone& zone);

// Whether the IANA database of this machine has the zone.
bool IsKnownZone(absl::string_view name);
// The zone of a contact. A name that is empty or unknown here falls through to the next.
Zone ZoneFor(absl::string_view contact_zone, absl::string_view playbook_zone);

// The instant at which the clocks of the zone first show `local` or, if they never do, the
// first instant after the skipped hour.
absl::Time ToInstant(absl::CivilSecond local, absl::TimeZone zone);
absl::CivilDay LocalDay(absl::Time time, absl::TimeZone zone);
// Whether the day exists in the zone (Samoa had no 2011-12-30).
bool DayExists(absl::CivilDay day, absl::TimeZone zone);

// The end of the quiet hours that `time` is in; nullopt when it is in none.
std::optional<absl::Time> QuietUntil(absl::Time time,
                                     const std::optional<QuietHours>& quiet_hours,
                                     absl::TimeZone zone);
// `time`, or the end of the quiet hours that it is in.
absl::Time AfterQuietHours(absl::Time time, const std::optional<QuietHours>& quiet_hours,
                           absl::TimeZone zone);

// `2026-03-29 03:00:00 +02:00`.
std::string FormatLocal(absl::Time time, absl::TimeZone zone);
// `22:00`.
std::string FormatMinute(int minute_of_day);

}  // namespace kith::outreach

#endif  // KITH_SERVICES_OUTREACH_DOMAIN_LOCAL_TIME_H_
