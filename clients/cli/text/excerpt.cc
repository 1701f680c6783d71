#include "clients/cli/text/excerpt.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace kith::cli {
namespace {

constexpr size_t kLongest = 60;
constexpr size_t kShown = 20;

// Whether a byte continues a character of UTF-8.
bool Continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

}  // namespace

std::string Excerpt(absl::string_view text) {
  const auto characters =
      text.size() - static_cast<size_t>(std::count_if(text.begin(), text.end(), Continues));
  if (characters <= kLongest) return absl::StrCat("'", text, "'");
  size_t end = 0;
  for (size_t shown = 0; shown < kShown; ++shown) {
    do {
      ++end;
    } while (end < text.size() && Continues(text[end]));
  }
  return absl::StrCat("'", text.substr(0, end), "…' (", characters, " characters)");
}

}  // namespace kith::cli
