#include "services/referral/store/text_codec.h"

#include <cstdint>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace kith::referral::store {
namespace {

bool IsSpecial(unsigned char c) {
  return c == '%' || c == ';' || c == '=' || c < 0x20 || c == 0x7F;
}

void AppendEscaped(std::string& out, absl::string_view text) {
  for (const char c : text) {
    if (IsSpecial(static_cast<unsigned char>(c))) {
      absl::StrAppend(&out, "%", absl::Hex(static_cast<unsigned char>(c), absl::kZeroPad2));
    } else {
      out.push_back(c);
    }
  }
}

std::string Unescape(absl::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const bool escaped = text[i] == '%' && i + 2 < text.size() &&
                         absl::ascii_isxdigit(static_cast<unsigned char>(text[i + 1])) &&
                         absl::ascii_isxdigit(static_cast<unsigned char>(text[i + 2]));
    if (escaped) {
      out += absl::HexStringToBytes(text.substr(i + 1, 2));
      i += 2;
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

// Calls `use` with each entry, still escaped.
template <class Use>
void ForEachEntry(absl::string_view text, Use use) {
  while (!text.empty()) {
    const size_t end = text.find(';');
    use(text.substr(0, end));
    if (end == absl::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

// Calls `use` with the name and the value of each entry that has both.
template <class Use>
void ForEachPair(absl::string_view text, Use use) {
  ForEachEntry(text, [&use](absl::string_view entry) {
    const size_t equals = entry.find('=');
    if (equals == absl::string_view::npos) return;
    use(Unescape(entry.substr(0, equals)), Unescape(entry.substr(equals + 1)));
  });
}

void AppendPair(std::string& out, absl::string_view name, absl::string_view value) {
  AppendEscaped(out, name);
  out.push_back('=');
  AppendEscaped(out, value);
  out.push_back(';');
}

}  // namespace

std::string EncodeAttributes(const domain::Attributes& attributes) {
  std::string text;
  for (const auto& [name, value] : attributes) AppendPair(text, name, value);
  return text;
}

domain::Attributes DecodeAttributes(absl::string_view text) {
  domain::Attributes attributes;
  ForEachPair(text, [&attributes](std::string name, std::string value) {
    attributes[std::move(name)] = std::move(value);
  });
  return attributes;
}

std::string EncodeList(const std::vector<std::string>& list) {
  std::string text;
  for (const std::string& item : list) {
    AppendEscaped(text, item);
    text.push_back(';');
  }
  return text;
}

std::vector<std::string> DecodeList(absl::string_view text) {
  std::vector<std::string> list;
  ForEachEntry(text, [&list](absl::string_view entry) { list.push_back(Unescape(entry)); });
  return list;
}

std::string EncodeLines(const std::vector<domain::Line>& lines) {
  std::string text;
  for (const domain::Line& line : lines) {
    AppendPair(text, line.name, absl::StrCat(line.amount_minor));
  }
  return text;
}

std::vector<domain::Line> DecodeLines(absl::string_view text) {
  std::vector<domain::Line> lines;
  ForEachPair(text, [&lines](std::string name, const std::string& value) {
    int64_t minor = 0;
    if (absl::SimpleAtoi(value, &minor)) lines.push_back({std::move(name), minor});
  });
  return lines;
}

}  // namespace kith::referral::store
