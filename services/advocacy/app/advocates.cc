#include "services/advocacy/app/advocates.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/advocacy/app/page_token.h"
#include "services/advocacy/app/read_program.h"
#include "services/advocacy/domain/errors.h"
#include "services/advocacy/domain/tiers.h"

namespace kith::advocacy::app {
namespace {

constexpr int64_t kDefaultPageSize = 100;

AdvocateView MakeView(domain::Advocate advocate, const domain::ScoringPolicy& policy,
                      const domain::CutOff& cut_off) {
  const domain::TierStanding standing = domain::StandingOf(policy, advocate.points);
  AdvocateView view;
  if (standing.tier != nullptr) {
    view.tier = standing.tier->name;
    view.benefits = standing.tier->benefits;
  }
  if (standing.next != nullptr) view.next_tier = standing.next->name;
  view.points_to_next_tier = standing.points_to_next;
  view.segment = domain::SegmentOf(cut_off, advocate.successes);
  view.advocate = std::move(advocate);
  return view;
}

// Two queries list the same when this is the same.
std::string FilterOf(const ListAdvocatesQuery& query) {
  return absl::StrCat(query.program_id, "\n", query.tier, "\n",
                      query.segment.has_value() ? static_cast<int>(*query.segment) : 0);
}

}  // namespace

absl::StatusOr<AdvocateView> GetAdvocate(db::Database& database, const std::string& program_id,
                                         const std::string& advocate_id, absl::Time deadline) {
  KITH_ASSIGN_OR_RETURN(const ProgramRead read, ReadProgram(database, program_id, deadline));
  KITH_ASSIGN_OR_RETURN(auto advocate,
                        store::ReadAdvocate(*read.transaction, program_id, advocate_id));
  if (!advocate.has_value()) {
    return MakeFieldError(errors::kAdvocateNotFound, "advocate_id",
                          "must be an advocate of the program");
  }
  return MakeView(*std::move(advocate), read.policy(), read.cut_off());
}

absl::StatusOr<AdvocatePage> ListAdvocates(db::Database& database,
                                           const ListAdvocatesQuery& query,
                                           absl::Time deadline) {
  KITH_ASSIGN_OR_RETURN(const std::string after,
                        ParsePageToken(query.page_token, FilterOf(query)));
  KITH_ASSIGN_OR_RETURN(const ProgramRead read,
                        ReadProgram(database, query.program_id, deadline));
  const domain::CutOff cut_off = read.cut_off();
  store::AdvocateFilter filter{query.program_id, {}, {}};
  if (!query.tier.empty()) filter.points = domain::PointsOf(read.policy(), query.tier);
  if (query.segment.has_value()) {
    filter.successes = domain::SuccessesOf(cut_off, *query.segment);
  }
  const int64_t size = query.page_size == 0 ? kDefaultPageSize : query.page_size;
  // One more tells whether there is a next page.
  KITH_ASSIGN_OR_RETURN(auto rows,
                        store::ListAdvocates(*read.transaction, filter, after, size + 1));
  AdvocatePage page;
  if (static_cast<int64_t>(rows.size()) > size) {
    rows.resize(static_cast<size_t>(size));
    page.next_page_token = MakePageToken(rows.back().advocate_id, FilterOf(query));
  }
  for (domain::Advocate& row : rows) {
    page.advocates.push_back(MakeView(std::move(row), read.policy(), cut_off));
  }
  return page;
}

}  // namespace kith::advocacy::app
