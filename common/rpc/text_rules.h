// The forms that strings of requests must have (kith.type.v1.Pattern).
#ifndef KITH_COMMON_RPC_TEXT_RULES_H_
#define KITH_COMMON_RPC_TEXT_RULES_H_

#include <string>

#include "absl/strings/string_view.h"
#include "kith/type/v1/rules.pb.h"

namespace kith::rpc {

// Whether `text`, valid UTF-8 and not empty, has the form. Thread-safe.
bool HasForm(kith::type::v1::Pattern pattern, absl::string_view text);

// What the form is, to follow "must be ".
absl::string_view DescribeForm(kith::type::v1::Pattern pattern);

// To follow it: `; 'paid-search' would do` for the name `Paid Search`. Empty when there is
// nothing like `text` that has the form.
std::string SuggestForm(kith::type::v1::Pattern pattern, absl::string_view text);

// Whether `name` is in the IANA time zone database of this machine, or UTC. Thread-safe.
bool IsTimeZone(absl::string_view name);

}  // namespace kith::rpc

#endif  // KITH_COMMON_RPC_TEXT_RULES_H_
