// Texts that only the holder of a key may read (AES-256-GCM).
#ifndef KITH_COMMON_BASE_SEAL_H_
#define KITH_COMMON_BASE_SEAL_H_

#include <cstddef>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace kith {

inline constexpr size_t kSealNonceBytes = 12;

// A key for one purpose, derived from `key`: HMAC-SHA-256 of `label` under it. 32 bytes.
std::string DeriveKey(absl::string_view key, absl::string_view label);

// Encrypts `text` and authenticates it together with `context`, which says where the text
// belongs (its row, say) and is not stored: a sealed text that is moved elsewhere does not
// open. `key` has 32 bytes, `nonce` 12 random ones: never two texts under one nonce and key.
// The result is the nonce, the cipher text and a tag of 16 bytes.
std::string Seal(absl::string_view key, absl::string_view nonce, absl::string_view context,
                 absl::string_view text);

// The reverse; nullopt when it was not sealed by this key for this context, or was changed.
std::optional<std::string> OpenSealed(absl::string_view key, absl::string_view context,
                                      absl::string_view sealed);

// The nonce of a sealed text; empty when it is too short to be one.
absl::string_view NonceOf(absl::string_view sealed);

}  // namespace kith

#endif  // KITH_COMMON_BASE_SEAL_H_
