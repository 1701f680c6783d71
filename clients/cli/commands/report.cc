// `kith report`.
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "clients/cli/commands/commands.h"
#include "clients/cli/commands/in_force.h"
#include "clients/cli/commands/report_data.h"
#include "clients/cli/output/format.h"
#include "clients/cli/output/table.h"
#include "clients/cli/output/views.h"
#include "clients/cli/text/enum_name.h"
#include "clients/cli/text/parse.h"
#include "clients/cli/unseen.h"

namespace kith::cli {
namespace {

constexpr int kChurnMonths = 12;

// Where the report goes, and whether it is of the present.
struct ReportView : View {
  bool of_now = true;
};

// The mark of what the services tell of the present only, whatever --as-of says.
constexpr absl::string_view kNow = "as of now";

// A heading, with the mark when the report is of another time.
void Heading(const ReportView& view, absl::string_view text, absl::string_view mark) {
  PrintHeading(view.out, view.color,
               view.of_now ? std::string(text) : absl::StrCat(text, " (", mark, ")"));
}

std::string ShareText(int64_t part, int64_t whole) {
  return whole == 0 ? std::string(kNone)
                    : Percent(static_cast<double>(part) / static_cast<double>(whole));
}

std::string CasesText(int64_t cases) {
  return cases < kMostCases ? Count(cases) : absl::StrCat(Count(cases), " or more");
}

// What is counted when some referrals were frauds.
void PrintCases(const ReportView& view, const ReferralPart& part) {
  if (part.open_cases == 0 && part.rejected_cases == 0) return;
  view.out << "cases of fraud: " << CasesText(part.open_cases) << " open, "
           << CasesText(part.rejected_cases) << " rejected\n";
  if (part.rejected_cases == 0) return;
  view.out << "a rejected referral stays in the list, is not converted and earns nothing; its "
              "customer, and\nwhat the customer paid, count under the channel stated at the "
              "signup, or organic\n";
}

void PrintReferral(const ReportView& view, const ReferralPart& part) {
  const auto& summary = part.summary;
  Heading(view, "Customers and conversions by channel", kNow);
  Table table("customers", {{"channel"},
                            {"customers", Align::kRight},
                            {"converted", Align::kRight},
                            {"share", Align::kRight}});
  for (const auto& channel : summary.channels()) {
    table.Add({channel.channel(), Count(channel.customers()), Count(channel.converted()),
               ShareText(channel.converted(), channel.customers())});
  }
  table.Print(view.out, view.color);
  Heading(view, "Referrals", kNow);
  view.out << Counted(summary.advocates(), "advocate") << ", "
           << Counted(summary.referrals(), "referral") << ", "
           << Count(summary.converted_referrals()) << " of them converted ("
           << ShareText(summary.converted_referrals(), summary.referrals()) << ")\n"
           << Counted(summary.conversions(), "conversion")
           << " of all customers, referred or not; longest chain of referrers "
           << summary.tree_depth() << '\n';
  PrintCases(view, part);
}

void PrintRewards(const ReportView& view, const ReferralPart& part) {
  Heading(view, "Rewards", kNow);
  PrintRewardTotals(view, part.rewards.totals());
  const int64_t entries = part.summary.ledger_entries();
  view.out << "ledger: " << Count(entries) << (entries == 1 ? " entry" : " entries") << '\n';
  Table table("balances", {{"account"}, {"balance", Align::kRight}});
  for (const auto& balance : part.summary.balances()) {
    table.Add({balance.account(), Amount(balance.balance_minor(), balance.currency())});
  }
  table.Print(view.out, view.color);
}

void PrintAdvocacy(const ReportView& view, const AdvocacyPart& part) {
  Heading(view, "Concentration and segments", kNow);
  PrintConcentration(view, part.concentration, part.segments);
  Heading(view, "Tiers", kNow);
  Table table("advocates", {{"tier"}, {"advocates", Align::kRight}});
  for (const auto& tier : part.segments.tiers()) {
    table.Add({tier.tier().empty() ? "(none)" : tier.tier(), Count(tier.advocates())});
  }
  table.Print(view.out, view.color);
  view.out << Counted(part.segments.points(), "point") << ", "
           << Count(part.segments.activities())
           << (part.segments.activities() == 1 ? " activity" : " activities") << '\n';
}

void PrintRetention(const ReportView& view, const RetentionPart& part) {
  Heading(view, "Customers", kNow);
  Table table("customers", {{"channel"},
                            {"customers", Align::kRight},
                            {"left", Align::kRight},
                            {"onboarded", Align::kRight},
                            {"success event", Align::kRight}});
  for (const auto& channel : part.summary.channels()) {
    table.Add({channel.channel(), Count(channel.customers()), Count(channel.churned()),
               Count(channel.onboarded()), Count(channel.aha_reached())});
  }
  table.Print(view.out, view.color);
  Heading(view, "Revenue: payments less refunds", kNow);
  PrintRevenue(view, part.summary);
  PrintHeading(view.out, view.color, "Survival by channel");
  PrintSurvivalSummary(view, part.survival);
  view.out << '\n';
  PrintSurvivalAtDays(view, part.survival, part.churn);
  PrintHeading(view.out, view.color, "Churn by month of tenure");
  PrintChurn(view, part.churn, kChurnMonths, Months());
}

void PrintOutreach(const ReportView& view,
                   const outreach::v1::GetOutreachSummaryResponse& summary) {
  Heading(view, "Outreach", "as of now; what is due, as of that time");
  view.out << Counted(summary.due(), "message") << " due; "
           << Counted(summary.contacts(), "contact") << ", "
           << Counted(summary.enrollments(), "playbook") << " started\n";
  Table table("messages", {{"state"}, {"messages", Align::kRight}, {"reason"}});
  for (const auto& state : summary.states()) {
    table.Add({EnumText(state.state()), Count(state.messages()), state.reason()});
  }
  table.Print(view.out, view.color);
}

// Says that the part of a service is missing.
void PrintMissing(const View& view, Target target, const absl::Status& status) {
  PrintHeading(view.out, view.color,
               absl::StrCat("(", TargetName(target), ": ", Printable(status.message()), ")"));
}

void PrintReport(Env& env, const ReportData& data, bool of_now) {
  const ReportView view{{env.out, env.out_is_terminal}, of_now};
  std::string title = data.program_id;
  if (data.referral.ok()) {
    const auto& program = data.referral->program;
    const std::string& name = program.program().display_name();
    const std::string version = absl::StrCat("v", program.version());
    title = name.empty() ? absl::StrCat(data.program_id, " ", version)
                         : absl::StrCat(name, " (", data.program_id, " ", version, ")");
  }
  env.out << "Programme report: " << Printable(title) << ", as of "
          << FormatShortTime(data.as_of) << '\n';
  const auto print = [&](Target target, const auto& part, auto print_part) {
    if (data.unseen.contains(target)) {
      PrintHeading(env.out, env.out_is_terminal, absl::StrCat("(", UnseenText(target), ")"));
    } else if (part.ok()) {
      print_part(view, *part);
    } else {
      PrintMissing(view, target, part.status());
    }
  };
  print(Target::kReferral, data.referral, PrintReferral);
  print(Target::kAdvocacy, data.advocacy, PrintAdvocacy);
  print(Target::kRetention, data.retention, PrintRetention);
  if (data.referral.ok()) PrintRewards(view, *data.referral);
  print(Target::kOutreach, data.outreach, PrintOutreach);
}

absl::StatusOr<int> Report(Env& env, const std::string& program, absl::Time as_of) {
  const bool of_now = as_of == absl::InfiniteFuture();
  const ReportData data = ReadReport(env, program, of_now ? env.clock.Now() : as_of);
  const bool nothing = !data.referral.ok() && !data.advocacy.ok() && !data.retention.ok() &&
                       !data.outreach.ok();
  if (nothing) return data.status();
  if (env.options.json) {
    PrintJson(env.out, ReportJson(data));
  } else {
    PrintReport(env, data, of_now);
  }
  env.out.flush();
  if (data.referral.ok()) NotePlan(env, program, data.referral->plan);
  if (!data.status().ok()) return data.status();
  return kExitOk;
}

}  // namespace

void AddReport(CLI::App& app, Options& options, Run& run) {
  CLI::App* command = app.add_subcommand("report", "The whole programme on one page");
  auto program = std::make_shared<std::string>();
  auto as_of = std::make_shared<absl::Time>(absl::InfiniteFuture());
  command->add_option("PROGRAM", *program, "The program")->required();
  AddTimeFlag(*command, "--as-of", *as_of,
              "Date or RFC 3339 time by which survival, churn and\nwhat is due are judged")
      ->default_str("now");
  AddJsonFlag(*command, options);
  AddConnectionFlags(*command, options);
  command->footer(Footer(
      "With --as-of, survival and churn by channel are those of that time, and so is what "
      "outreach\nhas due. Customers, conversions, revenue, referrals, rewards, segments and "
      "tiers are told\nas they are now, and marked so.\n"
      "Revenue is told by currency; nothing is converted into another one.\n"
      "What a service that is away would tell is missing; the exit status says so. One that "
      "has\nseen nothing of the program yet is no error: its part says so, and is empty in "
      "JSON.\n\n"
      "Examples:\n"
      "  kith report debian\n"
      "  kith report debian --as-of 2019-09-03 --json | jq .concentration"));
  command->callback([&run, program, as_of] {
    run = [program, as_of](Env& env) { return Report(env, *program, *as_of); };
  });
}

}  // namespace kith::cli
