#include "services/referral/app/reward_reader.h"

#include <algorithm>
#include <memory>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/referral/app/reward_standing.h"
#include "services/referral/domain/errors.h"
#include "services/referral/domain/names.h"
#include "services/referral/store/program_tables.h"
#include "services/referral/store/queries.h"
#include "services/referral/store/read_rows.h"
#include "services/referral/store/reward_queries.h"
#include "services/referral/store/reward_tables.h"
#include "services/referral/store/row_reader.h"
#include "services/referral/store/summary.h"

namespace kith::referral::app {
namespace {

using domain::Reward;

absl::StatusOr<Reward> Require(db::ReadTransaction& transaction, const std::string& program_id,
                               const std::string& reward_id) {
  KITH_RETURN_IF_ERROR(RequireProgram(transaction, program_id));
  KITH_ASSIGN_OR_RETURN(auto found, store::ReadReward(transaction, program_id, reward_id));
  if (found.has_value()) return *std::move(found);
  return MakeFieldError(domain::errors::kRewardNotFound, "reward_id", "must be a reward");
}

// A key as a page token holds it, and the reverse.
constexpr char kKeySeparator = '\t';
std::string ToText(const domain::LedgerEntry& entry) {
  const std::string tab(1, kKeySeparator);
  return absl::StrCat(entry.reward_id, tab, domain::Name(entry.kind), tab, entry.account, tab,
                      entry.sequence);
}
store::LedgerKey ParseKey(const std::string& text) {
  store::LedgerKey key;
  const std::vector<std::string> parts = absl::StrSplit(text, kKeySeparator);
  if (parts.size() != 4 || !absl::SimpleAtoi(parts[3], &key.sequence)) return {};
  key.reward_id = parts[0];
  key.kind = parts[1];
  key.account = parts[2];
  return key;
}

// The caps of a version over everybody, and over `recipient_id` unless it is empty.
std::vector<domain::CapInForce> CapsOf(const domain::Program& program,
                                       const std::string& recipient_id, absl::Time time) {
  std::vector<domain::CapInForce> caps;
  const auto add = [&](const std::vector<domain::CapInForce>& more) {
    for (const domain::CapInForce& cap : more) {
      const bool of_each = cap.cap.scope == domain::CapScope::kRecipient;
      if (!of_each || !recipient_id.empty()) caps.push_back(cap);
    }
  };
  for (const domain::RewardRule& rule : program.rewards) {
    add(domain::CapsOfRule(program, {&rule, nullptr}, recipient_id, time));
  }
  for (const domain::Campaign& campaign : program.campaigns) {
    for (const domain::RewardRule& rule : campaign.rewards) {
      add(domain::CapsOfRule(program, {&rule, &campaign}, recipient_id, time));
    }
    add(domain::CapsOfCampaign(program, campaign, recipient_id, time));
  }
  add(domain::CapsOfProgram(program, recipient_id, time));
  return caps;
}

}  // namespace

absl::StatusOr<Reward> RewardReader::GetReward(const std::string& program_id,
                                               const std::string& reward_id,
                                               absl::Time deadline) const {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database_.BeginRead(deadline));
  return Require(*transaction, program_id, reward_id);
}

absl::StatusOr<RewardStory> RewardReader::Explain(const std::string& program_id,
                                                  const std::string& reward_id, absl::Time now,
                                                  absl::Time deadline) const {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database_.BeginRead(deadline));
  RewardStory story;
  KITH_ASSIGN_OR_RETURN(story.reward, Require(*transaction, program_id, reward_id));
  const Reward& reward = story.reward;
  KITH_ASSIGN_OR_RETURN(const auto version,
                        store::ReadByKey<store::ProgramVersionTable>(
                            *transaction, {program_id, reward.program_version}));
  story.rule_key = reward.campaign.empty()
                       ? reward.rule_id
                       : absl::StrCat(reward.campaign, "/", reward.rule_id);
  if (version.has_value()) {
    const domain::RuleInForce rule = domain::RuleOf(version->program, reward);
    if (rule.rule != nullptr) story.rule = *rule.rule;
  }
  story.explanation = domain::ParseExplanation(reward.explanation);
  const domain::RewardRule* rule = story.rule.has_value() ? &*story.rule : nullptr;
  KITH_ASSIGN_OR_RETURN(const RewardTrail trail, ReadTrail(*transaction, reward, rule));
  story.history = HistoryOf(reward, trail);
  store::RowReader rows(*transaction);
  story.waits_for = WaitsFor(rows, reward, rule, now);
  KITH_RETURN_IF_ERROR(rows.status());
  return story;
}

