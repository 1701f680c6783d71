#include "services/referral/store/reward_queries.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/referral/domain/amount.h"
#include "services/referral/domain/names.h"
#include "services/referral/store/read_rows.h"
#include "services/referral/store/reward_tables.h"

namespace kith::referral::store {
namespace {

// Reward::state() of a row at $3.
constexpr absl::string_view kState =
    "CASE WHEN state <> 'held' THEN state WHEN available_time > $3 THEN 'held' "
    "WHEN expiry_time <= $3 THEN 'expired' "
    "WHEN failed = 1 OR retry_time > $3 THEN 'fulfilling' "
    "ELSE 'available' END";
// Sums are taken in two parts, so that they stay in 64 bits.
constexpr int64_t kPart = 1000000;
constexpr absl::string_view kLedgerOfReward =
    "SELECT program_id, reward_id, kind, account, sequence, currency, amount_minor, "
    "entry_time FROM ledger_entry WHERE program_id = $1 AND reward_id = $2 "
    "AND (kind, account, sequence) > ($3, $4, $5) "
    "ORDER BY kind, account, sequence LIMIT $6";
constexpr absl::string_view kLedger =
    "SELECT program_id, reward_id, kind, account, sequence, currency, amount_minor, "
    "entry_time FROM ledger_entry WHERE program_id = $1 "
    "AND (reward_id, kind, account, sequence) > ($2, $3, $4, $5) "
    "ORDER BY reward_id, kind, account, sequence LIMIT $6";

// A text of its own for "of any", so that the other one can use its index.
std::string Conditions(const RewardFilter& filter) {
  return absl::StrCat(filter.recipient_id.empty() ? "$2 = ''" : "recipient_id = $2", " AND ",
                      filter.referral_id.empty() ? "$5 = ''" : "referral_id = $5");
}

db::Params ParamsOf(const RewardFilter& filter) {
  const absl::string_view state =
      filter.state.has_value() ? domain::Name(*filter.state) : absl::string_view();
  return {filter.program_id, filter.recipient_id, db::FromTime(filter.now), std::string(state),
          filter.referral_id};
}

// high * kPart + low, at the end of the range instead of beyond it.
int64_t Sum(int64_t high, int64_t low) {
  int64_t minor = 0;
  if (__builtin_mul_overflow(high, kPart, &minor)) return domain::SaturatingAdd(INT64_MAX, 0);
  return domain::SaturatingAdd(minor, low);
}

}  // namespace

absl::StatusOr<std::optional<domain::Reward>> ReadReward(db::ReadTransaction& transaction,
                                                         const std::string& program_id,
                                                         const std::string& reward_id) {
  return ReadByKey<RewardTable>(transaction, {program_id, reward_id});
}

absl::StatusOr<std::vector<domain::Reward>> ReadRewards(db::ReadTransaction& transaction,
                                                        const RewardFilter& filter,
                                                        const std::string& after,
                                                        int64_t limit) {
  const std::string sql =
      absl::StrCat("SELECT ", RewardTable::kColumns, " FROM reward WHERE program_id = $1 AND ",
                   Conditions(filter), " AND ($4 = '' OR ", kState,
                   " = $4) AND reward_id > $6 ORDER BY reward_id LIMIT $7");
  db::Params params = ParamsOf(filter);
  params.emplace_back(after);
  params.emplace_back(limit);
  return ReadRows<RewardTable>(transaction, sql, std::move(params));
}

absl::StatusOr<std::vector<RewardTotal>> ReadRewardTotals(db::ReadTransaction& transaction,
                                                          const RewardFilter& filter) {
  const std::string sql =
      absl::StrCat("SELECT currency, shown, CAST(SUM(amount_minor / ", kPart,
                   ") AS BIGINT), CAST(SUM(amount_minor % ", kPart,
                   ") AS BIGINT), COUNT(*) FROM (SELECT currency, amount_minor, ", kState,
                   " AS shown FROM reward WHERE program_id = $1 AND ", Conditions(filter),
                   ") AS filtered WHERE ($4 = '' OR shown = $4) GROUP BY currency, shown "
                   "ORDER BY currency, shown");
  KITH_ASSIGN_OR_RETURN(const db::Result result, transaction.Query(sql, ParamsOf(filter)));
  std::vector<RewardTotal> totals;
  for (const db::Row& row : result.rows) {
    totals.push_back({row.Text(0),
                      domain::ParseName<domain::RewardState>(row.Text(1))
                          .value_or(domain::RewardState::kHeld),
                      Sum(row.Int(2), row.Int(3)), row.Int(4)});
  }
  return totals;
}

absl::StatusOr<std::vector<domain::LedgerEntry>> ReadLedger(db::ReadTransaction& transaction,
                                                            const std::string& program_id,
                                                            const std::string& reward_id,
                                                            const LedgerKey& after,
                                                            int64_t limit) {
  // Of one reward, `$2` is that one, else the one to go on from.
  const db::Params params = {program_id,     reward_id.empty() ? after.reward_id : reward_id,
                             after.kind,     after.account,
                             after.sequence, limit};
  KITH_ASSIGN_OR_RETURN(
      const db::Result result,
      transaction.Query(reward_id.empty() ? kLedger : kLedgerOfReward, params));
  std::vector<domain::LedgerEntry> entries;
  for (const db::Row& row : result.rows) entries.push_back(LedgerLog::Decode(row));
  return entries;
}

}  // namespace kith::referral::store
