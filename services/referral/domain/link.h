// Links that carry codes, made by the templates of the rules.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_LINK_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_LINK_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "services/referral/domain/program.h"

namespace kith::referral::domain {

// What is wrong with a template, saying what would be right; empty: nothing. It is an http or
// https URL with `{code}` once, behind the host. An empty one is none, and right.
std::string LinkTemplateProblem(absl::string_view text);

// The link of a code by `program`, the rules in force (nullptr: there are none): by the
// template of its campaign (empty: it is of none), else by that of the program. Empty: neither
// has one.
std::string LinkOf(const Program* program, absl::string_view code, absl::string_view campaign);

// Whether what was typed for a code is a link: codes have no slash.
bool IsLink(absl::string_view typed);
// What was typed as a code, in normal form: a code, or one in a link that any version of the
// rules has or had a template for, the newest first. The scheme and the case of the letters do
// not matter; what follows the link behind `?`, `#`, `&` or `/` is left out. A link that no
// template fits stays as it is, which is nobody's code.
std::string CodeOf(absl::Span<const ProgramVersion* const> versions, absl::string_view typed);

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_LINK_H_
