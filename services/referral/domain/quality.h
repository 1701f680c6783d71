// The quality-collapse alarm of a campaign (see sequential_test.h for what it rests on): its
// rate is tested against the program's, and only a campaign that also brings more a day than
// the program without campaigns is alarming.
//
// Outcomes of qualification are first decisions. A bad one of a campaign that is corrected
// counts as good from then on, which only lowers the statistic, so that the bound holds for
// the rate of first decisions, which the baseline is of. A good one that is corrected stays:
// the baseline is taken once, before all of its own are corrected, and would be too high.
//
// Outcomes of conversion are whether a referral converted within a time. Of a campaign, good
// ones are known, and count, at once, bad ones when the time is over. Whatever is known early
// is good and lowers the statistic, so that it is never above that of the referrals whose time
// is over, in order of beginning, which the bound holds for. A lead that is lost is a bad one
// when its time is over, and not before: losing is quicker than winning, and a young campaign
// would alarm for that. The baseline is of referrals whose time is over only, good or bad.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_QUALITY_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_QUALITY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "services/referral/domain/model.h"
#include "services/referral/domain/program.h"
#include "services/referral/domain/sequential_test.h"

namespace kith::referral::domain {

// Outcomes of a program's referrals outside campaigns.
struct QualityBaseline {
  std::string program_id;
  QualityMetric metric = QualityMetric::kQualification;
  int64_t outcomes = 0;
  int64_t successes = 0;
  absl::Time first_time;                         // the earliest of these referrals
  absl::Duration within = absl::ZeroDuration();  // kConversion: in this time
  friend bool operator==(const QualityBaseline&, const QualityBaseline&) = default;
};

// The test of one rate of a campaign. Its parameters are taken from the rules once: with the
// campaign's first outcome, or as soon after as the program has a baseline.
struct QualityTest {
  std::string program_id;
  std::string campaign;
  QualityMetric metric = QualityMetric::kQualification;
  int64_t outcomes = 0;
  int64_t successes = 0;
  // The earliest and the latest of the referrals; of conversion, without the ones that were
  // known early: not all of those that began with them are.
  absl::Time first_time;
  absl::Time last_time;
  std::optional<int64_t> baseline_ppm;  // p0, in millionths; absent: not known yet
  bool stated = false;                  // by the rules, or else the program's own
  int64_t drop_basis_points = 0;
  int64_t false_alarm_ppm = 0;
  int64_t baseline_outcomes = 0;  // the program's own until then
  int64_t baseline_successes = 0;
  absl::Duration baseline_time;  // how long those took
  std::optional<absl::Time> alarm_time;
  std::optional<absl::Time> reset_time;
  std::string reset_by;
  std::string reset_cause;
  friend bool operator==(const QualityTest&, const QualityTest&) = default;
};

// The campaign's alarm of that metric; nullptr: it has none.
const QualityRules* QualityOf(const Campaign& campaign, QualityMetric metric);
// Within which times conversions are watched, in order: the campaign's, or (nullptr) those of
// all campaigns, for which the program's own referrals are the baseline.
std::vector<absl::Duration> OutcomeTimes(const Program& program, const Campaign* campaign);
// Whether a referral has a live conversion, or was won, that soon after its beginning; a fraud
// has not.
bool ConvertedWithin(const Referral& referral, absl::Duration within);

// One more outcome, of a referral that began at `time`.
QualityBaseline Observed(QualityBaseline baseline, bool good, absl::Time time);
QualityTest Observed(QualityTest test, bool good, absl::Time time);

// With an outcome that was decided to be bad at `decided`, and is good after all. One from
// before the last reset is not among those that count.
QualityTest Corrected(QualityTest test, absl::Time decided);

// With the parameters of the rules, if they are known by now and were not before: `baseline`
// is the program's own (nullptr: none).
QualityTest Judging(QualityTest test, const QualityRules& rules,
                    const QualityBaseline* baseline);

// Of a test that is judging.
SequentialTest ToSequentialTest(const QualityTest& test);
// Whether the campaign's outcomes a day are more than the program's own were until the test
// began to judge. Days are counted from the first referral, and are at least one. Always so
// when the program had none.
bool VolumeAbove(const QualityTest& test);
// Whether to raise the alarm, which was not raised yet.
bool IsAlarming(const QualityTest& test);

// Started afresh.
QualityTest Reset(const QualityTest& test, absl::Time time, std::string by, std::string cause);

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_QUALITY_H_
