#include "common/server/store_owner.h"

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/status_macros.h"

namespace kith::server {
namespace {

constexpr int kAttempts = 5;

constexpr absl::string_view kSelectOwner =
    "SELECT value FROM store_info WHERE name = 'service'";
constexpr absl::string_view kSelectFirst =
    "SELECT stream FROM schema_migration WHERE stream <> 'common' "
    "ORDER BY applied_at, stream LIMIT 1";
// Services that start at once meet in this row.
constexpr absl::string_view kInsertOwner =
    "INSERT INTO store_info (name, value) VALUES ('service', $1) ON CONFLICT (name) DO "
    "NOTHING";

absl::Status Compare(const std::string& owner, const std::string& service) {
  if (owner == service) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("this store belongs to the ", owner,
                                                    " service: give the ", service,
                                                    " service one of its own (--store)"));
}

absl::Status ClaimOnce(db::Database& database, const std::string& service) {
  KITH_ASSIGN_OR_RETURN(auto transaction,
                        database.BeginWrite(SystemClock().Now() + absl::Seconds(30)));
  const std::vector<db::Call> reads = {{kSelectOwner, {}}, {kSelectFirst, {}}};
  KITH_ASSIGN_OR_RETURN(const auto found, transaction->QueryMany(reads));
  if (!found[0].rows.empty()) return Compare(found[0].rows[0].Text(0), service);
  if (!found[1].rows.empty()) {
    KITH_RETURN_IF_ERROR(Compare(found[1].rows[0].Text(0), service));
  }
  KITH_RETURN_IF_ERROR(transaction->Execute(kInsertOwner, {service}).status());
  KITH_ASSIGN_OR_RETURN(const db::Result owner, transaction->Query(kSelectOwner));
  KITH_RETURN_IF_ERROR(transaction->Commit({}));
  return owner.rows.empty() ? absl::AbortedError("another service claims the store")
                            : Compare(owner.rows[0].Text(0), service);
}

}  // namespace

absl::Status ClaimStore(db::Database& database, const std::string& service) {
  absl::Status status = ClaimOnce(database, service);
  for (int i = 1; i < kAttempts && db::IsRetryable(status); ++i) {
    status = ClaimOnce(database, service);
  }
  return status;
}

}  // namespace kith::server
