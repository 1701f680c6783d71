#include "clients/cli/commands/acts.h"

#include <utility>

#include "CLI/CLI.hpp"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "clients/cli/commands/commands.h"
#include "clients/cli/commands/referral_views.h"
#include "clients/cli/output/table.h"
#include "clients/cli/text/excerpt.h"

namespace kith::cli {

using namespace kith::referral::v1;

namespace {

// The option of a field. Of two entries for one field the first that is for the call counts.
struct OptionOf {
  absl::string_view field, option;
  absl::string_view call = "";  // empty: any
};
constexpr OptionOf kOptions[] = {
    {"program_id", "PROGRAM"},
    {"request_id", "--request-id"},
    {"advocate_id", "ADVOCATE"},
    {"referee_email", "--email"},
    {"referee_phone", "--phone"},
    {"referee_id", "--customer"},
    {"referee_name", "--name"},
    {"email", "--email"},
    {"phone", "--phone"},
    {"device_id", "--device"},
    {"ip_address", "--ip"},
    {"payment_fingerprint", "--payment"},
    {"kind", "--kind"},
    {"campaign", "--campaign"},
    {"note", "--note"},
    {"expectations", "--expect"},
    {"attributes", "--attribute"},
    {"removed_attributes", "--remove"},
    {"touch_id", "--id"},
    {"visitor_id", "VISITOR", "RecordTouches"},
    {"visitor_id", "--visitor"},
    {"code", "CODE", "RecordTouches"},
    {"code", "--code"},
    {"referrer_id", "--referrer"},
    {"channel", "--channel"},
    {"source", "--source"},
    {"customer_id", "CUSTOMER"},
    {"referral_id", "--of", "RecordConversions"},
    {"referral_id", "--id"},
    {"conversion_id", "CONVERSION", "ReverseConversion"},
    {"conversion_id", "--id"},
    {"event", "--event"},
    {"order_id", "--order"},
    {"amount.currency", "--currency"},
    {"amount", "--amount"},
    {"annual_minor", "--annual"},
    {"lines", "--line"},
    {"cause", "--cause"},
    {"enrolled_time", "--time"},
    {"submitted_time", "--time"},
    {"touch_time", "--time"},
    {"signup_time", "--time"},
    {"conversion_time", "--time"},
    {"reversal_time", "--time"},
};

// Whether `field` is `name` or a part of it.
bool IsOf(absl::string_view field, absl::string_view name) {
  return absl::ConsumePrefix(&field, name) &&
         (field.empty() || field.front() == '.' || field.front() == '[');
}

// The field within the one thing that the request of an act is about.
absl::string_view WithoutThing(absl::string_view field) {
  for (const absl::string_view thing : {"advocates[0].", "updates[0].", "referrals[0].",
                                        "touches[0].", "conversions[0].", "signup."}) {
    if (absl::ConsumePrefix(&field, thing)) break;
  }
  return field;
}

// `message` is the name of a request or response.
std::string OptionName(const std::string& field, absl::string_view message) {
  const absl::string_view inner = WithoutThing(field);
  for (const OptionOf& known : kOptions) {
    if (IsOf(inner, known.field) && absl::StartsWith(message, known.call)) {
      return std::string(known.option);
    }
  }
  return std::string(inner);
}

}  // namespace

absl::Status NameOptions(const absl::Status& status,
                         const google::protobuf::Descriptor& request) {
  auto details = GetErrorDetails(status);
  if (!details.has_value() || details->fields.empty()) return status;
  std::string text(status.message());
  for (FieldViolation& violation : details->fields) {
    const std::string option = OptionName(violation.field, request.name());
    text = absl::StrReplaceAll(text, {{violation.field, option}});
    violation.field = option;
  }
  const std::string reason = details->reason;
  return MakeDetailedError(ErrorDef{status.code(), reason, text}, *std::move(details));
}

absl::Status ItemRefusal(type::v1::ItemError error,
                         const google::protobuf::Descriptor& response) {
  error.set_field(OptionName(error.field(), response.name()));
  return ItemStatus(error);
}

void AddRequestIdFlag(CLI::App& command, Act& act) {
  command
      .add_option("--request-id", act.request_id,
                  "Id of the request, at most 36 characters; the same\n"
                  "command with the same id is done once")
      ->type_name("ID")
      ->default_str("a new one");
}

void AddIdFlag(CLI::App& command, Act& act, const std::string& description) {
  command.add_option("--id", act.id, description)
      ->type_name("ID")
      ->default_str("that of the request");
}

void AddActTimeFlag(CLI::App& command, Act& act) {
  AddTimeFlag(command, "--time", act.time, "When it happened")->default_str("now");
}

void AddAttributeFlag(CLI::App& command, Act& act) {
  command
      .add_option("--attribute", act.attributes,
                  "A fact for conditions; may be given several times")
      ->type_name("NAME=VALUE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

Act BeginAct(Env& env, Act act) {
  if (act.request_id.empty()) act.request_id = NewUuid(env.clock.Now());
  if (act.id.empty()) act.id = act.request_id;
  return act;
}

absl::StatusOr<std::pair<std::string, std::string>> SplitPair(const std::string& text) {
  const size_t at = text.find('=');
  if (at != std::string::npos && at > 0) {
    return std::pair(text.substr(0, at), text.substr(at + 1));
  }
  return absl::InvalidArgumentError(absl::StrCat(Excerpt(text), " must be NAME=VALUE"));
}

absl::Status SetAttributes(const Act& act,
                           google::protobuf::RepeatedPtrField<Attribute>& attributes) {
  for (const std::string& text : act.attributes) {
    KITH_ASSIGN_OR_RETURN(const auto pair, SplitPair(text));
    for (const Attribute& other : attributes) {
      if (other.name() != pair.first || other.value() == pair.second) continue;
      return absl::InvalidArgumentError(
          absl::StrCat("--attribute: ", Excerpt(pair.first), " is given two values"));
    }
    Attribute& attribute = *attributes.Add();
    attribute.set_name(pair.first);
    attribute.set_value(pair.second);
  }
  return absl::OkStatus();
}

void TellRequestId(Env& env, const Act& act, const absl::Status& status) {
  if (status.ok() || ExitCodeOf(status) != kExitUnavailable) return;
  env.err << "kith: whether it was done is not known; with --request-id "
          << Printable(act.request_id) << " the same command is done once\n";
}

Outcome ReadOutcome(Env& env, const std::string& program, const std::string& referral_id) {
  Outcome outcome;
  if (referral_id.empty()) return outcome;
  GetReferralRequest wanted;
  wanted.set_program_id(program);
  wanted.set_referral_id(referral_id);
  auto referral = Ask<GetReferralResponse>(env.caller, Target::kReferral, wanted);
  outcome.status = referral.status();
  if (!referral.ok()) return outcome;
  outcome.referral = std::move(*referral->mutable_referral());
  ListRewardsRequest request;
  request.set_program_id(program);
  request.set_referral_id(referral_id);
  auto rewards = ReadPages<ListRewardsResponse>(env, request);
  outcome.status = rewards.status();
  if (!rewards.ok()) return outcome;
  outcome.rewards.assign(rewards->rewards().begin(), rewards->rewards().end());
  return outcome;
}

namespace {

// The act is done, whatever cannot be shown of it.
void TellUnread(Env& env, const Outcome& outcome) {
  if (outcome.status.ok()) return;
  env.out.flush();
  env.err << "kith: it is done, but its outcome could not be read: "
          << Printable(outcome.status.message()) << '\n';
}

}  // namespace

void PrintOutcomeJson(Env& env, const Outcome& outcome, Json json) {
  json["referral"] =
      outcome.referral.has_value() ? MessageToJson(*outcome.referral) : Json(nullptr);
  json["rewards"] = nullptr;
  if (outcome.status.ok()) {
    json["rewards"] = Json::array();
    for (const Reward& reward : outcome.rewards) {
      json["rewards"].push_back(MessageToJson(reward));
    }
  }
  PrintJson(env.out, json);
  TellUnread(env, outcome);
}

void PrintOutcomeRewards(Env& env, const Outcome& outcome) {
  if (outcome.status.ok()) {
    PrintHeading(env.out, env.out_is_terminal, "Rewards");
    PrintRewards(env, outcome.rewards);
  }
  TellUnread(env, outcome);
}

void AddActs(CLI::App& app, Options& options, Run& run) {
  AddEnrol(app, options, run);
  AddUpdate(app, options, run);
  AddRefer(app, options, run);
  AddTouch(app, options, run);
  AddSignup(app, options, run);
  AddConvert(app, options, run);
  AddReverse(app, options, run);
}

}  // namespace kith::cli
