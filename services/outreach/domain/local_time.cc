#include "services/outreach/domain/local_time.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace kith::outreach {
namespace {

absl::CivilSecond AtMinute(absl::CivilDay day, int minute) {
  return absl::CivilSecond(day) + int64_t{minute} * 60;
}

// The end of the quiet hours that begin on `day`, if `time` is in them. Both ends are
// instants, so that an hour that occurs twice begins or ends a night only once.
std::optional<absl::Time> QuietUntilFrom(absl::CivilDay day, absl::Time time,
                                         const QuietHours& quiet, absl::TimeZone zone) {
  const absl::CivilDay last = quiet.start_minute > quiet.end_minute ? day + 1 : day;
  const absl::Time start = ToInstant(AtMinute(day, quiet.start_minute), zone);
  const absl::Time end = ToInstant(AtMinute(last, quiet.end_minute), zone);
  if (time < start || time >= end) return std::nullopt;
  return end;
}

std::optional<absl::Time> QuietNightEnd(absl::Time time, const QuietHours& quiet,
                                        absl::TimeZone zone) {
  const absl::CivilDay today = LocalDay(time, zone);
  std::optional<absl::Time> end = QuietUntilFrom(today, time, quiet, zone);
  return end.has_value() ? end : QuietUntilFrom(today - 1, time, quiet, zone);
}

}  // namespace

absl::string_view Name(ZoneSource source) {
  switch (source) {
    case ZoneSource::kContact:
      return "contact";
    case ZoneSource::kPlaybook:
      return "playbook";
    case ZoneSource::kUtc:
      break;
  }
  return "utc";
}

std::string Describe(const Zone& zone) {
  if (zone.source == ZoneSource::kUtc) return "UTC, as no zone is known";
  return absl::StrCat(zone.zone.name(), ", the ", Name(zone.source), "'s zone");
}

bool IsKnownZone(absl::string_view name) {
  absl::TimeZone zone;
  return absl::LoadTimeZone(name, &zone);
}

Zone ZoneFor(absl::string_view contact_zone, absl::string_view playbook_zone) {
  absl::TimeZone zone;
  if (!contact_zone.empty() && absl::LoadTimeZone(contact_zone, &zone)) {
    return {zone, ZoneSource::kContact};
  }
  if (!playbook_zone.empty() && absl::LoadTimeZone(playbook_zone, &zone)) {
    return {zone, ZoneSource::kPlaybook};
  }
  return {absl::UTCTimeZone(), ZoneSource::kUtc};
}

absl::Time ToInstant(absl::CivilSecond local, absl::TimeZone zone) {
  const absl::TimeZone::TimeInfo info = zone.At(local);
  return info.kind == absl::TimeZone::TimeInfo::SKIPPED ? info.trans : info.pre;
}

absl::CivilDay LocalDay(absl::Time time, absl::TimeZone zone) {
  return absl::CivilDay(zone.At(time).cs);
}

bool DayExists(absl::CivilDay day, absl::TimeZone zone) {
  return LocalDay(ToInstant(absl::CivilSecond(day), zone), zone) == day;
}

std::optional<absl::Time> QuietUntil(absl::Time time,
                                     const std::optional<QuietHours>& quiet_hours,
                                     absl::TimeZone zone) {
  if (!quiet_hours.has_value() || quiet_hours->start_minute == quiet_hours->end_minute) {
    return std::nullopt;
  }
  std::optional<absl::Time> until = QuietNightEnd(time, *quiet_hours, zone);
  // One night may run into the next: when the waking minutes are in an hour that a clock
  // change skips, or on a day that does not exist.
  for (int nights = 0; until.has_value() && nights < 3; ++nights) {
    const std::optional<absl::Time> next = QuietNightEnd(*until, *quiet_hours, zone);
    if (!next.has_value()) break;
    until = next;
  }
  return until;
}

absl::Time AfterQuietHours(absl::Time time, const std::optional<QuietHours>& quiet_hours,
                           absl::TimeZone zone) {
  return QuietUntil(time, quiet_hours, zone).value_or(time);
}

std::string FormatLocal(absl::Time time, absl::TimeZone zone) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%S %Ez", time, zone);
}

std::string FormatMinute(int minute_of_day) {
  return absl::StrFormat("%02d:%02d", minute_of_day / 60, minute_of_day % 60);
}

}  // namespace kith::outreach
