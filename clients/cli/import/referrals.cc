#include <algorithm>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/import/importer.h"
#include "clients/cli/text/parse.h"
#include "common/base/ids.h"
#include "common/base/status_macros.h"
#include "common/rpc/text_rules.h"
#include "kith/referral/v1/program.pb.h"
#include "kith/referral/v1/referral.pb.h"

namespace kith::cli {
namespace {

enum CallIndex { kEnroll, kSubmit, kConvert };

struct Lead {
  std::string referral_id, advocate_id, referee_id, referee_email, campaign, event, order_id;
  absl::Time submitted_time;
  std::optional<absl::Time> converted_time;
  std::optional<Money> amount;
};

// What a lead must agree with.
class Rules {
 public:
  static absl::StatusOr<Rules> Read(Env& env, const std::string& program_id);

  // The currency of conversions at a time; empty before the first version.
  std::string CurrencyAt(absl::Time time) const;
  // The errors are those that the service would refuse the lead, and its conversion, with.
  absl::Status CheckSubmission(const Lead& lead) const;
  absl::Status CheckConversion(const Lead& lead) const;

 private:
  absl::Time now_;
  std::vector<referral::v1::ProgramVersionSummary> versions_;  // oldest first
};

absl::StatusOr<Rules> Rules::Read(Env& env, const std::string& program_id) {
  Rules rules;
  rules.now_ = env.clock.Now();
  referral::v1::ListProgramVersionsRequest request;
  request.set_program_id(program_id);
  do {
    KITH_ASSIGN_OR_RETURN(const auto page, Ask<referral::v1::ListProgramVersionsResponse>(
                                               env.caller, Target::kReferral, request));
    rules.versions_.insert(rules.versions_.end(), page.versions().begin(),
                           page.versions().end());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return rules;
}

std::string Rules::CurrencyAt(absl::Time time) const {
  for (auto it = versions_.rbegin(); it != versions_.rend(); ++it) {
    if (!it->has_effective_time() || FromTimestamp(it->effective_time()) <= time) {
      return it->currency();
    }
  }
  return "";
}

absl::Status Rules::CheckSubmission(const Lead& lead) const {
  return CheckNotAhead("submitted_time", lead.submitted_time, now_);
}

absl::Status Rules::CheckConversion(const Lead& lead) const {
  KITH_RETURN_IF_ERROR(CheckNotAhead("converted_time", *lead.converted_time, now_));
  if (!lead.amount.has_value()) return absl::OkStatus();
  const std::string currency = CurrencyAt(*lead.converted_time);
  if (currency.empty() || lead.amount->currency == currency) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("CURRENCY_MISMATCH: currency: must be ", currency, ", the program's"));
}

// Whether the conversion is told by a day only, which is that of the lead.
bool IsSameDay(const csv::Row& row, const Lead& lead) {
  const std::string& day = row.Get("converted_time");
  if (!IsPlainDate(day)) return false;
  return absl::StartsWith(row.Get("submitted_time"), day) ||
         absl::StartsWith(FormatTimeText(lead.submitted_time), day);
}

// It becomes part of the conversion's id, which would be complained of instead.
absl::Status CheckForm(absl::string_view column, const std::string& value,
                       type::v1::Pattern form) {
  if (value.empty() || rpc::HasForm(form, value)) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(column, ": must be ", rpc::DescribeForm(form),
                                                 rpc::SuggestForm(form, value)));
}

absl::Status ParseConversion(const csv::Row& row, const Rules& rules, Lead& lead) {
  lead.event = row.Get("event");
  lead.order_id = row.Get("order_id");
  if (row.Get("converted_time").empty()) {
    for (const char* column : {"amount", "event", "order_id"}) {
      if (row.Get(column).empty()) continue;
      return absl::InvalidArgumentError(
          absl::StrCat("converted_time: is empty although there is an ", column));
    }
    return absl::OkStatus();
  }
  KITH_RETURN_IF_ERROR(CheckForm("event", lead.event, type::v1::PATTERN_NAME));
  KITH_RETURN_IF_ERROR(CheckForm("order_id", lead.order_id, type::v1::PATTERN_ID));
  KITH_ASSIGN_OR_RETURN(lead.converted_time, row.RequiredTime("converted_time"));
  if (IsSameDay(row, lead)) {
    lead.converted_time = std::max(*lead.converted_time, lead.submitted_time);
  }
  if (!row.Get("amount").empty()) {
    KITH_ASSIGN_OR_RETURN(lead.amount, row.Amount(rules.CurrencyAt(*lead.converted_time)));
  }
  return rules.CheckConversion(lead);
}

absl::StatusOr<Lead> ParseLead(const csv::Row& row, const Rules& rules) {
  Lead lead;
  KITH_ASSIGN_OR_RETURN(lead.referral_id, row.Required("referral_id"));
  KITH_ASSIGN_OR_RETURN(lead.advocate_id, row.Required("advocate_id"));
  KITH_ASSIGN_OR_RETURN(lead.submitted_time, row.RequiredTime("submitted_time"));
  KITH_RETURN_IF_ERROR(rules.CheckSubmission(lead));
  KITH_RETURN_IF_ERROR(ParseConversion(row, rules, lead));
  if (lead.converted_time.has_value() && *lead.converted_time < lead.submitted_time) {
    return absl::InvalidArgumentError(
        "BEFORE_REFERRAL: converted_time: must not be before submitted_time");
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
    static const auto& schema =
        *new csv::Schema{{"referral_id", "advocate_id", "submitted_time"},
                         {"referee_id", "referee_email", "converted_time", "amount",
                          "currency", "campaign", "event", "order_id"}};
    return schema;
  }
  std::vector<Target> targets(const csv::TableReader&) const override {
    return {Target::kReferral};
  }
  absl::Status Begin(Env& env) override;
  std::vector<BatchCall> NewCalls() const override;
  absl::Status Add(const csv::Row& row, size_t index, Batch& batch) override;
  int64_t EnrolledBy(const Batch& batch) const override {
    return CountEnrolled(batch.calls[kEnroll]);
  }

 private:
  void AddAdvocate(const Lead& lead, size_t index, Batch& batch);

  const std::string program_id_;
  Rules rules_;
  absl::flat_hash_set<std::string> advocates_;
};

// Of a conversion that was imported before with something else.
std::string ExplainReused(const Refusal& refusal) {
  if (refusal.error.reason() != "CONVERSION_ID_REUSED") return "";
  const auto& conversion = static_cast<const referral::v1::NewConversion&>(refusal.item);
  return absl::StrCat(
      "converted_time: the conversion of this referral_id, event and order_id was imported "
      "before with another converted_time, amount, currency or referee_id, which stays; "
      "another one needs an event or order_id of its own, and one that was wrong is taken "
      "back "
      "by `kith reverse` as ",
      conversion.conversion_id());
}

absl::Status ReferralImporter::Begin(Env& env) {
  KITH_ASSIGN_OR_RETURN(rules_, Rules::Read(env, program_id_));
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
          Target::kReferral, program_id_, "conversions",
          {.in_order = true, .explain = &ExplainReused}));
  return calls;
}

