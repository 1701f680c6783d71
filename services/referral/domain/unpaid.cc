#include "services/referral/domain/unpaid.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "services/referral/domain/names.h"

namespace kith::referral::domain {

Unpaid Because(absl::string_view reason, std::string detail) {
  return {std::string(reason), std::move(detail), {}};
}

Unpaid WhyNotAsked(const RewardRule& rule, const Conversion& conversion) {
  const bool over =
      rule.trigger == Trigger::kConverted || rule.trigger == Trigger::kNthSuccess;
  if (!over) {
    return {std::string(unpaid::kNotOverConversions),
            absl::StrCat("it is earned by ", Name(rule.trigger)),
            {}};
  }
  if (!rule.event.empty()) {
    if (rule.event == conversion.event) return {};
    return {std::string(unpaid::kOtherEvent),
            absl::StrCat("it asks for the event ", rule.event, ", and this was ",
                         conversion.event.empty() ? "none" : conversion.event),
            {}};
  }
  if (conversion.success) return {};
  return {std::string(unpaid::kNotASuccess), "by the program's rules it is no success", {}};
}

}  // namespace kith::referral::domain
