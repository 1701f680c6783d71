#include "common/rpc/limits.h"

#include <limits>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/common/rpc/echo.pb.h"

namespace kith::rpc {
namespace {

using kith::echo::v1::Everything;
using kith::echo::v1::Kind;
using kith::echo::v1::Part;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Everything Valid() {
  Everything message;
  message.set_id("a-1");
  message.set_kind(Kind::KIND_ONE);
  message.mutable_part()->set_name("n");
  message.set_count(1);
  return message;
}

std::vector<FieldViolation> Violations(const Everything& message) {
  return FindViolations(LimitsOf(message.GetDescriptor()), message);
}

std::vector<std::string> Fields(const Everything& message) {
  std::vector<std::string> fields;
  for (const auto& violation : Violations(message)) fields.push_back(violation.field);
  return fields;
}

TEST(LimitsTest, ValidMessageHasNoViolations) {
  EXPECT_THAT(Violations(Valid()), IsEmpty());
  EXPECT_TRUE(CheckLimits(Valid()).ok());
}

TEST(LimitsTest, RequiredFieldsMustBeSet) {
  EXPECT_THAT(Violations(Everything()), ElementsAre(FieldViolation{"id", "is required"},
                                                    FieldViolation{"kind", "is required"},
                                                    FieldViolation{"part", "is required"},
                                                    FieldViolation{"count", "is required"}));
}

TEST(LimitsTest, BytesAtAndOverTheLimit) {
  Everything message = Valid();
  message.set_id("12345");
  message.set_text("12345");
  message.set_data("12345");
  message.add_tags("a2345");
  EXPECT_THAT(Violations(message), IsEmpty());
  message.set_id("123456");
  message.set_text("123456");
  message.set_data("123456");
  message.add_tags("a23456");
  EXPECT_THAT(Violations(message),
              ElementsAre(FieldViolation{"id", "must have at most 5 bytes"},
                          FieldViolation{"text", "must have at most 5 bytes"},
                          FieldViolation{"data", "must have at most 5 bytes"},
                          FieldViolation{"tags[1]", "must have at most 5 bytes"}));
}

TEST(LimitsTest, BytesAreCountedNotCharacters) {
  Everything message = Valid();
  message.set_text("äöa");  // 5 bytes
  EXPECT_THAT(Violations(message), IsEmpty());
  message.set_text("äöü");  // 6 bytes
  EXPECT_THAT(Fields(message), ElementsAre("text"));
}

TEST(LimitsTest, ItemsAtAndOverTheLimit) {
  Everything message = Valid();
  for (int i = 0; i < 3; ++i) message.add_tags("t");
  for (int i = 0; i < 2; ++i) message.add_parts()->set_name("p");
  EXPECT_THAT(Violations(message), IsEmpty());
  message.add_tags("t");
  message.add_parts();
  EXPECT_THAT(Violations(message),
              ElementsAre(FieldViolation{"tags", "must have at most 3 items"},
                          FieldViolation{"parts", "must have at most 2 items"}));
}

TEST(LimitsTest, NumbersAtAndOverTheLimits) {
  Everything message = Valid();
  message.set_small(-2);
  message.set_large(9);
  message.set_ratio(1);
  EXPECT_THAT(Violations(message), IsEmpty());
  message.set_small(7);
  message.set_ratio(0);
  EXPECT_THAT(Violations(message), IsEmpty());
  message.set_small(-3);
  message.set_large(10);
  message.set_ratio(1.0001);
  EXPECT_THAT(Violations(message), ElementsAre(FieldViolation{"small", "must be at least -2"},
                                               FieldViolation{"large", "must be at most 9"},
                                               FieldViolation{"ratio", "must be at most 1"}));
  message = Valid();
  message.set_small(8);
  message.set_large(std::numeric_limits<uint64_t>::max());
  message.set_ratio(-0.0001);
  EXPECT_THAT(Fields(message), ElementsAre("small", "large", "ratio"));
}

TEST(LimitsTest, NumbersMustBeFinite) {
  Everything message = Valid();
  for (const double value :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    message.set_ratio(value);
    EXPECT_THAT(Violations(message),
                ElementsAre(FieldViolation{"ratio", "must be a finite number"}));
  }
}

TEST(LimitsTest, AbsentIsNotZero) {
  Everything message = Valid();
  message.set_maybe(0);
  EXPECT_THAT(Violations(message), ElementsAre(FieldViolation{"maybe", "must be at least 1"}));
  message.set_maybe(3);
  EXPECT_THAT(Violations(message), IsEmpty());
  message.set_number(0);
  EXPECT_THAT(Fields(message), ElementsAre("number"));
  message.set_word("");
  EXPECT_THAT(Fields(message), IsEmpty());
  message.set_word("four");
  EXPECT_THAT(Fields(message), ElementsAre("word"));
}

TEST(LimitsTest, EnumsAreKnown) {
  Everything message = Valid();
  message.set_kind(static_cast<Kind>(3));
  message.add_kinds(Kind::KIND_TWO);
  message.add_kinds(Kind::KIND_UNSPECIFIED);
  message.add_kinds(static_cast<Kind>(99));
  EXPECT_THAT(Violations(message), ElementsAre(FieldViolation{"kind", "has no value 3"},
                                               FieldViolation{"kinds[1]", "must be specified"},
                                               FieldViolation{"kinds[2]", "has no value 99"}));
}

TEST(LimitsTest, PathsLeadIntoNestedMessages) {
  Everything message = Valid();
  message.add_parts()->set_name("ok");
  Part* second = message.add_parts();
  second->set_name("Not");
  second->add_parts()->set_name("ok");
  second->add_parts()->mutable_time()->set_nanos(-1);
  EXPECT_THAT(Fields(message), ElementsAre("parts[1].name", "parts[1].parts[1].name",
                                           "parts[1].parts[1].time"));
}

TEST(LimitsTest, TimesLieBetween1900And2200) {
  Everything message = Valid();
  auto* time = message.mutable_part()->mutable_time();
  for (const int64_t seconds : {int64_t{-2208988800}, int64_t{0}, int64_t{7258118399}}) {
    time->set_seconds(seconds);
    EXPECT_THAT(Violations(message), IsEmpty()) << seconds;
  }
  for (const int64_t seconds : {int64_t{-2208988801}, int64_t{7258118400}}) {
    time->set_seconds(seconds);
    EXPECT_THAT(Fields(message), ElementsAre("part.time")) << seconds;
  }
  time->set_seconds(0);
  time->set_nanos(1000000000);
  EXPECT_THAT(Fields(message), ElementsAre("part.time"));
}

TEST(LimitsTest, DurationsAreAtMostAHundredYears) {
  Everything message = Valid();
  auto* length = message.mutable_length();
  constexpr int64_t kCentury = int64_t{36525} * 86400;
  for (const int64_t seconds : {-kCentury, int64_t{0}, kCentury}) {
    length->set_seconds(seconds);
    EXPECT_THAT(Violations(message), IsEmpty()) << seconds;
  }
  for (const int64_t seconds : {-kCentury - 1, kCentury + 1}) {
    length->set_seconds(seconds);
    EXPECT_THAT(Fields(message), ElementsAre("length")) << seconds;
  }
  length->set_seconds(1);
  length->set_nanos(-1);
  EXPECT_THAT(Fields(message), ElementsAre("length"));
}

TEST(LimitsTest, ElementsOfListsAreNotEmpty) {
  Everything message = Valid();
  message.add_tags("");
  EXPECT_THAT(Violations(message),
              ElementsAre(FieldViolation{"tags[0]", "must not be empty"}));
}

TEST(LimitsTest, ControlCharactersAreRefused) {
  Everything message = Valid();
  message.set_text("a\nb\tc");
  EXPECT_THAT(Violations(message), IsEmpty());
  for (const std::string& text : {std::string("a\rb"), std::string("\0", 1),
                                  std::string("\x7f"), std::string("\xc2\x85")}) {
    message.set_text(text);
    EXPECT_THAT(Violations(message), ElementsAre(FieldViolation{
                                         "text", "must be text without control characters"}));
  }
  message.set_text("\xc2\xa0");  // a no-break space
  EXPECT_THAT(Violations(message), IsEmpty());
}

TEST(LimitsTest, AtMostFiftyViolations) {
  Everything message = Valid();
  for (int i = 0; i < 60; ++i) message.mutable_part()->add_parts();
  EXPECT_EQ(Violations(message).size(), kMaxViolations);
  const absl::Status status = CheckLimits(message);
  EXPECT_EQ(GetErrorReason(status), "INVALID_FIELD");
  EXPECT_EQ(status.message(), "part.parts[0].name is required (and 49 more)");
}

}  // namespace
}  // namespace kith::rpc
