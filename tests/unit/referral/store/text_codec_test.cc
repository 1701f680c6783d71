#include "services/referral/store/text_codec.h"

#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace kith::referral::store {
namespace {

using domain::Attributes;
using domain::Line;

TEST(TextCodecTest, WritesOneEntryAfterAnother) {
  EXPECT_EQ(EncodeAttributes({{"plan", "pro"}, {"seats", "50"}}), "plan=pro;seats=50;");
  EXPECT_EQ(EncodeList({"fast", "cheap"}), "fast;cheap;");
  EXPECT_EQ(EncodeLines({{"fee", 2000}, {"shipping", 0}}), "fee=2000;shipping=0;");
}

TEST(TextCodecTest, EscapesWhatWouldBeMistaken) {
  EXPECT_EQ(EncodeAttributes({{"a", "1;b=2%\n"}}), "a=1%3bb%3d2%25%0a;");
  EXPECT_EQ(DecodeAttributes("a=1%3bb%3D2%25%0a;"), (Attributes{{"a", "1;b=2%\n"}}));
}

TEST(TextCodecTest, NothingIsNotOneEmptyEntry) {
  EXPECT_EQ(EncodeList({}), "");
  EXPECT_EQ(EncodeList({""}), ";");
  EXPECT_EQ(DecodeList("").size(), 0u);
  EXPECT_EQ(DecodeList(";"), std::vector<std::string>{""});
  EXPECT_EQ(DecodeAttributes("a=;"), (Attributes{{"a", ""}}));
}

TEST(TextCodecTest, ReadsWhatCanBeReadOfDamagedText) {
  EXPECT_EQ(DecodeAttributes("a=1;nonsense;b=%zz;c=%4"),
            (Attributes{{"a", "1"}, {"b", "%zz"}, {"c", "%4"}}));
  EXPECT_EQ(DecodeLines("a=1;b=x;c=-3"), (std::vector<Line>{{"a", 1}, {"c", -3}}));
}

TEST(TextCodecTest, ReadsBackWhateverWasWritten) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const auto any_text = [&] {
    std::string text;
    for (uint32_t n = random() % 6; n > 0; --n) text.push_back(static_cast<char>(random()));
    return text;
  };
  for (int i = 0; i < 2000; ++i) {
    std::vector<std::string> list;
    Attributes attributes;
    std::vector<Line> lines;
    for (uint32_t n = random() % 5; n > 0; --n) {
      list.push_back(any_text());
      attributes[any_text()] = any_text();
      lines.push_back({any_text(), static_cast<int64_t>(random()) - (1 << 30)});
    }
    EXPECT_EQ(DecodeList(EncodeList(list)), list);
    EXPECT_EQ(DecodeAttributes(EncodeAttributes(attributes)), attributes);
    EXPECT_EQ(DecodeLines(EncodeLines(lines)), lines);
  }
}

}  // namespace
}  // namespace kith::referral::store
