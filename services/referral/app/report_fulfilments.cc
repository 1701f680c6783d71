#include "services/referral/app/report_fulfilments.h"

#include <utility>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/referral/app/fulfilment.h"
#include "services/referral/app/rules.h"
#include "services/referral/domain/errors.h"
#include "services/referral/store/fulfilment_tables.h"

namespace kith::referral::app {

absl::StatusOr<FoundReward> FindFulfilment(exec::Unit& unit, const std::string& program_id,
                                           const std::string& reward_id) {
  const store::IdKey key = {program_id, reward_id};
  FoundReward found;
  found.reward = unit.Find<store::RewardTable>(key);
  found.fulfilment = unit.Find<store::FulfilmentTable>(key);
  if (found.reward != nullptr) return found;
  return MakeFieldError(domain::errors::kRewardNotFound, "reward_id",
                        "must be a reward of the program");
}

ReportFulfilments::ReportFulfilments(std::string program_id,
                                     std::vector<domain::FulfilmentReport> reports,
                                     Encoder<Response> encode)
    : program_id_(std::move(program_id)),
      reports_(std::move(reports)),
      encode_(std::move(encode)) {}

void ReportFulfilments::Prefetch(exec::Loader& loader) const {
  Rules::Want(loader, program_id_);
  const Rules rules = Rules::Peek(loader, program_id_);
  for (const domain::FulfilmentReport& report : reports_) {
    WantFulfilment(loader, rules, program_id_, report.reward_id);
  }
}

absl::StatusOr<std::string> ReportFulfilments::Decide(exec::Unit& unit, absl::Time now) const {
  KITH_RETURN_IF_ERROR(Rules::Load(unit, program_id_).status());
  Response results;
  results.reserve(reports_.size());
  for (const domain::FulfilmentReport& report : reports_) {
    results.push_back(DecideOne(unit, report, now));
  }
  return encode_(results);
}

absl::StatusOr<FulfilmentView> ReportFulfilments::DecideOne(
    exec::Unit& unit, const domain::FulfilmentReport& report, absl::Time now) const {
  KITH_ASSIGN_OR_RETURN(const FoundReward found,
                        FindFulfilment(unit, program_id_, report.reward_id));
  KITH_RETURN_IF_ERROR(domain::CheckReport(found.fulfilment, report));
  if (domain::IsReported(*found.fulfilment, report)) {
    return FulfilmentView{*found.fulfilment, *found.reward};
  }
  domain::Fulfilment fulfilment = Report(unit, *found.reward, *found.fulfilment, report, now);
  KITH_ASSIGN_OR_RETURN(const FoundReward after,
                        FindFulfilment(unit, program_id_, report.reward_id));
  return FulfilmentView{std::move(fulfilment), *after.reward};
}

}  // namespace kith::referral::app