absl::StatusOr<ConversionStory> RewardReader::ExplainConversion(
    const std::string& program_id, const std::string& conversion_id, absl::Time now,
    absl::Time deadline) const {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database_.BeginRead(deadline));
  KITH_RETURN_IF_ERROR(RequireProgram(*transaction, program_id));
  return TellConversion(*transaction, program_id, conversion_id, now);
}

absl::StatusOr<ReferralStory> RewardReader::ExplainReferral(const std::string& program_id,
                                                            const std::string& referral_id,
                                                            absl::Time now,
                                                            absl::Time deadline) const {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database_.BeginRead(deadline));
  KITH_RETURN_IF_ERROR(RequireProgram(*transaction, program_id));
  return TellReferral(*transaction, program_id, referral_id, now);
}

absl::StatusOr<Page<domain::LedgerEntry>> RewardReader::ListLedger(
    const std::string& program_id, const std::string& reward_id, const PageRequest& page,
    absl::Time deadline) const {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database_.BeginRead(deadline));
  KITH_RETURN_IF_ERROR(RequireProgram(*transaction, program_id));
  return ReadPage<domain::LedgerEntry>(
      absl::StrCat("ledger ", program_id, " ", reward_id), page,
      [&](const std::string& after, int64_t limit) {
        return store::ReadLedger(*transaction, program_id, reward_id, ParseKey(after), limit);
      },
      [](const domain::LedgerEntry& row) { return ToText(row); });
}

absl::StatusOr<LedgerBalances> RewardReader::GetBalances(const std::string& program_id,
                                                         absl::Time deadline) const {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database_.BeginRead(deadline));
  KITH_RETURN_IF_ERROR(RequireProgram(*transaction, program_id));
  KITH_ASSIGN_OR_RETURN(const auto counters, store::ReadSummary(*transaction, program_id));
  LedgerBalances balances;
  for (const auto& [name, value] : counters) {
    if (name == store::kLedgerEntries) balances.entries = value;
    absl::string_view rest = name;
    if (!absl::ConsumePrefix(&rest, store::kBalancePrefix)) continue;
    const size_t slash = rest.rfind('/');
    const std::string account(rest.substr(0, slash));
    balances.balances[{account, std::string(rest.substr(slash + 1))}] =
        domain::OwnSide(account) * value;
  }
  return balances;
}

absl::StatusOr<std::vector<CapUseView>> RewardReader::GetCapUse(
    const std::string& program_id, const std::string& recipient_id, absl::Time time,
    absl::Time deadline) const {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database_.BeginRead(deadline));
  KITH_RETURN_IF_ERROR(RequireProgram(*transaction, program_id));
  KITH_ASSIGN_OR_RETURN(const auto versions,
                        store::ReadAll<store::VersionsOfProgram>(*transaction, program_id));
  std::vector<const domain::ProgramVersion*> in_order;
  for (const auto& version : versions) in_order.push_back(&version);
  std::sort(in_order.begin(), in_order.end(),
            [](const auto* a, const auto* b) { return a->version < b->version; });
  std::vector<CapUseView> uses;
  const domain::ProgramVersion* version = domain::VersionInForce(in_order, time);
  if (version == nullptr) return uses;
  for (const domain::CapInForce& cap : CapsOf(version->program, recipient_id, time)) {
    KITH_ASSIGN_OR_RETURN(const auto row,
                          store::ReadByKey<store::CapUseTable>(
                              *transaction, store::CapUseTable::ToKey(program_id, cap.key)));
    uses.push_back({cap, row.has_value() ? row->count : domain::CapCount()});
  }
  return uses;
}

}  // namespace kith::referral::app
