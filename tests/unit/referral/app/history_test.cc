// Random histories: whatever happens, in whatever order, the books and the states agree.
#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/test_database.h"
#include "tests/unit/referral/app/world.h"

namespace kith::referral::app {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr int kAdvocates = 5;
constexpr int kCustomers = 15;

// One step of a history; the same step may be taken again.
using Step = std::function<void(World&)>;

class HistoryTest : public ::testing::TestWithParam<std::string> {
 protected:
  HistoryTest() : seed_(std::random_device()()), random_(seed_) {
    for (int i = 0; i < kAdvocates; ++i) {
      const std::string n = absl::StrCat(i);
      codes_.push_back(world_.EnrollOne("a" + n, absl::StrCat("p", n, "@example.com")));
    }
  }

  int Pick(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random_); }
  absl::Time SomeTime() { return kNow - absl::Hours(1 + Pick(24 * 120)); }
  std::string SomeAdvocate() { return absl::StrCat("a", Pick(kAdvocates)); }
  std::string SomeCustomer() { return absl::StrCat("c", Pick(kCustomers)); }
  // Advocates and customers share addresses now and then.
  std::string SomeEmail() {
    return Pick(2) == 0 ? "" : absl::StrCat("p", Pick(2 * kCustomers), "@example.com");
  }

  Step RandomLead(int n) {
    auto lead = LeadOf(absl::StrCat("r", n), SomeAdvocate(), Pick(2) ? SomeCustomer() : "",
                       SomeTime(), SomeEmail());
    return [lead](World& world) { world.Submit({lead}); };
  }
  Step RandomTouch(int n) {
    const RecordTouches::NewTouch touch = {absl::StrCat("t", n), codes_[Pick(kAdvocates)],
                                           absl::StrCat("v", Pick(kCustomers)), SomeTime()};
    return [touch](World& world) { static_cast<void>(world.Touch(touch)); };
  }
  Step RandomSignup(int n) {
    auto signup = SignupOf(absl::StrCat("c", n), SomeTime(), SomeEmail());
    if (Pick(4) == 0) signup.signup.code = codes_[Pick(kAdvocates)];
    if (Pick(3) == 0) signup.signup.referrer_id = absl::StrCat("a", Pick(kAdvocates + 1));
    if (Pick(2) == 0) signup.signup.visitor_id = absl::StrCat("v", Pick(kCustomers));
    if (Pick(3) == 0) signup.signup.channel = "paid";
    return [signup](World& world) { static_cast<void>(world.SignUp(signup)); };
  }
  Step RandomPayment(int n) {
    auto report = PaymentOf(absl::StrCat("o", n), SomeCustomer(), SomeTime(), Pick(9000));
    if (Pick(4) == 0) {
      report.customer_id.clear();
      report.referral_id = absl::StrCat("r", Pick(25));
    }
    return [report](World& world) { static_cast<void>(world.Convert(report)); };
  }
  Step RandomReversal() {
    const std::string id = absl::StrCat("o", Pick(40));
    return [id](World& world) { static_cast<void>(world.Reverse(id)); };
  }

  std::vector<Step> RandomHistory() {
    std::vector<Step> steps;
    for (int i = 0; i < 25; ++i) steps.push_back(RandomLead(i));
    for (int i = 0; i < 20; ++i) steps.push_back(RandomTouch(i));
    for (int i = 0; i < kCustomers; ++i) steps.push_back(RandomSignup(i));
    for (int i = 0; i < 40; ++i) steps.push_back(RandomPayment(i));
    for (int i = 0; i < 15; ++i) steps.push_back(RandomReversal());
    std::shuffle(steps.begin(), steps.end(), random_);
    return steps;
  }

