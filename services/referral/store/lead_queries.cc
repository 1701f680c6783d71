#include "services/referral/store/lead_queries.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "services/referral/domain/names.h"
#include "services/referral/store/page_of.h"
#include "services/referral/store/read_rows.h"
#include "services/referral/store/referral_tables.h"
#include "services/referral/store/summary.h"

namespace kith::referral::store {
namespace {

constexpr absl::string_view kLeadCounts =
    "SELECT name, value FROM summary WHERE program_id = $1 AND name IN ('leads/submitted', "
    "'leads/contacted', 'leads/qualified', 'leads/meeting', 'leads/negotiation', 'leads/won', "
    "'leads/lost', 'leads/unqualified', 'breached_leads', "
    "'contacted_leads', 'contact_wait_seconds') ORDER BY name";
constexpr absl::string_view kCampaignLeads =
    "SELECT campaign, lead_state, leads FROM lead_funnel WHERE program_id = $1 "
    "AND campaign IN (SELECT DISTINCT campaign FROM lead_funnel WHERE program_id = $1 "
    "AND campaign > $2 ORDER BY campaign LIMIT $3) ORDER BY campaign, lead_state";

// Finds the rows by one part of the filter. An absent part names its parameter all the same:
// PostgreSQL wants to know the type of each.
struct Listing {
  std::string where;
  absl::string_view order;
};
Listing ListingOf(const LeadFilter& filter) {
  if (!filter.advocate_id.empty()) {
    return {PageOf("advocate_id", "$2", "$6"), "advocate_id, referral_id"};
  }
  if (!filter.campaign.empty()) {
    return {absl::StrCat(PageOf("campaign", "$3", "$6"), " AND campaign <> '' AND $2 = ''"),
            "campaign, referral_id"};
  }
  if (filter.lead_state.has_value()) {
    return {absl::StrCat(PageOf("lead_state", "$4", "$6"), " AND $2 = '' AND $3 = ''"),
            "lead_state, referral_id"};
  }
  if (filter.fit.has_value() && *filter.fit != domain::Fit::kUnknown) {
    return {absl::StrCat(PageOf("fit", "$5", "$6"),
                         " AND fit <> 'unknown' AND $2 = '' AND $3 = '' AND $4 = ''"),
            "fit, referral_id"};
  }
  return {"referral_id > $6 AND $2 = '' AND $3 = '' AND $4 = ''", "referral_id"};
}

template <class E>
std::string NameOrEmpty(const std::optional<E>& value) {
  return value.has_value() ? std::string(domain::Name(*value)) : std::string();
}

absl::StatusOr<std::vector<domain::Referral>> ReadByDueTime(db::ReadTransaction& transaction,
                                                            absl::string_view condition,
                                                            db::Params params) {
  const std::string sql =
      absl::StrCat("SELECT ", ReferralTable::kColumns, " FROM referral WHERE program_id = $1",
                   " AND (follow_up_due_time, referral_id) > ($2, $3) AND ", condition,
                   " ORDER BY follow_up_due_time, referral_id LIMIT $4");
  return ReadRows<ReferralTable>(transaction, sql, std::move(params));
}

}  // namespace

absl::StatusOr<std::vector<domain::Referral>> ReadLeads(db::ReadTransaction& transaction,
                                                        const LeadFilter& filter,
                                                        const std::string& after,
                                                        int64_t limit) {
  const Listing listing = ListingOf(filter);
  const std::string sql = absl::StrCat(
      "SELECT ", ReferralTable::kColumns,
      " FROM referral WHERE program_id = $1 AND origin = 'lead' AND ", listing.where,
      " AND ($3 = '' OR campaign = $3) AND ($4 = '' OR lead_state = $4) "
      "AND ($5 = '' OR fit = $5) ORDER BY ",
      listing.order, " LIMIT $7");
  return ReadRows<ReferralTable>(
      transaction, sql,
      {filter.program_id, filter.advocate_id, filter.campaign, NameOrEmpty(filter.lead_state),
       NameOrEmpty(filter.fit), after, limit});
}

absl::StatusOr<std::vector<domain::Referral>> ReadOverdue(db::ReadTransaction& transaction,
                                                          const std::string& program_id,
                                                          absl::Time now,
                                                          const DuePlace& after,
                                                          int64_t limit) {
  return ReadByDueTime(
      transaction,
      "lead_state = 'submitted' AND follow_up_due_time IS NOT NULL "
      "AND follow_up_due_time < $5 AND fraud <> 'rejected' AND opted_out = 0 "
      // Older binaries, while they still run, do not tell the lead.
      "AND NOT EXISTS (SELECT 1 FROM opt_out WHERE opt_out.program_id = referral.program_id "
      "AND opt_out.hash = referral.email_hash) "
      "AND NOT EXISTS (SELECT 1 FROM opt_out WHERE opt_out.program_id = referral.program_id "
      "AND opt_out.hash = referral.phone_hash)",
      {program_id, db::FromTime(after.due_time), after.referral_id, limit, db::FromTime(now)});
}

absl::StatusOr<std::vector<domain::Referral>> ReadBreached(db::ReadTransaction& transaction,
                                                           const std::string& program_id,
                                                           const DuePlace& after,
                                                           int64_t limit) {
  return ReadByDueTime(transaction, "follow_up_breached = 1",
                       {program_id, db::FromTime(after.due_time), after.referral_id, limit});
}

absl::StatusOr<LeadCounts> ReadLeadCounts(db::ReadTransaction& transaction,
                                          const std::string& program_id) {
  KITH_ASSIGN_OR_RETURN(const db::Result result, transaction.Query(kLeadCounts, {program_id}));
  LeadCounts counts;
  for (const db::Row& row : result.rows) {
    absl::string_view name = row.Text(0);
    if (name == kBreachedLeads) counts.breached = row.Int(1);
    if (name == kContactedLeads) counts.contacted = row.Int(1);
    if (name == kContactWait) counts.contact_wait = absl::Seconds(row.Int(1));
    if (!absl::ConsumePrefix(&name, kLeadsPrefix)) continue;
    const auto state = domain::ParseName<domain::LeadState>(name);
    if (state.has_value()) counts.leads.emplace_back(*state, row.Int(1));
  }
  return counts;
}

absl::StatusOr<std::vector<CampaignLeads>> ReadCampaignLeads(db::ReadTransaction& transaction,
                                                             const std::string& program_id,
                                                             const std::string& after,
                                                             int64_t limit) {
  KITH_ASSIGN_OR_RETURN(const db::Result result,
                        transaction.Query(kCampaignLeads, {program_id, after, limit}));
  std::vector<CampaignLeads> campaigns;
  for (const db::Row& row : result.rows) {
    if (campaigns.empty() || campaigns.back().campaign != row.Text(0)) {
      campaigns.push_back({row.Text(0), {}});
    }
    const auto state = domain::ParseName<domain::LeadState>(row.Text(1));
    if (state.has_value()) campaigns.back().leads.emplace_back(*state, row.Int(2));
  }
  return campaigns;
}

}  // namespace kith::referral::store
