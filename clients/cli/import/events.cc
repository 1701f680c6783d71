#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/import/importer.h"
#include "clients/cli/text/parse.h"
#include "common/base/ids.h"
#include "common/base/status_macros.h"
#include "kith/referral/v1/referral.pb.h"
#include "kith/retention/v1/retention.pb.h"

namespace kith::cli {
namespace {

using retention::v1::EventKind;
using retention::v1::LifecycleEvent;

// Names that mean a turn in a customer's life. Any other is the name of an activity.
EventKind KindOf(absl::string_view name) {
  constexpr std::pair<absl::string_view, EventKind> kKinds[] = {
      {"signup", retention::v1::EVENT_KIND_SIGNUP},
      {"onboarding_completed", retention::v1::EVENT_KIND_ONBOARDING_COMPLETED},
      {"churn", retention::v1::EVENT_KIND_CHURN},
      {"reactivation", retention::v1::EVENT_KIND_REACTIVATION},
      {"support_contact", retention::v1::EVENT_KIND_SUPPORT_CONTACT},
  };
  for (const auto& [known, kind] : kKinds) {
    if (known == name) return kind;
  }
  return retention::v1::EVENT_KIND_ACTIVITY;
}

// A turn that takes more than a name: as an activity it would be lost without a word.
absl::Status CheckName(absl::string_view name) {
  if (name == "payment") {
    return absl::InvalidArgumentError(
        "name: a payment has an amount: it is imported by `kith import payments`");
  }
  if (name == "refund" || name == "plan_change") {
    return absl::InvalidArgumentError(
        absl::StrCat("name: a ", name, " takes more than these columns tell: it is recorded ",
                     "by RecordEvents of the retention service"));
  }
  return absl::OkStatus();
}

std::vector<BatchCall> EventCalls(const std::string& program_id, CallTraits traits) {
  std::vector<BatchCall> calls;
  calls.push_back(
      NewCall<retention::v1::RecordEventsRequest, retention::v1::RecordEventsResponse>(
          Target::kRetention, program_id, "events", traits));
  return calls;
}

int64_t CountUnknown(const BatchCall& call) {
  const auto& response =
      static_cast<const retention::v1::RecordEventsResponse&>(call.response());
  return std::count_if(response.results().begin(), response.results().end(),
                       [](const auto& result) { return result.unknown_customer(); });
}

class EventImporter final : public Importer {
 public:
  explicit EventImporter(const std::string& program_id) : program_id_(program_id) {}

  const csv::Schema& schema() const override {
    static const auto& schema = *new csv::Schema{{"customer_id", "name", "time"}, {}};
    return schema;
  }
  std::vector<Target> targets(const csv::TableReader&) const override {
    return {Target::kRetention};
  }
  std::vector<BatchCall> NewCalls() const override { return EventCalls(program_id_, {}); }
  absl::Status Add(const csv::Row& row, size_t index, Batch& batch) override;
  int64_t UnknownBy(const Batch& batch) const override { return CountUnknown(batch.calls[0]); }

 private:
  std::string EventId(const std::string& customer, const std::string& name, absl::Time time);

