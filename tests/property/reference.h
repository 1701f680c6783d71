// What the referral service must do, said again in the simplest way: plain maps, everything
// counted anew whenever it is asked, no stores, no caches, no batches. It shares no code with
// the service.
#ifndef KITH_TESTS_PROPERTY_REFERENCE_H_
#define KITH_TESTS_PROPERTY_REFERENCE_H_

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "kith/referral/v1/referral.pb.h"
#include "tests/property/memory.h"
#include "tests/property/step.h"

namespace kith::property {

class Reference : private Memory {
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
  // reference.cc: steps.
  std::string Dispatch(const Step& step, const std::vector<std::string>& paid);
  bool InFuture(const Step& step) const;
  void Enroll(const Step& step);
  std::string AddVanity(const Step& step);
  std::string AddCampaignCode(const Step& step);
  std::string Rotate(const Step& step);
  std::string Revoke(const Step& step);
  std::string AddTouch(const Step& step);
  std::string AddLead(const Step& step);
  std::string RefuseLead(const Step& step) const;
  bool IsTaken(const Referral& lead, const Step& step) const;
  std::string Qualify(const Step& step);
  std::string SignUp(const Step& step);
  std::string Override(const Step& step);
  std::string Suspend(const Step& step);
  void OnQualified(const Referral& lead, absl::Time time);

  // reference_attribution.cc: who brought whom.
  std::string CampaignRefusal(const Rules& rules, const std::string& campaign,
                              absl::Time time) const;
  bool Counts(const Customer& customer, const Evidence& evidence) const;
  bool IsExisting(const Customer& customer) const;
  bool MayRecommend(size_t version, const std::string& advocate) const;
  bool IsPromised(const Referral& referral) const;
  void DropIneligible(Customer& customer, std::vector<Evidence>& evidence) const;
  bool CodeCounts(const Customer& customer, const std::string& code, absl::Time time) const;
  std::vector<Evidence> EvidenceFor(const Customer& customer) const;
  std::string LeadOf(const Customer& customer, const std::string& advocate) const;
  // `reported`: the signup has just been reported, so that its address is known in the clear.
  void Judge(const std::string& customer_id, bool reported = false);
  void Move(const std::string& customer_id, const Customer& before,
            const std::string& campaign, const std::string& cause);
  void Join(const std::string& customer_id, const std::vector<std::string>& own, bool moved,
            const std::string& campaign, const std::string& cause, const std::string& live);
  std::vector<std::string> Leave(const std::string& referral_id, const std::string& cause,
                                 bool for_another);
  bool Named(const Referral& lead, const std::string& customer,
             const std::string& email) const;

  // reference_referee.cc: what does not depend on who referred.
  void KeepOrTakeBack(const std::vector<std::string>& own, const Referral& referral,
                      const std::string& live, const std::string& cause);
  bool EarnsToo(const Reward& reward, Referral referral, const std::string& live) const;
  std::optional<Occasion> SameFor(const Reward& reward, const Referral& referral) const;
  bool IsKept(const RuleInForce& rule, const Referral& referral,
              const Occasion& occasion) const;
  void OpenGate(Reward& reward);

  // reference_fraud.cc: who is honest.
  std::string CompanyOf(const std::string& email, size_t version) const;
  Suspect SuspectOf(const Step& lead) const;
  Suspect SuspectOf(const Customer& customer, const std::string& advocate,
                    const std::string& referral, bool reported) const;
  bool SharesIdentity(const Suspect& suspect) const;
  bool BroughtByReferee(const Suspect& suspect, int64_t depth) const;
  std::vector<std::pair<DayKey, int64_t>> DaysOf(const Suspect& suspect) const;
  std::set<kith::referral::v1::Signal> SignalsOf(const Suspect& suspect) const;
  Verdict VerdictOn(const Suspect& suspect) const;
  void Record(const Suspect& suspect, const Verdict& verdict);
  Verdict VerdictByCase(const Customer& customer, const Customer& before);
  void Reject(Referral& referral);
  void Approve(Referral& referral);
  std::string Resolve(const Step& step);
  std::string Decide(const std::string& id, bool approve);
  std::string Block(const Step& step);
  void LookAtCases(Picture& picture) const;

  // reference_conversions.cc: what counts.
  std::string Convert(const Step& step);
  std::string RefuseConversion(const Step& step) const;
  bool BeforeSignup(const Conversion& conversion, const Customer& customer) const;
  std::string Reverse(const Step& step);
  void Settle(const std::string& referral_id, const std::string& live = "");
  std::string NextLive(const std::string& referral_id, const std::string& live) const;
  void MakeLive(Referral& referral, const Conversion& conversion);
  void GrantForConversion(const Referral& referral, const Conversion& conversion);
  bool AnotherHas(const Referral&, const RuleInForce&, const std::string& conversion) const;
  std::string CustomerOf(const Step& step) const;

