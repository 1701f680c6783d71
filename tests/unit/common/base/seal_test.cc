#include "common/base/seal.h"

#include "absl/strings/escaping.h"
#include "common/base/ids.h"
#include "gtest/gtest.h"

namespace kith {
namespace {

const std::string kKey(32, 'k');
const std::string kNonce(kSealNonceBytes, 'n');

TEST(SealTest, OpensWhatItSealed) {
  for (const std::string& text : {std::string(), std::string("call after six"),
                                  std::string(2000, 'x'), std::string("a\0b", 3)}) {
    const std::string sealed = Seal(kKey, kNonce, "acme r1", text);
    EXPECT_EQ(sealed.size(), 12 + text.size() + 16);
    EXPECT_EQ(NonceOf(sealed), kNonce);
    EXPECT_EQ(OpenSealed(kKey, "acme r1", sealed), text);
  }
}

// Test case 15 of the GCM specification (McGrew and Viega), with no associated data.
TEST(SealTest, IsAes256Gcm) {
  const std::string key = absl::HexStringToBytes(
      "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
  const std::string nonce = absl::HexStringToBytes("cafebabefacedbaddecaf888");
  const std::string text = absl::HexStringToBytes(
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
      "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255");
  EXPECT_EQ(ToHex(Seal(key, nonce, "", text)),
            "cafebabefacedbaddecaf888"
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
            "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad"
            "b094dac5d93471bdec1a502270e3cc6c");
}

TEST(SealTest, HidesTheText) {
  const std::string sealed = Seal(kKey, kNonce, "acme r1", "call after six");
  EXPECT_EQ(sealed.find("call"), std::string::npos);
}

TEST(SealTest, OpensOnlyWithKeyAndPlace) {
  const std::string sealed = Seal(kKey, kNonce, "acme r1", "call after six");
  EXPECT_EQ(OpenSealed(std::string(32, 'o'), "acme r1", sealed), std::nullopt);
  EXPECT_EQ(OpenSealed(kKey, "acme r2", sealed), std::nullopt);
  EXPECT_EQ(OpenSealed("", "acme r1", sealed), std::nullopt);
}

TEST(SealTest, NoticesEveryChange) {
  const std::string sealed = Seal(kKey, kNonce, "acme r1", "call after six");
  for (size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_EQ(OpenSealed(kKey, "acme r1", changed), std::nullopt) << i;
  }
  for (size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_EQ(OpenSealed(kKey, "acme r1", sealed.substr(0, size)), std::nullopt) << size;
  }
}

TEST(SealTest, KeysOfDifferentPurposesDiffer) {
  EXPECT_EQ(DeriveKey("secret", "note").size(), 32);
  EXPECT_NE(DeriveKey("secret", "note"), DeriveKey("secret", "other"));
  EXPECT_NE(DeriveKey("secret", "note"), DeriveKey("public", "note"));
}

}  // namespace
}  // namespace kith
