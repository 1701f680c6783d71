#include "tests/unit/referral/app/world.h"

#include <stdexcept>

#include "absl/strings/str_cat.h"
#include "common/base/money.h"
#include "common/db/migrator.h"
#include "common/executor/store_setup.h"
#include "services/referral/migrations/migrations.h"
#include "tests/support/test_database.h"

namespace kith::referral::app {
namespace {

void Require(const absl::Status& status) {
  if (!status.ok()) throw std::runtime_error(std::string(status.message()));
}

template <class T>
T Require(absl::StatusOr<T> value) {
  Require(value.status());
  return *std::move(value);
}

std::string BriefOfConduct(const events::v1::Fact& fact) {
  using events::v1::Fact;
  switch (fact.fact_case()) {
    case Fact::kFraudCaseOpened: {
      const auto& f = fact.fraud_case_opened();
      return absl::StrCat("fraud_case_opened ", f.referral_id(), " ", f.advocate_id(), " ",
                          f.score());
    }
    case Fact::kFraudCaseResolved: {
      const auto& f = fact.fraud_case_resolved();
      return absl::StrCat("fraud_case_resolved ", f.referral_id(), " ", f.decision(),
                          f.cause().empty() ? "" : " ", f.cause());
    }
    case Fact::kAdvocateSuspended: {
      const auto& f = fact.advocate_suspended();
      return absl::StrCat("advocate_suspended ", f.advocate_id(), " ", f.cause());
    }
    case Fact::kAdvocateReinstated:
      return absl::StrCat("advocate_reinstated ", fact.advocate_reinstated().advocate_id());
    case Fact::kQualityCollapsed: {
      const auto& f = fact.quality_collapsed();
      return absl::StrCat("quality_collapsed ", f.campaign(), " ", f.metric(), " ",
                          f.successes(), "/", f.outcomes(), " of ", f.baseline_basis_points());
    }
    default:
      return "unknown";
  }
}

std::string BriefOfReward(const events::v1::Fact& fact) {
  using events::v1::Fact;
  switch (fact.fact_case()) {
    case Fact::kRewardCreated: {
      const auto& f = fact.reward_created();
      return absl::StrCat("reward_created ", f.reward_id(), " ", f.recipient_id(), " ",
                          f.side(), " ", f.amount().amount_minor(), f.amount().currency(),
                          f.item().empty() ? "" : " ", f.item().empty() ? "" : f.kind(),
                          f.item().empty() ? "" : " ", f.item());
    }
    case Fact::kRewardReversed: {
      const auto& f = fact.reward_reversed();
      return absl::StrCat("reward_reversed ", f.reward_id(), " ", f.recipient_id(), " ",
                          f.amount().amount_minor(), f.amount().currency(), " ", f.cause());
    }
    case Fact::kRewardAvailable:
      return absl::StrCat("reward_available ", fact.reward_available().reward_id());
    case Fact::kRewardFulfilled:
      return absl::StrCat("reward_fulfilled ", fact.reward_fulfilled().reward_id());
    case Fact::kRewardExpired:
      return absl::StrCat("reward_expired ", fact.reward_expired().reward_id());
    case Fact::kRewardAdjusted: {
      const auto& f = fact.reward_adjusted();
      return absl::StrCat("reward_adjusted ", f.reward_id(), " ",
                          f.old_amount().amount_minor(), " ", f.new_amount().amount_minor(),
                          " v", f.program_version());
    }
    case Fact::kThankYouDue: {
      const auto& f = fact.thank_you_due();
      return absl::StrCat("thank_you_due ", f.referral_id(), " ", f.advocate_id(), " ",
                          f.customer_id());
    }
    case Fact::kMilestoneReached: {
      const auto& f = fact.milestone_reached();
      return absl::StrCat("milestone_reached ", f.advocate_id(), " ", f.rule_id(), " ",
                          f.count());
    }
    case Fact::kAttributionOverridden: {
      const auto& f = fact.attribution_overridden();
      return absl::StrCat("attribution_overridden ", f.customer_id(), " from ",
                          f.old_advocate_id(), " to ", f.new_advocate_id(), " by ",
                          f.decided_by(), " ", f.cause());
    }
    default:
      return BriefOfConduct(fact);
  }
}

std::string Brief(const events::v1::Fact& fact) {
  using events::v1::Fact;
  switch (fact.fact_case()) {
    case Fact::kAdvocateEnrolled:
      return absl::StrCat("advocate_enrolled ", fact.advocate_enrolled().advocate_id());
    case Fact::kAdvocateUpdated:
      return absl::StrCat("advocate_updated ", fact.advocate_updated().advocate_id());
    case Fact::kReferralSubmitted:
      return absl::StrCat("referral_submitted ", fact.referral_submitted().referral_id());
    case Fact::kSignupAttributed: {
      const auto& f = fact.signup_attributed();
      return absl::StrCat("signup_attributed ", f.customer_id(), " ", f.channel(), " ",
                          f.advocate_id(), " ", f.referral_id(), " ", f.evidence(),
                          f.campaign().empty() ? "" : " ", f.campaign());
    }
    case Fact::kReferralConverted: {
      const auto& f = fact.referral_converted();
      return absl::StrCat("referral_converted ", f.conversion_id(), " ", f.referral_id(), " ",
                          f.advocate_id(), " ", f.customer_id(), " ",
                          f.amount().amount_minor());
    }
    case Fact::kConversionReversed: {
      const auto& f = fact.conversion_reversed();
      return absl::StrCat("conversion_reversed ", f.conversion_id(), " ", f.referral_id(), " ",
                          f.cause());
    }
    case Fact::kCampaignPaused: {
      const auto& f = fact.campaign_paused();
      return absl::StrCat("campaign_paused ", f.campaign(), " ", f.cause());
    }
    case Fact::kCampaignResumed: {
      const auto& f = fact.campaign_resumed();
      return absl::StrCat("campaign_resumed ", f.campaign(),
                          f.resumed_by().empty() ? "" : " by ", f.resumed_by());
    }
    case Fact::kLeadStateChanged: {
      const auto& f = fact.lead_state_changed();
      return absl::StrCat("lead_state_changed ", f.referral_id(), " ", f.old_state(), " ",
                          f.new_state(), f.cause().empty() ? "" : " ", f.cause());
    }
    case Fact::kFollowUpBreached:
      return absl::StrCat("follow_up_breached ", fact.follow_up_breached().referral_id());
    default:
      return BriefOfReward(fact);
  }
}

std::string Text(const db::Value& value) {
  if (const auto* i = std::get_if<int64_t>(&value)) return absl::StrCat(*i);
  if (const auto* s = std::get_if<std::string>(&value)) return *s;
  if (const auto* b = std::get_if<db::Blob>(&value)) return ToHex(b->bytes);
  return "NULL";
}

}  // namespace

std::string BackendName(const ::testing::TestParamInfo<std::string>& test) {
  return test.param;
}

domain::Program SampleProgram() {
  domain::Program program;
  program.program_id = "acme";
  program.currency = "EUR";
  domain::RewardRule share;
  share.rule_id = "share";
  share.amount.percent_basis_points = 2000;
  share.holding_period = 30 * kDay;
  domain::RewardRule welcome;
  welcome.rule_id = "welcome";
  welcome.side = domain::RewardSide::kReferee;
  welcome.kind = domain::RewardKind::kCredit;
  welcome.amount.fixed_minor = 1000;
  welcome.min_conversion_minor = 2000;
  program.rewards = {share, welcome};
  return program;
}

SubmitReferrals::NewLead LeadOf(std::string id, std::string advocate, std::string referee,
                                absl::Time time, std::string email) {
  SubmitReferrals::NewLead lead;
  lead.lead.referral_id = std::move(id);
  lead.lead.advocate_id = std::move(advocate);
  lead.lead.referee_id = std::move(referee);
  lead.lead.submitted_time = time;
  lead.email = std::move(email);
  return lead;
}

AttributeSignups::NewSignup SignupOf(std::string customer, absl::Time time,
                                     std::string email) {
  AttributeSignups::NewSignup signup;
  signup.signup.customer_id = std::move(customer);
  signup.signup.signup_time = time;
  signup.email = std::move(email);
  return signup;
}

domain::ConversionReport PaymentOf(std::string id, std::string customer, absl::Time time,
                                   std::optional<int64_t> cents) {
  domain::ConversionReport report;
  report.conversion_id = std::move(id);
  report.customer_id = std::move(customer);
  report.conversion_time = time;
  if (cents.has_value()) report.amount = Money{*cents, "EUR"};
  return report;
}

World::World(absl::string_view backend, bool with_program)
    : database_(test::OpenFreshStore(backend)), reader_(new Reader(*database_)) {
  const auto mode = db::MigrateMode::kAuto;
  Require(db::Migrate(*database_, "common", exec::Migrations(), mode, clock));
  Require(db::Migrate(*database_, "referral", Migrations(), mode, clock));
  Require(exec::SetUpStore(*database_, 1, clock).status());
  exec::ExecutorOptions options;
  options.observer = &observer_;
  executor_ = exec::MakeExecutor(*database_, clock, options);
  if (with_program) Require(Apply({.program = SampleProgram()}).status());
}

absl::StatusOr<std::string> World::RunCommand(absl::string_view method,
                                              std::unique_ptr<exec::Command> command) {
  exec::Submission submission;
  submission.program_id = "acme";
  submission.method = method;
  submission.request_id = NewUuid(clock.Now());
  submission.command = std::move(command);
  return executor_->Run(std::move(submission));
}

absl::StatusOr<ApplyProgram::Response> World::Apply(ApplyProgram::Request request) {
  return Run<ApplyProgram>("ApplyProgram", std::move(request));
}

EnrollAdvocates::Response World::Enroll(std::vector<EnrollAdvocates::NewAdvocate> advocates) {
  return Require(Run<EnrollAdvocates>("EnrollAdvocates", std::string("acme"), advocates));
}

std::string World::EnrollOne(const std::string& advocate_id, const std::string& email) {
  return Require(Enroll({{advocate_id, email, std::nullopt}}).front()).advocate.code;
}

SubmitReferrals::Response World::SubmitAll(std::vector<SubmitReferrals::NewLead> leads) {
  return Require(Run<SubmitReferrals>("SubmitReferrals", std::string("acme"), leads));
}

Results<domain::Referral> World::Submit(std::vector<SubmitReferrals::NewLead> leads) {
  Results<domain::Referral> referrals;
  for (auto& result : SubmitAll(std::move(leads))) {
    if (result.ok()) {
      referrals.push_back(std::move(result->referral));
    } else {
      referrals.push_back(result.status());
    }
  }
  return referrals;
}

absl::StatusOr<domain::Referral> World::SubmitOne(SubmitReferrals::NewLead lead) {
  return Submit({std::move(lead)}).front();
}

absl::StatusOr<domain::Touch> World::Touch(RecordTouches::NewTouch touch) {
  auto recorded = Record(std::move(touch));
  if (!recorded.ok()) return recorded.status();
  return std::move(recorded->touch);
}

absl::StatusOr<RecordedTouch> World::Record(RecordTouches::NewTouch touch) {
  return Require(Run<RecordTouches>("RecordTouches", std::string("acme"),
                                    std::vector<RecordTouches::NewTouch>{std::move(touch)}))
      .front();
}

absl::StatusOr<domain::Customer> World::SignUp(AttributeSignups::NewSignup signup) {
  return Require(Run<AttributeSignups>(
                     "AttributeSignups", std::string("acme"),
                     std::vector<AttributeSignups::NewSignup>{std::move(signup)}))
      .front();
}

absl::StatusOr<ConversionView> World::Convert(domain::ConversionReport report) {
  return Require(
             Run<RecordConversions>("RecordConversions", std::string("acme"),
                                    std::vector<domain::ConversionReport>{std::move(report)}))
      .front();
}

absl::StatusOr<ConversionView> World::Reverse(const std::string& conversion_id,
                                              const std::string& cause,
                                              std::optional<absl::Time> time) {
  return Run<ReverseConversion>(
      "ReverseConversion",
      ReverseConversion::Request{
          .program_id = "acme", .conversion_id = conversion_id, .cause = cause, .time = time});
}

domain::Referral World::Referral(const std::string& referral_id) const {
  return Require(reader_->GetReferral("acme", referral_id, test::Soon()));
}

domain::Advocate World::Advocate(const std::string& advocate_id) const {
  return Require(reader_->GetAdvocate("acme", advocate_id, clock.Now(), test::Soon()));
}

Summary World::GetSummary() const {
  return Require(reader_->GetSummary("acme", test::Soon()));
}

std::vector<domain::Reward> World::Rewards() const {
  RewardFilter filter;
  filter.program_id = "acme";
  filter.now = clock.Now();
  return Require(reader_->ListRewards(filter, {.size = 1000, .token = ""}, test::Soon()))
      .page.rows;
}

std::vector<std::string> World::Facts() const {
  const auto transaction = Require(database_->BeginRead(test::Soon()));
  const db::Result result =
      Require(transaction->Query("SELECT fact FROM event ORDER BY shard, position"));
  std::vector<std::string> facts;
  for (const db::Row& row : result.rows) {
    events::v1::Fact fact;
    fact.ParseFromString(row.Bytes(0));
    facts.push_back(Brief(fact));
  }
  return facts;
}

std::vector<std::string> World::NewFacts() {
  std::vector<std::string> facts = Facts();
  facts.erase(facts.begin(), facts.begin() + facts_seen_);
  facts_seen_ += facts.size();
  return facts;
}

std::vector<std::string> World::Query(absl::string_view sql) const {
  const auto transaction = Require(database_->BeginRead(test::Soon()));
  const db::Result result = Require(transaction->Query(sql));
  std::vector<std::string> rows;
  for (const db::Row& row : result.rows) {
    std::string text;
    for (size_t i = 0; i < row.size(); ++i) {
      absl::StrAppend(&text, i == 0 ? "" : " ", Text(row[i]));
    }
    rows.push_back(std::move(text));
  }
  return rows;
}

}  // namespace kith::referral::app
