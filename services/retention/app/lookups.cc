#include "services/retention/app/lookups.h"

#include <utility>

#include "common/base/status_macros.h"
#include "services/retention/app/read_program.h"
#include "services/retention/domain/errors.h"

namespace kith::retention::app {

absl::StatusOr<store::CustomerWithRevenue> GetCustomer(db::Database& database,
                                                       const std::string& program_id,
                                                       const std::string& customer_id,
                                                       absl::Time deadline) {
  KITH_ASSIGN_OR_RETURN(const ProgramRead read, ReadProgram(database, program_id, deadline));
  KITH_ASSIGN_OR_RETURN(auto customer,
                        store::ReadCustomer(*read.transaction, program_id, customer_id));
  if (!customer.has_value()) {
    return MakeFieldError(kCustomerNotFound, "customer_id",
                          "must be a customer of whom something was told");
  }
  return *std::move(customer);
}

absl::StatusOr<store::StoredPolicy> GetPolicy(db::Database& database,
                                              const std::string& program_id, int64_t version,
                                              absl::Time deadline) {
  KITH_ASSIGN_OR_RETURN(const ProgramRead read, ReadProgram(database, program_id, deadline));
  if (version == 0) version = read.program.policy_version;
  KITH_ASSIGN_OR_RETURN(auto policy,
                        store::ReadPolicy(*read.transaction, program_id, version));
  if (!policy.has_value()) {
    return MakeFieldError(kPolicyNotFound, "version", "must be a version of the policy");
  }
  return *std::move(policy);
}

}  // namespace kith::retention::app
