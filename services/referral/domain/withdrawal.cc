#include "services/referral/domain/withdrawal.h"

#include <algorithm>
#include <string>

#include "services/referral/domain/attribution.h"

namespace kith::referral::domain {
namespace {

RejectedEvidence MarkOf(const Judgement& judgement) {
  return {EvidenceKind::kNone, judgement.advocate_id, std::string(rejections::kFraudRejected)};
}

}  // namespace

bool IsWithdrawn(const Judgement& judgement) {
  return !judgement.referral_id.empty() &&
         std::find(judgement.rejected.begin(), judgement.rejected.end(), MarkOf(judgement)) !=
             judgement.rejected.end();
}

void SetWithdrawn(bool withdrawn, Judgement& judgement) {
  std::erase_if(judgement.rejected,
                [](const RejectedEvidence& item) { return item.kind == EvidenceKind::kNone; });
  if (!withdrawn || judgement.referral_id.empty()) return;
  judgement.rejected.insert(judgement.rejected.begin(), MarkOf(judgement));
}

}  // namespace kith::referral::domain
