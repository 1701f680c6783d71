#include "tests/unit/outreach/app/world.h"

#include <cstdlib>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/db/migrator.h"
#include "common/executor/batch.h"
#include "common/executor/store_setup.h"
#include "common/feed/apply_events.h"
#include "services/outreach/migrations/migrations.h"
#include "services/outreach/store/message_tables.h"
#include "services/outreach/store/queries.h"
#include "tests/support/test_database.h"
#include "tests/unit/outreach/domain/fixtures.h"

namespace kith::outreach {
namespace {

template <class T>
T Must(absl::StatusOr<T> value) {
  EXPECT_TRUE(value.ok()) << value.status();
  if (!value.ok()) std::abort();
  return *std::move(value);
}
void Must(const absl::Status& status) {
  EXPECT_TRUE(status.ok()) << status;
  if (!status.ok()) std::abort();
}

void SetTime(absl::Time time, google::protobuf::Timestamp* out) {
  out->set_seconds(absl::ToUnixSeconds(time));
  out->set_nanos(static_cast<int32_t>(
      absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(out->seconds()))));
}

std::string ToText(const db::Value& value) {
  if (const auto* number = std::get_if<int64_t>(&value)) return absl::StrCat(*number);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return std::holds_alternative<db::Null>(value) ? "NULL" : "?";
}

// An encoder that keeps the result.
template <class Result>
std::function<std::string(const Result&)> KeepIn(Result* kept) {
  return [kept](const Result& result) {
    *kept = result;
    return std::string("done");
  };
}

template <class Result>
absl::StatusOr<Result> Either(const absl::StatusOr<std::string>& status, Result result) {
  if (!status.ok()) return status.status();
  return result;
}

}  // namespace

Fact Submitted(const std::string& referral, const std::string& advocate, absl::Time time) {
  Fact fact;
  fact.mutable_referral_submitted()->set_referral_id(referral);
  fact.mutable_referral_submitted()->set_advocate_id(advocate);
  SetTime(time, fact.mutable_referral_submitted()->mutable_submitted_time());
  return fact;
}

Fact Attributed(const std::string& customer, const std::string& referral,
                const std::string& advocate, absl::Time time) {
  Fact fact;
  auto& attributed = *fact.mutable_signup_attributed();
  attributed.set_customer_id(customer);
  attributed.set_referral_id(referral);
  attributed.set_advocate_id(advocate);
  attributed.set_channel(advocate.empty() ? "organic" : "referral");
  SetTime(time, attributed.mutable_signup_time());
  return fact;
}

Fact Converted(const std::string& referral, const std::string& advocate,
               const std::string& customer, absl::Time time) {
  Fact fact;
  auto& converted = *fact.mutable_referral_converted();
  converted.set_conversion_id(absl::StrCat("conversion-of-", referral));
  converted.set_referral_id(referral);
  converted.set_advocate_id(advocate);
  converted.set_customer_id(customer);
  SetTime(time, converted.mutable_conversion_time());
  return fact;
}

Fact Reversed(const std::string& referral) {
  Fact fact;
  fact.mutable_conversion_reversed()->set_referral_id(referral);
  fact.mutable_conversion_reversed()->set_conversion_id(
      absl::StrCat("conversion-of-", referral));
  return fact;
}

Fact WithConversion(Fact fact, const std::string& conversion) {
  if (fact.has_conversion_reversed()) {
    fact.mutable_conversion_reversed()->set_conversion_id(conversion);
  } else {
    fact.mutable_referral_converted()->set_conversion_id(conversion);
  }
  return fact;
}

Fact Onboarded(const std::string& customer, absl::Time time) {
  Fact fact;
  fact.mutable_customer_onboarded()->set_customer_id(customer);
  SetTime(time, fact.mutable_customer_onboarded()->mutable_onboarded_time());
  return fact;
}

Fact Aha(const std::string& customer, absl::Time time) {
  Fact fact;
  fact.mutable_aha_reached()->set_customer_id(customer);
  SetTime(time, fact.mutable_aha_reached()->mutable_aha_time());
  return fact;
}

Fact Churned(const std::string& customer, absl::Time time) {
  Fact fact;
  fact.mutable_customer_churned()->set_customer_id(customer);
  SetTime(time, fact.mutable_customer_churned()->mutable_churn_time());
  return fact;
}

