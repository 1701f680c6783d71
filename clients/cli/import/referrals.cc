#include <optional>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/import/importer.h"
#include "clients/cli/text/parse.h"
#include "common/base/status_macros.h"
#include "kith/referral/v1/referral.pb.h"

namespace kith::cli {
namespace {

enum CallIndex { kEnroll, kSubmit, kConvert };

struct Lead {
  std::string referral_id, advocate_id, referee_id, referee_email, campaign;
  absl::Time submitted_time;
  std::optional<absl::Time> converted_time;
  std::optional<Money> amount;
};

absl::StatusOr<Lead> ParseLead(const csv::Row& row, absl::string_view currency) {
  Lead lead;
  KITH_ASSIGN_OR_RETURN(lead.referral_id, row.Required("referral_id"));
  KITH_ASSIGN_OR_RETURN(lead.advocate_id, row.Required("advocate_id"));
  KITH_ASSIGN_OR_RETURN(lead.submitted_time, row.RequiredTime("submitted_time"));
  if (!row.Get("converted_time").empty()) {
    KITH_ASSIGN_OR_RETURN(lead.converted_time, row.RequiredTime("converted_time"));
  }
  if (!row.Get("amount").empty()) {
    KITH_ASSIGN_OR_RETURN(lead.amount, row.Amount(currency));
    if (!lead.converted_time.has_value()) {
      return absl::InvalidArgumentError(
          "converted_time: is empty although there is an amount");
    }
  }
  lead.referee_id = row.Get("referee_id");
  lead.referee_email = row.Get("referee_email");
  lead.campaign = row.Get("campaign");
  return lead;
}

class ReferralImporter final : public Importer {
 public:
  explicit ReferralImporter(const std::string& program_id) : program_id_(program_id) {}

  const csv::Schema& schema() const override {
    static const auto& schema = *new csv::Schema{
        {"referral_id", "advocate_id", "submitted_time"},
        {"referee_id", "referee_email", "converted_time", "amount", "currency", "campaign"}};
    return schema;
  }
  std::vector<Target> targets() const override { return {Target::kReferral}; }
  absl::Status Begin(Caller& caller) override;
  std::vector<BatchCall> NewCalls() const override;
  absl::Status Add(const csv::Row& row, size_t index, Batch& batch) override;

 private:
  void AddAdvocate(const Lead& lead, size_t index, Batch& batch);

  const std::string program_id_;
  std::string currency_;
  absl::flat_hash_set<std::string> advocates_;
};

// The program's currency is that of amounts without one.
absl::Status ReferralImporter::Begin(Caller& caller) {
  referral::v1::GetProgramRequest request;
  request.set_program_id(program_id_);
  KITH_ASSIGN_OR_RETURN(const auto response, Ask<referral::v1::GetProgramResponse>(
                                                 caller, Target::kReferral, request));
  currency_ = response.program().currency();
  return absl::OkStatus();
}

// Which of two leads for the same person is refused depends on their order, so they are
// submitted in the order of the file.
std::vector<BatchCall> ReferralImporter::NewCalls() const {
  std::vector<BatchCall> calls;
  calls.push_back(
      NewCall<referral::v1::EnrollAdvocatesRequest, referral::v1::EnrollAdvocatesResponse>(
          Target::kReferral, program_id_, "advocates",
          {.in_order = true, .for_all_rows = true}));
  calls.push_back(
      NewCall<referral::v1::SubmitReferralsRequest, referral::v1::SubmitReferralsResponse>(
          Target::kReferral, program_id_, "referrals", {.in_order = true}));
  calls.push_back(
      NewCall<referral::v1::RecordConversionsRequest, referral::v1::RecordConversionsResponse>(
          Target::kReferral, program_id_, "conversions", {.in_order = true}));
  return calls;
}

void ReferralImporter::AddAdvocate(const Lead& lead, size_t index, Batch& batch) {
  if (!advocates_.insert(lead.advocate_id).second) return;
  auto& advocate = batch.calls[kEnroll].Add<referral::v1::NewAdvocate>(index);
  advocate.set_advocate_id(lead.advocate_id);
  *advocate.mutable_enrolled_time() = ToTimestamp(lead.submitted_time);
}

void AddReferral(const Lead& lead, size_t index, Batch& batch) {
  auto& referral = batch.calls[kSubmit].Add<referral::v1::NewReferral>(index);
  referral.set_referral_id(lead.referral_id);
  referral.set_advocate_id(lead.advocate_id);
  referral.set_referee_id(lead.referee_id);
  referral.set_referee_email(lead.referee_email);
  *referral.mutable_submitted_time() = ToTimestamp(lead.submitted_time);
  referral.set_campaign(lead.campaign);
}

void AddConversion(const Lead& lead, size_t index, Batch& batch) {
  if (!lead.converted_time.has_value()) return;
  auto& conversion = batch.calls[kConvert].Add<referral::v1::NewConversion>(index);
  conversion.set_conversion_id(absl::StrCat("conv:", lead.referral_id));
  conversion.set_customer_id(lead.referee_id);
  conversion.set_referral_id(lead.referral_id);
  *conversion.mutable_conversion_time() = ToTimestamp(*lead.converted_time);
  if (!lead.amount.has_value()) return;
  conversion.mutable_amount()->set_amount_minor(lead.amount->minor);
  conversion.mutable_amount()->set_currency(lead.amount->currency);
}

absl::Status ReferralImporter::Add(const csv::Row& row, size_t index, Batch& batch) {
  KITH_ASSIGN_OR_RETURN(const Lead lead, ParseLead(row, currency_));
  AddAdvocate(lead, index, batch);
  AddReferral(lead, index, batch);
  AddConversion(lead, index, batch);
  return absl::OkStatus();
}

}  // namespace

std::unique_ptr<Importer> MakeReferralImporter(const std::string& program_id) {
  return std::make_unique<ReferralImporter>(program_id);
}

}  // namespace kith::cli
