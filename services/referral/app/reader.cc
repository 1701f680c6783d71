#include "services/referral/app/reader.h"

#include <memory>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/referral/domain/errors.h"
#include "services/referral/domain/link.h"
#include "services/referral/domain/names.h"
#include "services/referral/domain/reward.h"
#include "services/referral/store/program_tables.h"
#include "services/referral/store/row_reader.h"
#include "services/referral/store/summary.h"

namespace kith::referral::app {
namespace {

// Ids and names hold no spaces, so that different filters give different texts.
template <class E>
std::string ListingName(absl::string_view kind, const std::string& program_id,
                        const std::string& person_id, const std::optional<E>& state) {
  return absl::StrCat(kind, " ", program_id, " ", person_id, " ",
                      state.has_value() ? domain::Name(*state) : "");
}

void AddCounter(Summary& summary, const std::string& name, int64_t value) {
  const std::pair<absl::string_view, int64_t*> plain[] = {
      {store::kAdvocates, &summary.advocates},
      {store::kReferrals, &summary.referrals},
      {store::kConversions, &summary.conversions},
      {store::kConvertedReferrals, &summary.converted_referrals},
      {store::kLedgerEntries, &summary.ledger_entries}};
  for (const auto& [known, field] : plain) {
    if (name == known) *field = value;
  }
  absl::string_view rest = name;
  if (absl::ConsumePrefix(&rest, store::kCustomersPrefix)) {
    summary.channels[std::string(rest)].customers = value;
  } else if (absl::ConsumePrefix(&rest, store::kConvertedPrefix)) {
    summary.channels[std::string(rest)].converted = value;
  } else if (absl::ConsumePrefix(&rest, store::kBalancePrefix)) {
    const size_t slash = rest.rfind('/');
    const std::string account(rest.substr(0, slash));
    const std::string currency(rest.substr(slash + 1));
    summary.balances[{account, currency}] = domain::OwnSide(account) * value;
  }
}

}  // namespace

absl::StatusOr<domain::ProgramVersion> Reader::GetProgram(const std::string& program_id,
                                                          int64_t version,
                                                          absl::Time deadline) const {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database_.BeginRead(deadline));
  KITH_RETURN_IF_ERROR(RequireProgram(*transaction, program_id));
  KITH_ASSIGN_OR_RETURN(auto found, store::ReadProgram(*transaction, program_id, version));
  if (found.has_value()) return *std::move(found);
  return MakeFieldError(domain::errors::kVersionNotFound, "version",
                        "must be a version of the program, or 0 for the newest");
}

absl::StatusOr<Page<domain::ProgramVersion>> Reader::ListPrograms(const PageRequest& page,
                                                                  absl::Time deadline) const {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database_.BeginRead(deadline));
  return ReadPage<domain::ProgramVersion>(
      "programs", page,
      [&](const std::string& after, int64_t limit) {
        return store::ReadPrograms(*transaction, after, limit);
      },
      [](const domain::ProgramVersion& row) { return row.program.program_id; });
}

absl::StatusOr<domain::Advocate> Reader::GetAdvocate(const std::string& program_id,
                                                     const std::string& advocate_id,
                                                     absl::Time now,
                                                     absl::Time deadline) const {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database_.BeginRead(deadline));
  KITH_RETURN_IF_ERROR(RequireProgram(*transaction, program_id));
  KITH_ASSIGN_OR_RETURN(auto found,
                        store::ReadAdvocate(*transaction, program_id, advocate_id));
  if (!found.has_value()) {
    return MakeFieldError(domain::errors::kAdvocateNotFound, "advocate_id",
                          "must be an enrolled advocate");
  }
  store::RowReader rows(*transaction);
  const auto versions = rows.Select<store::VersionsOfProgram>(program_id);
  KITH_RETURN_IF_ERROR(rows.status());
  found->link =
      domain::LinkOf(domain::ProgramInForce(versions, now), found->code, /*campaign=*/"");
  return *std::move(found);
}

absl::StatusOr<domain::Referral> Reader::GetReferral(const std::string& program_id,
                                                     const std::string& referral_id,
                                                     absl::Time deadline) const {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database_.BeginRead(deadline));
  KITH_RETURN_IF_ERROR(RequireProgram(*transaction, program_id));
  KITH_ASSIGN_OR_RETURN(auto found,
                        store::ReadReferral(*transaction, program_id, referral_id));
  if (found.has_value()) return *std::move(found);
  return MakeFieldError(domain::errors::kReferralNotFound, "referral_id",
                        "must be an accepted referral");
}

absl::StatusOr<Page<domain::Referral>> Reader::ListReferrals(
    const store::ReferralFilter& filter, const PageRequest& page, absl::Time deadline) const {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database_.BeginRead(deadline));
  KITH_RETURN_IF_ERROR(RequireProgram(*transaction, filter.program_id));
  return ReadPage<domain::Referral>(
      ListingName("referrals", filter.program_id, filter.advocate_id, filter.state), page,
      [&](const std::string& after, int64_t limit) {
        return store::ReadReferrals(*transaction, filter, after, limit);
      },
      [](const domain::Referral& row) { return row.referral_id; });
}

absl::StatusOr<RewardPage> Reader::ListRewards(const store::RewardFilter& filter,
                                               const PageRequest& page,
                                               absl::Time deadline) const {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database_.BeginRead(deadline));
  KITH_RETURN_IF_ERROR(RequireProgram(*transaction, filter.program_id));
  RewardPage rewards;
  KITH_ASSIGN_OR_RETURN(rewards.page,
                        ReadPage<domain::Reward>(
                            absl::StrCat(ListingName("rewards", filter.program_id,
                                                     filter.recipient_id, filter.state),
                                         " ", filter.referral_id),
                            page,
                            [&](const std::string& after, int64_t limit) {
                              return store::ReadRewards(*transaction, filter, after, limit);
                            },
                            [](const domain::Reward& row) { return row.reward_id; }));
  KITH_ASSIGN_OR_RETURN(rewards.totals, store::ReadRewardTotals(*transaction, filter));
  return rewards;
}

absl::StatusOr<Summary> Reader::GetSummary(const std::string& program_id,
                                           absl::Time deadline) const {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database_.BeginRead(deadline));
  KITH_RETURN_IF_ERROR(RequireProgram(*transaction, program_id));
  KITH_ASSIGN_OR_RETURN(const auto counters, store::ReadSummary(*transaction, program_id));
  Summary summary;
  for (const auto& [name, value] : counters) AddCounter(summary, name, value);
  KITH_ASSIGN_OR_RETURN(summary.tree_depth, store::ReadTreeDepth(*transaction, program_id));
  return summary;
}

absl::StatusOr<Summary> Reader::GetTotals(absl::Time deadline) const {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database_.BeginRead(deadline));
  KITH_ASSIGN_OR_RETURN(const auto counters, store::ReadTotals(*transaction));
  Summary totals;
  for (const auto& [name, value] : counters) AddCounter(totals, name, value);
  return totals;
}

}  // namespace kith::referral::app
