// Pages of referrals by one of their columns.
#ifndef KITH_SERVICES_REFERRAL_STORE_PAGE_OF_H_
#define KITH_SERVICES_REFERRAL_STORE_PAGE_OF_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace kith::referral::store {

// A condition: of the referrals whose `column` has a value, those after an id, in the order of
// `column, referral_id`. `value` and `after` are parameters. As a range over both columns it
// has SQLite use their index; without statistics it would rather walk along the whole key.
inline std::string PageOf(absl::string_view column, absl::string_view value,
                          absl::string_view after) {
  return absl::StrCat("(", column, ", referral_id) > (", value, ", ", after, ") AND ", column,
                      " <= ", value);
}

}  // namespace kith::referral::store

#endif  // KITH_SERVICES_REFERRAL_STORE_PAGE_OF_H_
