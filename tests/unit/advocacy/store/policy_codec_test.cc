#include "services/advocacy/store/policy_codec.h"

#include "gtest/gtest.h"

namespace kith::advocacy::store {
namespace {

TEST(PolicyCodecTest, ReadsWhatItWrites) {
  EXPECT_EQ(DecodePolicy(EncodePolicy(domain::DefaultPolicy())), domain::DefaultPolicy());
  const domain::ScoringPolicy policy = domain::Complete(
      {{{"a", 0, 0, 1}, {"b", 1'000'000, 2'147'483'647, 3660}, {"c", 5, {}, 30}},
       {{"t", 1, {"", "tab\there", "line\nthere", "back\\slash", "ünï"}}, {"u", 2, {}}},
       0});
  EXPECT_EQ(DecodePolicy(EncodePolicy(policy)), policy);
}

TEST(PolicyCodecTest, IsReadable) {
  EXPECT_EQ(EncodePolicy(domain::Complete(
                {{{"review", 50}, {"talk", 7, 2, 30}}, {{"gold", 10, {"cake"}}}, 75})),
            "referral_points\t75\n"
            "behaviour\treview\t50\t-\t0\n"
            "behaviour\ttalk\t7\t2\t30\n"
            "tier\tgold\t10\tcake\n");
}

TEST(PolicyCodecTest, PassesOverWhatALaterVersionAdds) {
  EXPECT_EQ(DecodePolicy("motivation\tincome\nreferral_points\t9\n\n").referral_points, 9);
}

}  // namespace
}  // namespace kith::advocacy::store