  const uint32_t seed_;
  std::mt19937 random_;
  World world_{GetParam()};
  std::vector<std::string> codes_;
};
INSTANTIATE_TEST_SUITE_P(Stores, HistoryTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

// What must hold at every moment, straight from the rows.
void CheckInvariants(const World& world) {
  // The ledger balances, and owes exactly the rewards that are not reversed.
  EXPECT_THAT(world.Query("SELECT CAST(COALESCE(SUM(amount_minor), 0) AS BIGINT) "
                          "FROM ledger_entry"),
              ElementsAre("0"));
  EXPECT_EQ(world.Query("SELECT CAST(COALESCE(SUM(-amount_minor), 0) AS BIGINT) "
                        "FROM ledger_entry WHERE account = 'liability:rewards'"),
            world.Query("SELECT CAST(COALESCE(SUM(amount_minor), 0) AS BIGINT) FROM reward "
                        "WHERE reversal_time IS NULL"));
  // A live conversion is not reversed and counts for its referral; a referral with open
  // conversions has a live one.
  EXPECT_THAT(world.Query("SELECT r.referral_id FROM referral r LEFT JOIN conversion c "
                          "ON c.program_id = r.program_id "
                          "AND c.conversion_id = r.conversion_id "
                          "WHERE r.conversion_id <> '' AND (c.conversion_id IS NULL "
                          "OR c.reversal_time IS NOT NULL OR c.referral_id <> r.referral_id)"),
              IsEmpty());
  EXPECT_THAT(world.Query("SELECT c.conversion_id FROM conversion c JOIN referral r "
                          "ON r.program_id = c.program_id AND r.referral_id = c.referral_id "
                          "WHERE c.reversal_time IS NULL AND r.conversion_id = ''"),
              IsEmpty());
  // Rewards that are not reversed are those of live conversions.
  EXPECT_THAT(world.Query("SELECT w.reward_id FROM reward w LEFT JOIN referral r "
                          "ON r.program_id = w.program_id AND r.referral_id = w.referral_id "
                          "AND r.conversion_id = w.conversion_id "
                          "WHERE w.reversal_time IS NULL AND r.referral_id IS NULL"),
              IsEmpty());
  // Customer and referral point at each other; open conversions are counted.
  EXPECT_THAT(world.Query("SELECT c.customer_id FROM customer c LEFT JOIN referral r "
                          "ON r.program_id = c.program_id AND r.referral_id = c.referral_id "
                          "AND r.customer_id = c.customer_id "
                          "AND r.advocate_id = c.advocate_id AND r.evidence = c.evidence "
                          "WHERE c.referral_id <> '' AND r.referral_id IS NULL"),
              IsEmpty());
  EXPECT_THAT(world.Query("SELECT r.referral_id FROM referral r LEFT JOIN customer c "
                          "ON c.program_id = r.program_id AND c.customer_id = r.customer_id "
                          "AND c.referral_id = r.referral_id "
                          "WHERE r.customer_id <> '' AND c.customer_id IS NULL"),
              IsEmpty());
  EXPECT_THAT(world.Query("SELECT customer_id FROM customer u WHERE open_conversions <> "
                          "(SELECT COUNT(*) FROM conversion c WHERE c.program_id = "
                          "u.program_id AND c.customer_id = u.customer_id "
                          "AND c.reversal_time IS NULL AND (c.referral_id <> '' "
                          "OR c.conversion_time >= u.signup_time))"),
              IsEmpty());
}

// The maintained counters equal a recount of the rows.
void CheckCounters(const World& world) {
  const auto count = [&](absl::string_view sql) { return world.Query(sql).at(0); };
  const Summary summary = world.GetSummary();
  EXPECT_EQ(absl::StrCat(summary.advocates), count("SELECT COUNT(*) FROM advocate"));
  EXPECT_EQ(absl::StrCat(summary.referrals), count("SELECT COUNT(*) FROM referral"));
  EXPECT_EQ(absl::StrCat(summary.conversions),
            count("SELECT COUNT(*) FROM conversion WHERE reversal_time IS NULL"));
  EXPECT_EQ(absl::StrCat(summary.converted_referrals),
            count("SELECT COUNT(*) FROM referral WHERE conversion_id <> ''"));
  EXPECT_EQ(absl::StrCat(summary.ledger_entries), count("SELECT COUNT(*) FROM ledger_entry"));
  std::vector<std::string> channels;
  for (const auto& [name, channel] : summary.channels) {
    channels.push_back(absl::StrCat(name, " ", channel.customers, " ", channel.converted));
  }
  EXPECT_EQ(channels,
            world.Query("SELECT channel, COUNT(*), COUNT(CASE WHEN open_conversions > 0 THEN "
                        "1 END) FROM (SELECT CASE WHEN referral_id <> '' THEN 'referral' "
                        "WHEN stated_channel <> '' THEN stated_channel ELSE 'organic' END AS "
                        "channel, open_conversions FROM customer) AS c "
                        "GROUP BY channel ORDER BY channel"));
  std::vector<std::string> balances;
  for (const auto& [key, minor] : summary.balances) {
    balances.push_back(absl::StrCat(key.first, " ", minor));
  }
  EXPECT_EQ(balances,
            world.Query("SELECT account, CAST(SUM(amount_minor) AS BIGINT) FROM "
                        "ledger_entry GROUP BY account HAVING SUM(amount_minor) <> 0 "
                        "ORDER BY account"));
  EXPECT_EQ(world.Query("SELECT advocate_id, referrals, signups, conversions FROM advocate "
                        "ORDER BY advocate_id"),
            world.Query("SELECT a.advocate_id, COUNT(r.referral_id), "
                        "COUNT(CASE WHEN r.customer_id <> '' THEN 1 END), "
                        "COUNT(CASE WHEN r.conversion_id <> '' THEN 1 END) FROM advocate a "
                        "LEFT JOIN referral r ON r.program_id = a.program_id "
                        "AND r.advocate_id = a.advocate_id "
                        "GROUP BY a.advocate_id ORDER BY a.advocate_id"));
}

// The facts of the feed, replayed, give the state of the rows.
void CheckFacts(const World& world) {
  std::map<std::string, std::string> live;     // referral -> conversion
  std::map<std::string, std::string> channel;  // customer -> channel
  std::set<std::string> owed;
  for (const std::string& fact : world.Facts()) {
    const std::vector<std::string> parts = absl::StrSplit(fact, ' ');
    if (parts[0] == "signup_attributed") channel[parts[1]] = parts[2];
    if (parts[0] == "referral_converted") {
      EXPECT_TRUE(live.emplace(parts[2], parts[1]).second) << fact;
    }
    if (parts[0] == "conversion_reversed") {
      EXPECT_EQ(live[parts[2]], parts[1]);
      live.erase(parts[2]);
    }
    if (parts[0] == "reward_created") {
      EXPECT_TRUE(owed.insert(parts[1]).second) << fact;
    }
    if (parts[0] == "reward_reversed") {
      EXPECT_EQ(owed.erase(parts[1]), 1u) << fact;
    }
  }
  std::vector<std::string> pairs;
  for (const auto& [referral, conversion] : live) {
    pairs.push_back(absl::StrCat(referral, " ", conversion));
  }
  std::vector<std::string> stored =
      world.Query("SELECT referral_id, conversion_id FROM referral WHERE conversion_id <> ''");
  std::sort(stored.begin(), stored.end());
  std::sort(pairs.begin(), pairs.end());
  EXPECT_EQ(pairs, stored);
  std::vector<std::string> rewards =
      world.Query("SELECT reward_id FROM reward WHERE reversal_time IS NULL");
  EXPECT_EQ(owed, std::set<std::string>(rewards.begin(), rewards.end()));
  EXPECT_EQ(absl::StrCat(channel.size()), world.Query("SELECT COUNT(*) FROM customer").at(0));
}

TEST_P(HistoryTest, BooksAndStatesAlwaysAgree) {
  SCOPED_TRACE(absl::StrCat("seed ", seed_));
  int steps = 0;
  for (const Step& step : RandomHistory()) {
    step(world_);
    if (++steps % 20 == 0) CheckInvariants(world_);
    if (HasFailure()) return;
  }
  CheckInvariants(world_);
  CheckCounters(world_);
  CheckFacts(world_);
  EXPECT_EQ(world_.misses(), 0);
}

// Everything that callers can see, but for times of recording.
std::vector<std::string> Snapshot(const World& world) {
  std::vector<std::string> all;
  for (const char* sql :
       {"SELECT customer_id, advocate_id, referral_id, evidence, rejected, open_conversions "
        "FROM customer ORDER BY customer_id",
        "SELECT referral_id, advocate_id, customer_id, state, evidence, conversion_id "
        "FROM referral ORDER BY referral_id",
        "SELECT conversion_id, customer_id, referral_id FROM conversion ORDER BY "
        "conversion_id",
        "SELECT reward_id, recipient_id, amount_minor, available_time FROM reward "
        "ORDER BY reward_id",
        "SELECT name, value FROM summary WHERE value <> 0 ORDER BY name"}) {
    for (const std::string& row : world.Query(sql)) all.push_back(row);
  }
  return all;
}

// Signups, leads and touches in any order bring every customer to the same referrer; then
// payments in any order of signup and payment make the same referrals convert.
TEST_P(HistoryTest, TheOrderOfArrivalMeansNothing) {
  SCOPED_TRACE(absl::StrCat("seed ", seed_));
  std::vector<Step> steps;
  // Leads that do not compete (that the first accepted one wins is a rule about order) and
  // are all older than the signups (so that none is refused).
  for (int i = 0; i < kCustomers; ++i) {
    const auto lead = LeadOf(absl::StrCat("r", i), SomeAdvocate(), absl::StrCat("c", i),
                             kNow - (121 + Pick(60)) * kDay);
    if (Pick(2) == 0) steps.push_back([lead](World& world) { world.Submit({lead}); });
    steps.push_back(RandomTouch(2 * i));
    steps.push_back(RandomTouch(2 * i + 1));
    steps.push_back(RandomSignup(i));
  }
  for (const Step& step : steps) step(world_);
  const std::vector<std::string> expected = Snapshot(world_);
  for (int round = 0; round < 3; ++round) {
    std::shuffle(steps.begin(), steps.end(), random_);
    World other(GetParam());
    for (int i = 0; i < kAdvocates; ++i) {
      other.EnrollOne(absl::StrCat("a", i), absl::StrCat("p", i, "@example.com"));
    }
    for (const Step& step : steps) step(other);
    EXPECT_EQ(Snapshot(other), expected);
    CheckFacts(other);
    EXPECT_EQ(other.misses(), 0);
  }
}

// A customer's payments before and after the signup: the earliest of those that came before
// is live, whatever the order among them.
TEST_P(HistoryTest, PaymentsBeforeTheSignupAreOrderedByTime) {
  SCOPED_TRACE(absl::StrCat("seed ", seed_));
  std::vector<Step> payments;
  for (int i = 0; i < 30; ++i) {
    const auto report =
        PaymentOf(absl::StrCat("o", i), absl::StrCat("c", i % 6), SomeTime(), Pick(9000));
    payments.push_back([report](World& world) { static_cast<void>(world.Convert(report)); });
  }
  std::vector<Step> signups;
  for (int i = 0; i < 6; ++i) {
    auto signup = SignupOf(absl::StrCat("c", i), SomeTime());
    signup.signup.code = codes_[Pick(kAdvocates)];
    signups.push_back([signup](World& world) { static_cast<void>(world.SignUp(signup)); });
  }
  std::vector<std::string> expected;
  for (int round = 0; round < 3; ++round) {
    std::shuffle(payments.begin(), payments.end(), random_);
    std::shuffle(signups.begin(), signups.end(), random_);
    World other(GetParam());
    for (int i = 0; i < kAdvocates; ++i) other.EnrollOne(absl::StrCat("a", i));
    for (const Step& step : payments) step(other);
    for (const Step& step : signups) step(other);
    if (round == 0) expected = Snapshot(other);
    EXPECT_EQ(Snapshot(other), expected);
    CheckInvariants(other);
  }
}

// Doing everything twice, as clients that retry do, is doing it once.
TEST_P(HistoryTest, EverythingTwiceIsOnce) {
  SCOPED_TRACE(absl::StrCat("seed ", seed_));
  std::vector<Step> steps;
  for (int i = 0; i < 20; ++i) steps.push_back(RandomLead(i));
  for (int i = 0; i < kCustomers; ++i) steps.push_back(RandomSignup(i));
  for (int i = 0; i < 20; ++i) steps.push_back(RandomPayment(i));
  for (const Step& step : steps) step(world_);
  const std::vector<std::string> expected = Snapshot(world_);
  const size_t facts = world_.Facts().size();
  World once(GetParam());
  for (int i = 0; i < kAdvocates; ++i) {
    once.EnrollOne(absl::StrCat("a", i), absl::StrCat("p", i, "@example.com"));
  }
  for (const Step& step : steps) {
    step(once);
    step(once);
  }
  EXPECT_EQ(Snapshot(once), expected);
  EXPECT_EQ(once.Facts().size(), facts);
}

}  // namespace
}  // namespace kith::referral::app
