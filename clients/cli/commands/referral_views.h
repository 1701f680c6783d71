// Tables of referrals, judgements and rewards, for the commands that show or make them.
#ifndef KITH_CLIENTS_CLI_COMMANDS_REFERRAL_VIEWS_H_
#define KITH_CLIENTS_CLI_COMMANDS_REFERRAL_VIEWS_H_

#include <vector>

#include "clients/cli/env.h"
#include "kith/referral/v1/referral.pb.h"

namespace kith::cli {

// All that is known of a referral, a field a line.
void PrintReferral(Env& env, const referral::v1::Referral& referral);
// Who brought a customer, by which evidence, in a line.
void PrintJudgement(Env& env, const referral::v1::Attribution& judged);
// A reward a line.
void PrintRewards(Env& env, const std::vector<referral::v1::Reward>& rewards);

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_COMMANDS_REFERRAL_VIEWS_H_
