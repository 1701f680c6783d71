#include "clients/cli/yaml/problem.h"

#include "absl/strings/str_cat.h"

namespace kith::cli {

std::string ToString(const Place& place) {
  return absl::StrCat(place.file, ":", place.line, ":", place.column);
}

std::string ToString(const Problem& problem) {
  const std::string start = absl::StrCat(ToString(problem.place), ": ");
  return problem.field.empty() ? start + problem.text
                               : absl::StrCat(start, problem.field, ": ", problem.text);
}

Place FieldPlaces::Find(absl::string_view path) const {
  for (;;) {
    const auto found = places_.find(std::string(path));
    if (found != places_.end()) return found->second;
    if (path.empty()) return {};
    const size_t cut = path.find_last_of(".[");
    path = cut == absl::string_view::npos ? absl::string_view() : path.substr(0, cut);
  }
}

}  // namespace kith::cli
