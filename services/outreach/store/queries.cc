#include "services/outreach/store/queries.h"

#include <algorithm>
#include <set>
#include <utility>

#include "common/base/status_macros.h"
#include "services/outreach/store/message_tables.h"
#include "services/outreach/store/tables.h"

namespace kith::outreach {
namespace {

constexpr absl::string_view kSelectNewestPlaybook =
    "SELECT program_id, playbook_id, version, newest, applied_at, rules FROM playbook "
    "WHERE program_id = $1 AND playbook_id = $2 AND newest = 1";
constexpr absl::string_view kSelectPlaybooks =
    "SELECT program_id, playbook_id, version, newest, applied_at, rules FROM playbook "
    "WHERE program_id = $1 AND playbook_id > $2 AND newest = 1 ORDER BY playbook_id LIMIT $3";
constexpr absl::string_view kSelectTallies =
    "SELECT name, state, reason, value FROM tally WHERE program_id = $1 AND value <> 0 "
    "ORDER BY name, state, reason";
constexpr absl::string_view kSelectTalliesOfAll =
    "SELECT name, state, reason, CAST(SUM(value) AS BIGINT) FROM tally "
    "GROUP BY name, state, reason ORDER BY name, state, reason";
// One look into the index for each program.
constexpr absl::string_view kSelectClaimableSince =
    "SELECT MIN(oldest) FROM (SELECT (SELECT MIN(ready_at) FROM message "
    "WHERE message.program_id = program.program_id AND channel = $1) AS oldest "
    "FROM program) AS of_program";
constexpr absl::string_view kRecount =
    "SELECT 'contacts' AS name, '' AS state, '' AS reason, COUNT(*) AS value FROM contact "
    "WHERE program_id = $1 UNION ALL "
    "SELECT 'enrollments', '', '', COUNT(*) FROM enrollment WHERE program_id = $1 UNION ALL "
    "SELECT 'messages', state, CASE WHEN state = 'skipped' THEN reason ELSE '' END, COUNT(*) "
    "FROM message WHERE program_id = $1 "
    "GROUP BY state, CASE WHEN state = 'skipped' THEN reason ELSE '' END "
    "ORDER BY 1, 2, 3";
constexpr absl::string_view kCountDue =
    "SELECT COUNT(*) FROM message WHERE program_id = $1 AND channel IN (1, 2, 3, 4) "
    "AND ready_at <= $2 AND state = 'scheduled'";

template <class Row, class Decode>
std::vector<Row> All(const db::Result& result, Decode decode) {
  std::vector<Row> rows;
  rows.reserve(result.rows.size());
  for (const db::Row& row : result.rows) rows.push_back(decode(row));
  return rows;
}

template <class Table>
std::optional<typename Table::Row> First(const db::Result& result) {
  if (result.rows.empty()) return std::nullopt;
  return Table::Decode(result.rows.front());
}

absl::StatusOr<std::vector<Tally>> QueryTallies(db::ReadTransaction& read,
                                                absl::string_view sql, db::Params params) {
  KITH_ASSIGN_OR_RETURN(const db::Result result, read.Query(sql, std::move(params)));
  std::vector<Tally> tallies = All<Tally>(result, [](const db::Row& row) {
    return Tally{row.Text(0), row.Text(1), row.Text(2), row.Int(3)};
  });
  std::erase_if(tallies, [](const Tally& tally) { return tally.value == 0; });
  return tallies;
}

}  // namespace

absl::StatusOr<bool> HasProgram(db::ReadTransaction& read, const std::string& program_id) {
  KITH_ASSIGN_OR_RETURN(const db::Result result,
                        read.Query(ProgramTable::kSelect, {program_id}));
  return !result.rows.empty();
}

absl::StatusOr<std::optional<PlaybookVersion>> LoadPlaybook(db::ReadTransaction& read,
                                                            const std::string& program_id,
                                                            const std::string& playbook_id,
                                                            int64_t version) {
  const bool newest = version == 0;
  db::Params params = {program_id, playbook_id};
  if (!newest) params.emplace_back(version);
  KITH_ASSIGN_OR_RETURN(
      const db::Result result,
      read.Query(newest ? kSelectNewestPlaybook : PlaybookTable::kSelect, std::move(params)));
  return First<PlaybookTable>(result);
}

absl::StatusOr<std::vector<PlaybookVersion>> LoadPlaybooks(db::ReadTransaction& read,
                                                           const std::string& program_id,
                                                           const std::string& after_id,
                                                           int64_t limit) {
  KITH_ASSIGN_OR_RETURN(const db::Result result,
                        read.Query(kSelectPlaybooks, {program_id, after_id, limit}));
  return All<PlaybookVersion>(result, PlaybookTable::Decode);
}

absl::StatusOr<std::vector<PlaybookVersion>> LoadPlaybooksOf(
    db::ReadTransaction& read, absl::Span<const Message> messages) {
  std::set<PlaybookTable::Key> keys;
  for (const Message& message : messages) {
    keys.emplace(message.program_id, message.playbook_id, message.playbook_version);
  }
  std::vector<db::Call> calls;
  for (const PlaybookTable::Key& key : keys) {
    calls.push_back({PlaybookTable::kSelect, PlaybookTable::KeyParams(key)});
  }
  std::vector<PlaybookVersion> versions;
  KITH_ASSIGN_OR_RETURN(const std::vector<db::Result> results, read.QueryMany(calls));
  for (const db::Result& result : results) {
    if (auto version = First<PlaybookTable>(result)) versions.push_back(std::move(*version));
  }
  return versions;
}

absl::StatusOr<std::optional<Contact>> LoadContact(db::ReadTransaction& read,
                                                   const std::string& program_id,
                                                   const std::string& contact_id) {
  KITH_ASSIGN_OR_RETURN(const db::Result result,
                        read.Query(ContactTable::kSelect, {program_id, contact_id}));
  return First<ContactTable>(result);
}

absl::StatusOr<std::vector<Message>> LoadMessages(db::ReadTransaction& read,
                                                  const std::string& program_id,
                                                  const std::string& contact_id,
                                                  const MessagePlace& after, int64_t limit) {
  KITH_ASSIGN_OR_RETURN(const db::Result result,
                        read.Query(kSelectMessagesOfContact,
                                   {program_id, contact_id, db::FromTime(after.due_time),
                                    after.message_id, limit}));
  return All<Message>(result, MessageTable::Decode);
}

absl::StatusOr<std::vector<Message>> LoadClaimable(db::ReadTransaction& read,
                                                   const std::string& program_id,
                                                   const std::string& contact_id,
                                                   absl::Time until, int64_t limit) {
  KITH_ASSIGN_OR_RETURN(const db::Result result,
                        read.Query(kSelectClaimableOfContact,
                                   {program_id, contact_id, db::FromTime(until), limit}));
  return All<Message>(result, MessageTable::Decode);
}

absl::StatusOr<std::vector<Message>> LoadHandedOut(db::ReadTransaction& read,
                                                   const std::string& program_id,
                                                   const std::string& contact_id,
                                                   const Stretch& stretch, int64_t limit) {
  KITH_ASSIGN_OR_RETURN(const db::Result result,
                        read.Query(kSelectHandedOutToContact,
                                   {program_id, contact_id, db::FromTime(stretch.from),
                                    db::FromTime(stretch.to), limit}));
  return All<Message>(result, MessageTable::Decode);
}

absl::StatusOr<std::vector<Tally>> LoadTallies(db::ReadTransaction& read,
                                               const std::string& program_id) {
  return QueryTallies(read, kSelectTallies, {program_id});
}

absl::StatusOr<std::vector<Tally>> LoadTalliesOfAll(db::ReadTransaction& read) {
  return QueryTallies(read, kSelectTalliesOfAll, {});
}

absl::StatusOr<std::vector<Tally>> RecountTallies(db::ReadTransaction& read,
                                                  const std::string& program_id) {
  return QueryTallies(read, kRecount, {program_id});
}

absl::StatusOr<int64_t> CountDue(db::ReadTransaction& read, const std::string& program_id,
                                 absl::Time at) {
  KITH_ASSIGN_OR_RETURN(const db::Result result,
                        read.Query(kCountDue, {program_id, db::FromTime(at)}));
  return result.rows.empty() ? 0 : result.rows.front().Int(0);
}

absl::StatusOr<std::optional<absl::Time>> LoadClaimableSince(db::ReadTransaction& read) {
  std::vector<db::Call> calls;
  for (Channel channel : kChannels) {
    calls.push_back({kSelectClaimableSince, {static_cast<int64_t>(channel)}});
  }
  KITH_ASSIGN_OR_RETURN(const std::vector<db::Result> results, read.QueryMany(calls));
  std::optional<absl::Time> since;
  for (const db::Result& result : results) {
    if (result.rows.empty() || result.rows.front().IsNull(0)) continue;
    const absl::Time time = result.rows.front().Time(0);
    since = std::min(since.value_or(time), time);
  }
  return since;
}

}  // namespace kith::outreach
