#include "common/base/ids.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <cstdio>
#include <cstdlib>

#include "absl/strings/escaping.h"

namespace kith {
namespace {

void Require(bool done, const char* what) {
  if (done) return;
  std::fprintf(stderr, "the cryptographic library has no %s\n", what);
  std::abort();
}

const unsigned char* Bytes(absl::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// Keeps the state of the last key.
class HmacContext {
 public:
  HmacContext() {
    EVP_MAC* const algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    context_ = EVP_MAC_CTX_new(algorithm);
    EVP_MAC_free(algorithm);
    Require(context_ != nullptr, "HMAC");
  }
  ~HmacContext() { EVP_MAC_CTX_free(context_); }
  HmacContext(const HmacContext&) = delete;
  HmacContext& operator=(const HmacContext&) = delete;

  std::string Hash(absl::string_view key, absl::string_view data) {
    std::string out(SHA256_DIGEST_LENGTH, '\0');
    size_t size = 0;
    Require(Begin(key) && EVP_MAC_update(context_, Bytes(data), data.size()) == 1 &&
                EVP_MAC_final(context_, reinterpret_cast<unsigned char*>(out.data()), &size,
                              out.size()) == 1,
            "HMAC-SHA256");
    return out;
  }

 private:
  bool Begin(absl::string_view key) {
    if (has_key_ && key == key_) return EVP_MAC_init(context_, nullptr, 0, nullptr) == 1;
    key_ = std::string(key);
    has_key_ = true;
    char digest[] = "SHA256";
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end()};
    // An empty key must not be a null pointer, which stands for the last one.
    return EVP_MAC_init(context_, Bytes(key_), key_.size(), params) == 1;
  }

  EVP_MAC_CTX* context_;
  bool has_key_ = false;
  std::string key_;
};

}  // namespace

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
  Require(EVP_Digest(data.data(), data.size(), reinterpret_cast<unsigned char*>(out.data()),
                     nullptr, algorithm, nullptr) == 1,
          "SHA-256");
  return out;
}

std::string HmacSha256(absl::string_view key, absl::string_view data) {
  // A new context for each text costs five times as much as to hash it.
  thread_local HmacContext context;
  return context.Hash(key, data);
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
