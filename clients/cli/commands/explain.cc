// `kith explain`.
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/cli/commands/commands.h"
#include "clients/cli/output/format.h"
#include "clients/cli/output/proto_json.h"
#include "clients/cli/output/table.h"
#include "clients/cli/program_flag.h"
#include "clients/cli/text/enum_name.h"
#include "clients/cli/text/parse.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "kith/outreach/v1/outreach.pb.h"
#include "kith/referral/v1/attribution.pb.h"
#include "kith/referral/v1/referral.pb.h"

namespace kith::cli {
namespace {

using outreach::v1::ExplainContactResponse;
using outreach::v1::MessageTrace;

constexpr int kPageSize = 1000;

struct Arguments {
  std::string contact;
  std::string program;
  absl::Time at = absl::InfiniteFuture();  // infinite: now
};

std::string OrNone(const std::string& text) {
  return text.empty() ? std::string(kNone) : text;
}

void PrintContact(Env& env, const ExplainContactResponse& response) {
  const auto& contact = response.contact();
  env.out << "contact " << Printable(contact.contact_id()) << ": zone "
          << Printable(OrNone(contact.time_zone()))
          << " (used: " << Printable(OrNone(response.zone_source())) << "), locale "
          << Printable(OrNone(contact.locale())) << '\n';
  for (const auto& suppression : contact.suppressions().suppressions()) {
    const bool all = suppression.channel() == outreach::v1::CHANNEL_UNSPECIFIED;
    env.out << "not to be reached on "
            << (all ? "any channel" : EnumText(suppression.channel())) << ": "
            << Printable(suppression.cause()) << '\n';
  }
}

std::string Verdict(const MessageTrace& message) {
  if (message.would_send()) return "yes";
  if (!message.reason().empty()) return message.reason();
  for (const auto& check : message.checks()) {
    if (!check.passed()) return absl::StrCat("no: ", check.name());
  }
  return "no";
}

void PrintMessages(Env& env, const ExplainContactResponse& response) {
  Table table("messages", {{"playbook"},
                           {"step"},
                           {"kind"},
                           {"channel"},
                           {"state"},
                           {"planned"},
                           {"due"},
                           {"would send"},
                           {"started by"}});
  for (const MessageTrace& message : response.messages()) {
    table.Add({absl::StrCat(message.playbook_id(), " v", message.playbook_version()),
               message.step_id(), EnumText(message.kind()), EnumText(message.channel()),
               EnumText(message.state()),
               FormatShortTime(FromTimestamp(message.planned_time())),
               FormatShortTime(FromTimestamp(message.due_time())), Verdict(message),
               message.started_by()});
  }
  table.Print(env.out, env.out_is_terminal);
}

void PrintChecks(Env& env, const ExplainContactResponse& response) {
  Table table("checks", {{"message"}, {"check"}, {"passed"}, {"why"}});
  for (const MessageTrace& message : response.messages()) {
    for (const auto& check : message.checks()) {
      table.Add({absl::StrCat(message.playbook_id(), "/", message.step_id()), check.name(),
                 check.passed() ? "yes" : "no", check.explanation()});
    }
  }
  table.Print(env.out, env.out_is_terminal);
}

// All pages as one.
absl::StatusOr<ExplainContactResponse> ReadAll(Env& env,
                                               outreach::v1::ExplainContactRequest request) {
  request.set_page_size(kPageSize);
  ExplainContactResponse all;
  do {
    KITH_ASSIGN_OR_RETURN(auto page,
                          Ask<ExplainContactResponse>(env.caller, Target::kOutreach, request));
    if (request.page_token().empty()) {
      all = page;
    } else {
      all.mutable_messages()->MergeFrom(page.messages());
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  all.clear_next_page_token();
  return all;
}

// Whether the referral service knows them, as a customer or an advocate.
bool IsKnown(Env& env, const outreach::v1::ExplainContactRequest& contact) {
  referral::v1::ExplainAttributionRequest customer;
  customer.set_program_id(contact.program_id());
  customer.set_customer_id(contact.contact_id());
  if (Ask<referral::v1::ExplainAttributionResponse>(env.caller, Target::kReferral, customer)
          .ok()) {
    return true;
  }
  referral::v1::GetAdvocateRequest advocate;
  advocate.set_program_id(contact.program_id());
  advocate.set_advocate_id(contact.contact_id());
  return Ask<referral::v1::GetAdvocateResponse>(env.caller, Target::kReferral, advocate).ok();
}

// Outreach keeps a contact from its first message on, or when it is told of it.
absl::StatusOr<ExplainContactResponse> ReadOrEmpty(
    Env& env, const outreach::v1::ExplainContactRequest& request) {
  auto response = ReadAll(env, request);
  if (GetErrorReason(response.status()) != "CONTACT_NOT_FOUND" || !IsKnown(env, request)) {
    return response;
  }
  ExplainContactResponse empty;
  empty.mutable_contact()->set_contact_id(request.contact_id());
  return empty;
}

absl::StatusOr<int> Explain(Env& env, const Arguments& arguments) {
  outreach::v1::ExplainContactRequest request;
  KITH_ASSIGN_OR_RETURN(*request.mutable_program_id(),
                        ProgramOrOnly(env.caller, arguments.program));
  request.set_contact_id(arguments.contact);
  if (arguments.at != absl::InfiniteFuture()) {
    *request.mutable_at_time() = ToTimestamp(arguments.at);
  }
  KITH_ASSIGN_OR_RETURN(const auto response, ReadOrEmpty(env, request));
  if (env.options.json) {
    Json json = MessageToJson(response);
    json.erase("next_page_token");
    PrintJson(env.out, json);
    return kExitOk;
  }
  PrintContact(env, response);
  env.out << '\n';
  PrintMessages(env, response);
  if (response.messages().empty()) return kExitOk;
  env.out << '\n';
  PrintChecks(env, response);
  return kExitOk;
}

}  // namespace

void AddExplain(CLI::App& app, Options& options, Run& run) {
  CLI::App* command =
      app.add_subcommand("explain", "What a contact gets and when, and why or why not");
  auto arguments = std::make_shared<Arguments>();
  command->add_option("CONTACT", arguments->contact, "An advocate or customer")->required();
  AddProgramFlag(*command, arguments->program);
  AddTimeFlag(*command, "--at", arguments->at, "Judge by this moment, which may be to come")
      ->default_str("now");
  AddJsonFlag(*command, options);
  AddConnectionFlags(*command, options);
  command->footer(Footer(
      "Every message has its checks: those that passed and the one that holds it back.\n\n"
      "Examples:\n"
      "  kith explain m_003c030a767b --program debian\n"
      "  kith explain m_003c030a767b --program debian --at 2027-01-01 --json"));
  command->callback(
      [&run, arguments] { run = [arguments](Env& env) { return Explain(env, *arguments); }; });
}

}  // namespace kith::cli
