// Random histories on a real store: what a claim does is what the explanation said, nobody is
// handed a step twice, and the maintained counts are those of the rows.
#include <iostream>
#include <map>
#include <random>
#include <set>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "services/outreach/domain/local_time.h"
#include "tests/support/test_database.h"
#include "tests/unit/outreach/app/world.h"
#include "tests/unit/outreach/domain/fixtures.h"

namespace kith::outreach {
namespace {

constexpr int kContacts = 4;
constexpr Cap kCap{.max_messages = 2, .days = 3};

class History {
 public:
  History(absl::string_view backend, uint32_t seed) : world_(backend), random_(seed) {
    for (int i = 1; i <= 6; ++i) world_.Apply(RandomPlaybook(i)).IgnoreError();
    for (int i = 0; i < kContacts; ++i) ChangeContact(i);
  }
  void Step() {
    world_.clock().Advance(absl::Minutes(Pick(600)));
    switch (Pick(6)) {
      case 0:
        return Happen();
      case 1:
        return Answer();
      case 2:
        return ChangeContact(Pick(kContacts));
      default:
        return Claim();
    }
  }
  void Check() {
    ASSERT_TRUE(world_.CountsAreTrue());
    CheckCap();
    ASSERT_EQ(world_.Ask("SELECT COUNT(*) FROM message WHERE state IN ('skipped', 'dead') "
                         "AND reason = ''"),
              std::vector<std::string>{"0"});
  }

 private:
  int64_t Pick(int64_t n) { return std::uniform_int_distribution<int64_t>(0, n - 1)(random_); }
  std::string Contact(int64_t i) { return absl::StrCat("c", i); }

  Playbook RandomPlaybook(int number) {
    Playbook playbook = MakePlaybook();
    playbook.playbook_id = absl::StrCat("p", number);
    playbook.trigger = static_cast<Trigger>(number);
    playbook.steps.clear();
    for (int i = 0; i < 3; ++i) {
      playbook.steps.push_back(MakeStep(absl::StrCat("s", i), absl::Hours(Pick(72)),
                                        StepKind::kAsk, static_cast<Channel>(1 + Pick(4))));
      if (Pick(4) == 0) playbook.steps.back().cap_policy = CapPolicy::kSkip;
    }
    playbook.quiet_hours =
        QuietHours{static_cast<int>(Pick(1440)), static_cast<int>(Pick(1440))};
    playbook.caps = {kCap};
    playbook.max_attempts = static_cast<int>(1 + Pick(3));
    playbook.exit_on_churn = number != 6 && Pick(2) == 0;
    playbook.exit_on_conversion = number != 3 && Pick(2) == 0;
    return playbook;
  }

  void Happen() {
    const std::string contact = Contact(Pick(kContacts));
    const std::string referral = absl::StrCat("r", Pick(6));
    const std::string conversion = absl::StrCat("conversion-", referral, "-", Pick(3));
    const absl::Time time = world_.now();
    const std::vector<Fact> facts{
        Submitted(referral, contact, time),
        Attributed(contact, referral, "ada", time),
        Attributed(contact, "", "", time),
        WithConversion(Converted(referral, contact, Contact(Pick(kContacts)), time),
                       conversion),
        WithConversion(Reversed(referral), conversion),
        Onboarded(contact, time),
        Aha(contact, time),
        Churned(contact, time),
        Reactivated(contact, time)};
    const auto i = static_cast<size_t>(Pick(static_cast<int64_t>(facts.size())));
    world_.Feed(i < 5 ? "referral" : "retention", {facts[i]});
  }

  void ChangeContact(int64_t i) {
    kith::outreach::Contact contact = MakeContact();
    contact.contact_id = Contact(i);
    // The zone stays the same for ever: a contact that travels may see the caps of two zones.
    contact.time_zone = i == 0 ? "Asia/Kolkata" : "America/New_York";
    if (Pick(4) == 0) contact.suppressions = {{static_cast<Channel>(Pick(5)), "bounce"}};
    ASSERT_TRUE(world_.Upsert({contact}).ok());
  }

  // What the explanations say that a claim would hand out.
  std::set<std::string> Promised() {
    std::set<std::string> promised;
    for (const std::string& contact : world_.Ask("SELECT contact_id FROM contact")) {
      for (const MessageTrace& trace : world_.Explain(contact, world_.now()).messages) {
        if (trace.verdict.would_send()) promised.insert(trace.message.message_id);
      }
    }
    return promised;
  }

  void Claim() {
    const std::set<std::string> promised = Promised();
    std::set<std::string> given;
    for (LeasedMessage& leased : world_.Claim(500, Channel::kAny, absl::Hours(1))) {
      given.insert(leased.message.message_id);
      ASSERT_FALSE(sent_.contains(leased.message.message_id))
          << "handed out after it was sent";
      held_.push_back(std::move(leased));
    }
    ASSERT_EQ(given, promised);
  }

  void Answer() {
    if (held_.empty()) return;
    const auto i = Pick(static_cast<int64_t>(held_.size()));
    const LeasedMessage leased = held_[static_cast<size_t>(i)];
    held_.erase(held_.begin() + i);
    const int64_t kind = Pick(4);
    if (kind == 0) return;  // it crashed
    if (kind == 1) return world_.Nack(leased, Pick(5) == 0).IgnoreError();
    if (world_.Ack(leased).ok()) sent_.insert(leased.message.message_id);
  }

  void CheckCap() {
    for (int64_t i = 0; i < kContacts; ++i) {
      const absl::TimeZone zone =
          ZoneFor(i == 0 ? "Asia/Kolkata" : "America/New_York", "").zone;
      std::map<absl::CivilDay, int> days;
      for (const MessageTrace& trace : TracesOf(Contact(i))) {
        if (IsHandedOut(trace.message)) ++days[LocalDay(trace.message.claim_time, zone)];
      }
      for (const auto& [last, ignored] : days) {
        int sum = 0;
        for (const auto& [day, count] : days) {
          if (day <= last && day > last - kCap.days) sum += count;
        }
        ASSERT_LE(sum, kCap.max_messages) << Contact(i) << " until " << last;
      }
    }
  }
  std::vector<MessageTrace> TracesOf(const std::string& contact) {
    if (world_.Ask("SELECT 1 FROM contact WHERE contact_id = $1", {contact}).empty())
      return {};
    return world_.Explain(contact, world_.now()).messages;
  }

  World world_;
  std::mt19937 random_;
  std::vector<LeasedMessage> held_;
  std::set<std::string> sent_;
};

class HistoryTest : public ::testing::TestWithParam<std::string> {};

TEST_P(HistoryTest, ClaimsDoWhatTheExplanationSaysAndNothingIsSentTwice) {
  const uint32_t first = std::random_device()();
  std::cout << "first seed: " << first << "\n";
  const uint32_t runs = GetParam() == "sqlite" ? 8 : 2;
  for (uint32_t run = 0; run < runs; ++run) {
    SCOPED_TRACE(absl::StrCat("seed ", first + run));
    History history(GetParam(), first + run);
    for (int step = 0; step < 150; ++step) {
      history.Step();
      if (step % 10 == 0) history.Check();
      if (::testing::Test::HasFatalFailure()) return;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Backends, HistoryTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

}  // namespace
}  // namespace kith::outreach
