// Caps: how many messages a contact gets in so many calendar days of their own zone.
#ifndef KITH_SERVICES_OUTREACH_DOMAIN_CAPS_H_
#define KITH_SERVICES_OUTREACH_DOMAIN_CAPS_H_

#include <optional>
#include <string>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "services/outreach/domain/types.h"

namespace kith::outreach {

// The longest window of a cap, by the API.
inline constexpr int kMaxCapDays = 400;

// What the caps say of one message on one day.
struct CapVerdict {
  // The cap that stops it, one that never ends before others; nullopt: none does.
  std::optional<Cap> stopped_by;
  // The first day, not before the one asked about, on which all caps allow it; nullopt when
  // none ever does (a cap of 0).
  std::optional<absl::CivilDay> first_day;
  int handed_out = 0;  // messages that `stopped_by` counts
  int tightest = -1;   // least number that is still free, over the caps that apply; -1: none
};

// Judges `message` on `day` by all the caps that apply to its kind and channel. `history` is
// what the contact was handed and counts, over the longest window of the caps at least; the
// message itself is left out. Days later than `day` count too: the clocks of two machines
// may differ by a moment around midnight.
CapVerdict JudgeCaps(absl::Span<const Cap> caps, const Message& message,
                     absl::Span<const HandedOut> history, absl::CivilDay day,
                     absl::TimeZone zone);

// The days of the longest window of the caps that apply to `message`; 0 when none does.
int LongestWindow(absl::Span<const Cap> caps, const Message& message);

// `1 ask message in 7 days on email`.
std::string Describe(const Cap& cap);

}  // namespace kith::outreach

#endif  // KITH_SERVICES_OUTREACH_DOMAIN_CAPS_H_
