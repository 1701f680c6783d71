// A condition as one line of a file: `lead.size at_least 50 and lead.country in DE|FR or
// lead.vip equals yes`. `and` binds closer than `or`; `exists` and `missing` take no value,
// `in` and `not_in` several, divided by `|`. A space, `|`, `%` or quote that a value holds is
// written as %20, %7C, %25 or %22, an empty value as "".
#ifndef KITH_CLIENTS_CLI_YAML_CONDITION_TEXT_H_
#define KITH_CLIENTS_CLI_YAML_CONDITION_TEXT_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "kith/referral/v1/rules.pb.h"

namespace kith::cli {

// The error says what would be right.
absl::StatusOr<referral::v1::Condition> ParseConditionText(absl::string_view text);

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_YAML_CONDITION_TEXT_H_
