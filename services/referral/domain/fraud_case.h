// What is kept about honesty: cases, checks, what advocates were seen with, counts by day, the
// blocklist, and suspensions. Identities appear as short keyed hashes only (see ShortHash).
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_FRAUD_CASE_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_FRAUD_CASE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/referral/domain/fraud.h"
#include "services/referral/domain/fraud_rules.h"
#include "services/referral/domain/identity.h"
#include "services/referral/domain/model.h"
#include "services/referral/domain/name_table.h"

namespace kith::referral::domain {

enum class FraudCaseState { kOpen, kApproved, kRejected };

template <>
struct Names<FraudCaseState> {
  static constexpr std::pair<FraudCaseState, absl::string_view> kAll[] = {
      {FraudCaseState::kOpen, "open"},
      {FraudCaseState::kApproved, "approved"},
      {FraudCaseState::kRejected, "rejected"}};
};

template <>
struct Names<IdentityKind> {
  static constexpr std::pair<IdentityKind, absl::string_view> kAll[] = {
      {IdentityKind::kEmail, "email"},     {IdentityKind::kEmailDomain, "email_domain"},
      {IdentityKind::kPhone, "phone"},     {IdentityKind::kDevice, "device"},
      {IdentityKind::kPayment, "payment"}, {IdentityKind::kIp, "ip"}};
};

// A referral that was held, or rejected. Its id is the referral's: there is one case a
// referral. It stays open until a person decides. That of a lead which the rules refused has
// the lead's id until another lead is accepted under it, and then `<id>~<n>`.
struct FraudCase {
  std::string program_id;
  std::string referral_id;
  std::string advocate_id;
  FraudCaseState state = FraudCaseState::kOpen;
  int64_t score = 0;
  std::vector<SignalEvidence> evidence;
  int64_t program_version = 0;  // whose rules judged
  absl::Time opened_time;
  std::optional<absl::Time> resolved_time;
  std::string decided_by;   // `rules`, or a person
  std::string sealed_note;  // of that person, encrypted under the program's key
  friend bool operator==(const FraudCase&, const FraudCase&) = default;

  bool decided_by_person() const;
};

// That a referral was judged, and how: it is judged, and counted, once at its submission and
// once at its signup. Only kept when something was found or counted.
struct FraudCheck {
  std::string program_id;
  std::string referral_id;
  std::string advocate_id;
  bool signup = false;
  std::string fingerprint;  // of what was judged
  FraudState state = FraudState::kClear;
  int64_t score = 0;
  std::vector<SignalEvidence> evidence;
  friend bool operator==(const FraudCheck&, const FraudCheck&) = default;
};

// A device or network address that an advocate submitted leads from.
struct AdvocateTrace {
  std::string program_id;
  std::string advocate_id;
  IdentityKind kind = IdentityKind::kDevice;
  std::string hash;
  friend bool operator==(const AdvocateTrace&, const AdvocateTrace&) = default;
};

// Referrals of one day.
struct VelocityCount {
  std::string program_id;
  VelocityDimension dimension = VelocityDimension::kAdvocate;
  std::string subject;  // the advocate's id, or a hash
  int64_t day = 0;      // local days since 1970
  int64_t referrals = 0;
  friend bool operator==(const VelocityCount&, const VelocityCount&) = default;
};

struct BlockedIdentity {
  std::string program_id;
  IdentityKind kind = IdentityKind::kEmail;
  std::string hash;
  std::string added_by;
  absl::Time added_time;
  std::string cause;
  friend bool operator==(const BlockedIdentity&, const BlockedIdentity&) = default;
};

// That an advocate was suspended or reinstated.
struct Suspension {
  std::string program_id;
  std::string advocate_id;
  int64_t sequence = 0;  // from 1
  absl::Time decision_time;
  bool suspended = false;
  std::string decided_by;
  std::string cause;
  friend bool operator==(const Suspension&, const Suspension&) = default;
};

// INVALID_FIELD for a name that the rules go by: what they decide gives way to people.
absl::Status CheckPerson(absl::string_view decided_by);
// What a case makes of its referral.
FraudState StateBy(FraudCaseState state);
// The first 16 bytes of a hash: as many as it takes to tell identities apart.
std::string ShortHash(absl::string_view hash);
// The day of `time` in `zone`, counted from 1970.
int64_t LocalDay(absl::Time time, absl::TimeZone zone);

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_FRAUD_CASE_H_
