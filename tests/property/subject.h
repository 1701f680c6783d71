// The service under test, which takes steps and shows what it has become.
#ifndef KITH_TESTS_PROPERTY_SUBJECT_H_
#define KITH_TESTS_PROPERTY_SUBJECT_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "kith/referral/v1/attribution.grpc.pb.h"
#include "kith/referral/v1/fraud.grpc.pb.h"
#include "kith/referral/v1/fulfilment.grpc.pb.h"
#include "kith/referral/v1/lead.grpc.pb.h"
#include "kith/referral/v1/program.grpc.pb.h"
#include "kith/referral/v1/referral.grpc.pb.h"
#include "tests/property/service.h"
#include "tests/property/step.h"

namespace kith::property {

// What came of a step.
struct Answer {
  std::string text;               // "ok", or the reason of the refusal
  std::vector<std::string> paid;  // of kFulfil: the rewards that were claimed
};

class Subject {
 public:
  // On a store that may hold other programs. `misses` must outlive the subject.
  Subject(std::string store_url, std::string program_id, Misses& misses);
  ~Subject();

  // Takes steps of one act in one request, and does what is due then. An answer for each.
  std::vector<Answer> Take(absl::Span<const Step> steps);
  Picture Look();

 private:
  void Start();
  std::vector<Answer> Dispatch(absl::Span<const Step> steps, const std::string& request_id);
  std::vector<Answer> Enroll(absl::Span<const Step> steps, const std::string& request_id);
  std::vector<Answer> Touch(absl::Span<const Step> steps, const std::string& request_id);
  std::vector<Answer> Submit(absl::Span<const Step> steps, const std::string& request_id);
  std::vector<Answer> SignUp(absl::Span<const Step> steps, const std::string& request_id);
  std::vector<Answer> Convert(absl::Span<const Step> steps, const std::string& request_id);
  Answer DispatchOne(const Step& step, const std::string& request_id);
  Answer Apply(const Step& step, const std::string& request_id);
  Answer IssueCode(const Step& step, const std::string& request_id);
  Answer RotateCode(const Step& step, const std::string& request_id);
  Answer RevokeCode(const Step& step, const std::string& request_id);
  Answer Qualify(const Step& step, const std::string& request_id);
  Answer Override(const Step& step, const std::string& request_id);
  Answer Reverse(const Step& step, const std::string& request_id);
  Answer Suspend(const Step& step, const std::string& request_id);
  Answer Reinstate(const Step& step, const std::string& request_id);
  Answer Learn(const Step& step);
  Answer Resolve(const Step& step, const std::string& request_id);
  Answer Block(const Step& step, const std::string& request_id);
  Answer Unblock(const Step& step, const std::string& request_id);
  // Also makes sure that the preview of a page changes nothing and says what is done then, and
  // that the same again changes nothing.
  Answer Recalculate(const Step& step, const std::string& request_id);
  Answer RecalculatePages(const Step& step, const std::string& request_id);
  Answer Fulfil(const Step& step, const std::string& request_id);
  Answer Report(Outcome outcome, const std::string& request_id);
  Answer Retry(const Step& step, const std::string& request_id);
  Answer SetStock(const Step& step, const std::string& request_id);
  // The real code behind the name that steps have for it.
  std::string CodeOf(const std::string& name) const;

  template <class Request>
  Request NewRequest(const std::string& request_id) const {
    Request request;
    request.set_program_id(program_id_);
    request.set_request_id(request_id);
    return request;
  }
  void LookAtReferrals(Picture& picture);
  void LookAtRewards(Picture& picture);
  void LookAtSums(Picture& picture);
  void LookAtAdvocates(Picture& picture);
  void LookAtCases(Picture& picture);
  void LookAtStock(Picture& picture);

  Misses& misses_;
  const std::string store_url_, program_id_;
  ManualClock clock_;
  std::unique_ptr<Service> service_;
  std::unique_ptr<kith::referral::v1::ProgramService::Stub> programs_;
  std::unique_ptr<kith::referral::v1::ReferralService::Stub> referrals_;
  std::unique_ptr<kith::referral::v1::CodeService::Stub> codes_;
  std::unique_ptr<kith::referral::v1::AttributionService::Stub> attribution_;
  std::unique_ptr<kith::referral::v1::LeadService::Stub> leads_;
  std::unique_ptr<kith::referral::v1::FraudService::Stub> fraud_;
  std::unique_ptr<kith::referral::v1::FulfilmentService::Stub> fulfilment_;
  std::map<std::string, std::string> names_;  // real codes by name
  std::map<std::string, std::string> advocates_;
  std::map<std::string, std::string> leases_;  // tokens, of rewards that are not reported
  int64_t requests_ = 0;
};

}  // namespace kith::property

#endif  // KITH_TESTS_PROPERTY_SUBJECT_H_
