#include <sstream>

#include "clients/cli/csv/reader.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::cli::csv {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<Record> ReadAll(const std::string& text) {
  std::istringstream in(text);
  Reader reader(in);
  std::vector<Record> records;
  for (Record record; reader.Next(&record);) records.push_back(record);
  EXPECT_EQ(reader.bytes_consumed(), static_cast<int64_t>(text.size()));
  return records;
}

TEST(CsvReaderTest, ReadsLinesOfFields) {
  const auto records = ReadAll("a,b,c\n1,,3\n");
  ASSERT_THAT(records, SizeIs(2));
  EXPECT_THAT(records[0].fields, ElementsAre("a", "b", "c"));
  EXPECT_THAT(records[1].fields, ElementsAre("1", "", "3"));
  EXPECT_EQ(records[1].line, 2);
  EXPECT_EQ(records[1].raw, "1,,3");
}

TEST(CsvReaderTest, TheLastLineNeedsNoBreak) {
  const auto records = ReadAll("a,b\n1,");
  ASSERT_THAT(records, SizeIs(2));
  EXPECT_THAT(records[1].fields, ElementsAre("1", ""));
}

TEST(CsvReaderTest, SkipsTheByteOrderMarkAndEmptyLines) {
  const auto records = ReadAll("\xEF\xBB\xBF\"id\",b\r\n\r\n\n1,2\r\n");
  ASSERT_THAT(records, SizeIs(2));
  EXPECT_THAT(records[0].fields, ElementsAre("id", "b"));
  EXPECT_EQ(records[0].raw, "\"id\",b");
  EXPECT_THAT(records[1].fields, ElementsAre("1", "2"));
  EXPECT_EQ(records[1].line, 4);
}

TEST(CsvReaderTest, QuotesHoldCommasQuotesAndLineBreaks) {
  const auto records = ReadAll("\"a,\"\"b\"\"\r\nc\",2\n3,\"\"\n");
  ASSERT_THAT(records, SizeIs(2));
  EXPECT_THAT(records[0].fields, ElementsAre("a,\"b\"\r\nc", "2"));
  EXPECT_THAT(records[1].fields, ElementsAre("3", ""));
  EXPECT_EQ(records[1].line, 3);
}

TEST(CsvReaderTest, AQuoteThatIsNeverClosedCostsOneLine) {
  const auto records = ReadAll("a,b\n1,\"open\n2,ok\n3,ok\n");
  ASSERT_THAT(records, SizeIs(4));
  EXPECT_THAT(records[1].error, HasSubstr("never closed"));
  EXPECT_THAT(records[1].fields, IsEmpty());
  EXPECT_EQ(records[1].raw, "1,\"open");
  EXPECT_THAT(records[2].fields, ElementsAre("2", "ok"));
  EXPECT_EQ(records[2].line, 3);
}

TEST(CsvReaderTest, AStrayQuoteCostsOneLineEvenWhenALaterOneClosesIt) {
  const auto records = ReadAll("1,\"open\n2,ok\n3,\"fine\"\n");
  ASSERT_THAT(records, SizeIs(3));
  EXPECT_THAT(records[0].error, HasSubstr("after a closing quote"));
  EXPECT_THAT(records[1].fields, ElementsAre("2", "ok"));
  EXPECT_THAT(records[2].fields, ElementsAre("3", "fine"));
}

TEST(CsvReaderTest, AQuoteInsideAFieldIsAnError) {
  const auto records = ReadAll("5\" pipe,x\n1,2\n");
  EXPECT_THAT(records[0].error, HasSubstr("quote inside a field"));
  EXPECT_THAT(records[1].fields, ElementsAre("1", "2"));
}

TEST(CsvReaderTest, TextThatIsNotUtf8IsAnError) {
  const auto records = ReadAll("a\xFF,b\nc,\xC3\xA9\n");
  EXPECT_EQ(records[0].error, "is not UTF-8 text");
  EXPECT_THAT(records[1].fields, ElementsAre("c", "é"));
}

TEST(CsvReaderTest, RecordsSpanTheBuffer) {
  const std::string big(200000, 'x');
  std::string text;
  for (int i = 0; i < 5; ++i) text += "\"" + big + "\"," + big + "\r\n";
  const auto records = ReadAll(text);
  ASSERT_THAT(records, SizeIs(5));
  for (const Record& record : records) EXPECT_THAT(record.fields, ElementsAre(big, big));
}

TEST(CsvReaderTest, ARecordOfOverAMegabyteIsAnError) {
  const auto records = ReadAll("\"" + std::string(2 << 20, 'x') + "\n\",1\n");
  ASSERT_FALSE(records.empty());
  EXPECT_THAT(records[0].error, HasSubstr("longer than a megabyte"));
}

TEST(CsvReaderTest, ALineOfOverAMegabyteIsOneRecord) {
  for (const size_t size : {(1 << 20) + 65512, 3 << 20}) {
    const auto records = ReadAll(std::string(size, 'A') + "evil,2024-05-05\r\ngood,1\n");
    ASSERT_THAT(records, SizeIs(2));
    EXPECT_THAT(records[0].error, HasSubstr("longer than a megabyte"));
    EXPECT_EQ(records[0].raw, std::string(1 << 20, 'A'));
    EXPECT_THAT(records[1].fields, ElementsAre("good", "1"));
    EXPECT_EQ(records[1].line, 2);
  }
}

TEST(CsvReaderTest, AnEmptyFileHasNoRecords) {
  EXPECT_THAT(ReadAll(""), IsEmpty());
  EXPECT_THAT(ReadAll("\xEF\xBB\xBF"), IsEmpty());
  EXPECT_THAT(ReadAll("\r\n\n"), IsEmpty());
}

TEST(CsvQuoteTest, QuotesWhatNeedsIt) {
  EXPECT_EQ(Quote("plain"), "plain");
  EXPECT_EQ(Quote("a,b"), "\"a,b\"");
  EXPECT_EQ(Quote("say \"x\""), "\"say \"\"x\"\"\"");
}

}  // namespace
}  // namespace kith::cli::csv
