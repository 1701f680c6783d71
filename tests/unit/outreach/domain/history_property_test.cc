// Random histories of claims, answers, crashed senders and clock steps, against what must
// hold whatever happens.
#include <algorithm>
#include <iostream>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "gtest/gtest.h"
#include "services/outreach/domain/evaluate.h"
#include "services/outreach/domain/local_time.h"
#include "services/outreach/domain/playbook.h"
#include "tests/unit/outreach/domain/fixtures.h"

namespace kith::outreach {
namespace {

// One contact with several playbooks, senders that answer, refuse or crash, and a clock.
class World {
 public:
  explicit World(uint32_t seed) : random_(seed) {
    const std::vector<absl::string_view> zones{"Europe/Berlin", "America/New_York",
                                               "Asia/Kolkata", "Pacific/Apia", ""};
    contact_ = MakeContact(zones[Pick(zones.size())]);
    now_ = At("2011-10-20T00:00:00Z") + absl::Hours(Pick(24 * 90));
    for (int i = 0; i < 3; ++i) Start(i);
  }

  void Step() {
    now_ += absl::Seconds(Pick(4 * 3600));
    switch (Pick(6)) {
      case 0:
      case 1:
      case 2:
        return Claim();
      case 3:
        return Answer(/*ack=*/true);
      case 4:
        return Answer(/*ack=*/false);
      default:
        return EndAPlaybook();
    }
  }
  // Long enough, with a sender that works, for everything to find its end.
  void Finish() {
    for (int i = 0; i < 4000 && !AllClosed(); ++i) {
      now_ = std::max(now_, NextClaimable());
      Claim();
      while (!held_.empty()) Answer(true);
    }
  }

  void CheckAlways() const {
    CheckCaps();
    for (const auto& [id, message] : messages_) {
      ASSERT_LE(effects_.count(id) == 0 ? 0 : effects_.at(id), 1) << id;
      const bool unsent =
          message.state == MessageState::kSkipped || message.state == MessageState::kDead;
      ASSERT_EQ(unsent, !message.reason.empty()) << id;
      ASSERT_LE(message.attempt, MaxAttempts(PlaybookOf(message)));
    }
  }
  void CheckEnd() const {
    for (const auto& [id, message] : messages_) {
      ASSERT_FALSE(ClaimableFrom(message).has_value())
          << id << " is still " << static_cast<int>(message.state);
      const int64_t sent = message.state == MessageState::kSent ? 1 : 0;
      ASSERT_EQ(effects_.count(id), sent) << id;
    }
  }

 private:
  struct Held {
    std::string message_id;
    std::string token;
  };

  int64_t Pick(int64_t n) { return std::uniform_int_distribution<int64_t>(0, n - 1)(random_); }
  const Playbook& PlaybookOf(const Message& message) const {
    return playbooks_.at(message.playbook_id);
  }

  void Start(int number) {
    Playbook playbook = MakePlaybook();
    playbook.playbook_id = absl::StrCat("p", number);
    playbook.steps.clear();
    for (int i = 0; i < 8; ++i) {
      outreach::Step step =
          MakeStep(absl::StrCat("s", i), absl::Hours(Pick(240)),
                   static_cast<StepKind>(1 + Pick(3)), static_cast<Channel>(1 + Pick(2)));
      if (Pick(4) == 0) step.cap_policy = CapPolicy::kSkip;
      playbook.steps.push_back(step);
    }
    if (Pick(2) == 0) {
      playbook.quiet_hours =
          QuietHours{static_cast<int>(Pick(1440)), static_cast<int>(Pick(1440))};
    }
    if (Pick(3) == 0) playbook.max_lateness = absl::Hours(24 + Pick(100));
    playbook.max_attempts = static_cast<int>(1 + Pick(4));
    playbook.caps = caps_;
    playbooks_[playbook.playbook_id] = playbook;
    for (Message& message :
         StartPlaybook({playbook, 1, now_, true}, contact_,
                       {playbook.trigger, contact_.contact_id, "s", "", now_})
             .messages) {
      messages_[message.message_id] = std::move(message);
    }
  }

  std::vector<HandedOut> History() const {
    std::vector<HandedOut> history;
    for (const auto& [id, message] : messages_) {
      if (IsHandedOut(message)) {
        history.push_back({id, message.claim_time, message.kind, message.channel});
      }
    }
    return history;
  }

