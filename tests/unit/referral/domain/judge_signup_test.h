// A signup of carl's, and evidence for ada, bob and eve.
#ifndef KITH_TESTS_UNIT_REFERRAL_DOMAIN_JUDGE_SIGNUP_TEST_H_
#define KITH_TESTS_UNIT_REFERRAL_DOMAIN_JUDGE_SIGNUP_TEST_H_

#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/referral/domain/attribution.h"
#include "services/referral/domain/names.h"

namespace kith::referral::domain {

inline void PrintTo(const RejectedEvidence& rejected, std::ostream* out) {
  *out << std::string(Name(rejected.kind)) << " " << rejected.advocate_id << " "
       << rejected.reason;
}

inline const absl::Time kSignup = absl::FromUnixSeconds(1700000000);
inline constexpr absl::Duration kDay = absl::Hours(24);
inline constexpr absl::Duration kMicro = absl::Microseconds(1);

class JudgeSignupTest : public ::testing::Test {
 protected:
  JudgeSignupTest() {
    for (Advocate* advocate : {&ada_, &bob_, &eve_}) advocate->program_id = "acme";
    ada_.advocate_id = "ada";
    bob_.advocate_id = "bob";
    eve_.advocate_id = "eve";
    customer_.customer_id = "carl";
    customer_.signup_time = kSignup;
  }

  // Evidence of `age` before the signup.
  static Evidence LeadBy(const Advocate& advocate, std::string id, absl::Duration age,
                         bool converted = false) {
    Referral lead;
    lead.referral_id = std::move(id);
    lead.advocate_id = advocate.advocate_id;
    lead.submitted_time = kSignup - age;
    lead.ever_converted = converted;
    return LeadEvidence(lead, &advocate);
  }
  static Evidence TouchOf(const Advocate& advocate, std::string id, absl::Duration age,
                          TouchKind kind = TouchKind::kClick) {
    Touch touch;
    touch.touch_id = std::move(id);
    touch.advocate_id = advocate.advocate_id;
    touch.touch_time = kSignup - age;
    touch.kind = kind;
    return TouchEvidence(touch, nullptr, &advocate, nullptr);
  }
  static Evidence WordFor(const Advocate& advocate) {
    return SelfReportedEvidence(advocate.advocate_id, &advocate);
  }
  Evidence CodeOf(const Advocate* advocate) const {
    return CodeEvidence(customer_, nullptr, advocate, nullptr);
  }
  Judgement Judge(const std::vector<Evidence>& evidence) const {
    return JudgeSignup(customer_, evidence, rules_);
  }

  Advocate ada_, bob_, eve_;
  Customer customer_;
  AttributionRules rules_;
};

}  // namespace kith::referral::domain

#endif  // KITH_TESTS_UNIT_REFERRAL_DOMAIN_JUDGE_SIGNUP_TEST_H_
