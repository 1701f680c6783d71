#include "common/rpc/auth.h"

#include <fstream>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/ids.h"

namespace kith::rpc {

absl::StatusOr<std::vector<std::string>> LoadTokens(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> tokens;
  for (std::string line; std::getline(file, line);) {
    const absl::string_view token = absl::StripAsciiWhitespace(line);
    if (!token.empty() && token[0] != '#') tokens.emplace_back(token);
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
