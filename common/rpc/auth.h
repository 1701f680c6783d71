// Bearer tokens that a service accepts.
#ifndef KITH_COMMON_RPC_AUTH_H_
#define KITH_COMMON_RPC_AUTH_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace kith::rpc {

// The tokens of a file: one a line; blank lines and lines that start with `#` do not count.
// INVALID_ARGUMENT when the file cannot be read, holds no token, or one that no call can
// carry: a token is visible ASCII without spaces, at most 4096 bytes of it. Errors name the
// file and the line, never what stands there.
absl::StatusOr<std::vector<std::string>> LoadTokens(const std::string& path);

// A set of tokens. Immutable and thread-safe. Keeps hashes only, so that neither a dump of
// the memory nor the time that a look-up takes tells of a token.
class AuthTokens {
 public:
  // No tokens: every call is let in.
  AuthTokens() = default;
  explicit AuthTokens(const std::vector<std::string>& tokens);
  bool required() const { return !hashes_.empty(); }
  // Whether the value of an `authorization` header (`Bearer <token>`) is good enough.
  bool Allows(absl::string_view authorization) const;

 private:
  absl::flat_hash_set<std::string> hashes_;
};

}  // namespace kith::rpc

#endif  // KITH_COMMON_RPC_AUTH_H_
