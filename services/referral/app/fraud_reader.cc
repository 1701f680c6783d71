#include "services/referral/app/fraud_reader.h"

#include <limits>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/error.h"
#include "common/base/ids.h"
#include "common/base/status_macros.h"
#include "services/referral/app/case_note.h"
#include "services/referral/domain/errors.h"
#include "services/referral/domain/names.h"
#include "services/referral/store/advocate_tables.h"
#include "services/referral/store/fraud_tables.h"
#include "services/referral/store/program_tables.h"
#include "services/referral/store/read_rows.h"

namespace kith::referral::app {
namespace {

// Listings are named with their filters: ids and names hold no spaces, so that different ones
// give different texts. Places are two words.
using Place = std::pair<std::string, std::string>;

Place ToPlace(const std::string& text) {
  return absl::StrSplit(text, absl::MaxSplits(' ', 1));
}

int64_t ToNumber(const std::string& text, int64_t otherwise) {
  int64_t number = 0;
  return absl::SimpleAtoi(text, &number) ? number : otherwise;
}

template <class E>
absl::string_view NameOrEmpty(const std::optional<E>& value) {
  return value.has_value() ? domain::Name(*value) : absl::string_view();
}

}  // namespace

absl::StatusOr<CaseView> FraudReader::GetCase(const std::string& program_id,
                                              const std::string& referral_id,
                                              absl::Time deadline) const {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database_.BeginRead(deadline));
  KITH_RETURN_IF_ERROR(RequireProgram(*transaction, program_id));
  KITH_ASSIGN_OR_RETURN(auto found, store::ReadByKey<store::FraudCaseTable>(
                                        *transaction, {program_id, referral_id}));
  if (!found.has_value()) {
    return MakeFieldError(domain::errors::kCaseNotFound, "referral_id",
                          "must be a referral that the fraud rules held or rejected");
  }
  KITH_ASSIGN_OR_RETURN(const auto key,
                        store::ReadByKey<store::ProgramKeyTable>(*transaction, program_id));
  std::string note = key.has_value() ? NoteOf(*found, key->email_key) : std::string();
  return CaseView{*std::move(found), std::move(note)};
}

absl::StatusOr<Page<domain::FraudCase>> FraudReader::ListCases(const CaseFilter& filter,
                                                               const PageRequest& page,
                                                               absl::Time deadline) const {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database_.BeginRead(deadline));
  KITH_RETURN_IF_ERROR(RequireProgram(*transaction, filter.program_id));
  return ReadPage<domain::FraudCase>(
      absl::StrCat("cases ", filter.program_id, " ", NameOrEmpty(filter.state)), page,
      [&](const std::string& after, int64_t limit) {
        const Place place = ToPlace(after);
        const int64_t micros = ToNumber(place.first, std::numeric_limits<int64_t>::min());
        return store::ReadCases(*transaction, filter,
                                {absl::FromUnixMicros(micros), place.second}, limit);
      },
      [](const domain::FraudCase& row) {
        return absl::StrCat(absl::ToUnixMicros(row.opened_time), " ", row.referral_id);
      });
}

absl::StatusOr<std::optional<absl::Time>> FraudReader::OldestOpenCase(
    absl::Time deadline) const {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database_.BeginRead(deadline));
  return store::ReadOldestOpenCase(*transaction);
}

absl::StatusOr<Page<domain::Suspension>> FraudReader::ListSuspensions(
    const std::string& program_id, const std::string& advocate_id, const PageRequest& page,
    absl::Time deadline) const {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database_.BeginRead(deadline));
  KITH_RETURN_IF_ERROR(RequireProgram(*transaction, program_id));
  KITH_ASSIGN_OR_RETURN(const auto advocate, store::ReadByKey<store::AdvocateTable>(
                                                 *transaction, {program_id, advocate_id}));
  if (!advocate.has_value()) {
    return MakeFieldError(domain::errors::kAdvocateNotFound, "advocate_id",
                          "must be an enrolled advocate");
  }
  return ReadPage<domain::Suspension>(
      absl::StrCat("suspensions ", program_id, " ", advocate_id), page,
      [&](const std::string& after, int64_t limit) {
        return store::ReadSuspensions(*transaction, program_id, advocate_id,
                                      ToNumber(after, std::numeric_limits<int64_t>::max()),
                                      limit);
      },
      [](const domain::Suspension& row) { return absl::StrCat(row.sequence); });
}

absl::StatusOr<Page<domain::Suspension>> FraudReader::ListSuspended(
    const std::string& program_id, const PageRequest& page, absl::Time deadline) const {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database_.BeginRead(deadline));
  KITH_RETURN_IF_ERROR(RequireProgram(*transaction, program_id));
  return ReadPage<domain::Suspension>(
      absl::StrCat("suspended ", program_id), page,
      [&](const std::string& after, int64_t limit) {
        return store::ReadSuspended(*transaction, program_id, after, limit);
      },
      [](const domain::Suspension& row) { return row.advocate_id; });
}

absl::StatusOr<Page<domain::BlockedIdentity>> FraudReader::ListBlocklist(
    const BlocklistFilter& filter, const PageRequest& page, absl::Time deadline) const {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database_.BeginRead(deadline));
  KITH_RETURN_IF_ERROR(RequireProgram(*transaction, filter.program_id));
  return ReadPage<domain::BlockedIdentity>(
      absl::StrCat("blocklist ", filter.program_id, " ", NameOrEmpty(filter.kind)), page,
      [&](const std::string& after, int64_t limit) {
        const Place place = ToPlace(after);
        return store::ReadBlocklist(*transaction, filter, place.first,
                                    absl::HexStringToBytes(place.second), limit);
      },
      [](const domain::BlockedIdentity& row) {
        return absl::StrCat(domain::Name(row.kind), " ", ToHex(row.hash));
      });
}

absl::StatusOr<Page<domain::QualityTest>> FraudReader::GetQuality(
    const std::string& program_id, const std::string& campaign, const PageRequest& page,
    absl::Time deadline) const {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database_.BeginRead(deadline));
  KITH_RETURN_IF_ERROR(RequireProgram(*transaction, program_id));
  return ReadPage<domain::QualityTest>(
      absl::StrCat("quality ", program_id, " ", campaign), page,
      [&](const std::string& after, int64_t limit) {
        const Place place = ToPlace(after);
        return store::ReadQualityTests(*transaction, program_id, campaign, place.first,
                                       place.second, limit);
      },
      [](const domain::QualityTest& row) {
        return absl::StrCat(row.campaign, " ", domain::Name(row.metric));
      });
}

}  // namespace kith::referral::app