// A row that is rejected enrolls nobody: the next one that names the advocate does.
void ReferralImporter::AddAdvocate(const Lead& lead, size_t index, Batch& batch) {
  if (advocates_.contains(lead.advocate_id) || !IsRowValid(batch, index)) return;
  advocates_.insert(lead.advocate_id);
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

// Several lines may tell several events of one lead, and of several orders. What would be too
// long for an id is told by its hash.
std::string ConversionId(const Lead& lead) {
  constexpr size_t kLongest = 128;
  std::string id = absl::StrCat("conv:", lead.referral_id);
  if (!lead.event.empty() || !lead.order_id.empty()) absl::StrAppend(&id, ":", lead.event);
  if (!lead.order_id.empty()) absl::StrAppend(&id, ":", lead.order_id);
  return id.size() <= kLongest ? id : absl::StrCat("conv:", ToHex(Sha256(id)));
}

void AddConversion(const Lead& lead, size_t index, Batch& batch) {
  if (!lead.converted_time.has_value()) return;
  auto& conversion = batch.calls[kConvert].Add<referral::v1::NewConversion>(index);
  conversion.set_conversion_id(ConversionId(lead));
  conversion.set_customer_id(lead.referee_id);
  conversion.set_referral_id(lead.referral_id);
  conversion.set_event(lead.event);
  conversion.set_order_id(lead.order_id);
  *conversion.mutable_conversion_time() = ToTimestamp(*lead.converted_time);
  if (!lead.amount.has_value()) return;
  conversion.mutable_amount()->set_amount_minor(lead.amount->minor);
  conversion.mutable_amount()->set_currency(lead.amount->currency);
}

absl::Status ReferralImporter::Add(const csv::Row& row, size_t index, Batch& batch) {
  KITH_ASSIGN_OR_RETURN(const Lead lead, ParseLead(row, rules_));
  AddReferral(lead, index, batch);
  AddConversion(lead, index, batch);
  AddAdvocate(lead, index, batch);
  return absl::OkStatus();
}

}  // namespace

std::unique_ptr<Importer> MakeReferralImporter(const std::string& program_id) {
  return std::make_unique<ReferralImporter>(program_id);
}

}  // namespace kith::cli
