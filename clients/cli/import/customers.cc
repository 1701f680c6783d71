#include <algorithm>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/import/importer.h"
#include "clients/cli/text/parse.h"
#include "common/base/status_macros.h"
#include "kith/outreach/v1/outreach.pb.h"
#include "kith/referral/v1/referral.pb.h"
#include "kith/retention/v1/retention.pb.h"

namespace kith::cli {
namespace {

enum CallIndex { kEnroll, kAttribute, kEvents, kContacts };

constexpr absl::string_view kReferralChannel = "referral";

struct Customer {
  std::string id, email, referrer_id, channel, plan, time_zone, locale;
  absl::Time signup_time;
  std::optional<absl::Time> churn_time;
};

absl::StatusOr<Customer> ParseCustomer(const csv::Row& row, absl::Time now) {
  Customer customer;
  KITH_ASSIGN_OR_RETURN(customer.id, row.Required("customer_id"));
  KITH_ASSIGN_OR_RETURN(customer.signup_time, row.RequiredTime("signup_time"));
  KITH_RETURN_IF_ERROR(CheckNotAhead("signup_time", customer.signup_time, now));
  if (!row.Get("churn_time").empty()) {
    KITH_ASSIGN_OR_RETURN(customer.churn_time, row.RequiredTime("churn_time"));
    if (*customer.churn_time < customer.signup_time) {
      return absl::InvalidArgumentError("churn_time: is before signup_time");
    }
    KITH_RETURN_IF_ERROR(CheckNotAhead("churn_time", *customer.churn_time, now));
  }
  customer.email = row.Get("email");
  customer.referrer_id = row.Get("referrer_id");
  customer.plan = row.Get("plan");
  customer.time_zone = row.Get("time_zone");
  customer.locale = row.Get("locale");
  customer.channel = row.Get("channel");
  // With a referrer, "referral" is what the referral service finds out. Without one it is
  // all that is known of the customer, and is kept.
  if (customer.channel == kReferralChannel && !customer.referrer_id.empty()) {
    customer.channel.clear();
  }
  return customer;
}

// The columns of the file that make events of customers differ.
constexpr std::pair<absl::string_view, absl::string_view> kColumnsOfEvents[] = {
    {"plan", "plan"}, {"channel", "channel"}, {"time", "signup_time"}};

// Of a customer who was imported before with something else.
std::string ExplainReused(const Refusal& refusal) {
  if (refusal.error.reason() != "EVENT_ID_REUSED") return "";
  const auto& event = static_cast<const retention::v1::LifecycleEvent&>(refusal.item);
  if (event.kind() == retention::v1::EVENT_KIND_CHURN) {
    return "churn_time: the customer was imported before with another one, which stays; who "
           "came back is told by an event named reactivation";
  }
  std::vector<std::string> columns;
  const absl::string_view differs = WhatDiffers(refusal.error);
  for (const auto& [name, column] : kColumnsOfEvents) {
    if (absl::StrContains(differs, name)) columns.emplace_back(column);
  }
  const bool churned = refusal.recorded != nullptr;
  return absl::StrCat(columns.empty() ? "customer_id" : absl::StrJoin(columns, " and "),
                      ": the customer was imported before with another one, which stays",
                      churned ? "; churn_time is recorded" : "");
}

class CustomerImporter final : public Importer {
 public:
  explicit CustomerImporter(const std::string& program_id) : program_id_(program_id) {}

  const csv::Schema& schema() const override {
    static const auto& schema = *new csv::Schema{
        {"customer_id", "signup_time"},
        {"channel", "referrer_id", "churn_time", "plan", "email", "time_zone", "locale"}};
    return schema;
  }
  std::vector<Target> targets(const csv::TableReader& table) const override {
    std::vector<Target> targets = {Target::kReferral, Target::kRetention};
    if (table.Has("time_zone") || table.Has("locale")) targets.push_back(Target::kOutreach);
    return targets;
  }
  absl::Status Begin(Env& env) override {
    now_ = env.clock.Now();
    return absl::OkStatus();
  }
  std::vector<BatchCall> NewCalls() const override;
  absl::Status Add(const csv::Row& row, size_t index, Batch& batch) override;
  int64_t EnrolledBy(const Batch& batch) const override {
    return CountEnrolled(batch.calls[kEnroll]);
  }
  void Look(const Batch& batch) override;
  std::string Note() const override;

 private:
  void AddReferrer(const Customer& customer, size_t index, Batch& batch);

