#include "services/referral/app/lead_reader.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/referral/app/notes.h"
#include "services/referral/domain/errors.h"
#include "services/referral/domain/lead.h"
#include "services/referral/domain/names.h"
#include "services/referral/store/advocate_tables.h"
#include "services/referral/store/program_tables.h"
#include "services/referral/store/read_rows.h"
#include "services/referral/store/referral_tables.h"

namespace kith::referral::app {
namespace {

using domain::Referral;

// Ids and names hold no spaces, so that different filters give different texts.
std::string ListingOf(const LeadFilter& filter) {
  return absl::StrCat("leads ", filter.program_id, " ", filter.advocate_id, " ",
                      filter.campaign, " ",
                      filter.lead_state.has_value() ? domain::Name(*filter.lead_state) : "",
                      " ", filter.fit.has_value() ? domain::Name(*filter.fit) : "");
}

std::string ToText(const store::DuePlace& place) {
  return absl::StrCat(absl::ToUnixMicros(place.due_time), " ", place.referral_id);
}

// Tokens hold what ToText gave; an empty text is the beginning.
store::DuePlace ToPlace(const std::string& text) {
  store::DuePlace place{absl::InfinitePast(), ""};
  const std::pair<std::string, std::string> parts =
      absl::StrSplit(text, absl::MaxSplits(' ', 1));
  int64_t micros = 0;
  if (absl::SimpleAtoi(parts.first, &micros)) {
    place = {absl::FromUnixMicros(micros), parts.second};
  }
  return place;
}

absl::StatusOr<Referral> RequireReferral(db::ReadTransaction& transaction,
                                         const std::string& program_id,
                                         const std::string& referral_id) {
  KITH_RETURN_IF_ERROR(RequireProgram(transaction, program_id));
  KITH_ASSIGN_OR_RETURN(
      std::optional<Referral> found,
      store::ReadByKey<store::ReferralTable>(transaction, {program_id, referral_id}));
  if (found.has_value()) return *std::move(found);
  return MakeFieldError(domain::errors::kReferralNotFound, "referral_id",
                        "must be an accepted referral");
}

}  // namespace

absl::StatusOr<Page<Referral>> LeadReader::ListLeads(const LeadFilter& filter,
                                                     const PageRequest& page,
                                                     absl::Time deadline) const {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database_.BeginRead(deadline));
  KITH_RETURN_IF_ERROR(RequireProgram(*transaction, filter.program_id));
  return ReadPage<Referral>(
      ListingOf(filter), page,
      [&](const std::string& after, int64_t limit) {
        return store::ReadLeads(*transaction, filter, after, limit);
      },
      [](const Referral& row) { return row.referral_id; });
}

absl::StatusOr<Page<Referral>> LeadReader::ListOverdue(const std::string& program_id,
                                                       bool closed_too, absl::Time now,
                                                       const PageRequest& page,
                                                       absl::Time deadline) const {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database_.BeginRead(deadline));
  KITH_RETURN_IF_ERROR(RequireProgram(*transaction, program_id));
  return ReadPage<Referral>(
      absl::StrCat(closed_too ? "breached " : "overdue ", program_id), page,
      [&](const std::string& after, int64_t limit) {
        const store::DuePlace place = ToPlace(after);
        return closed_too ? store::ReadBreached(*transaction, program_id, place, limit)
                          : store::ReadOverdue(*transaction, program_id, now, place, limit);
      },
      [](const Referral& row) {
        return ToText({row.follow_up_due_time.value_or(absl::UnixEpoch()), row.referral_id});
      });
}

absl::StatusOr<std::string> LeadReader::GetNote(const std::string& program_id,
                                                const std::string& referral_id,
                                                absl::Time deadline) const {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database_.BeginRead(deadline));
  KITH_ASSIGN_OR_RETURN(const Referral referral,
                        RequireReferral(*transaction, program_id, referral_id));
  KITH_ASSIGN_OR_RETURN(const auto key,
                        store::ReadByKey<store::ProgramKeyTable>(*transaction, program_id));
  std::optional<std::string> note = OpenNote(key.has_value() ? key->email_key : std::string(),
                                             program_id, referral_id, referral.sealed_note);
  if (note.has_value()) return *std::move(note);
  return MakeFieldError(domain::errors::kNoteUnreadable, "referral_id",
                        "must be a lead whose note this store has sealed");
}

absl::StatusOr<LeadFunnel> LeadReader::GetFunnel(const std::string& program_id,
                                                 const PageRequest& page,
                                                 absl::Time deadline) const {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database_.BeginRead(deadline));
  KITH_RETURN_IF_ERROR(RequireProgram(*transaction, program_id));
  LeadFunnel funnel;
  KITH_ASSIGN_OR_RETURN(store::LeadCounts counts,
                        store::ReadLeadCounts(*transaction, program_id));
  funnel.leads = std::move(counts.leads);
  funnel.breached = counts.breached;
  funnel.contacted = counts.contacted;
  if (counts.contacted > 0) funnel.contact_wait = counts.contact_wait / counts.contacted;
  KITH_ASSIGN_OR_RETURN(funnel.campaigns,
                        ReadPage<CampaignLeads>(
                            absl::StrCat("funnel ", program_id), page,
                            [&](const std::string& after, int64_t limit) {
                              return store::ReadCampaignLeads(*transaction, program_id, after,
                                                              limit);
                            },
                            [](const CampaignLeads& row) { return row.campaign; }));
  return funnel;
}

absl::StatusOr<FitExplanation> LeadReader::ExplainFit(const std::string& program_id,
                                                      const std::string& referral_id,
                                                      absl::Time deadline) const {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database_.BeginRead(deadline));
  KITH_ASSIGN_OR_RETURN(const Referral referral,
                        RequireReferral(*transaction, program_id, referral_id));
  if (referral.origin != domain::ReferralOrigin::kLead) {
    return MakeFieldError(domain::errors::kNotALead, "referral_id",
                          "must be a lead, not a referral that began with a signup");
  }
  FitExplanation explanation;
  explanation.fit = referral.fit;
  explanation.fit_by = referral.fit_by;
  explanation.program_version = referral.program_version;
  KITH_ASSIGN_OR_RETURN(const auto version,
                        store::ReadByKey<store::ProgramVersionTable>(
                            *transaction, {program_id, referral.program_version}));
  KITH_ASSIGN_OR_RETURN(const auto advocate,
                        store::ReadByKey<store::AdvocateTable>(
                            *transaction, {program_id, referral.advocate_id}));
  if (!version.has_value() || !advocate.has_value()) return explanation;
  explanation.rules = version->program.leads.fit;
  explanation.evaluation =
      domain::Evaluate(explanation.rules, domain::FitFields(referral, *advocate));
  return explanation;
}

}  // namespace kith::referral::app