Fact Reactivated(const std::string& customer, absl::Time time) {
  Fact fact;
  fact.mutable_customer_reactivated()->set_customer_id(customer);
  SetTime(time, fact.mutable_customer_reactivated()->mutable_reactivation_time());
  return fact;
}

class World::Observer final : public exec::ExecutorObserver {
 public:
  void OnBatch(int64_t, absl::Duration) override {}
  void OnCommit(absl::Duration) override {}
  void OnReplay() override {}
  void OnRetry() override {}
  void OnPrefetchMiss(int64_t n) override { misses += n; }
  void OnQueueDepth(int64_t) override {}
  std::atomic<int64_t> misses{0};
};

World::World(absl::string_view backend)
    : clock_(At("2026-05-01T10:00:00Z")),
      database_(test::OpenFreshStore(backend)),
      observer_(std::make_unique<Observer>()) {
  Must(db::Migrate(*database_, "common", exec::Migrations(), db::MigrateMode::kAuto, clock_));
  Must(db::Migrate(*database_, "outreach", Migrations(), db::MigrateMode::kAuto, clock_));
  Must(exec::SetUpStore(*database_, 1, clock_));
  exec::ExecutorOptions options;
  options.observer = observer_.get();
  executor_ = exec::MakeExecutor(*database_, clock_, options);
}

World::~World() { executor_->Stop(); }

int64_t World::misses() const { return observer_->misses; }

absl::StatusOr<std::string> World::Run(std::unique_ptr<exec::Command> command,
                                       const std::string& request_id) {
  exec::Submission submission;
  submission.program_id = "acme";
  submission.method = "Test";
  submission.request_id = request_id;
  submission.command = std::move(command);
  return executor_->Run(std::move(submission));
}

absl::StatusOr<ApplyPlaybookResult> World::Apply(Playbook playbook, bool dry_run) {
  ApplyPlaybookResult result;
  const auto status =
      Run(std::make_unique<ApplyPlaybook>(std::move(playbook), dry_run, KeepIn(&result)));
  return Either(status, result);
}

absl::StatusOr<std::vector<bool>> World::Upsert(const std::vector<Contact>& contacts) {
  std::vector<ContactUpdate> updates;
  for (const Contact& contact : contacts) updates.push_back({contact});
  return Update(std::move(updates));
}

absl::StatusOr<std::vector<bool>> World::UpsertZone(Contact contact) {
  return Update({{std::move(contact), /*keeps_suppressions=*/true}});
}

absl::StatusOr<std::vector<bool>> World::Update(std::vector<ContactUpdate> updates) {
  UpsertContactsResult result;
  const auto status =
      Run(std::make_unique<UpsertContacts>("acme", std::move(updates), KeepIn(&result)));
  return Either(status, result.changed);
}

absl::StatusOr<ClaimDueResult> World::TryClaim(ClaimDueRequest request) {
  request.received_time = now();
  ClaimDueResult result;
  const auto status = Run(std::make_unique<ClaimDue>(std::move(request), KeepIn(&result)));
  return Either(status, result);
}

std::string World::ClaimUnder(const std::string& request_id) {
  ClaimDueRequest request;
  request.program_id = "acme";
  request.request_id = request_id;
  request.received_time = now();
  const auto encode = [](const ClaimDueResult& result) {
    std::string text;
    for (const LeasedMessage& leased : result.messages) {
      absl::StrAppend(&text, leased.message.message_id, " ", leased.message.lease_token, "\n");
    }
    return text;
  };
  return Must(Run(std::make_unique<ClaimDue>(std::move(request), encode), request_id));
}

std::vector<LeasedMessage> World::Claim(int max_messages, Channel channel,
                                        absl::Duration lease) {
  ClaimDueRequest request;
  request.program_id = "acme";
  request.request_id = "r";
  request.channel = channel;
  request.max_messages = max_messages;
  request.lease_duration = lease;
  request.worker_id = "w";
  return Must(TryClaim(std::move(request))).messages;
}

std::unique_ptr<exec::Command> World::MakeClaim(int max_messages, ClaimDueResult* result) {
  ClaimDueRequest request;
  request.program_id = "acme";
  request.max_messages = max_messages;
  request.received_time = now();
  return std::make_unique<ClaimDue>(std::move(request), KeepIn(result));
}

