#include "common/base/not_found.h"

#include <gtest/gtest.h>

#include "common/base/error.h"

namespace kith {
namespace {

TEST(ProgramNotFoundTest, NamesTheProgram) {
  const absl::Status status = ProgramNotFound("debain");
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(std::string(status.message()), "the program debain does not exist");
  const auto details = GetErrorDetails(status);
  ASSERT_TRUE(details.has_value());
  EXPECT_EQ(details->reason, "PROGRAM_NOT_FOUND");
  ASSERT_EQ(details->fields.size(), 1u);
  EXPECT_EQ(details->fields[0].field, "program_id");
  ASSERT_EQ(details->metadata.size(), 1u);
  EXPECT_EQ(details->metadata[0],
            (std::pair<std::string, std::string>("program_id", "debain")));
}

}  // namespace
}  // namespace kith
