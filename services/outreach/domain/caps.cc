#include "services/outreach/domain/caps.h"

#include <algorithm>
#include <functional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/outreach/domain/local_time.h"
#include "services/outreach/domain/names.h"

namespace kith::outreach {
namespace {

template <class Item>
bool Covers(const Cap& cap, const Item& item) {
  return (cap.kind == StepKind::kAny || cap.kind == item.kind) &&
         (cap.channel == Channel::kAny || cap.channel == item.channel);
}

// The days of what the cap counts against `message`, newest first.
std::vector<absl::CivilDay> CountedDays(const Cap& cap, const Message& message,
                                        absl::Span<const HandedOut> history,
                                        absl::TimeZone zone) {
  std::vector<absl::CivilDay> days;
  for (const HandedOut& item : history) {
    if (Covers(cap, item) && item.message_id != message.message_id) {
      days.push_back(LocalDay(item.time, zone));
    }
  }
  std::sort(days.begin(), days.end(), std::greater<>());
  return days;
}

int CountSince(absl::Span<const absl::CivilDay> newest_first, absl::CivilDay first) {
  const auto end = std::find_if(newest_first.begin(), newest_first.end(),
                                [first](absl::CivilDay day) { return day < first; });
  return static_cast<int>(end - newest_first.begin());
}

// The first day whose window holds fewer than the cap's number: the day after the window of
// the max-th newest message. Requires max_messages > 0.
absl::CivilDay FirstFreeDay(const Cap& cap, absl::Span<const absl::CivilDay> newest_first,
                            absl::CivilDay day) {
  const auto nth = static_cast<size_t>(cap.max_messages);
  if (newest_first.size() < nth) return day;
  return std::max(day, newest_first[nth - 1] + cap.days);
}

// Adds what one cap says to the verdict.
void Apply(const Cap& cap, absl::Span<const absl::CivilDay> days, absl::CivilDay day,
           CapVerdict& verdict) {
  const int count = CountSince(days, day - (cap.days - 1));
  const int free = std::max(0, cap.max_messages - count);
  verdict.tightest = verdict.tightest < 0 ? free : std::min(verdict.tightest, free);
  const bool decides = !verdict.stopped_by.has_value() ||
                       (cap.max_messages == 0 && verdict.first_day.has_value());
  if (free == 0 && decides) {
    verdict.stopped_by = cap;
    verdict.handed_out = count;
  }
  if (cap.max_messages == 0) {
    verdict.first_day.reset();
  } else if (verdict.first_day.has_value()) {
    verdict.first_day = std::max(*verdict.first_day, FirstFreeDay(cap, days, day));
  }
}

}  // namespace

CapVerdict JudgeCaps(absl::Span<const Cap> caps, const Message& message,
                     absl::Span<const HandedOut> history, absl::CivilDay day,
                     absl::TimeZone zone) {
  CapVerdict verdict;
  verdict.first_day = day;
  for (const Cap& cap : caps) {
    if (!Covers(cap, message)) continue;
    Apply(cap, CountedDays(cap, message, history, zone), day, verdict);
  }
  return verdict;
}

int LongestWindow(absl::Span<const Cap> caps, const Message& message) {
  int days = 0;
  for (const Cap& cap : caps) {
    if (Covers(cap, message)) days = std::max(days, cap.days);
  }
  return days;
}

std::string Describe(const Cap& cap) {
  std::string text = absl::StrCat(cap.max_messages, " ");
  if (cap.kind != StepKind::kAny) absl::StrAppend(&text, Name(cap.kind), " ");
  absl::StrAppend(&text, cap.max_messages == 1 ? "message" : "messages", " in ", cap.days,
                  cap.days == 1 ? " day" : " days");
  if (cap.channel != Channel::kAny) absl::StrAppend(&text, " on ", Name(cap.channel));
  return text;
}

}  // namespace kith::outreach
