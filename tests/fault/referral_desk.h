// One client of the referral service: advocates, leads, signups, payments, gifts.
#ifndef KITH_TESTS_FAULT_REFERRAL_DESK_H_
#define KITH_TESTS_FAULT_REFERRAL_DESK_H_

#include <memory>
#include <string>
#include <vector>

#include "grpcpp/channel.h"
#include "kith/referral/v1/attribution.grpc.pb.h"
#include "kith/referral/v1/fraud.grpc.pb.h"
#include "kith/referral/v1/fulfilment.grpc.pb.h"
#include "kith/referral/v1/lead.grpc.pb.h"
#include "kith/referral/v1/referral.grpc.pb.h"

namespace kith::test {

inline constexpr char kProgram[] = "fault";
inline constexpr int64_t kFirstSuccesses = 10;  // of an advocate, that earn points
inline constexpr int64_t kSuccessPoints = 7;

// Who a lead recommends.
enum class Friend {
  kHonest,
  kColleague,  // at the advocate's own company: held
  kThrowaway   // with a throw-away address: rejected
};

// Works for one advocate. Each call returns when it is acknowledged; answers that are not as
// they must be end the test. Not thread-safe.
class ReferralDesk {
 public:
  ReferralDesk(const std::shared_ptr<grpc::Channel>& channel, int number);
  const std::string& advocate() const { return advocate_; }

  // The full rules, and points for an advocate's first successes: a cap that binds.
  void ApplyProgram();
  // Enrols the advocate and issues a code of the advocate's own choice.
  void Enroll();
  // Submits `r-<customer>`.
  void Refer(const std::string& customer, Friend kind);
  // The same friend again: refused.
  void ReferAgain(const std::string& customer);
  void Contact(const std::string& customer);
  // With the advocate's own code, or by the lead alone.
  void SignUp(const std::string& customer, bool by_code);
  // A payment that converts, or one that is too small.
  // `counts`: whether it converts the referral; it does not after a fraud was rejected.
  void Pay(const std::string& customer, bool counts);
  void PayTooLittle(const std::string& customer);
  void Reverse(const std::string& customer);
  void ResolveCase(const std::string& customer, bool approve);
  // Claims rewards, of whomever, and reports success; the ids of those that were paid.
  std::vector<std::string> FulfilSome();

 private:
  kith::referral::v1::NewReferral LeadOf(const std::string& customer, Friend kind) const;
  kith::referral::v1::SubmitReferralResult Submit(const kith::referral::v1::NewReferral& lead);
  kith::referral::v1::Conversion Record(const std::string& id, const std::string& customer,
                                        int64_t minor);

  const std::string advocate_;
  const std::string company_;
  const std::string code_;
  std::unique_ptr<kith::referral::v1::ReferralService::Stub> referrals_;
  std::unique_ptr<kith::referral::v1::CodeService::Stub> codes_;
  std::unique_ptr<kith::referral::v1::LeadService::Stub> leads_;
  std::unique_ptr<kith::referral::v1::FraudService::Stub> fraud_;
  std::unique_ptr<kith::referral::v1::FulfilmentService::Stub> fulfilment_;
};

}  // namespace kith::test

#endif  // KITH_TESTS_FAULT_REFERRAL_DESK_H_
