// What milestones and Nth successes count: the referrals of an advocate whose fraud gate is
// open, and for a rule of a campaign those of that campaign and of one run of it.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_COUNTING_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_COUNTING_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "services/referral/domain/advocate.h"
#include "services/referral/domain/model.h"
#include "services/referral/domain/occasion.h"
#include "services/referral/domain/program.h"

namespace kith::referral::domain {

// Whether what earns it is the Nth of something: a milestone or an Nth success.
bool IsOverCounts(Trigger trigger);

// Whether a referral is one of those that such a rule counts: its fraud gate is open, and it
// has converted or, for a milestone, is a lead, found qualified if that is asked. For a
// milestone of a campaign the lead was submitted in it, and did not come to it by a code.
bool IsCounted(const RuleInForce& rule, const Referral& referral);

// All versions, oldest first, and the one that judges.
struct Judges {
  absl::Span<const ProgramVersion* const> versions;
  const ProgramVersion* judging = nullptr;
};

// The run of its campaign that a referral is of, by the version under which it came to it:
// empty for the first run, and so for all that do not recur, then the year that the run begins
// in. nullopt: it is of none.
std::optional<std::string> SeasonOf(const Judges& judges, const Referral& referral);

// How many the rule counts. `season`: of a campaign's rule, see above. `of_campaign`: of such
// a rule, the advocate's referrals that name the campaign.
int64_t CountUnder(const Judges& judges, const RuleInForce& rule, const std::string& season,
                   const Advocate& advocate, const std::vector<const Referral*>& of_campaign);

// Which one a reward is for, as its id says; nullopt: it is not over counts.
struct Numbered {
  std::string season;
  int64_t number = 0;
};
std::optional<Numbered> NumberOf(const Reward& reward);

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_COUNTING_H_
