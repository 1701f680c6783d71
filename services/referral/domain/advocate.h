// Those who recommend, and the codes that they hand out. Identifying facts appear as keyed
// hashes only; an empty text means "not known".
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_ADVOCATE_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_ADVOCATE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "absl/time/time.h"

namespace kith::referral::domain {

// Free facts about somebody or something, by name.
using Attributes = std::map<std::string, std::string>;

// What identifies a person, as keyed hashes (see identity.h). Empty: not known.
struct Identity {
  std::string email_hash;
  std::string domain_hash;  // of the mail address; empty for free mail
  std::string phone_hash;
  std::string device_hash;
  std::string payment_hash;
  std::string ip_hash;
  friend bool operator==(const Identity&, const Identity&) = default;
};

// How many of an advocate's referrals count towards milestones and Nth successes: those whose
// fraud gate is open (see counting.h).
struct Counted {
  int64_t leads = 0;      // that began as a lead
  int64_t qualified = 0;  // that are or were found qualified
  int64_t successes = 0;  // with a live conversion
  friend bool operator==(const Counted&, const Counted&) = default;
};

// Someone enrolled to recommend.
struct Advocate {
  std::string program_id;
  std::string advocate_id;
  std::string email_hash;
  std::string code;  // the one to hand out
  absl::Time enrolled_time;
  int64_t referrals = 0;    // accepted
  int64_t signups = 0;      // of them, with an attributed customer
  int64_t conversions = 0;  // of them, with a live conversion
  std::string kind;         // admin, user, partner, …: a word of the caller's
  Attributes attributes;
  Identity identity;    // email_hash stands above
  std::string tier;     // from the advocacy feed
  std::string segment;  // from the advocacy feed
  Counted counted;
  int64_t qualified = 0;  // leads of theirs that are or were found qualified
  int64_t frauds = 0;     // confirmed
  std::optional<absl::Time> suspended_time;
  std::string suspension_cause;  // `fraud`, or a word of the caller's
  std::string link = {};         // of answers only: that of the code
  friend bool operator==(const Advocate&, const Advocate&) = default;

  bool suspended() const { return suspended_time.has_value(); }
  // Whether somebody with this customer id, mail address or number is the advocate.
  bool Is(const std::string& customer_id, const std::string& email,
          const std::string& phone) const {
    const auto same = [](const std::string& a, const std::string& b) {
      return !a.empty() && a == b;
    };
    return customer_id == advocate_id || same(email, email_hash) ||
           same(phone, identity.phone_hash);
  }
};

enum class CodeKind { kPersonal, kVanity, kCampaign };

// Whose a code is. The code is in its normal form (see codes.h).
struct Code {
  std::string program_id;
  std::string code;
  std::string advocate_id;
  CodeKind kind = CodeKind::kPersonal;
  std::string campaign;  // of a campaign code
  absl::Time issued_time = absl::UnixEpoch();
  std::optional<absl::Time> retired_time;    // rotated out or withdrawn
  std::optional<absl::Time> honoured_until;  // a retired code counts until then (exclusive)
  std::string revoked_by = {};               // of answers only: who withdrew it
  std::string link = {};                     // of answers only: see link.h
  friend bool operator==(const Code&, const Code&) = default;

  bool honoured(absl::Time time) const {
    return !honoured_until.has_value() || time < *honoured_until;
  }
};

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_ADVOCATE_H_
