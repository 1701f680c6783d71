// The sub-commands of `kith fraud` that have a file of their own, and what they share.
#ifndef KITH_CLIENTS_CLI_COMMANDS_FRAUD_H_
#define KITH_CLIENTS_CLI_COMMANDS_FRAUD_H_

#include "CLI/App.hpp"
#include "clients/cli/env.h"
#include "clients/cli/options.h"
#include "google/protobuf/repeated_field.h"
#include "kith/referral/v1/fraud.pb.h"

namespace kith::cli {

// What speaks against a referral, a signal a line.
void PrintSignals(
    Env& env,
    const google::protobuf::RepeatedPtrField<referral::v1::SignalEvidence>& evidence);

// Adds `block`, `unblock` and `blocklist` to `kith fraud`.
void AddFraudBlocklist(CLI::App& fraud, Options& options, Run& run);
// Adds `check`.
void AddFraudCheck(CLI::App& fraud, Options& options, Run& run);
// Adds `suspend`, `reinstate`, `suspended` and `suspensions`.
void AddFraudConduct(CLI::App& fraud, Options& options, Run& run);
// Adds `rules`.
void AddFraudRules(CLI::App& fraud, Options& options, Run& run);

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_COMMANDS_FRAUD_H_
