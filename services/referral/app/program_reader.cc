#include "services/referral/app/program_reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/referral/domain/errors.h"
#include "services/referral/domain/names.h"
#include "services/referral/store/program_queries.h"
#include "services/referral/store/queries.h"
#include "services/referral/store/read_rows.h"
#include "services/referral/store/reward_tables.h"

namespace kith::referral::app {
namespace {

// A version that must be there; `field` named it.
absl::StatusOr<domain::ProgramVersion> RequireVersion(db::ReadTransaction& transaction,
                                                      const std::string& program_id,
                                                      int64_t version,
                                                      absl::string_view field) {
  KITH_ASSIGN_OR_RETURN(auto found, store::ReadProgram(transaction, program_id, version));
  if (found.has_value()) return *std::move(found);
  return MakeFieldError(domain::errors::kVersionNotFound, std::string(field),
                        "must be a version of the program");
}

std::string TimeText(const std::optional<absl::Time>& time) {
  return time.has_value() ? absl::FormatTime(*time, absl::UTCTimeZone()) : std::string();
}

// Adds how much is used up of those of `caps` that are over everybody.
absl::Status AddBudget(db::ReadTransaction& transaction, const std::string& program_id,
                       const std::vector<domain::CapInForce>& caps,
                       std::vector<BudgetUse>& budget) {
  for (const domain::CapInForce& cap : caps) {
    if (cap.cap.scope != domain::CapScope::kProgram) continue;
    KITH_ASSIGN_OR_RETURN(const auto use,
                          store::ReadByKey<store::CapUseTable>(
                              transaction, store::CapUseTable::ToKey(program_id, cap.key)));
    budget.push_back({.cap = cap.cap,
                      .period_start = cap.key.period_start,
                      .used = use.has_value() ? use->count : domain::CapCount()});
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<BudgetUse>> ReadBudget(db::ReadTransaction& transaction,
                                                  const domain::Program& program,
                                                  const domain::Campaign& campaign,
                                                  absl::Time now) {
  std::vector<BudgetUse> budget;
  const std::string& program_id = program.program_id;
  KITH_RETURN_IF_ERROR(AddBudget(transaction, program_id,
                                 domain::CapsOfCampaign(program, campaign, "", now), budget));
  for (const domain::RewardRule& rule : campaign.rewards) {
    KITH_RETURN_IF_ERROR(AddBudget(transaction, program_id,
                                   domain::CapsOfRule(program, {&rule, &campaign}, "", now),
                                   budget));
  }
  return budget;
}

absl::StatusOr<CampaignStatus> ReadStatus(db::ReadTransaction& transaction,
                                          const domain::Program& program,
                                          const domain::Campaign& campaign, absl::Time now) {
  CampaignStatus status;
  status.campaign = campaign;
  const absl::TimeZone zone = domain::ZoneOf(program);
  status.season = domain::SeasonAt(campaign, now, zone);
  status.next_start = domain::NextStart(campaign, now, zone);
  KITH_ASSIGN_OR_RETURN(status.pause,
                        store::ReadByKey<store::PausedCampaignTable>(
                            transaction, {program.program_id, campaign.campaign_id}));
  KITH_ASSIGN_OR_RETURN(status.resumption,
                        store::ReadByKey<store::DecisionTable>(
                            transaction, {program.program_id, std::string(store::kResumed),
                                          campaign.campaign_id}));
  KITH_ASSIGN_OR_RETURN(status.budget, ReadBudget(transaction, program, campaign, now));
  return status;
}

// At most `limit` campaigns after the id `after`, in order of id.
std::vector<const domain::Campaign*> CampaignsAfter(const domain::Program& program,
                                                    const std::string& after, size_t limit) {
  std::vector<const domain::Campaign*> campaigns;
  for (const domain::Campaign& campaign : program.campaigns) {
    if (campaign.campaign_id > after) campaigns.push_back(&campaign);
  }
  std::sort(campaigns.begin(), campaigns.end(), [](const auto* left, const auto* right) {
    return left->campaign_id < right->campaign_id;
  });
  campaigns.resize(std::min(campaigns.size(), limit));
  return campaigns;
}

}  // namespace

absl::StatusOr<VersionPage> ProgramReader::ListVersions(const std::string& program_id,
                                                        const PageRequest& page,
                                                        absl::Time now,
                                                        absl::Time deadline) const {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database_.BeginRead(deadline));
  KITH_RETURN_IF_ERROR(RequireProgram(*transaction, program_id));
  VersionPage versions;
  KITH_ASSIGN_OR_RETURN(versions.in_force,
                        store::ReadVersionInForce(*transaction, program_id, now));
  KITH_ASSIGN_OR_RETURN(
      versions.page,
      ReadPage<domain::ProgramVersion>(
          absl::StrCat("versions ", program_id), page,
          [&](const std::string& after, int64_t limit) {
            int64_t number = 0;
            if (!after.empty() && !absl::SimpleAtoi(after, &number)) number = 0;
            return store::ReadVersions(*transaction, program_id, number, limit);
          },
          [](const domain::ProgramVersion& row) { return absl::StrCat(row.version); }));
  return versions;
}

absl::StatusOr<VersionDifferences> ProgramReader::Diff(const std::string& program_id,
                                                       int64_t old_version,
                                                       int64_t new_version,
                                                       absl::Time deadline) const {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database_.BeginRead(deadline));
  KITH_RETURN_IF_ERROR(RequireProgram(*transaction, program_id));
  KITH_ASSIGN_OR_RETURN(const auto after,
                        RequireVersion(*transaction, program_id, new_version, "new_version"));
  VersionDifferences result{.new_version = after.version, .differences = {}};
  result.old_version = old_version != 0 ? old_version : after.version - 1;
  std::optional<domain::ProgramVersion> before;
  if (result.old_version != 0) {
    KITH_ASSIGN_OR_RETURN(
        before, RequireVersion(*transaction, program_id, result.old_version, "old_version"));
  }
  result.differences =
      domain::Differences(before.has_value() ? &before->program : nullptr, after.program);
  const std::string old_time = before.has_value() ? TimeText(before->effective_time) : "";
  const std::string new_time = TimeText(after.effective_time);
  if (old_time != new_time) {
    result.differences.push_back({"effective_time", old_time, new_time});
    std::sort(result.differences.begin(), result.differences.end(),
              [](const auto& left, const auto& right) { return left.path < right.path; });
  }
  return result;
}

absl::StatusOr<Page<CampaignStatus>> ProgramReader::ListCampaigns(
    const std::string& program_id, const PageRequest& page, absl::Time now,
    absl::Time deadline) const {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database_.BeginRead(deadline));
  KITH_RETURN_IF_ERROR(RequireProgram(*transaction, program_id));
  KITH_ASSIGN_OR_RETURN(const auto newest,
                        RequireVersion(*transaction, program_id, 0, "program_id"));
  const auto read = [&](const std::string& after,
                        int64_t limit) -> absl::StatusOr<std::vector<CampaignStatus>> {
    std::vector<CampaignStatus> rows;
    for (const domain::Campaign* campaign : CampaignsAfter(newest.program, after, limit)) {
      KITH_ASSIGN_OR_RETURN(rows.emplace_back(),
                            ReadStatus(*transaction, newest.program, *campaign, now));
    }
    return rows;
  };
  return ReadPage<CampaignStatus>(
      absl::StrCat("campaigns ", program_id), page, read,
      [](const CampaignStatus& row) { return row.campaign.campaign_id; });
}

absl::StatusOr<CampaignStatus> ProgramReader::GetCampaign(const std::string& program_id,
                                                          const std::string& campaign_id,
                                                          absl::Time now,
                                                          absl::Time deadline) const {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database_.BeginRead(deadline));
  KITH_RETURN_IF_ERROR(RequireProgram(*transaction, program_id));
  KITH_ASSIGN_OR_RETURN(const auto newest,
                        RequireVersion(*transaction, program_id, 0, "program_id"));
  const domain::Campaign* campaign = domain::FindCampaign(newest.program, campaign_id);
  if (campaign != nullptr) return ReadStatus(*transaction, newest.program, *campaign, now);
  return MakeFieldError(domain::errors::kCampaignNotFound, "campaign_id",
                        "must be a campaign of the program's newest version");
}

}  // namespace kith::referral::app
