// Enums of the domain and of the messages. Values of the same name belong together:
// `priority_recency` and ATTRIBUTION_MODEL_PRIORITY_RECENCY.
#ifndef KITH_SERVICES_REFERRAL_RPC_ENUMS_H_
#define KITH_SERVICES_REFERRAL_RPC_ENUMS_H_

#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/generated_enum_reflection.h"
#include "kith/referral/v1/referral.pb.h"
#include "kith/referral/v1/rules.pb.h"
#include "services/referral/domain/names.h"

namespace kith::referral::rpc {

// The enum of the other side: `Twin<v1::Fit>::Type` is domain::Fit, and the reverse.
template <class E>
struct Twin;

// Says so for one enum; in this namespace. Headers of further messages may add theirs.
#define KITH_ENUM_TWINS(Name)  \
  template <>                  \
  struct Twin<domain::Name> {  \
    using Type = v1::Name;     \
  };                           \
  template <>                  \
  struct Twin<v1::Name> {      \
    using Type = domain::Name; \
  }
KITH_ENUM_TWINS(AttributionModel);
KITH_ENUM_TWINS(CampaignKind);
KITH_ENUM_TWINS(CapPeriod);
KITH_ENUM_TWINS(CapScope);
KITH_ENUM_TWINS(Comparison);
KITH_ENUM_TWINS(EvidenceKind);
KITH_ENUM_TWINS(Fit);
KITH_ENUM_TWINS(FraudState);
KITH_ENUM_TWINS(LeadState);
KITH_ENUM_TWINS(MilestoneOf);
KITH_ENUM_TWINS(Occurrence);
KITH_ENUM_TWINS(QualityMetric);
KITH_ENUM_TWINS(Recurrence);
KITH_ENUM_TWINS(ReferralState);
KITH_ENUM_TWINS(RewardKind);
KITH_ENUM_TWINS(RewardSide);
KITH_ENUM_TWINS(RewardState);
KITH_ENUM_TWINS(Signal);
KITH_ENUM_TWINS(TouchKind);
KITH_ENUM_TWINS(Trigger);
KITH_ENUM_TWINS(VelocityDimension);

namespace internal {

// For each name, in order, the number of the message's value; 0 when it has none.
std::vector<int> NumbersOf(const google::protobuf::EnumDescriptor& type,
                           const std::vector<absl::string_view>& names);

// The numbers of the values of D, in the order of its names.
template <class D, class P>
const std::vector<int>& Numbers() {
  static const auto* const numbers = [] {
    std::vector<absl::string_view> names;
    for (const auto& [value, name] : domain::Names<D>::kAll) names.push_back(name);
    return new std::vector<int>(NumbersOf(*google::protobuf::GetEnumDescriptor<P>(), names));
  }();
  return *numbers;
}

}  // namespace internal

// The message's value; UNSPECIFIED for one that it has no name for.
template <class D>
typename Twin<D>::Type ToProto(D value) {
  using P = typename Twin<D>::Type;
  const std::vector<int>& numbers = internal::Numbers<D, P>();
  for (size_t i = 0; i < numbers.size(); ++i) {
    if (domain::Names<D>::kAll[i].first == value) return static_cast<P>(numbers[i]);
  }
  return P{};
}

// The domain's value; nullopt for UNSPECIFIED, which means a default, or "any" in filters.
template <class P>
std::optional<typename Twin<P>::Type> ToDomain(P value) {
  using D = typename Twin<P>::Type;
  const std::vector<int>& numbers = internal::Numbers<D, P>();
  for (size_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i] != 0 && numbers[i] == value) return domain::Names<D>::kAll[i].first;
  }
  return std::nullopt;
}

}  // namespace kith::referral::rpc

#endif  // KITH_SERVICES_REFERRAL_RPC_ENUMS_H_
