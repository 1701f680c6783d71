#include "services/referral/app/recalculate_program.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/page_token.h"
#include "common/base/status_macros.h"
#include "services/referral/app/due.h"
#include "services/referral/app/granting.h"
#include "services/referral/app/grants.h"
#include "services/referral/app/recalculation.h"
#include "services/referral/app/rules.h"
#include "services/referral/app/settlement.h"
#include "services/referral/domain/conversion.h"
#include "services/referral/domain/errors.h"
#include "services/referral/store/conversion_tables.h"
#include "services/referral/store/referral_tables.h"
#include "services/referral/store/reward_tables.h"

namespace kith::referral::app {
namespace {

using domain::Conversion;

// Where a page begins, as its token holds it: microseconds, a space, an id.
struct Position {
  int64_t micros = 0;
  std::string id;
};

std::string ListingName(const RecalculateProgram::Request& request, int64_t version) {
  return absl::StrCat("recalculation ", request.program_id, " ", version, " ",
                      absl::ToUnixMicros(request.from_time), " ",
                      absl::ToUnixMicros(request.to_time));
}

absl::StatusOr<Position> Begin(const RecalculateProgram::Request& request, int64_t version) {
  Position position{absl::ToUnixMicros(request.from_time), ""};
  KITH_ASSIGN_OR_RETURN(const std::string after,
                        ReadPageToken(ListingName(request, version), request.page.token));
  const size_t space = after.find(' ');
  if (space == std::string::npos) return position;
  if (absl::SimpleAtoi(after.substr(0, space), &position.micros)) {
    position.id = after.substr(space + 1);
  }
  return position;
}

int64_t PageSize(const RecalculateProgram::Request& request) {
  return request.page.size > 0 ? request.page.size : kDefaultPageSize;
}

store::ConversionsByTime::Key PageKey(const RecalculateProgram::Request& request,
                                      const Position& begin) {
  return {request.program_id, begin.micros, begin.id, absl::ToUnixMicros(request.to_time),
          PageSize(request) + 1};
}

const domain::ProgramVersion* VersionOf(const Rules& rules, int64_t version, absl::Time now) {
  return version == 0 ? rules.InForce(now) : rules.Version(version);
}

// Wants what Recalculate needs.
void WantRecalculation(exec::Loader& loader, const Rules& rules,
                       const domain::ProgramVersion& version, const Conversion& conversion) {
  if (conversion.referral_id.empty() || conversion.reversed()) return;
  const store::IdKey key = {conversion.program_id, conversion.referral_id};
  loader.Want<store::ReferralTable>(key);
  const domain::Referral* referral = loader.Peek<store::ReferralTable>(key);
  if (referral == nullptr) return;
  Conversion judged = conversion;
  judged.program_version = version.version;
  WantConversion(loader, rules, judged, *referral);
  if (!referral->customer_id.empty()) {
    WantGrants(loader, rules, *referral, referral->customer_id, conversion.conversion_time);
  }
  for (const domain::Reward* reward : loader.PeekAll<store::RewardsByReferral>(key)) {
    if (reward->conversion_id != conversion.conversion_id) continue;
    WantChange(loader, rules, *reward);
    const std::string more = domain::SupplementId(reward->reward_id, version.version);
    loader.Want<store::RewardTable>({conversion.program_id, more});
    WantDue(loader, conversion.program_id, DueKind::kRewardAvailable, more);
    WantDue(loader, conversion.program_id, DueKind::kRewardExpiry, more);
  }
}

// The open conversions of the same referral from `from` on that are before this one.
std::vector<Conversion> EarlierOf(exec::Unit& unit, const Conversion& conversion,
                                  absl::Time from) {
  std::vector<Conversion> earlier;
  for (const Conversion* open :
       unit.Select<store::OpenByReferral>({conversion.program_id, conversion.referral_id})) {
    if (open->conversion_time >= from && domain::IsEarlier(*open, conversion)) {
      earlier.push_back(*open);
    }
  }
  domain::SortByTime(earlier);
  return earlier;
}

// With those of the same referral that were judged before, if it makes room for them.
void RecalculateOne(exec::Unit& unit, const Rules& rules,
                    const domain::ProgramVersion& version, const Conversion& conversion,
                    absl::Time now, absl::Time from,
                    std::vector<RecalculatedReward>& rewards) {
  std::vector<RecalculatedReward> changes =
      Recalculate(unit, rules, version, conversion, RecalculationScope::kAll, now);
  const bool made_room = std::any_of(changes.begin(), changes.end(), [](const auto& change) {
    return change.outcome == RecalculationOutcome::kWithdrawn;
  });
  std::move(changes.begin(), changes.end(), std::back_inserter(rewards));
  if (!made_room) return;
  for (const Conversion& earlier : EarlierOf(unit, conversion, from)) {
    changes = Recalculate(unit, rules, version, earlier, RecalculationScope::kMissing, now);
    std::move(changes.begin(), changes.end(), std::back_inserter(rewards));
  }
}

}  // namespace

RecalculateProgram::RecalculateProgram(Request request, Encoder<Response> encode)
    : request_(std::move(request)), encode_(std::move(encode)) {}

void RecalculateProgram::Prefetch(exec::Loader& loader) const {
  Rules::Want(loader, request_.program_id);
  const Rules rules = Rules::Peek(loader, request_.program_id);
  const domain::ProgramVersion* version =
      VersionOf(rules, request_.version, loader.about_now());
  if (version == nullptr) return;
  const absl::StatusOr<Position> begin = Begin(request_, version->version);
  if (!begin.ok()) return;
  const auto key = PageKey(request_, *begin);
  loader.WantAll<store::ConversionsByTime>(key);
  std::set<std::string> referrals;
  for (const Conversion* conversion : loader.PeekAll<store::ConversionsByTime>(key)) {
    WantRecalculation(loader, rules, *version, *conversion);
    if (conversion->referral_id.empty()) continue;
    loader.WantAll<store::OpenByReferral>({request_.program_id, conversion->referral_id});
    referrals.insert(conversion->referral_id);
  }
  // A withdrawal may make room for those that were judged before.
  for (const std::string& referral : referrals) {
    for (const auto* open :
         loader.PeekAll<store::OpenByReferral>({request_.program_id, referral})) {
      if (open->conversion_time < request_.from_time) continue;
      WantRecalculation(loader, rules, *version, *open);
    }
  }
}

absl::StatusOr<std::string> RecalculateProgram::Decide(exec::Unit& unit,
                                                       absl::Time now) const {
  KITH_ASSIGN_OR_RETURN(const Rules rules, Rules::Load(unit, request_.program_id));
  const domain::ProgramVersion* version = VersionOf(rules, request_.version, now);
  if (version == nullptr) {
    return MakeFieldError(domain::errors::kVersionNotFound, "version",
                          "must be a version of the program, or 0 for the one in force");
  }
  KITH_ASSIGN_OR_RETURN(const Position begin, Begin(request_, version->version));
  std::vector<Conversion> page;
  for (const auto* c : unit.Select<store::ConversionsByTime>(PageKey(request_, begin))) {
    page.push_back(*c);
  }
  domain::SortByTime(page);
  Response response;
  response.version = version->version;
  if (static_cast<int64_t>(page.size()) > PageSize(request_)) {
    page.resize(PageSize(request_));
    response.next_token =
        MakePageToken(ListingName(request_, version->version),
                      absl::StrCat(absl::ToUnixMicros(page.back().conversion_time), " ",
                                   page.back().conversion_id));
  }
  const exec::Unit::Mark before = unit.GetMark();
  for (const Conversion& conversion : page) {
    RecalculateOne(unit, rules, *version, conversion, now, request_.from_time,
                   response.rewards);
  }
  response.conversions = static_cast<int64_t>(page.size());
  // A preview does all of it, and then undoes it.
  if (request_.dry_run) unit.RollbackTo(before);
  return encode_(response);
}

}  // namespace kith::referral::app
