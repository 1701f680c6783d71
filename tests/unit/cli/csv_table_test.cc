#include <sstream>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/cli/csv/table.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::cli::csv {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const Schema kSchema{{"id", "time"}, {"amount", "currency"}};

absl::Status OpenStatus(const std::string& text) {
  std::istringstream in(text);
  return TableReader::Open(in, kSchema).status();
}

// The first row of a file.
Row FirstRow(const std::string& text) {
  std::istringstream in(text);
  auto table = TableReader::Open(in, kSchema);
  Row row;
  EXPECT_TRUE(table.ok()) << table.status();
  EXPECT_TRUE(table->Next(&row));
  return row;
}

TEST(CsvTableTest, HeadersAreTrimmedAndInAnyOrderAndCase) {
  const Row row = FirstRow("\xEF\xBB\xBF Time , amount,ID \n2024-01-02, 3 ,x\n");
  EXPECT_EQ(row.Get("id"), "x");
  EXPECT_EQ(row.Get("time"), "2024-01-02");
  EXPECT_EQ(row.Get("amount"), "3");
  EXPECT_EQ(row.Get("currency"), "");
}

TEST(CsvTableTest, UnknownColumnsAreIgnoredAndListed) {
  std::istringstream in("id,colour,time,note\n1,red,2024-01-01,x\n");
  const auto table = TableReader::Open(in, kSchema);
  ASSERT_TRUE(table.ok());
  EXPECT_THAT(table->ignored(), ElementsAre("colour", "note"));
  EXPECT_EQ(table->header(), "id,colour,time,note");
}

TEST(CsvTableTest, WhatIsNotSeparatedByCommasIsToldAsSuch) {
  for (const auto& [text, name] :
       {std::pair("id;Time;amount\n1;2024-01-01;3,5\n", "semicolons"),
        std::pair("\xEF\xBB\xBFid;time\n", "semicolons"),
        std::pair("\"id\";\"time\"\n1;2\n", "semicolons"), std::pair("id\ttime\n", "tabs"),
        std::pair("id|time\n", "bars")}) {
    EXPECT_EQ(OpenStatus(text).message(),
              absl::StrCat("the columns look separated by ", name,
                           "; save it as CSV with commas between them"))
        << text;
  }
  EXPECT_THAT(std::string(OpenStatus("a;b\n").message()),
              HasSubstr("required column missing: 'id', 'time'"));
}

TEST(CsvTableTest, Utf16IsToldAsSuch) {
  std::string wide;
  for (const char c : std::string("id,time\n1,2\n")) wide += {c, '\0'};
  for (const std::string& text : {wide, "\xFF\xFE" + wide}) {
    EXPECT_EQ(OpenStatus(text).message(),
              "the file looks like UTF-16; save it as CSV in UTF-8");
  }
  EXPECT_THAT(std::string(OpenStatus("id,t\xE9me\n").message()),
              HasSubstr("is not UTF-8 text"));
}

TEST(CsvTableTest, AMissingColumnIsNamed) {
  EXPECT_THAT(std::string(OpenStatus("id,amount\n1,2\n").message()),
              HasSubstr("required column missing: 'time'"));
  EXPECT_THAT(std::string(OpenStatus("").message()), HasSubstr("empty"));
  EXPECT_THAT(std::string(OpenStatus("id,time,id\n").message()),
              HasSubstr("'id' is there twice"));
}

TEST(CsvTableTest, AWrongNumberOfFieldsIsAnErrorOfTheLine) {
  EXPECT_EQ(FirstRow("id,time\n1\n").error, "has 1 fields, the header has 2");
  EXPECT_EQ(FirstRow("id,time\n1,2,3\n").error, "has 3 fields, the header has 2");
}

TEST(CsvTableTest, ValuesAreParsedWithErrorsThatNameTheColumn) {
  const Row row = FirstRow("id,time,amount,currency\n,2024-02-30,1.234,USD\n");
  EXPECT_EQ(row.Required("id").status().message(), "id: is empty");
  EXPECT_THAT(std::string(row.RequiredTime("time").status().message()),
              HasSubstr("time: '2024-02-30' is no time"));
  EXPECT_THAT(std::string(row.Amount("").status().message()), HasSubstr("amount: "));
}

TEST(CsvTableTest, AmountsAreInTheMajorUnit) {
  EXPECT_EQ(FirstRow("id,time,amount,currency\n1,2,12.5,USD\n").Amount("").value(),
            (Money{1250, "USD"}));
  EXPECT_EQ(FirstRow("id,time,amount\n1,2,125\n").Amount("JPY").value(), (Money{125, "JPY"}));
  EXPECT_EQ(FirstRow("id,time,amount\n1,2,125\n").Amount("").status().message(),
            "currency: is empty");
  EXPECT_THAT(
      std::string(FirstRow("id,time,amount\n1,2,-1\n").Amount("USD").status().message()),
      HasSubstr("negative"));
}

}  // namespace
}  // namespace kith::cli::csv
