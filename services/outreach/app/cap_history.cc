#include "services/outreach/app/cap_history.h"

#include "services/outreach/domain/evaluate.h"
#include "services/outreach/domain/message.h"
#include "services/outreach/store/message_tables.h"

namespace kith::outreach {
namespace {

constexpr absl::Duration kDay = absl::Hours(24);

// The stretches that hold `days` calendar days up to now in any zone: a day of a zone may be
// longer than 24 h, and another machine's clock may be ahead.
std::vector<HandedOutToContact::Key> Stretches(const Message& message, int days,
                                               absl::Time now) {
  std::vector<HandedOutToContact::Key> keys;
  const int64_t last = HandedOutToContact::StretchOf(now + kDay);
  for (int64_t i = HandedOutToContact::StretchOf(now - (days + 1) * kDay); i <= last; ++i) {
    keys.emplace_back(message.program_id, message.contact_id, i);
  }
  return keys;
}

}  // namespace

void CapHistory::Want(const Message& message, const Playbook& playbook, absl::Time now,
                      exec::Loader& loader) {
  const int days = HistoryDays(message, playbook);
  if (days == 0) return;
  for (const auto& key : Stretches(message, days, now)) {
    loader.WantAll<HandedOutToContact>(key);
  }
}

absl::Span<const HandedOut> CapHistory::Of(const Message& message, const Playbook& playbook) {
  const int days = HistoryDays(message, playbook);
  if (days == 0) return {};
  Listed& listed = by_contact_[message.contact_id];
  if (listed.days < days) listed = {days, List(message, days)};
  return listed.items;
}

std::vector<HandedOut> CapHistory::List(const Message& message, int days) const {
  std::vector<HandedOut> items;
  for (const auto& key : Stretches(message, days, now_)) {
    for (const Message* other : unit_->Select<HandedOutToContact>(key)) {
      items.push_back(AsHandedOut(*other));
    }
  }
  return items;
}

void CapHistory::Changed(const Message& before, const Message& after) {
  const auto it = by_contact_.find(before.contact_id);
  if (it == by_contact_.end()) return;
  std::vector<HandedOut>& items = it->second.items;
  if (IsHandedOut(before)) {
    std::erase_if(items,
                  [&](const HandedOut& item) { return item.message_id == before.message_id; });
  }
  if (IsHandedOut(after)) items.push_back(AsHandedOut(after));
}

}  // namespace kith::outreach
