// Campaigns: when they run, whom they are for, and which rules they bring.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_CAMPAIGN_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_CAMPAIGN_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/referral/domain/advocate.h"
#include "services/referral/domain/program.h"

namespace kith::referral::domain {

// The campaign of that id, or nullptr: the text is then a mere label.
const Campaign* FindCampaign(const Program& program, absl::string_view campaign_id);

// A run of a campaign: [start, end).
struct Season {
  absl::Time start = absl::InfinitePast();
  absl::Time end = absl::InfiniteFuture();
  friend bool operator==(const Season&, const Season&) = default;
};
// The run that `time` lies in; nullopt: the campaign is closed then. Yearly campaigns run on
// the same local days and hours of each year from their first on (29 February counts as 28 in
// other years, and its first moment as an end is the end of the 28th).
std::optional<Season> SeasonAt(const Campaign& campaign, absl::Time time, absl::TimeZone zone);
// When the first run that begins after `time` does; nullopt: none will.
std::optional<absl::Time> NextStart(const Campaign& campaign, absl::Time time,
                                    absl::TimeZone zone);

// OK, CAMPAIGN_CLOSED or NOT_IN_AUDIENCE; OK for a mere label and for none.
absl::Status CheckCampaign(const Program& program, absl::string_view campaign_id,
                           const Advocate& advocate, absl::Time time);

// Whether the rules let an advocate be enrolled and recommend, by what is known of the
// advocate now.
bool IsEligible(const Program& program, const Advocate& advocate);

// A reward rule and whose it is.
struct RuleInForce {
  const RewardRule* rule = nullptr;
  const Campaign* campaign = nullptr;  // nullptr: the program's own
  // Whose rule it is, if the version that judges has not got its campaign any more.
  const ProgramVersion* version = nullptr;
};
// The rules for referrals of `campaign_id`: the program's, unless the campaign replaces them,
// then the campaign's. A rule of a campaign is known as `<campaign_id>/<rule_id>` (see
// RuleKey) wherever rules of different origin meet: in ids, caps and messages.
std::vector<RuleInForce> RulesFor(const Program& program, absl::string_view campaign_id);
std::string RuleKey(const RuleInForce& rule);

// The zone of the program; UTC when its name is not known here.
absl::TimeZone ZoneOf(const Program& program);

// `advocate.*` as conditions see it.
void AddFields(const Advocate& advocate, FieldValues& values);

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_CAMPAIGN_H_
