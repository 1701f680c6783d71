#include "services/referral/app/evidence.h"

namespace kith::referral::app {
namespace {

// Wants rows and, from what is loaded, collects whom they speak for.
class Wanter {
 public:
  Wanter(exec::Loader& loader, const domain::Customer& customer)
      : loader_(loader), customer_(customer), program_id_(customer.program_id) {}

  Candidacies Collect() {
    if (!customer_.code.empty()) WantCode(customer_.code);
    WantLeads<store::LeadsByReferee>(customer_.customer_id);
    WantLeads<store::LeadsByEmail>(customer_.email_hash);
    WantLeads<store::LeadsByPhone>(customer_.identity.phone_hash);
    if (!customer_.referrer_id.empty()) WantAdvocate(customer_.referrer_id);
    if (!customer_.visitor_id.empty()) WantTouches();
    WantAlike<store::CustomersByEmail>(customer_.email_hash);
    WantAlike<store::CustomersByPhone>(customer_.identity.phone_hash);
    return std::move(found_);
  }

 private:
  Candidacy& WantAdvocate(const std::string& advocate_id) {
    loader_.Want<store::AdvocateTable>({program_id_, advocate_id});
    return found_[advocate_id];
  }
  void WantCode(const std::string& code) {
    loader_.Want<store::CodeTable>({program_id_, code});
    const auto* owned = loader_.Peek<store::CodeTable>({program_id_, code});
    if (owned == nullptr) return;
    WantAdvocate(owned->advocate_id).campaigns.insert(owned->campaign);
  }
  template <class Index>
  void WantLeads(const std::string& value) {
    if (value.empty()) return;
    loader_.WantAll<Index>({program_id_, value});
    for (const domain::Referral* lead : loader_.PeekAll<Index>({program_id_, value})) {
      WantAdvocate(lead->advocate_id).leads.insert(lead->referral_id);
    }
  }
  template <class Index>
  void WantAlike(const std::string& value) {
    if (!value.empty()) loader_.WantAll<Index>({program_id_, value});
  }
  void WantTouches() {
    const store::IdKey key = {program_id_, customer_.visitor_id};
    loader_.WantAll<store::TouchesByVisitor>(key);
    for (const domain::Touch* touch : loader_.PeekAll<store::TouchesByVisitor>(key)) {
      WantCode(touch->code);
      WantAdvocate(touch->advocate_id);
    }
  }

  exec::Loader& loader_;
  const domain::Customer& customer_;
  const std::string& program_id_;
  Candidacies found_;
};

}  // namespace

Candidacies WantEvidence(exec::Loader& loader, const domain::Customer& customer) {
  return Wanter(loader, customer).Collect();
}

}  // namespace kith::referral::app