void World::RunInOneBatch(std::vector<std::unique_ptr<exec::Command>> commands) {
  std::vector<exec::Submission> submissions;
  for (auto& command : commands) {
    exec::Submission submission;
    submission.program_id = "acme";
    submission.command = std::move(command);
    submissions.push_back(std::move(submission));
  }
  std::vector<exec::Submission*> pointers;
  for (auto& submission : submissions) pointers.push_back(&submission);
  const auto outcome =
      Must(exec::Batch(*database_, clock_, 0, test::Soon()).Run(absl::MakeSpan(pointers)));
  for (const auto& response : outcome.responses) Must(response.status());
}

absl::StatusOr<AnswerResult> World::Ack(const std::string& message_id,
                                        const std::string& token) {
  AnswerResult result;
  const auto status =
      Run(std::make_unique<AckMessage>("acme", message_id, token, KeepIn(&result)));
  return Either(status, result);
}

absl::StatusOr<AnswerResult> World::Ack(const LeasedMessage& leased) {
  return Ack(leased.message.message_id, leased.message.lease_token);
}

absl::StatusOr<AnswerResult> World::Nack(const LeasedMessage& leased, bool permanent) {
  AnswerResult result;
  const auto status = Run(std::make_unique<NackMessage>(
      "acme", leased.message.message_id,
      Refusal{leased.message.lease_token, "busy", permanent}, KeepIn(&result)));
  return Either(status, result);
}

int64_t World::Feed(absl::string_view source, std::vector<Fact> facts) {
  int64_t& position = positions_[std::string(source)];
  feed::ApplyPage page;
  page.source = std::string(source);
  page.feed_id = page.source;
  for (const Fact& fact : facts) {
    page.events.push_back({page.source, 0, ++position, "acme", now(), &fact});
  }
  page.last_position = position;
  const std::string quarantined =
      Must(Run(std::make_unique<feed::ApplyEvents>(&handler_, std::move(page), 0)));
  int64_t count = -1;
  EXPECT_TRUE(absl::SimpleAtoi(quarantined, &count)) << quarantined;
  return count;
}

absl::StatusOr<ContactExplanation> World::ExplainPage(const ExplainContactRequest& request) {
  return ExplainContact(*database_, request, now(), test::Soon());
}

ContactExplanation World::Explain(const std::string& contact, absl::Time at,
                                  int64_t page_size) {
  ExplainContactRequest request{"acme", contact, at, page_size, ""};
  ContactExplanation all = Must(ExplainPage(request));
  std::string& token = all.next_page_token;
  while (!token.empty()) {
    request.page_token = token;
    ContactExplanation page = Must(ExplainPage(request));
    EXPECT_FALSE(page.messages.empty());
    for (MessageTrace& trace : page.messages) all.messages.push_back(std::move(trace));
    token = page.next_page_token;
  }
  return all;
}

Summary World::Summarize() {
  return Must(GetSummary(*database_, "acme", now(), test::Soon()));
}

Message World::Find(const std::string& message_id) {
  const auto read = Must(database_->BeginRead(test::Soon()));
  const auto result = Must(read->Query(MessageTable::kSelect, {"acme", message_id}));
  EXPECT_EQ(result.rows.size(), 1u) << message_id;
  return result.rows.empty() ? Message() : MessageTable::Decode(result.rows.front());
}

::testing::AssertionResult World::CountsAreTrue() {
  const auto read = Must(database_->BeginRead(test::Soon()));
  const auto kept = Must(LoadTallies(*read, "acme"));
  const auto counted = Must(RecountTallies(*read, "acme"));
  if (kept == counted) return ::testing::AssertionSuccess();
  auto failure = ::testing::AssertionFailure();
  for (const Tally& tally : kept) {
    failure << "kept " << tally.name << " " << tally.state << " " << tally.value << "\n";
  }
  for (const Tally& tally : counted) {
    failure << "counted " << tally.name << " " << tally.state << " " << tally.value << "\n";
  }
  return failure;
}

std::vector<std::string> World::Ask(absl::string_view sql, db::Params params) {
  const auto read = Must(database_->BeginRead(test::Soon()));
  std::vector<std::string> rows;
  for (const db::Row& row : Must(read->Query(sql, std::move(params))).rows) {
    std::vector<std::string> values;
    for (size_t i = 0; i < row.size(); ++i) values.push_back(ToText(row[i]));
    rows.push_back(absl::StrJoin(values, "|"));
  }
  return rows;
}

}  // namespace kith::outreach
