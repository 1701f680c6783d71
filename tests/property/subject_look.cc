// What anybody can see.
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/property/calls.h"
#include "tests/property/subject.h"

namespace kith::property {

namespace v1 = kith::referral::v1;

void Subject::LookAtReferrals(Picture& picture) {
  v1::ListReferralsRequest request;
  request.set_program_id(program_id_);
  request.set_page_size(1000);
  v1::ListReferralsResponse response;
  Call(*referrals_, &v1::ReferralService::Stub::ListReferrals, request, response);
  for (const auto& r : response.referrals()) {
    const std::string evidence = Word(v1::EvidenceKind_Name(r.evidence()), "EVIDENCE_KIND_");
    picture.push_back(absl::StrCat(
        "referral ", r.referral_id(), " by ", r.advocate_id(), " evidence ", evidence,
        " whom ", r.referee_id(), " joined ", r.has_signup_time() ? 1 : 0, " live ",
        r.conversion_id(), " sales ", Word(v1::LeadState_Name(r.lead_state()), "LEAD_STATE_"),
        " fraud ", Word(v1::FraudState_Name(r.fraud()), "FRAUD_STATE_"), " ",
        r.fraud_score()));
  }
}

void Subject::LookAtRewards(Picture& picture) {
  v1::ListRewardsRequest request;
  request.set_program_id(program_id_);
  request.set_page_size(1000);
  v1::ListRewardsResponse response;
  Call(*referrals_, &v1::ReferralService::Stub::ListRewards, request, response);
  for (const auto& r : response.rewards()) {
    picture.push_back(absl::StrCat("reward ", r.reward_id(), " to ", r.recipient_id(), " ",
                                   r.amount().amount_minor(), " ", r.amount().currency(), " ",
                                   Word(v1::RewardState_Name(r.state()), "REWARD_STATE_"), " ",
                                   r.cause()));
  }
}

void Subject::LookAtSums(Picture& picture) {
  v1::GetReferralSummaryRequest request;
  request.set_program_id(program_id_);
  v1::GetReferralSummaryResponse response;
  Call(*referrals_, &v1::ReferralService::Stub::GetReferralSummary, request, response);
  for (const auto& balance : response.balances()) {
    if (balance.balance_minor() == 0) continue;
    picture.push_back(absl::StrCat("balance ", balance.account(), " ", balance.currency(), " ",
                                   balance.balance_minor()));
  }
}

void Subject::LookAtAdvocates(Picture& picture) {
  for (const auto& [id, unused] : advocates_) {
    v1::GetAdvocateRequest one;
    one.set_program_id(program_id_);
    one.set_advocate_id(id);
    v1::GetAdvocateResponse found;
    Call(*referrals_, &v1::ReferralService::Stub::GetAdvocate, one, found);
    const auto& a = found.advocate();
    picture.push_back(absl::StrCat("advocate ", id, " referrals ", a.referrals(), " signups ",
                                   a.signups(), " conversions ", a.conversions(),
                                   " qualified ", a.qualified(), " frauds ", a.frauds(),
                                   a.has_suspended_time() ? " suspended" : ""));
  }
}

void Subject::LookAtCases(Picture& picture) {
  v1::ListCasesRequest request;
  request.set_program_id(program_id_);
  request.set_page_size(1000);
  v1::ListCasesResponse response;
  Call(*fraud_, &v1::FraudService::Stub::ListCases, request, response);
  for (const auto& c : response.cases()) {
    std::string line =
        absl::StrCat("case ", c.referral_id(), " of ", c.advocate_id(), " ",
                     Word(v1::FraudCaseState_Name(c.state()), "FRAUD_CASE_STATE_"), " by ",
                     c.decided_by(), " score ", c.score(), " version ", c.program_version());
    for (const auto& evidence : c.evidence()) {
      absl::StrAppend(&line, " ", Word(v1::Signal_Name(evidence.signal()), "SIGNAL_"), "=",
                      evidence.weight());
    }
    picture.push_back(line);
  }
}

void Subject::LookAtStock(Picture& picture) {
  v1::ListStockRequest request;
  request.set_program_id(program_id_);
  v1::ListStockResponse response;
  Call(*fulfilment_, &v1::FulfilmentService::Stub::ListStock, request, response);
  for (const auto& s : response.stock()) {
    picture.push_back(absl::StrCat("stock ", s.item(), " on hand ", s.on_hand(), " reserved ",
                                   s.reserved(), " handed out ", s.handed_out()));
  }
}

Picture Subject::Look() {
  Picture picture;
  LookAtReferrals(picture);
  LookAtRewards(picture);
  LookAtSums(picture);
  LookAtAdvocates(picture);
  LookAtCases(picture);
  LookAtStock(picture);
  return picture;
}

}  // namespace kith::property
