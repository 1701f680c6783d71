#include "clients/cli/commands/referral_views.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/commands/referral_commands.h"
#include "clients/cli/output/format.h"
#include "clients/cli/output/table.h"
#include "clients/cli/text/enum_name.h"

namespace kith::cli {

using namespace kith::referral::v1;

void PrintReferral(Env& env, const Referral& referral) {
  Table table("facts", {{"field"}, {"value"}});
  const auto add = [&](const char* field, const std::string& value) {
    if (!value.empty()) table.Add({field, value});
  };
  add("referral", referral.referral_id());
  add("advocate", referral.advocate_id());
  add("referee", referral.referee_id());
  add("campaign", referral.campaign());
  add("began", TimeOr(true, referral.submitted_time(), ""));
  add("judged by version", absl::StrCat(referral.program_version()));
  add("state", EnumText(referral.state()));
  add("signed up", TimeOr(referral.has_signup_time(), referral.signup_time(), ""));
  if (referral.has_signup_time()) add("by evidence", EnumText(referral.evidence()));
  add("converted", TimeOr(referral.has_conversion_time(), referral.conversion_time(), ""));
  add("by conversion", referral.conversion_id());
  if (referral.lead_state() != LEAD_STATE_UNSPECIFIED) {
    add("lead", EnumText(referral.lead_state()));
  }
  add("because", referral.unqualified_reason());
  add("first contact",
      TimeOr(referral.has_first_contact_time(), referral.first_contact_time(), ""));
  add("contact due",
      TimeOr(referral.has_follow_up_due_time(), referral.follow_up_due_time(), ""));
  if (referral.follow_up_breached()) add("too late", "yes");
  if (referral.fit() != FIT_UNSPECIFIED) add("fit", EnumText(referral.fit()));
  add("fit by", referral.fit_by());
  add("expectations", absl::StrJoin(referral.expectations(), ", "));
  for (const Attribute& attribute : referral.attributes()) {
    table.Add({absl::StrCat("lead.", attribute.name()), attribute.value()});
  }
  add("fraud", absl::StrCat(EnumText(referral.fraud()), ", score ", referral.fraud_score()));
  table.Print(env.out, env.out_is_terminal);
}

namespace {

// Whether the referral itself was rejected.
bool IsFraud(const Attribution& judged) {
  return std::any_of(judged.rejected().begin(), judged.rejected().end(),
                     [&judged](const RejectedEvidence& item) {
                       return item.evidence() == EVIDENCE_KIND_NONE &&
                              item.advocate_id() == judged.advocate_id() &&
                              item.reason() == "FRAUD_REJECTED";
                     });
}

}  // namespace

void PrintJudgement(Env& env, const Attribution& judged) {
  env.out << Printable(judged.customer_id());
  if (judged.advocate_id().empty()) {
    env.out << " was brought by nobody, channel " << Printable(judged.channel()) << '\n';
    return;
  }
  env.out << " was brought by " << Printable(judged.advocate_id()) << ", by "
          << EnumText(judged.evidence()) << ", referral " << Printable(judged.referral_id())
          << '\n';
  if (!IsFraud(judged)) return;
  env.out << "the referral was rejected as a fraud: the customer counts as brought by nobody, "
             "channel "
          << Printable(judged.channel()) << '\n';
}

void PrintRewards(Env& env, const std::vector<Reward>& rewards) {
  Table table("rewards", {{"reward"},
                          {"recipient"},
                          {"side"},
                          {"rule"},
                          {"state"},
                          {"amount", Align::kRight},
                          {"available"}});
  for (const Reward& reward : rewards) {
    table.Add({reward.reward_id(), reward.recipient_id(), EnumText(reward.side()),
               reward.rule_id(), EnumText(reward.state()),
               Amount(reward.amount().amount_minor(), reward.amount().currency()),
               TimeOr(reward.has_available_time(), reward.available_time(), kNone)});
  }
  table.Print(env.out, env.out_is_terminal);
}

}  // namespace kith::cli
