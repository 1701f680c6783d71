#include <gtest/gtest.h>

#include <string>
#include <thread>

#include "common/base/ids.h"

namespace kith {
namespace {

// The vectors of RFC 4231, and one for a key of no bytes.
TEST(HmacSha256Test, AgreesWithTheStandard) {
  EXPECT_EQ(ToHex(HmacSha256(std::string(20, '\x0b'), "Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(ToHex(HmacSha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(ToHex(HmacSha256(std::string(131, '\xaa'),
                             "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  EXPECT_EQ(ToHex(HmacSha256("", "")),
            "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(HmacSha256Test, NothingIsLeftOfTheTextBefore) {
  const std::string first = HmacSha256("key", "text");
  EXPECT_EQ(HmacSha256("key", "text"), first);
  EXPECT_NE(HmacSha256("other", "text"), first);
  EXPECT_NE(HmacSha256("", "text"), first);
  EXPECT_EQ(HmacSha256("key", "text"), first);
  std::string elsewhere;
  std::thread([&] { elsewhere = HmacSha256("key", "text"); }).join();
  EXPECT_EQ(elsewhere, first);
}

TEST(Sha256Test, AgreesWithTheStandard) {
  EXPECT_EQ(ToHex(Sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace kith
