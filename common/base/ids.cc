#include "common/base/ids.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <cstdio>
#include <cstdlib>

#include "absl/strings/escaping.h"

namespace kith {

std::string RandomBytes(size_t bytes) {
  std::string out(bytes, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(bytes)) != 1) {
    std::fputs("no randomness from the operating system\n", stderr);
    std::abort();
  }
  return out;
}

std::string NewUuid(absl::Time now) {
  std::string raw = RandomBytes(16);
  const auto millis = static_cast<uint64_t>(absl::ToUnixMillis(now));
  for (int i = 0; i < 6; ++i) raw[i] = static_cast<char>(millis >> (8 * (5 - i)));
  raw[6] = static_cast<char>(0x70 | (raw[6] & 0x0F));
  raw[8] = static_cast<char>(0x80 | (raw[8] & 0x3F));
  std::string hex = ToHex(raw);
  for (const size_t at : {20, 16, 12, 8}) hex.insert(at, 1, '-');
  return hex;
}

std::string Sha256(absl::string_view data) {
  // The one-shot functions look the algorithm up at each call, which costs more than to hash
  // a short text.
  static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  std::string out(SHA256_DIGEST_LENGTH, '\0');
  if (EVP_Digest(data.data(), data.size(), reinterpret_cast<unsigned char*>(out.data()),
                 nullptr, algorithm, nullptr) != 1) {
    std::fputs("no SHA-256 in the cryptographic library\n", stderr);
    std::abort();
  }
  return out;
}

std::string HmacSha256(absl::string_view key, absl::string_view data) {
  std::string out(SHA256_DIGEST_LENGTH, '\0');
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(data.data()), data.size(),
       reinterpret_cast<unsigned char*>(out.data()), &size);
  return out;
}

std::string ToHex(absl::string_view bytes) { return absl::BytesToHexString(bytes); }

uint64_t StableHash(absl::string_view data) {
  uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : data) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3ULL;
  }
  return hash;
}

int ShardOf(absl::string_view program_id, int shards) {
  return static_cast<int>(StableHash(program_id) % static_cast<uint64_t>(shards));
}

}  // namespace kith
