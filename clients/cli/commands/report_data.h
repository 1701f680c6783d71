// Everything that a programme report shows.
#ifndef KITH_CLIENTS_CLI_COMMANDS_REPORT_DATA_H_
#define KITH_CLIENTS_CLI_COMMANDS_REPORT_DATA_H_

#include <cstdint>
#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clients/cli/env.h"
#include "clients/cli/options.h"
#include "clients/cli/output/proto_json.h"
#include "kith/advocacy/v1/advocacy.pb.h"
#include "kith/outreach/v1/outreach.pb.h"
#include "kith/referral/v1/referral.pb.h"
#include "kith/retention/v1/retention.pb.h"

namespace kith::cli {

// Of the referral service.
struct ReferralPart {
  referral::v1::GetProgramResponse program;  // in force
  std::string plan;                          // see InForce
  referral::v1::GetReferralSummaryResponse summary;
  referral::v1::ListRewardsResponse rewards;  // the totals matter
  // At most kMostCases of each are read.
  int64_t open_cases = 0;
  int64_t rejected_cases = 0;
};
inline constexpr int kMostCases = 1000;

// Of the advocacy service.
struct AdvocacyPart {
  advocacy::v1::GetConcentrationResponse concentration;
  advocacy::v1::GetSegmentsResponse segments;
};

// Of the retention service.
struct RetentionPart {
  retention::v1::GetProgramSummaryResponse summary;
  retention::v1::GetSurvivalResponse survival;
  retention::v1::GetChurnByMonthResponse churn;
};

// The parts, each with the error of its service if it could not be read: the rest of the
// report stands without it. That of a service that has seen nothing of the program, which the
// referral service knows, is there and empty.
struct ReportData {
  std::string program_id;
  absl::Time as_of;
  absl::StatusOr<ReferralPart> referral;
  absl::StatusOr<AdvocacyPart> advocacy;
  absl::StatusOr<RetentionPart> retention;
  absl::StatusOr<outreach::v1::GetOutreachSummaryResponse> outreach;
  std::set<Target> unseen;  // the services that have seen nothing of the program

  // The first error of a part; OK when all are there.
  absl::Status status() const;
};

// Asks the four services. Survival, churn and what is due are judged at `as_of`.
ReportData ReadReport(Env& env, const std::string& program_id, absl::Time as_of);

// {"program_id","display_name","program_version","as_of_time",
//  "referral":{"advocates","referrals","conversions","converted_referrals","tree_depth",
//    "channels":[{"channel","customers","converted"}],"ledger_entries",
//    "balances":[{"account","currency","balance_minor"}]},
//  "rewards":{"totals":[{"currency","amount_minor","state"}]},
//  "concentration": as `kith concentration`,
//  "advocacy":{"points","activities","goodness_of_variance_fit","tiers":[{"tier","advocates"}]},
//  "retention":{"customers","churned","events","customers_without_signup",
//    "channels":[{"channel","customers","churned","onboarded","aha_reached",
//      "revenue":[{"amount_minor","currency"}]}],
//    "revenue":[{"amount_minor","currency"}]},
//  "survival": as `kith survival --by channel`, "churn": as `kith churn --by channel`,
//  "outreach":{"contacts","enrollments","due","states":[{"state","messages","reason"}]}}.
// What could not be read is null. Keys may be added.
Json ReportJson(const ReportData& data);

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_COMMANDS_REPORT_DATA_H_
