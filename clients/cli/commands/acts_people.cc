// `kith enrol`, `refer`, `touch` and `signup`.
#include <memory>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/commands/acts.h"
#include "clients/cli/commands/commands.h"
#include "clients/cli/commands/identity.h"
#include "clients/cli/commands/referral_views.h"
#include "clients/cli/output/format.h"
#include "clients/cli/output/table.h"
#include "clients/cli/text/enum_name.h"
#include "clients/cli/text/parse.h"

namespace kith::cli {
namespace {

using namespace kith::referral::v1;

struct EnrolArguments : Act {
  std::string kind;
  Identity identity;
};

void PrintAdvocate(Env& env, const Advocate& advocate, bool enrolled_now) {
  Table table("facts", {{"field"}, {"value"}});
  table.Add({"advocate", advocate.advocate_id()});
  table.Add({"enrolled", enrolled_now ? "now" : "before; nothing was changed"});
  table.Add({"code", advocate.code()});
  table.Add({"link", TextOr(advocate.link())});
  table.Add({"since", TimeOr(true, advocate.enrolled_time(), "")});
  table.Add({"kind", TextOr(advocate.kind())});
  table.Add({"referrals", Count(advocate.referrals())});
  table.Add({"signups", Count(advocate.signups())});
  table.Add({"conversions", Count(advocate.conversions())});
  table.Print(env.out, env.out_is_terminal);
}

absl::StatusOr<int> Enrol(Env& env, const EnrolArguments& arguments) {
  const Act act = BeginAct(env, arguments);
  Identity identity = arguments.identity;
  KITH_RETURN_IF_ERROR(ReadLines(env, identity));
  EnrollAdvocatesRequest request;
  NewAdvocate& advocate = *request.add_advocates();
  advocate.set_advocate_id(arguments.id);
  advocate.set_email(identity.email);
  advocate.set_phone(identity.phone);
  advocate.set_device_id(identity.device);
  advocate.set_payment_fingerprint(identity.payment);
  advocate.set_ip_address(identity.ip);
  advocate.set_kind(arguments.kind);
  KITH_RETURN_IF_ERROR(SetAttributes(act, *advocate.mutable_attributes()));
  if (act.time != absl::InfinitePast()) {
    *advocate.mutable_enrolled_time() = ToTimestamp(act.time);
  }
  KITH_ASSIGN_OR_RETURN(const auto response,
                        Perform<EnrollAdvocatesResponse>(env, act, request));
  KITH_ASSIGN_OR_RETURN(const auto result, OnlyResult(response));
  if (env.options.json) {
    PrintJson(env.out, Json{{"request_id", act.request_id},
                            {"enrolled_now", result.enrolled_now()},
                            {"advocate", MessageToJson(result.advocate())}});
  } else {
    PrintAdvocate(env, result.advocate(), result.enrolled_now());
  }
  return kExitOk;
}

struct ReferArguments : Act {
  std::string advocate, referee, name, campaign, note;
  std::vector<std::string> expectations;
  Identity identity;
};

NewReferral MakeLead(const Act& act, const ReferArguments& arguments) {
  NewReferral lead;
  lead.set_referral_id(act.id);
  lead.set_advocate_id(arguments.advocate);
  lead.set_referee_id(arguments.referee);
  lead.set_referee_email(arguments.identity.email);
  lead.set_referee_phone(arguments.identity.phone);
  lead.set_referee_name(arguments.name);
  lead.set_campaign(arguments.campaign);
  lead.set_note(arguments.note);
  lead.set_ip_address(arguments.identity.ip);
  lead.set_device_id(arguments.identity.device);
  for (const std::string& name : arguments.expectations) lead.add_expectations(name);
  if (act.time != absl::InfinitePast()) {
    *lead.mutable_submitted_time() = ToTimestamp(act.time);
  }
  return lead;
}

// What was accepted and may not be meant so.
void TellWarning(Env& env, const Act& act, absl::string_view warning,
                 const NewReferral& lead) {
  if (warning != "UNKNOWN_CAMPAIGN") {
    env.err << "kith: note: " << Printable(warning) << '\n';
    return;
  }
  env.err << "kith: note: " << Printable(act.program) << " has no campaign "
          << Printable(lead.campaign())
          << ": it is kept as a label, and no campaign's rules apply\n";
}

absl::StatusOr<int> Refer(Env& env, const ReferArguments& given) {
  ReferArguments arguments = given;
  const Act act = BeginAct(env, arguments);
  KITH_RETURN_IF_ERROR(ReadLines(env, arguments.identity));
  KITH_RETURN_IF_ERROR(ReadLine(env, arguments.name));
  KITH_RETURN_IF_ERROR(ReadLine(env, arguments.note));
  SubmitReferralsRequest request;
  NewReferral& lead = *request.add_referrals();
  lead = MakeLead(act, arguments);
  KITH_RETURN_IF_ERROR(SetAttributes(act, *lead.mutable_attributes()));
  KITH_ASSIGN_OR_RETURN(const auto response,
                        Perform<SubmitReferralsResponse>(env, act, request));
  KITH_ASSIGN_OR_RETURN(const auto result, OnlyResult(response));
  Outcome outcome = ReadOutcome(env, act.program, result.referral().referral_id());
  outcome.referral = result.referral();
  if (env.options.json) {
    const std::vector<std::string> warnings(result.warnings().begin(),
                                            result.warnings().end());
    PrintOutcomeJson(env, outcome,
                     Json{{"request_id", act.request_id}, {"warnings", warnings}});
    return kExitOk;
  }
  for (const std::string& warning : result.warnings()) TellWarning(env, act, warning, lead);
  PrintReferral(env, *outcome.referral);
  PrintOutcomeRewards(env, outcome);
  return kExitOk;
}

struct TouchArguments : Act {
  std::string code, visitor, source;
  int kind = 0;
};

// `ann`, or why it is nobody.
std::string CountsFor(const RecordTouchResult& result) {
  const std::string& reason = result.uncounted_reason();
  const std::string until = TimeOr(result.has_honoured_until(), result.honoured_until(), "");
  if (reason.empty()) {
    return until.empty()
               ? result.advocate_id()
               : absl::StrCat(result.advocate_id(), "; the code goes out at ", until);
  }
  const std::string code = absl::StrCat("nobody: the code of ", result.advocate_id());
  if (reason == "CODE_REVOKED") return absl::StrCat(code, " was revoked at ", until);
  if (reason == "CODE_ROTATED") {
    return absl::StrCat(code, " was rotated and honoured until ", until);
  }
  return absl::StrCat(code, " does not count [", reason, "]");
}

absl::StatusOr<int> RecordTouch(Env& env, const TouchArguments& arguments) {
  const Act act = BeginAct(env, arguments);
  RecordTouchesRequest request;
  NewTouch& touch = *request.add_touches();
  touch.set_touch_id(act.id);
  touch.set_code(arguments.code);
  touch.set_visitor_id(arguments.visitor);
  touch.set_kind(static_cast<TouchKind>(arguments.kind));
  touch.set_source(arguments.source);
  if (act.time != absl::InfinitePast()) *touch.mutable_touch_time() = ToTimestamp(act.time);
  KITH_ASSIGN_OR_RETURN(const auto response,
                        Perform<RecordTouchesResponse>(env, act, request));
  KITH_ASSIGN_OR_RETURN(const auto result, OnlyResult(response));
  if (env.options.json) {
    Json json = {{"request_id", act.request_id},
                 {"touch_id", act.id},
                 {"advocate_id", result.advocate_id()},
                 {"uncounted_reason", result.uncounted_reason()},
                 {"honoured_until", nullptr}};
    if (result.has_honoured_until()) {
      json["honoured_until"] = FormatTimeText(FromTimestamp(result.honoured_until()));
    }
    PrintJson(env.out, json);
    return kExitOk;
  }
  Table table("touches", {{"touch"}, {"visitor"}, {"counts for"}});
  table.Add({act.id, arguments.visitor, CountsFor(result)});
  table.Print(env.out, env.out_is_terminal);
  return kExitOk;
}

struct SignupArguments : Act {
  std::string code, referrer, visitor, channel, source;
  Identity identity;
};

Signup MakeSignup(const Act& act, const SignupArguments& arguments) {
  Signup signup;
  signup.set_customer_id(act.id);
  signup.set_email(arguments.identity.email);
  signup.set_phone(arguments.identity.phone);
  signup.set_device_id(arguments.identity.device);
  signup.set_payment_fingerprint(arguments.identity.payment);
  signup.set_ip_address(arguments.identity.ip);
  signup.set_code(arguments.code);
  signup.set_referrer_id(arguments.referrer);
  signup.set_visitor_id(arguments.visitor);
  signup.set_channel(arguments.channel);
  signup.set_source(arguments.source);
  if (act.time != absl::InfinitePast()) *signup.mutable_signup_time() = ToTimestamp(act.time);
  return signup;
}

void PrintAttribution(Env& env, const Attribution& judged) {
  PrintJudgement(env, judged);
  env.out << '\n';
  Table table("rejected evidence", {{"rejected evidence"}, {"advocate"}, {"because"}});
  for (const RejectedEvidence& item : judged.rejected()) {
    table.Add({EnumText(item.evidence()), TextOr(item.advocate_id()), item.reason()});
  }
  table.Print(env.out, env.out_is_terminal);
}

absl::StatusOr<int> SignUp(Env& env, const SignupArguments& given) {
  SignupArguments arguments = given;
  const Act act = BeginAct(env, arguments);
  KITH_RETURN_IF_ERROR(ReadLines(env, arguments.identity));
  AttributeSignupRequest request;
  *request.mutable_signup() = MakeSignup(act, arguments);
  KITH_RETURN_IF_ERROR(SetAttributes(act, *request.mutable_signup()->mutable_attributes()));
  KITH_ASSIGN_OR_RETURN(const auto response,
                        Perform<AttributeSignupResponse>(env, act, request));
  const Attribution& judged = response.attribution();
  const Outcome outcome = ReadOutcome(env, act.program, judged.referral_id());
  if (env.options.json) {
    PrintOutcomeJson(
        env, outcome,
        Json{{"request_id", act.request_id}, {"attribution", MessageToJson(judged)}});
    return kExitOk;
  }
  PrintAttribution(env, judged);
  PrintOutcomeRewards(env, outcome);
  return kExitOk;
}

}  // namespace

void AddEnrol(CLI::App& app, Options& options, Run& run) {
  const auto [enrol, arguments] =
      BeginCommand<EnrolArguments>(app, "enrol", "Enrol an advocate", run, Enrol);
  enrol->add_option("ADVOCATE", arguments->id, "The advocate")->required();
  AddAddressFlags(*enrol, arguments->identity);
  enrol->add_option("--kind", arguments->kind, "What kind of advocate: admin, user, partner")
      ->type_name("WORD");
  AddAttributeFlag(*enrol, *arguments);
  AddDeviceFlags(*enrol, arguments->identity);
  AddPaymentFlag(*enrol, arguments->identity);
  AddActTimeFlag(*enrol, *arguments);
  AddRequestIdFlag(*enrol, *arguments);
  enrol->group(kActs);
  EndCommand(
      *enrol, options,
      "An advocate who is enrolled already is shown and left as it is; see `kith update`.\n\n"
      "Examples:\n  kith enrol friends ann --email ann@example.org --kind user\n"
      "  kith enrol friends ann --json | jq -r .advocate.code");
}

void AddRefer(CLI::App& app, Options& options, Run& run) {
  const auto [refer, arguments] = BeginCommand<ReferArguments>(
      app, "refer", "Submit a lead: an advocate recommends to somebody", run, Refer);
  refer->add_option("ADVOCATE", arguments->advocate, "Who recommends")->required();
  AddAddressFlags(*refer, arguments->identity);
  refer
      ->add_option("--customer", arguments->referee,
                   "The id that the referee has or will have")
      ->type_name("ID");
  AddPrivateFlag(*refer, "--name", arguments->name, "WORDS", "The referee's name");
  refer->add_option("--campaign", arguments->campaign, "The campaign")->type_name("ID");
  AddPrivateFlag(*refer, "--note", arguments->note, "WORDS", "For those who follow up");
  refer
      ->add_option("--expect", arguments->expectations,
                   "What the referee was told to expect; may be\ngiven several times")
      ->type_name("WORD")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  AddAttributeFlag(*refer, *arguments);
  AddDeviceFlags(*refer, arguments->identity);
  AddActTimeFlag(*refer, *arguments);
  AddIdFlag(*refer, *arguments, "The referral's id");
  AddRequestIdFlag(*refer, *arguments);
  refer->group(kActs);
  EndCommand(
      *refer, options,
      "The referee's address, number or id is needed. What was submitted is shown, with "
      "its rewards.\n\n"
      "Examples:\n  kith refer friends ann --email ben@example.org --campaign football\n"
      "  kith refer friends ann --email - --note 'call after 5' < address.txt");
}

void AddTouch(CLI::App& app, Options& options, Run& run) {
  const auto [touch, arguments] = BeginCommand<TouchArguments>(
      app, "touch", "Record a click or view that carried a code", run, RecordTouch);
  touch->add_option("CODE", arguments->code, "The code, in any spelling, or a link with it")
      ->required();
  touch->add_option("VISITOR", arguments->visitor, "Your id of the visitor")->required();
  AddEnumOption(*touch, "--kind", arguments->kind, *TouchKind_descriptor(), "What it was")
      ->default_str("click");
  touch->add_option("--source", arguments->source, "Where the traffic came from")
      ->type_name("WORDS");
  AddActTimeFlag(*touch, *arguments);
  AddIdFlag(*touch, *arguments, "The touch's id");
  AddRequestIdFlag(*touch, *arguments);
  touch->group(kActs);
  EndCommand(*touch, options,
             "A code that is revoked, or out of its grace, is recorded and counts for "
             "nobody; one that is\nnobody's is refused.\n\n"
             "Examples:\n  kith touch friends ANNS-TEAM visitor-7\n"
             "  kith touch friends ANNS-TEAM visitor-7 --kind view --json");
}

void AddSignup(CLI::App& app, Options& options, Run& run) {
  const auto [signup, arguments] = BeginCommand<SignupArguments>(
      app, "signup", "Record a signup, and judge who brought the customer", run, SignUp);
  signup->add_option("CUSTOMER", arguments->id, "The new customer")->required();
  signup->add_option("--code", arguments->code, "The code that the customer gave, or a link")
      ->type_name("CODE");
  signup->add_option("--referrer", arguments->referrer, "The advocate that the customer named")
      ->type_name("ID");
  signup->add_option("--visitor", arguments->visitor, "The visitor that became the customer")
      ->type_name("ID");
  AddAddressFlags(*signup, arguments->identity);
  signup->add_option("--channel", arguments->channel, "The channel when nobody referred them")
      ->type_name("WORD")
      ->default_str("organic");
  signup->add_option("--source", arguments->source, "Where the traffic came from")
      ->type_name("WORDS");
  AddAttributeFlag(*signup, *arguments);
  AddDeviceFlags(*signup, arguments->identity);
  AddPaymentFlag(*signup, arguments->identity);
  AddActTimeFlag(*signup, *arguments);
  AddRequestIdFlag(*signup, *arguments);
  signup->group(kActs);
  EndCommand(
      *signup, options,
      "The retention service, which counts who stays, learns of it by the feed a moment "
      "later;\n`kith import customers` tells it the plan and the leaving, too.\n\n"
      "Examples:\n  kith signup friends ben --code ANNS-TEAM --email ben@example.org\n"
      "  kith signup friends ben --referrer ann --json | jq .attribution.evidence");
}

}  // namespace kith::cli
