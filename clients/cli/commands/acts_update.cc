// `kith update`.
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "clients/cli/commands/acts.h"
#include "clients/cli/commands/commands.h"
#include "clients/cli/commands/identity.h"
#include "clients/cli/output/format.h"
#include "clients/cli/output/table.h"
#include "clients/cli/text/excerpt.h"

namespace kith::cli {
namespace {

using namespace kith::referral::v1;

struct UpdateArguments : Act {
  std::string kind;
  Identity identity;
  std::vector<std::string> removed;  // names of attributes
  std::vector<std::string> forgotten;
};

// What `--forget` may name, and its field.
constexpr std::pair<absl::string_view, absl::string_view> kForgettable[] = {
    {"email", "email"},      {"phone", "phone"},   {"kind", "kind"},
    {"device", "device_id"}, {"ip", "ip_address"}, {"payment", "payment_fingerprint"},
};

absl::Status Forget(const std::string& what, AdvocateUpdate& update) {
  for (const auto& [name, field_name] : kForgettable) {
    if (name != what) continue;
    const auto* field = update.GetDescriptor()->FindFieldByName(std::string(field_name));
    if (!update.GetReflection()->GetString(update, field).empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("--forget ", what, " and --", what, " exclude each other"));
    }
    update.GetReflection()->SetString(&update, field, "");
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat(Excerpt(what), " must be email, phone, kind, device, payment or ip"));
}

absl::Status Fill(const UpdateArguments& arguments, AdvocateUpdate& update) {
  const Identity& identity = arguments.identity;
  update.set_advocate_id(arguments.id);
  if (!identity.email.empty()) update.set_email(identity.email);
  if (!identity.phone.empty()) update.set_phone(identity.phone);
  if (!identity.device.empty()) update.set_device_id(identity.device);
  if (!identity.payment.empty()) update.set_payment_fingerprint(identity.payment);
  if (!identity.ip.empty()) update.set_ip_address(identity.ip);
  if (!arguments.kind.empty()) update.set_kind(arguments.kind);
  KITH_RETURN_IF_ERROR(SetAttributes(arguments, *update.mutable_attributes()));
  for (const std::string& name : arguments.removed) update.add_removed_attributes(name);
  for (const std::string& what : arguments.forgotten) {
    KITH_RETURN_IF_ERROR(Forget(what, update));
  }
  return absl::OkStatus();
}

void PrintUpdated(Env& env, const Advocate& advocate) {
  Table table("facts", {{"field"}, {"value"}});
  table.Add({"advocate", advocate.advocate_id()});
  table.Add({"kind", TextOr(advocate.kind())});
  for (const Attribute& fact : advocate.attributes()) table.Add({fact.name(), fact.value()});
  table.Print(env.out, env.out_is_terminal);
}

absl::StatusOr<int> Update(Env& env, const UpdateArguments& given) {
  UpdateArguments arguments = given;
  const Act act = BeginAct(env, arguments);
  KITH_RETURN_IF_ERROR(ReadLines(env, arguments.identity));
  UpdateAdvocatesRequest request;
  KITH_RETURN_IF_ERROR(Fill(arguments, *request.add_updates()));
  KITH_ASSIGN_OR_RETURN(const auto response,
                        Perform<UpdateAdvocatesResponse>(env, act, request));
  KITH_ASSIGN_OR_RETURN(const auto result, OnlyResult(response));
  if (env.options.json) {
    PrintJson(env.out, Json{{"request_id", act.request_id},
                            {"advocate", MessageToJson(result.advocate())}});
  } else {
    PrintUpdated(env, result.advocate());
  }
  return kExitOk;
}

void AddListFlag(CLI::App& command, const std::string& name, std::vector<std::string>& values,
                 const std::string& description) {
  command.add_option(name, values, description)
      ->type_name("WORD")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

}  // namespace

void AddUpdate(CLI::App& app, Options& options, Run& run) {
  const auto [update, arguments] = BeginCommand<UpdateArguments>(
      app, "update", "Change what is known of an advocate", run, Update);
  update->add_option("ADVOCATE", arguments->id, "The advocate")->required();
  AddAddressFlags(*update, arguments->identity);
  update->add_option("--kind", arguments->kind, "What kind of advocate: admin, user, partner")
      ->type_name("WORD");
  AddAttributeFlag(*update, *arguments);
  AddListFlag(*update, "--remove", arguments->removed,
              "A fact that is not known any more; may be given\nseveral times");
  AddListFlag(*update, "--forget", arguments->forgotten,
              "email, phone, kind, device, payment or ip is not\nknown any more; may be given "
              "several times");
  AddDeviceFlags(*update, arguments->identity);
  AddPaymentFlag(*update, arguments->identity);
  AddRequestIdFlag(*update, *arguments);
  update->group(kActs);
  EndCommand(*update, options,
             "What is not named stays as it is. What was granted before stays, too; what "
             "happens from\nnow on is judged by the new facts.\n\n"
             "Examples:\n  kith update friends ann --attribute plan=pro\n"
             "  kith update friends ann --email - --remove team < address.txt");
}

}  // namespace kith::cli
