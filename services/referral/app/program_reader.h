// What the read RPCs about programs over time answer, each from one snapshot of the store.
#ifndef KITH_SERVICES_REFERRAL_APP_PROGRAM_READER_H_
#define KITH_SERVICES_REFERRAL_APP_PROGRAM_READER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/db.h"
#include "services/referral/app/paging.h"
#include "services/referral/domain/campaign.h"
#include "services/referral/domain/cap.h"
#include "services/referral/domain/program.h"
#include "services/referral/domain/program_fields.h"
#include "services/referral/store/campaign_tables.h"
#include "services/referral/store/decision_tables.h"

namespace kith::referral::app {

using store::Decision;
using store::PausedCampaign;

// Versions, oldest first, and the number of the one in force now (0: none yet).
struct VersionPage {
  Page<domain::ProgramVersion> page;
  int64_t in_force = 0;
};

struct VersionDifferences {
  int64_t old_version = 0;  // 0: none, before the first
  int64_t new_version = 0;
  std::vector<domain::FieldChange> differences;  // in order of path
};

// How much of a cap over everybody is used up in the present period.
struct BudgetUse {
  domain::Cap cap;
  absl::Time period_start;
  domain::CapCount used;
};

// A campaign of the newest version and where it stands.
struct CampaignStatus {
  domain::Campaign campaign;
  std::optional<domain::Season> season;  // the present run; absent: it is not running
  std::optional<absl::Time> next_start;  // of the run after that; absent: none is to come
  std::optional<PausedCampaign> pause;
  std::optional<Decision> resumption;  // the last one
  std::vector<BudgetUse> budget;
};

// Thread-safe. An unknown program is PROGRAM_NOT_FOUND. Calls may block until `deadline`.
class ProgramReader {
 public:
  explicit ProgramReader(db::Database& database) : database_(database) {}

  absl::StatusOr<VersionPage> ListVersions(const std::string& program_id,
                                           const PageRequest& page, absl::Time now,
                                           absl::Time deadline) const;
  // `new_version` 0 is the newest, `old_version` 0 the one before `new_version`.
  absl::StatusOr<VersionDifferences> Diff(const std::string& program_id, int64_t old_version,
                                          int64_t new_version, absl::Time deadline) const;
  absl::StatusOr<Page<CampaignStatus>> ListCampaigns(const std::string& program_id,
                                                     const PageRequest& page, absl::Time now,
                                                     absl::Time deadline) const;
  absl::StatusOr<CampaignStatus> GetCampaign(const std::string& program_id,
                                             const std::string& campaign_id, absl::Time now,
                                             absl::Time deadline) const;

 private:
  db::Database& database_;
};

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_PROGRAM_READER_H_
