#include "services/referral/app/enroll_advocates.h"

#include <utility>

#include "common/base/status_macros.h"
#include "services/referral/app/facts.h"
#include "services/referral/domain/codes.h"
#include "services/referral/domain/submission.h"
#include "services/referral/store/advocate_tables.h"

namespace kith::referral::app {
namespace {

// The first code of the advocate that belongs to nobody; `find` gives a code's row. Ends,
// because each salt gives another code and codes are far more than advocates.
template <class Find>
std::string FreeCode(const std::string& program_id, const std::string& advocate_id,
                     Find find) {
  for (int salt = 0;; ++salt) {
    std::string code = domain::MakeCode(program_id, advocate_id, salt);
    if (find(code) == nullptr) return code;
  }
}

}  // namespace

EnrollAdvocates::EnrollAdvocates(std::string program_id, std::vector<NewAdvocate> advocates,
                                 Encoder<Response> encode)
    : program_id_(std::move(program_id)),
      advocates_(std::move(advocates)),
      encode_(std::move(encode)) {}

void EnrollAdvocates::Prefetch(exec::Loader& loader) const {
  Rules::Want(loader, program_id_);
  for (const NewAdvocate& advocate : advocates_) {
    loader.Want<store::AdvocateTable>({program_id_, advocate.advocate_id});
    FreeCode(program_id_, advocate.advocate_id, [&](const std::string& code) {
      loader.Want<store::CodeTable>({program_id_, code});
      return loader.Peek<store::CodeTable>({program_id_, code});
    });
  }
}

absl::StatusOr<std::string> EnrollAdvocates::Decide(exec::Unit& unit, absl::Time now) const {
  KITH_ASSIGN_OR_RETURN(const Rules rules, Rules::Load(unit, program_id_));
  Response response;
  for (const NewAdvocate& advocate : advocates_) {
    response.push_back(Enroll(unit, rules, advocate, now));
  }
  return encode_(response);
}

absl::StatusOr<domain::Advocate> EnrollAdvocates::Enroll(exec::Unit& unit, const Rules& rules,
                                                         const NewAdvocate& advocate,
                                                         absl::Time now) const {
  const auto* stored = unit.Find<store::AdvocateTable>({program_id_, advocate.advocate_id});
  if (stored != nullptr) return *stored;
  domain::Advocate enrolled;
  enrolled.program_id = program_id_;
  enrolled.advocate_id = advocate.advocate_id;
  enrolled.email_hash = rules.HashEmail(advocate.email);
  enrolled.enrolled_time = advocate.enrolled_time.value_or(now);
  KITH_RETURN_IF_ERROR(domain::CheckNotInFuture(enrolled.enrolled_time, now, "enrolled_time"));
  enrolled.code = FreeCode(program_id_, advocate.advocate_id, [&](const std::string& code) {
    return unit.Find<store::CodeTable>({program_id_, code});
  });
  unit.Put<store::CodeTable>({program_id_, enrolled.code, enrolled.advocate_id});
  unit.Put<store::AdvocateTable>(enrolled);
  PublishAdvocateEnrolled(unit, enrolled);
  return enrolled;
}

}  // namespace kith::referral::app