  // reference_rewards.cc: what is owed.
  std::vector<RuleInForce> RulesFor(size_t version, const Referral& referral) const;
  void GrantAll(const Referral& referral, const Occasion& occasion, size_t version);
  void TakeBackIfLeft(Reward&, const Referral&, absl::Time released = absl::InfinitePast());
  void Grant(const Referral& referral, const RuleInForce& rule, const Occasion& occasion,
             size_t version, bool missed = false, int64_t made_up = 0);
  bool Propose(Reward& reward, const Referral& referral, const RuleInForce& rule,
               const Occasion& occasion, size_t version,
               std::optional<int64_t> ordinal = std::nullopt, int64_t made_up = 0) const;
  std::string IdOf(const RuleInForce& rule, const Referral& referral,
                   const Occasion& occasion) const;
  std::string LastId(const std::string& id) const;
  std::string FreeId(const std::string& id, const Referral& referral) const;
  bool Holds(const kith::referral::v1::Condition& condition, const Referral& referral,
             int64_t ordinal) const;
  int64_t AmountOf(const Rule& rule, const Referral& referral, const Occasion& occasion,
                   int64_t ordinal) const;
  int64_t Capped(const Reward& reward, int64_t wanted) const;
  std::optional<absl::Time> ReleasedAt(const Rule& rule, const Referral& referral,
                                       const Conversion* earned) const;
  const Conversion* EarnedBy(const Reward& reward) const;
  void Release(const std::string& referral_id, const std::string& event, absl::Time time,
               const Conversion* by);
  void Shut(const Referral& referral, const std::string& event);
  void ShutOne(Reward& reward, const Referral& referral) const;
  void TakeBack(Reward& reward, const std::string& cause, bool moved = false);
  void Book(const Reward& reward, const char* debit, const char* credit);
  std::string StateOf(const Reward& reward) const;

  // reference_counts.cc: what an advocate's count reaches.
  bool IsCounted(const RuleInForce& rule, size_t version, const Referral& referral) const;
  int64_t CountOf(const RuleInForce& rule, size_t version, const std::string& advocate) const;
  void GrantCounts(const Referral& referral, Occasion occasion, size_t version,
                   std::optional<kith::referral::v1::MilestoneOf> of);
  void CountApproved(Referral referral);
  void TakeBackUnreached(const Referral& gone, const std::string& cause, bool of_leads,
                         std::optional<absl::Time> reversed = std::nullopt);

  // reference_fulfilment.cc: what is handed out.
  bool HasPieces(const Reward& reward) const;
  void MovePieces(const Reward& reward, int64_t Stock::*from, int64_t Stock::*to);
  std::vector<std::string> Claim(int64_t most);
  std::string Fulfil(const Step& step, std::vector<std::string> given);
  std::string Report(Outcome outcome);
  void Succeed(Reward& reward);
  void Fail(Reward& reward, bool for_good);
  void LetGo(Reward& reward);
  std::string Retry(const Step& step);
  std::string SetStock(const Step& step);
  void LookAtStock(Picture& picture) const;

  // reference_recalculation.cc: rewards by another version of the rules.
  std::string Recalculate(const Step& step);
  int64_t OwedBy(const Reward& reward) const;
  int64_t MadeUp(const Reward& reward) const;
  void RecalculateOne(const Conversion& conversion, size_t version,
                      std::vector<std::string>& lines);
  void GiveMissing(const Conversion& conversion, size_t version,
                   std::vector<std::string>& lines);
  void CreateAnew(const RuleInForce& rule, const Referral& referral, const Occasion& occasion,
                  size_t version, std::vector<std::string>& lines);
  size_t LastJudge(const Reward& reward) const;
  const Reward* WithdrawnBy(const RuleInForce& rule, const Referral& referral,
                            const Conversion& conversion, size_t version) const;
  void TellGone(const Reward& gone, const RuleInForce& rule, const Referral& referral,
                const Occasion& occasion, size_t version, std::vector<std::string>& lines);
  bool Withdraw(Reward& reward, size_t version, std::vector<std::string>& lines);
  int64_t TakeSupplementsBack(const Reward& reward);
  void Rejudge(Reward& reward, const RuleInForce& rule, const Referral& referral,
               const Occasion& occasion, size_t version, std::vector<std::string>& lines);

  // reference_time.cc: what the clock brings.
  std::string Live(const Step& step);  // aha, churn, reactivation
  void DoDue();
  void DoRetained(const std::string& referral_id);
  void Retain(const Referral& referral, absl::Time until);
  std::vector<std::pair<absl::Time, RuleInForce>> RetainedOf(const Referral& referral) const;
  void ScheduleRetained(const Referral& referral, absl::Time after);
  void OnAha(const Referral& referral, absl::Time time);
  void OnChurn(const Referral& referral, absl::Time time);
  void OnReactivated(const Referral& referral, absl::Time back);
  void OnSignedUp(const Referral& referral);
};

}  // namespace kith::property

#endif  // KITH_TESTS_PROPERTY_REFERENCE_H_
