// Identifiers, hashes and the mapping of programs to shards.
#ifndef KITH_COMMON_BASE_IDS_H_
#define KITH_COMMON_BASE_IDS_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace kith {

// A new UUIDv7 (RFC 9562), 36 characters: ordered by `now`, otherwise random. Thread-safe.
std::string NewUuid(absl::Time now);

// `bytes` random bytes from the operating system, for keys and tokens. Thread-safe.
std::string RandomBytes(size_t bytes);

// SHA-256 of `data`, 32 bytes.
std::string Sha256(absl::string_view data);
// HMAC-SHA-256 of `data` under `key`, 32 bytes.
std::string HmacSha256(absl::string_view key, absl::string_view data);
// Lower-case hexadecimal.
std::string ToHex(absl::string_view bytes);

// A hash that is the same on every machine and in every version (FNV-1a, 64 bits).
uint64_t StableHash(absl::string_view data);

// The shard of a program: StableHash(program_id) % shards. `shards` > 0.
int ShardOf(absl::string_view program_id, int shards);

}  // namespace kith

#endif  // KITH_COMMON_BASE_IDS_H_
