#include "common/rpc/auth.h"

#include <algorithm>
#include <fstream>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/ids.h"

namespace kith::rpc {
namespace {

constexpr size_t kMaxTokenBytes = 4096;

// gRPC ends the process when it is to send anything else.
bool IsToken(absl::string_view text) {
  return text.size() <= kMaxTokenBytes && std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isgraph(static_cast<unsigned char>(c));
         });
}

}  // namespace

absl::StatusOr<std::vector<std::string>> LoadTokens(const std::string& path) {
  std::ifstream file(path);
  if (!file) return absl::InvalidArgumentError(absl::StrCat(path, ": it cannot be read"));
  std::vector<std::string> tokens;
  int64_t number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    const absl::string_view token = absl::StripAsciiWhitespace(line);
    if (token.empty() || token[0] == '#') continue;
    if (!IsToken(token)) {
      return absl::InvalidArgumentError(absl::StrCat(
          path, ":", number, ": a token is visible ASCII without spaces, at most ",
          kMaxTokenBytes, " bytes"));
    }
    tokens.emplace_back(token);
  }
  if (tokens.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("no token in ", path));
  }
  return tokens;
}

AuthTokens::AuthTokens(const std::vector<std::string>& tokens) {
  for (const std::string& token : tokens) hashes_.insert(Sha256(token));
}

bool AuthTokens::Allows(absl::string_view authorization) const {
  if (hashes_.empty()) return true;
  constexpr absl::string_view kScheme = "bearer ";
  if (!absl::StartsWithIgnoreCase(authorization, kScheme)) return false;
  return hashes_.contains(
      Sha256(absl::StripAsciiWhitespace(authorization.substr(kScheme.size()))));
}

}  // namespace kith::rpc
