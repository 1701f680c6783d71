#include "services/referral/domain/link.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "services/referral/domain/campaign.h"
#include "services/referral/domain/codes.h"

namespace kith::referral::domain {
namespace {

constexpr absl::string_view kPlace = "{code}";
constexpr absl::string_view kSchemes[] = {"https://", "http://"};
constexpr absl::string_view kExample = "such as https://example.com/r/{code}";

// What follows the scheme; nullopt: another one, or none.
std::optional<absl::string_view> WithoutScheme(absl::string_view link) {
  for (const absl::string_view scheme : kSchemes) {
    if (absl::StartsWithIgnoreCase(link, scheme)) return link.substr(scheme.size());
  }
  return std::nullopt;
}

bool MayStandInUrl(char c) {
  return c > ' ' && c < 0x7F && !absl::StrContains("\"<>\\^`{|}", absl::string_view(&c, 1));
}

bool ConsumeIgnoringCase(absl::string_view& text, absl::string_view prefix) {
  if (!absl::StartsWithIgnoreCase(text, prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// The code in `link` by one template, both without schemes.
std::optional<std::string> CodeBy(absl::string_view pattern, absl::string_view link) {
  const size_t place = pattern.find(kPlace);
  if (place == absl::string_view::npos) return std::nullopt;
  if (!ConsumeIgnoringCase(link, pattern.substr(0, place))) return std::nullopt;
  const size_t end = std::min(link.find_first_of("/?#&="), link.size());
  const absl::string_view rest = pattern.substr(place + kPlace.size());
  // What follows the place may begin with letters: the code ends where that begins.
  for (size_t size = end; size > 0; --size) {
    absl::string_view behind = link.substr(size);
    if (!ConsumeIgnoringCase(behind, rest)) continue;
    if (!behind.empty() && !absl::StrContains("/?#&", behind.substr(0, 1))) continue;
    return NormalizeCode(link.substr(0, size));
  }
  return std::nullopt;
}

std::optional<std::string> CodeBy(const Program& program, absl::string_view link) {
  const auto by = [link](const std::string& pattern) -> std::optional<std::string> {
    const auto path = WithoutScheme(pattern);
    return path.has_value() ? CodeBy(*path, link) : std::nullopt;
  };
  for (const Campaign& campaign : program.campaigns) {
    if (auto code = by(campaign.link_template)) return code;
  }
  return by(program.link_template);
}

}  // namespace

std::string LinkTemplateProblem(absl::string_view text) {
  if (text.empty()) return "";
  const auto path = WithoutScheme(text);
  if (!path.has_value())
    return absl::StrCat("must begin with https:// or http://, ", kExample);
  const size_t place = path->find(kPlace);
  if (place == absl::string_view::npos ||
      path->find(kPlace, place + 1) != absl::string_view::npos) {
    return absl::StrCat("must have {code} exactly once, ", kExample);
  }
  const size_t host = std::min(path->find_first_of("/?#"), path->size());
  if (host == 0 || place < host) {
    return absl::StrCat("must have a host, and {code} behind it, ", kExample);
  }
  const absl::string_view before = path->substr(0, place);
  const absl::string_view behind = path->substr(place + kPlace.size());
  const bool plain = std::all_of(before.begin(), before.end(), MayStandInUrl) &&
                     std::all_of(behind.begin(), behind.end(), MayStandInUrl);
  return plain ? "" : "must have but characters of a URL besides {code}; write others as %XX";
}

std::string LinkOf(const Program* program, absl::string_view code,
                   absl::string_view campaign) {
  if (program == nullptr) return "";
  const Campaign* own = FindCampaign(*program, campaign);
  const absl::string_view pattern = own == nullptr || own->link_template.empty()
                                        ? program->link_template
                                        : own->link_template;
  return absl::StrReplaceAll(pattern, {{kPlace, code}});
}

bool IsLink(absl::string_view typed) { return absl::StrContains(typed, "/"); }

std::string CodeOf(absl::Span<const ProgramVersion* const> versions, absl::string_view typed) {
  if (!IsLink(typed)) return NormalizeCode(typed);
  const absl::string_view link = absl::StripAsciiWhitespace(typed);
  const absl::string_view path = WithoutScheme(link).value_or(link);
  for (auto it = versions.rbegin(); it != versions.rend(); ++it) {
    if (auto code = CodeBy((*it)->program, path)) return *std::move(code);
  }
  return std::string(typed);
}

}  // namespace kith::referral::domain
