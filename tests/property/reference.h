// What the referral service must do, said again in the simplest way: plain maps, everything
// counted anew whenever it is asked, no stores, no caches, no batches. It shares no code with
// the service. Fraud rules, fulfilment by several providers and recalculation are not part of
// it.
#ifndef KITH_TESTS_PROPERTY_REFERENCE_H_
#define KITH_TESTS_PROPERTY_REFERENCE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "kith/referral/v1/referral.pb.h"
#include "tests/property/model.h"
#include "tests/property/step.h"

namespace kith::property {

class Reference {
 public:
  // Takes a step. Returns what the answer must be: "ok", or the reason of the refusal. `paid`:
  // of kFulfil, the rewards that the provider was given; more or fewer than there were, or
  // wrong ones, make the answer a complaint. What is due is done after the last step of a
  // request.
  std::string Take(const Step& step, const std::vector<std::string>& paid = {},
                   bool more_of_request = false);

  // The referrals, rewards, balances and advocates as they must be.
  Picture Look() const;

 private:
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

  // reference.cc: steps.
  std::string Dispatch(const Step& step, const std::vector<std::string>& paid);
  bool InFuture(const Step& step) const;
  std::string AddVanity(const Step& step);
  std::string AddCampaignCode(const Step& step);
  std::string Rotate(const Step& step);
  std::string Revoke(const Step& step);
  std::string AddTouch(const Step& step);
  std::string AddLead(const Step& step);
  std::string RefuseLead(const Step& step) const;
  std::string Qualify(const Step& step);
  std::string SignUp(const Step& step);
  std::string Override(const Step& step);
  std::string Suspend(const Step& step);
  void OnQualified(const Referral& lead, absl::Time time);

  // reference_attribution.cc: who brought whom.
  std::string CampaignRefusal(const Rules& rules, const std::string& campaign,
                              absl::Time time) const;
  bool Counts(const Customer& customer, const Evidence& evidence) const;
  bool CodeCounts(const Customer& customer, const std::string& code, absl::Time time) const;
  std::vector<Evidence> EvidenceFor(const Customer& customer) const;
  std::string LeadOf(const Customer& customer, const std::string& advocate) const;
  void Judge(const std::string& customer_id);
  void Move(const std::string& customer_id, const Customer& before,
            const std::string& campaign, const std::string& cause);
  void Leave(const std::string& referral_id, const std::string& cause);
  bool Named(const Referral& lead, const std::string& customer,
             const std::string& email) const;

  // reference_conversions.cc: what counts.
  std::string Convert(const Step& step);
  std::string RefuseConversion(const Step& step) const;
  std::string Reverse(const Step& step);
  void Settle(const std::string& referral_id);
  void MakeLive(Referral& referral, const Conversion& conversion);
  void GrantForConversion(const Referral& referral, const Conversion& conversion);
  bool AnotherHas(const Referral& referral, const RuleInForce& rule,
                  const std::string& conversion) const;
  std::string CustomerOf(const Step& step) const;
  std::vector<Conversion> OpenOf(const std::string& referral) const;

  // reference_rewards.cc: what is owed.
  size_t VersionAt(absl::Time time) const;  // 1-based; 0: none
  const Rules& RulesOf(size_t version) const { return versions_[version - 1].rules; }
  std::vector<RuleInForce> RulesFor(const Rules& rules, const Referral& referral) const;
  void GrantAll(const Referral& referral, const Occasion& occasion, size_t version);
  void GrantCounts(const Referral& referral, const Occasion& occasion, size_t version,
                   std::optional<kith::referral::v1::MilestoneOf> of);
  void Grant(const Referral& referral, const RuleInForce& rule, const Occasion& occasion,
             size_t version, bool missed = false);
  std::string FreeId(const std::string& id) const;
  bool Holds(const kith::referral::v1::Condition& condition, const Referral& referral,
             int64_t ordinal) const;
  int64_t AmountOf(const Rule& rule, const Referral& referral, const Occasion& occasion,
                   int64_t ordinal) const;
  std::vector<std::pair<CapKey, kith::referral::v1::Cap>> CapsOn(const Reward& reward) const;
  std::pair<int64_t, int64_t> Used(const CapKey& key) const;
  int64_t Capped(const Reward& reward, int64_t wanted) const;
  bool IsReleased(const Rule& rule, const Referral& referral) const;
  void Release(const std::string& referral_id, const std::string& event, absl::Time time);
  void TakeBack(Reward& reward, const std::string& cause, bool moved = false);
  void Book(const Reward& reward, const char* debit, const char* credit);
  std::string Pay(const std::vector<std::string>& rewards, int64_t most);
  std::string StateOf(const Reward& reward) const;

  // reference_time.cc: what the clock brings.
  std::string Live(const Step& step);  // aha, churn, reactivation
  void DoDue();
  void DoRetained(const std::string& referral_id);
  void Retain(const Referral& referral, absl::Time until);
  std::vector<std::pair<absl::Time, RuleInForce>> RetainedOf(const Referral& referral) const;
  void ScheduleRetained(const Referral& referral, absl::Time after);
  void OnAha(const Referral& referral, absl::Time time);
  void OnChurn(const Referral& referral, absl::Time time);
  void OnReactivated(const Referral& referral);
  void OnSignedUp(const Referral& referral);

  int64_t Count(const std::string& advocate, bool (*holds)(const Referral&)) const;

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
  std::map<std::string, absl::Time> retained_due_;                   // by referral
  std::map<std::pair<std::string, std::string>, int64_t> balances_;  // account and unit
};

}  // namespace kith::property

#endif  // KITH_TESTS_PROPERTY_REFERENCE_H_