  void Claim() {
    for (auto& [id, message] : messages_) {
      const auto from = ClaimableFrom(message);
      if (!from.has_value() || *from > now_) continue;
      const Verdict verdict =
          Evaluate(message, contact_, PlaybookOf(message), History(), now_);
      message = Settled(message, verdict, now_);
      if (!verdict.would_send()) continue;
      const std::string token = NextLeaseToken(message, absl::StrCat(Pick(1 << 30)));
      message = Leased(message, {token, now_, now_ + absl::Seconds(1 + Pick(7200)), "w"});
      held_.push_back({id, token});
      if (Pick(3) == 0) break;  // a sender that asked for few
    }
  }

  // A sender answers; its lease may have ended long ago. It sends a message only once, as the
  // stable id lets it.
  void Answer(bool ack) {
    if (held_.empty()) return;
    const size_t i = static_cast<size_t>(Pick(static_cast<int64_t>(held_.size())));
    const Held held = held_[i];
    held_.erase(held_.begin() + static_cast<std::ptrdiff_t>(i));
    if (Pick(5) == 0) return;  // it crashed
    Message& message = messages_.at(held.message_id);
    const bool was_sent = message.state == MessageState::kSent;
    const auto after = ack ? Acked(message, held.token, now_)
                           : Nacked(message, {held.token, "busy", Pick(8) == 0},
                                    PlaybookOf(message), contact_.time_zone, now_);
    if (!after.ok()) return;
    message = *after;
    if (!was_sent && message.state == MessageState::kSent) ++effects_[held.message_id];
  }

  void EndAPlaybook() {
    if (Pick(20) != 0) return;
    const std::string id = absl::StrCat("p", Pick(3));
    for (auto& [message_id, message] : messages_) {
      if (message.playbook_id == id) message = Exited(message, "churned", now_);
    }
  }

  bool AllClosed() const {
    return std::none_of(messages_.begin(), messages_.end(), [](const auto& item) {
      return ClaimableFrom(item.second).has_value();
    });
  }

  absl::Time NextClaimable() const {
    absl::Time next = absl::InfiniteFuture();
    for (const auto& [id, message] : messages_) {
      next = std::min(next, ClaimableFrom(message).value_or(absl::InfiniteFuture()));
    }
    return next;
  }

  // In every window of calendar days that ends on a day of sending.
  void CheckCaps() const {
    const absl::TimeZone zone = ZoneFor(contact_.time_zone, "").zone;
    for (const Cap& cap : caps_) {
      std::map<absl::CivilDay, int> days;
      for (const HandedOut& item : History()) {
        if (cap.kind != StepKind::kAny && cap.kind != item.kind) continue;
        if (cap.channel != Channel::kAny && cap.channel != item.channel) continue;
        ++days[LocalDay(item.time, zone)];
      }
      for (const auto& [last, ignored] : days) {
        int sum = 0;
        for (const auto& [day, count] : days) {
          if (day <= last && day > last - cap.days) sum += count;
        }
        ASSERT_LE(sum, cap.max_messages) << "window that ends on " << last;
      }
    }
  }

  std::mt19937 random_;
  Contact contact_;
  absl::Time now_;
  const std::vector<Cap> caps_{
      {3, 2}, {1, 3, StepKind::kAsk}, {2, 1, StepKind::kAny, Channel::kSms}};
  std::map<std::string, Playbook> playbooks_;
  std::map<std::string, Message> messages_;
  std::map<std::string, int> effects_;  // times that a message became sent
  std::vector<Held> held_;
};

TEST(Histories, NobodyGetsAStepTwiceCapsHoldAndNothingIsLost) {
  const uint32_t first = std::random_device()();
  std::cout << "first seed: " << first << "\n";
  for (uint32_t i = 0; i < 150; ++i) {
    SCOPED_TRACE(absl::StrCat("seed ", first + i));
    World world(first + i);
    for (int step = 0; step < 250; ++step) {
      world.Step();
      world.CheckAlways();
      if (::testing::Test::HasFatalFailure()) return;
    }
    world.Finish();
    world.CheckAlways();
    world.CheckEnd();
    if (::testing::Test::HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace kith::outreach
