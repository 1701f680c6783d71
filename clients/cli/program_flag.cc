#include "clients/cli/program_flag.h"

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "kith/referral/v1/program.pb.h"

namespace kith::cli {

void AddProgramFlag(CLI::App& command, std::string& program) {
  command
      .add_option("--program", program,
                  "The program; not needed if there is only one [KITH_PROGRAM]")
      ->envname("KITH_PROGRAM")
      ->type_name("ID");
}

absl::StatusOr<std::string> ProgramOrOnly(Caller& caller, const std::string& given) {
  if (!given.empty()) return given;
  referral::v1::ListProgramsRequest request;
  request.set_page_size(2);
  KITH_ASSIGN_OR_RETURN(const auto page, Ask<referral::v1::ListProgramsResponse>(
                                             caller, Target::kReferral, request));
  if (page.programs_size() == 1) return page.programs(0).program().program_id();
  if (page.programs().empty()) {
    return absl::InvalidArgumentError("there is no program yet; kith apply makes one");
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "there are several programs, such as ", page.programs(0).program().program_id(), " and ",
      page.programs(1).program().program_id(), "; --program names one"));
}

}  // namespace kith::cli
