#include "services/referral/domain/link.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::referral::domain {
namespace {

using ::testing::HasSubstr;

// Versions of one program, oldest first.
class LinksTest : public ::testing::Test {
 protected:
  LinksTest() : versions_{&old_, &new_} {
    old_.program.link_template = "https://old.example/join?code={code}&from=mail";
    new_.program.link_template = "https://Example.com/r/{code}";
    Campaign spring;
    spring.campaign_id = "spring";
    spring.link_template = "http://spring.example/{code}-in-spring";
    Campaign plain;
    plain.campaign_id = "plain";
    new_.program.campaigns = {spring, plain};
  }
  std::string Of(absl::string_view typed) const { return CodeOf(versions_, typed); }

  ProgramVersion old_, new_;
  const std::vector<const ProgramVersion*> versions_;
};

TEST(LinkTemplateTest, IsAUrlWithOneCodeBehindItsHost) {
  for (const char* good :
       {"", "https://example.com/r/{code}", "http://x/{code}", "https://x.example?c={code}",
        "https://x.example/#/{code}/join", "HTTPS://x.example:8080/a%20b/{code}"}) {
    EXPECT_EQ(LinkTemplateProblem(good), "") << good;
  }
  const std::pair<const char*, const char*> bad[] = {
      {"example.com/{code}", "must begin with https:// or http://"},
      {"ftp://example.com/{code}", "must begin with https:// or http://"},
      {"https://example.com/r/", "must have {code} exactly once"},
      {"https://example.com/{Code}", "must have {code} exactly once"},
      {"https://example.com/{code}/{code}", "must have {code} exactly once"},
      {"https:///{code}", "must have a host, and {code} behind it"},
      {"https://{code}.example.com/", "must have a host, and {code} behind it"},
      {"https://example.com/{code} ", "must have but characters of a URL"},
      {"https://example.com/{id}/{code}", "must have but characters of a URL"},
      {"https://b\xC3\xBC"
       "cher.example/{code}",
       "must have but characters of a URL"}};
  for (const auto& [text, problem] : bad) {
    EXPECT_THAT(LinkTemplateProblem(text), HasSubstr(problem)) << text;
  }
}

TEST_F(LinksTest, ALinkIsByTheCampaignOrElseTheProgram) {
  const Program& program = new_.program;
  EXPECT_EQ(LinkOf(&program, "AB12CD34", ""), "https://Example.com/r/AB12CD34");
  EXPECT_EQ(LinkOf(&program, "AB12CD34", "spring"),
            "http://spring.example/AB12CD34-in-spring");
  EXPECT_EQ(LinkOf(&program, "AB12CD34", "plain"), "https://Example.com/r/AB12CD34");
  EXPECT_EQ(LinkOf(&program, "AB12CD34", "gone"), "https://Example.com/r/AB12CD34");
  EXPECT_EQ(LinkOf(nullptr, "AB12CD34", ""), "");
  const Program none;
  EXPECT_EQ(LinkOf(&none, "AB12CD34", ""), "");
}

TEST_F(LinksTest, TheCodeOfAPastedLinkIsFound) {
  for (const char* typed :
       {"AB12CD34", "ab12-cd34", "https://Example.com/r/AB12CD34",
        " https://example.com/r/AB12CD34 ", "http://EXAMPLE.com/r/ab12-cd34",
        "example.com/r/AB12CD34", "https://example.com/r/AB12CD34/",
        "https://example.com/r/AB12CD34?utm_source=mail&x=/y",
        "https://example.com/r/AB12CD34#top", "http://spring.example/AB12CD34-in-spring",
        "https://old.example/join?code=AB12CD34&from=mail",
        "https://old.example/join?code=AB12CD34&from=mail&utm_source=x"}) {
    EXPECT_EQ(Of(typed), "AB12CD34") << typed;
  }
}

TEST_F(LinksTest, ALinkThatNoTemplateFitsIsNobodysCode) {
  for (const char* typed :
       {"https://example.com/r/", "https://example.org/r/AB12CD34",
        "https://example.com/AB12CD34", "https://example.com/r/?AB12CD34",
        "http://spring.example/AB12CD34", "https://old.example/join?code=AB12CD34", "/"}) {
    EXPECT_EQ(Of(typed), typed);
  }
}

}  // namespace
}  // namespace kith::referral::domain
