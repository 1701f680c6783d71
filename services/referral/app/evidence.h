// Everything that speaks for an advocate as the one who brought a customer.
#ifndef KITH_SERVICES_REFERRAL_APP_EVIDENCE_H_
#define KITH_SERVICES_REFERRAL_APP_EVIDENCE_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "common/executor/unit.h"
#include "services/referral/domain/attribution.h"
#include "services/referral/domain/model.h"
#include "services/referral/domain/program.h"
#include "services/referral/store/advocate_tables.h"
#include "services/referral/store/customer_tables.h"
#include "services/referral/store/referral_tables.h"

namespace kith::referral::app {

// What evidence may bring the customer to, if its advocate wins: a lead of the advocate's, or
// a referral that begins with the signup, by itself or in a campaign.
struct Candidacy {
  std::set<std::string> leads;
  std::set<std::string> campaigns;
};
using Candidacies = std::map<std::string, Candidacy>;  // by advocate

// Wants the rows behind the evidence for a customer; returns whom those loaded speak for.
Candidacies WantEvidence(exec::Loader& loader, const domain::Customer& customer);

// Gathers the evidence from `rows`: an exec::Unit or a store::RowReader. Points into the rows.
template <class Rows>
class EvidenceGatherer {
 public:
  // `program`: the rules that judge the customer; nullptr: none. `anew`: the customer is
  // judged by all that is known now; else nobody is found to have come before who is
  // attributed.
  EvidenceGatherer(Rows& rows, const domain::Customer& customer,
                   const domain::Program* program, bool anew = false)
      : rows_(rows),
        customer_(customer),
        program_(program),
        anew_(anew),
        program_id_(customer.program_id) {}

  std::vector<domain::Evidence> Gather() {
    if (!customer_.code.empty()) {
      const domain::Code* code = FindCode(customer_.code);
      evidence_.push_back(domain::CodeEvidence(
          customer_, code, code == nullptr ? nullptr : FindAdvocate(code->advocate_id),
          program_));
    }
    AddLeads<store::LeadsByReferee>(customer_.customer_id);
    AddLeads<store::LeadsByEmail>(customer_.email_hash);
    AddLeads<store::LeadsByPhone>(customer_.identity.phone_hash);
    if (!customer_.referrer_id.empty()) {
      evidence_.push_back(domain::SelfReportedEvidence(customer_.referrer_id,
                                                       FindAdvocate(customer_.referrer_id)));
    }
    if (!customer_.visitor_id.empty()) AddTouches();
    domain::RefuseByStanding(customer_, Alike(), program_, evidence_);
    return std::move(evidence_);
  }

 private:
  const domain::Advocate* FindAdvocate(const std::string& advocate_id) {
    return rows_.template Find<store::AdvocateTable>({program_id_, advocate_id});
  }
  const domain::Code* FindCode(const std::string& code) {
    return rows_.template Find<store::CodeTable>({program_id_, code});
  }
  // Those who may have been a customer before, under another id.
  std::vector<const domain::Customer*> Alike() {
    std::vector<const domain::Customer*> alike;
    if (evidence_.empty() || (customer_.attributed() && !anew_)) return alike;
    AddAlike<store::CustomersByEmail>(customer_.email_hash, alike);
    AddAlike<store::CustomersByPhone>(customer_.identity.phone_hash, alike);
    return alike;
  }
  template <class Index>
  void AddAlike(const std::string& value, std::vector<const domain::Customer*>& alike) {
    if (value.empty()) return;
    const auto found = rows_.template Select<Index>({program_id_, value});
    alike.insert(alike.end(), found.begin(), found.end());
  }
  // The leads that name the customer so, and were not taken up by another one.
  template <class Index>
  void AddLeads(const std::string& value) {
    if (value.empty()) return;
    for (const domain::Referral* lead : rows_.template Select<Index>({program_id_, value})) {
      const bool taken =
          !lead->customer_id.empty() && lead->customer_id != customer_.customer_id;
      if (taken || !leads_.insert(lead->referral_id).second) continue;
      evidence_.push_back(domain::LeadEvidence(*lead, FindAdvocate(lead->advocate_id)));
    }
  }
  void AddTouches() {
    for (const domain::Touch* touch :
         rows_.template Select<store::TouchesByVisitor>({program_id_, customer_.visitor_id})) {
      evidence_.push_back(domain::TouchEvidence(*touch, FindCode(touch->code),
                                                FindAdvocate(touch->advocate_id), program_));
    }
  }

  Rows& rows_;
  const domain::Customer& customer_;
  const domain::Program* const program_;
  const bool anew_;
  const std::string& program_id_;
  std::set<std::string> leads_;
  std::vector<domain::Evidence> evidence_;
};

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_EVIDENCE_H_