  const std::string program_id_;
  absl::Time now_;
  absl::flat_hash_set<std::string> referrers_;
  bool tells_churn_ = false;   // the file has the column
  int64_t known_stayers_ = 0;  // who were there already, and have no churn_time
};

void CustomerImporter::Look(const Batch& batch) {
  const BatchCall& call = batch.calls[kEvents];
  const auto& events =
      static_cast<const retention::v1::RecordEventsRequest&>(call.request()).events();
  const auto& results =
      static_cast<const retention::v1::RecordEventsResponse&>(call.response()).results();
  for (int i = 0; i < std::min(events.size(), results.size()); ++i) {
    const bool leaves = i + 1 < events.size() && events[i + 1].kind() != events[i].kind() &&
                        events[i + 1].customer_id() == events[i].customer_id();
    const bool signup = events[i].kind() == retention::v1::EVENT_KIND_SIGNUP;
    if (signup && !leaves && results[i].duplicate()) ++known_stayers_;
  }
}

std::string CustomerImporter::Note() const {
  if (!tells_churn_ || known_stayers_ == 0) return "";
  return absl::StrCat(
      known_stayers_, known_stayers_ == 1 ? " line tells" : " lines tell",
      " of customers who are known, without churn_time: that takes no leaving back that was "
      "imported before; who came back is told by an event named reactivation");
}

std::vector<BatchCall> CustomerImporter::NewCalls() const {
  std::vector<BatchCall> calls;
  calls.push_back(
      NewCall<referral::v1::EnrollAdvocatesRequest, referral::v1::EnrollAdvocatesResponse>(
          Target::kReferral, program_id_, "advocates",
          {.in_order = true, .for_all_rows = true}));
  calls.push_back(
      NewCall<referral::v1::AttributeSignupsRequest, referral::v1::AttributeSignupsResponse>(
          Target::kReferral, program_id_, "signups", {.in_order = true}));
  calls.push_back(
      NewCall<retention::v1::RecordEventsRequest, retention::v1::RecordEventsResponse>(
          Target::kRetention, program_id_, "events", {.explain = &ExplainReused}));
  calls.push_back(
      NewCall<outreach::v1::UpsertContactsRequest, outreach::v1::UpsertContactsResponse>(
          Target::kOutreach, program_id_, "contacts", {}));
  return calls;
}

// A referrer must be enrolled before somebody can name them. The first row that names one
// and is not rejected for its fields says when, so that another run sends the same.
void CustomerImporter::AddReferrer(const Customer& customer, size_t index, Batch& batch) {
  if (customer.referrer_id.empty() || referrers_.contains(customer.referrer_id)) return;
  if (!IsRowValid(batch, index)) return;
  referrers_.insert(customer.referrer_id);
  auto& advocate = batch.calls[kEnroll].Add<referral::v1::NewAdvocate>(index);
  advocate.set_advocate_id(customer.referrer_id);
  *advocate.mutable_enrolled_time() = ToTimestamp(customer.signup_time);
}

void AddSignup(const Customer& customer, size_t index, Batch& batch) {
  auto& signup = batch.calls[kAttribute].Add<referral::v1::Signup>(index);
  signup.set_customer_id(customer.id);
  *signup.mutable_signup_time() = ToTimestamp(customer.signup_time);
  signup.set_email(customer.email);
  signup.set_referrer_id(customer.referrer_id);
  signup.set_channel(customer.channel);
}

void AddEvents(const Customer& customer, size_t index, Batch& batch) {
  auto& signup = batch.calls[kEvents].Add<retention::v1::LifecycleEvent>(index);
  signup.set_event_id(absl::StrCat("signup:", customer.id));
  signup.set_customer_id(customer.id);
  signup.set_kind(retention::v1::EVENT_KIND_SIGNUP);
  *signup.mutable_event_time() = ToTimestamp(customer.signup_time);
  signup.set_channel(customer.channel);
  signup.set_plan(customer.plan);
  if (!customer.churn_time.has_value()) return;
  auto& churn = batch.calls[kEvents].Add<retention::v1::LifecycleEvent>(index);
  churn.set_event_id(absl::StrCat("churn:", customer.id));
  churn.set_customer_id(customer.id);
  churn.set_kind(retention::v1::EVENT_KIND_CHURN);
  *churn.mutable_event_time() = ToTimestamp(*customer.churn_time);
}

void AddContact(const Customer& customer, size_t index, Batch& batch) {
  if (customer.time_zone.empty() && customer.locale.empty()) return;
  auto& contact = batch.calls[kContacts].Add<outreach::v1::Contact>(index);
  contact.set_contact_id(customer.id);
  contact.set_time_zone(customer.time_zone);
  contact.set_locale(customer.locale);
}

absl::Status CustomerImporter::Add(const csv::Row& row, size_t index, Batch& batch) {
  KITH_ASSIGN_OR_RETURN(const Customer customer, ParseCustomer(row, now_));
  AddSignup(customer, index, batch);
  AddEvents(customer, index, batch);
  AddContact(customer, index, batch);
  AddReferrer(customer, index, batch);
  tells_churn_ = tells_churn_ || row.values.contains("churn_time");
  return absl::OkStatus();
}

}  // namespace

std::unique_ptr<Importer> MakeCustomerImporter(const std::string& program_id) {
  return std::make_unique<CustomerImporter>(program_id);
}

}  // namespace kith::cli
