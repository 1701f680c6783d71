#include "common/base/seal.h"

#include <openssl/evp.h>

#include <cstdio>
#include <cstdlib>
#include <memory>

#include "absl/strings/str_cat.h"
#include "common/base/ids.h"

namespace kith {
namespace {

constexpr size_t kKeyBytes = 32;
constexpr size_t kTagBytes = 16;

using Context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

const unsigned char* Bytes(absl::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* Bytes(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

// What cannot fail with keys and nonces of the right size, unless memory is out.
void Must(bool done) {
  if (done) return;
  std::fputs("no AES-256-GCM in the cryptographic library\n", stderr);
  std::abort();
}

Context Begin(absl::string_view key, absl::string_view nonce, absl::string_view associated,
              bool seal) {
  static EVP_CIPHER* const algorithm = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  Context context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  Must(key.size() == kKeyBytes && nonce.size() == kSealNonceBytes);
  Must(EVP_CipherInit_ex(context.get(), algorithm, nullptr, Bytes(key), Bytes(nonce),
                         seal ? 1 : 0) == 1);
  int written = 0;
  Must(EVP_CipherUpdate(context.get(), nullptr, &written, Bytes(associated),
                        static_cast<int>(associated.size())) == 1);
  return context;
}

}  // namespace

std::string DeriveKey(absl::string_view key, absl::string_view label) {
  return HmacSha256(key, label);
}

std::string Seal(absl::string_view key, absl::string_view nonce, absl::string_view context,
                 absl::string_view text) {
  const Context cipher = Begin(key, nonce, context, true);
  std::string hidden(text.size(), '\0');
  std::string tag(kTagBytes, '\0');
  int written = 0;
  Must(EVP_CipherUpdate(cipher.get(), Bytes(hidden), &written, Bytes(text),
                        static_cast<int>(text.size())) == 1);
  Must(EVP_CipherFinal_ex(cipher.get(), Bytes(hidden) + written, &written) == 1);
  Must(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_GET_TAG, kTagBytes, tag.data()) == 1);
  return absl::StrCat(nonce, hidden, tag);
}

std::optional<std::string> OpenSealed(absl::string_view key, absl::string_view context,
                                      absl::string_view sealed) {
  if (sealed.size() < kSealNonceBytes + kTagBytes || key.size() != kKeyBytes) {
    return std::nullopt;
  }
  const absl::string_view hidden =
      sealed.substr(kSealNonceBytes, sealed.size() - kSealNonceBytes - kTagBytes);
  std::string tag(sealed.substr(sealed.size() - kTagBytes));
  const Context cipher = Begin(key, NonceOf(sealed), context, false);
  std::string text(hidden.size(), '\0');
  int written = 0;
  Must(EVP_CipherUpdate(cipher.get(), Bytes(text), &written, Bytes(hidden),
                        static_cast<int>(hidden.size())) == 1);
  Must(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_SET_TAG, kTagBytes, tag.data()) == 1);
  if (EVP_CipherFinal_ex(cipher.get(), Bytes(text) + written, &written) != 1) {
    return std::nullopt;
  }
  return text;
}

absl::string_view NonceOf(absl::string_view sealed) {
  if (sealed.size() < kSealNonceBytes) return {};
  return sealed.substr(0, kSealNonceBytes);
}

}  // namespace kith
