#include "services/referral/domain/ledger.h"

#include <map>

#include "gtest/gtest.h"

namespace kith::referral::domain {
namespace {

const absl::Time kTime = absl::FromUnixSeconds(1700000000);

class LedgerTest : public ::testing::Test {
 protected:
  LedgerTest() {
    reward_.reward_id = "order-1:thanks";
    reward_.amount_minor = 500;
    reward_.currency = "EUR";
  }
  template <class Entries>
  void Add(const Entries& entries) {
    int64_t sum = 0;
    for (const LedgerEntry& entry : entries) {
      EXPECT_NE(entry.amount_minor, 0);
      EXPECT_EQ(entry.currency, "EUR");
      sum += entry.amount_minor;
      balances_[entry.account] += entry.amount_minor;
    }
    EXPECT_EQ(sum, 0);
  }
  void Book(EntryKind kind, bool reversed = false) {
    Add(LedgerEntries(reward_, kind, kTime, reversed));
  }
  void Expect(int64_t expense, int64_t liability, int64_t paid, int64_t receivable) {
    EXPECT_EQ(balances_["expense:rewards"], expense);
    EXPECT_EQ(balances_["liability:rewards"], liability);
    EXPECT_EQ(balances_["paid:rewards"], paid);
    EXPECT_EQ(balances_["receivable:clawback"], receivable);
  }
  Reward reward_;
  std::map<std::string, int64_t> balances_;
};

TEST_F(LedgerTest, WhatIsOwedIsPaid) {
  Book(EntryKind::kAccrual);
  Expect(500, -500, 0, 0);
  Book(EntryKind::kPayment);
  Expect(500, 0, -500, 0);
}

TEST_F(LedgerTest, WhatIsUnpaidIsBookedBack) {
  Book(EntryKind::kAccrual);
  Book(EntryKind::kReversal);
  Expect(0, 0, 0, 0);
  Book(EntryKind::kAccrual);
  Book(EntryKind::kExpiry);
  Expect(0, 0, 0, 0);
}

TEST_F(LedgerTest, WhatIsPaidIsOwedBack) {
  Book(EntryKind::kAccrual);
  Book(EntryKind::kPayment);
  Book(EntryKind::kClawback);
  Expect(0, 0, -500, 500);
}

TEST_F(LedgerTest, WhatIsPaidAfterItWasBookedBackIsOwedBack) {
  Book(EntryKind::kAccrual);
  Book(EntryKind::kReversal);
  Book(EntryKind::kPayment);
  Book(EntryKind::kClawback, true);
  Expect(0, 0, -500, 500);
}

TEST_F(LedgerTest, AnAdjustmentChangesWhatIsOwed) {
  Book(EntryKind::kAccrual);
  const auto entries = AdjustmentEntries(reward_, -200, 3, kTime);
  Add(entries);
  Expect(300, -300, 0, 0);
  EXPECT_EQ(entries[0].sequence, 3);
  EXPECT_EQ(entries[1].sequence, 3);
}

TEST_F(LedgerTest, EachAccountGrowsOnItsOwnSide) {
  EXPECT_EQ(OwnSide("expense:rewards"), 1);
  EXPECT_EQ(OwnSide("receivable:clawback"), 1);
  EXPECT_EQ(OwnSide("liability:rewards"), -1);
  EXPECT_EQ(OwnSide("paid:rewards"), -1);
}

}  // namespace
}  // namespace kith::referral::domain
