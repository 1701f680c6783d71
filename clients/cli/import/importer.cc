#include "clients/cli/import/importer.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "kith/referral/v1/referral.pb.h"

namespace kith::cli {

const std::vector<std::string>& ImportKinds() {
  static const auto& kinds = *new std::vector<std::string>{"customers", "referrals",
                                                           "activities", "events", "payments"};
  return kinds;
}

std::unique_ptr<Importer> MakeImporter(absl::string_view kind, const std::string& program_id) {
  if (kind == "customers") return MakeCustomerImporter(program_id);
  if (kind == "referrals") return MakeReferralImporter(program_id);
  if (kind == "activities") return MakeActivityImporter(program_id);
  if (kind == "events") return MakeEventImporter(program_id);
  if (kind == "payments") return MakePaymentImporter(program_id);
  return nullptr;
}

absl::Status CheckNotAhead(absl::string_view column, absl::Time time, absl::Time now) {
  // What the services allow between their clocks and the time of a fact.
  constexpr absl::Duration kMostAhead = absl::Hours(24);
  if (time <= now + kMostAhead) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("TIME_IN_FUTURE: ", column, ": is in the future"));
}

absl::string_view WhatDiffers(const type::v1::ItemError& reused) {
  constexpr absl::string_view kLead = " was recorded before with another ";
  const absl::string_view message = reused.message();
  const size_t lead = message.find(kLead);
  return lead == absl::string_view::npos ? "" : message.substr(lead + kLead.size());
}

int64_t CountEnrolled(const BatchCall& call) {
  const auto* response =
      dynamic_cast<const referral::v1::EnrollAdvocatesResponse*>(&call.response());
  if (response == nullptr) return 0;
  return std::count_if(response->results().begin(), response->results().end(),
                       [](const auto& result) { return result.enrolled_now(); });
}

}  // namespace kith::cli