  const std::string program_id_;
  absl::flat_hash_set<uint64_t> seen_;
  absl::flat_hash_map<uint64_t, int> repeated_;  // of rows seen more than once
};

// Rows have no id of their own: an id is made from the content, with a number for a row that
// is there again. Should two different rows share the 64 bits that are remembered, the later
// one is numbered without need, in every run alike.
std::string EventImporter::EventId(const std::string& customer, const std::string& name,
                                   absl::Time time) {
  const std::string content =
      absl::StrCat(customer, "\n", name, "\n", absl::ToUnixMicros(time));
  const uint64_t key = StableHash(content);
  std::string id = absl::StrCat("e:", ToHex(Sha256(content)).substr(0, 32));
  if (!seen_.insert(key).second) absl::StrAppend(&id, ":", ++repeated_[key] + 1);
  return id;
}

absl::Status EventImporter::Add(const csv::Row& row, size_t index, Batch& batch) {
  KITH_ASSIGN_OR_RETURN(const std::string customer, row.Required("customer_id"));
  KITH_ASSIGN_OR_RETURN(const std::string name, row.Required("name"));
  KITH_RETURN_IF_ERROR(CheckName(name));
  KITH_ASSIGN_OR_RETURN(const absl::Time time, row.RequiredTime("time"));
  auto& event = batch.calls[0].Add<LifecycleEvent>(index);
  event.set_event_id(EventId(customer, name, time));
  event.set_customer_id(customer);
  event.set_kind(KindOf(name));
  *event.mutable_event_time() = ToTimestamp(time);
  if (event.kind() == retention::v1::EVENT_KIND_ACTIVITY) event.set_name(name);
  return absl::OkStatus();
}

std::string ExplainReused(const Refusal& refusal) {
  if (refusal.error.reason() != "EVENT_ID_REUSED") return "";
  const absl::string_view differs = WhatDiffers(refusal.error);
  return absl::StrCat("payment_id: a payment of this id was imported before with another ",
                      differs.empty() ? "customer, time or amount" : differs,
                      ", which stays; another payment needs an id of its own");
}

class PaymentImporter final : public Importer {
 public:
  explicit PaymentImporter(const std::string& program_id) : program_id_(program_id) {}

  const csv::Schema& schema() const override {
    static const auto& schema =
        *new csv::Schema{{"payment_id", "customer_id", "time", "amount", "currency"}, {}};
    return schema;
  }
  std::vector<Target> targets(const csv::TableReader&) const override {
    return {Target::kRetention};
  }
  std::vector<BatchCall> NewCalls() const override {
    return EventCalls(program_id_, {.explain = &ExplainReused});
  }
  absl::Status Add(const csv::Row& row, size_t index, Batch& batch) override;
  int64_t UnknownBy(const Batch& batch) const override { return CountUnknown(batch.calls[0]); }
  absl::Status Begin(Env& env) override;
  std::string Note() const override;

 private:
  const std::string program_id_;
  std::string currency_;                  // of the program; empty when it is not known
  std::map<std::string, int64_t> lines_;  // by currency
};

// Payments need nothing of the referral service, which may be away.
absl::Status PaymentImporter::Begin(Env& env) {
  referral::v1::GetProgramRequest request;
  request.set_program_id(program_id_);
  const auto program =
      Ask<referral::v1::GetProgramResponse>(env.caller, Target::kReferral, request);
  if (program.ok()) currency_ = program->program().currency();
  return absl::OkStatus();
}

std::string PaymentImporter::Note() const {
  std::vector<std::string> others;
  for (const auto& [currency, lines] : lines_) {
    if (currency != currency_) others.push_back(absl::StrCat(lines, " in ", currency));
  }
  if (currency_.empty() || others.empty()) return "";
  return absl::StrCat("of the lines ", absl::StrJoin(others, ", "), ", not in ", currency_,
                      ", the program's currency: revenue is kept by currency, and nothing is "
                      "converted");
}

absl::Status PaymentImporter::Add(const csv::Row& row, size_t index, Batch& batch) {
  KITH_ASSIGN_OR_RETURN(const std::string id, row.Required("payment_id"));
  KITH_ASSIGN_OR_RETURN(const std::string customer, row.Required("customer_id"));
  KITH_ASSIGN_OR_RETURN(const absl::Time time, row.RequiredTime("time"));
  KITH_ASSIGN_OR_RETURN(const Money amount, row.Amount(""));
  auto& event = batch.calls[0].Add<LifecycleEvent>(index);
  event.set_event_id(absl::StrCat("payment:", id));
  event.set_customer_id(customer);
  event.set_kind(retention::v1::EVENT_KIND_PAYMENT);
  *event.mutable_event_time() = ToTimestamp(time);
  event.mutable_amount()->set_amount_minor(amount.minor);
  event.mutable_amount()->set_currency(amount.currency);
  if (IsRowValid(batch, index)) ++lines_[amount.currency];
  return absl::OkStatus();
}

}  // namespace

std::unique_ptr<Importer> MakeEventImporter(const std::string& program_id) {
  return std::make_unique<EventImporter>(program_id);
}

std::unique_ptr<Importer> MakePaymentImporter(const std::string& program_id) {
  return std::make_unique<PaymentImporter>(program_id);
}

}  // namespace kith::cli
