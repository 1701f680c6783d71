// What the reference remembers. All else is counted from it.
#ifndef KITH_TESTS_PROPERTY_MEMORY_H_
#define KITH_TESTS_PROPERTY_MEMORY_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "tests/property/model.h"
#include "tests/property/step.h"

namespace kith::property {

class Memory {
 protected:
  using Rule = model::Rule;
  using Rules = model::Rules;
  using Version = model::Version;
  using Advocate = model::Advocate;
  using Code = model::Code;
  using Referral = model::Referral;
  using Customer = model::Customer;
  using Conversion = model::Conversion;
  using Reward = model::Reward;
  using Evidence = model::Evidence;
  using RuleInForce = model::RuleInForce;
  using Occasion = model::Occasion;
  using CapKey = model::CapKey;
  using Suspect = model::Suspect;
  using Verdict = model::Verdict;
  using Case = model::Case;
  using Stock = model::Stock;
  using DayKey = std::tuple<int, std::string, int64_t>;  // dimension, whose, day

  size_t VersionAt(absl::Time time) const;  // 1-based; 0: none
  const Rules& RulesOf(size_t version) const { return versions_[version - 1].rules; }
  int64_t Count(const std::string& advocate, bool (*holds)(const Referral&)) const;
  std::vector<Conversion> OpenOf(const std::string& referral) const;
  std::vector<std::pair<CapKey, kith::referral::v1::Cap>> CapsOn(const Reward& reward) const;
  // How often a limit was used, and how much of it.
  std::pair<int64_t, int64_t> Used(const CapKey& key) const;

  absl::Time now_;
  std::vector<Version> versions_;
  std::map<std::string, Advocate> advocates_;
  std::map<std::string, Code> codes_;
  std::map<std::string, std::string> same_code_;  // names that stand for another one
  std::map<std::string, Step> touches_;
  std::map<std::string, Referral> referrals_;
  std::map<std::string, Customer> customers_;
  std::map<std::string, Customer> early_;  // what was told before the signup
  std::map<std::string, Conversion> conversions_;
  std::map<std::string, Reward> rewards_;
  bool recalculates_ = false;              // is at it
  bool returned_ = false;                  // a customer who is back is being judged
  std::map<std::string, Stock> stock_;     // by item
  std::map<std::string, int64_t> leases_;  // claims of rewards that are not reported
  std::map<std::string, Case> cases_;      // by referral
  // By referral, advocate, and whether the signup was judged.
  std::map<std::tuple<std::string, std::string, bool>, Verdict> checks_;
  std::map<DayKey, int64_t> days_;
  std::set<std::string> blocked_;                   // "email …", "device …"
  std::map<std::string, absl::Time> retained_due_;  // by referral
  std::map<std::pair<std::string, std::string>, int64_t> balances_;  // account and unit
};

}  // namespace kith::property

#endif  // KITH_TESTS_PROPERTY_MEMORY_H_
