// Pages of listings, shared by the readers.
#ifndef KITH_SERVICES_REFERRAL_APP_PAGING_H_
#define KITH_SERVICES_REFERRAL_APP_PAGING_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/page_token.h"
#include "common/base/status_macros.h"
#include "common/db/db.h"

namespace kith::referral::app {

inline constexpr int64_t kDefaultPageSize = 100;

// Which part of a listing is asked for.
struct PageRequest {
  int64_t size = 0;  // 0: kDefaultPageSize
  std::string token;
};

template <class T>
struct Page {
  std::vector<T> rows;
  std::string next_token;  // empty at the end
};

// PROGRAM_NOT_FOUND unless the program was applied.
absl::Status RequireProgram(db::ReadTransaction& transaction, const std::string& program_id);

// Reads a page of a listing: `read(after, limit)` gives its rows, `id(row)` their keys in the
// listing. `listing` names the listing and its filter, so that no other one's token is taken
// (INVALID_PAGE_TOKEN). One row more than the page is read, to know whether there is another.
template <class Row, class Read, class Id>
absl::StatusOr<Page<Row>> ReadPage(const std::string& listing, const PageRequest& request,
                                   Read read, Id id) {
  const int64_t size = request.size > 0 ? request.size : kDefaultPageSize;
  KITH_ASSIGN_OR_RETURN(const std::string after, ReadPageToken(listing, request.token));
  Page<Row> page;
  KITH_ASSIGN_OR_RETURN(page.rows, read(after, size + 1));
  if (static_cast<int64_t>(page.rows.size()) > size) {
    page.rows.pop_back();
    page.next_token = MakePageToken(listing, id(page.rows.back()));
  }
  return page;
}

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_PAGING_H_
