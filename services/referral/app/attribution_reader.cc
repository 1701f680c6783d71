#include "services/referral/app/attribution_reader.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/referral/app/evidence.h"
#include "services/referral/domain/errors.h"
#include "services/referral/domain/link.h"
#include "services/referral/store/attribution_queries.h"
#include "services/referral/store/decision_tables.h"
#include "services/referral/store/override_tables.h"
#include "services/referral/store/program_tables.h"
#include "services/referral/store/row_reader.h"

namespace kith::referral::app {
namespace {

// A customer with all evidence, weighed as at the judgement.
struct Review {
  domain::Customer customer;
  domain::AttributionRules rules;
  domain::Weighed weighed;
};

// The reason that the judgement gave evidence of this kind and advocate; empty: none.
std::string StoredReason(const domain::Judgement& judgement,
                         const domain::Evidence& evidence) {
  for (const domain::RejectedEvidence& item : judgement.rejected) {
    if (item.kind == evidence.kind && item.advocate_id == evidence.advocate_id) {
      return item.reason;
    }
  }
  return {};
}

// Nobody can be judged for fraud here: who did not win though nothing else speaks against it
// was refused by the rules then, and the judgement says so.
domain::IsFraud RefusedThen(const domain::Judgement& judgement) {
  return [&judgement](const domain::Evidence& leader, const std::string&) {
    for (const domain::RejectedEvidence& item : judgement.rejected) {
      if (item.advocate_id == leader.advocate_id && item.kind != domain::EvidenceKind::kNone &&
          item.reason == domain::rejections::kFraudRejected) {
        return true;
      }
    }
    return false;
  };
}

absl::StatusOr<Review> ReviewCustomer(store::RowReader& rows, const std::string& program_id,
                                      const std::string& customer_id) {
  const auto* customer = rows.Find<store::CustomerTable>({program_id, customer_id});
  KITH_RETURN_IF_ERROR(rows.status());
  if (customer == nullptr) {
    return MakeFieldError(domain::errors::kCustomerNotFound, "customer_id",
                          "must be a customer whose signup was judged");
  }
  Review review;
  review.customer = *customer;
  const auto* version =
      rows.Find<store::ProgramVersionTable>({program_id, customer->program_version});
  if (version != nullptr) review.rules = version->program.attribution;
  const std::vector<domain::Evidence> evidence =
      EvidenceGatherer(rows, *customer, version == nullptr ? nullptr : &version->program)
          .Gather();
  review.weighed = domain::WeighEvidence(*customer, evidence, review.rules,
                                         RefusedThen(customer->judgement));
  KITH_RETURN_IF_ERROR(rows.status());
  return review;
}

std::optional<absl::Duration> WindowOf(const domain::Evidence& evidence,
                                       const domain::AttributionRules& rules) {
  if (evidence.kind == domain::EvidenceKind::kTouch) return rules.touch_window;
  if (evidence.kind == domain::EvidenceKind::kLead && !evidence.converted) {
    return rules.lead_window;
  }
  return std::nullopt;
}

// The candidates with the judgement that stands, which may be older than some of them: what
// has come since is outranked by what was paid for.
std::vector<ExplainedCandidate> ExplainAll(Review review) {
  const domain::Judgement& judgement = review.customer.judgement;
  std::vector<ExplainedCandidate> explained;
  bool decided = judgement.evidence == domain::EvidenceKind::kOverride;
  for (domain::Candidate& candidate : review.weighed.candidates) {
    ExplainedCandidate item;
    const domain::Evidence& evidence = candidate.evidence;
    const bool timed = evidence.kind == domain::EvidenceKind::kLead ||
                       evidence.kind == domain::EvidenceKind::kTouch;
    item.time = timed ? evidence.time : review.customer.signup_time;
    item.window = WindowOf(evidence, review.rules);
    const bool of_winner = evidence.advocate_id == judgement.advocate_id;
    if (of_winner && candidate.rejection == domain::rejections::kOutranked) {
      candidate.rejection.clear();
    } else if (!of_winner && candidate.rejection.empty()) {
      const std::string stored = StoredReason(judgement, evidence);
      candidate.rejection =
          stored.empty() ? std::string(domain::rejections::kOutranked) : stored;
    }
    item.won = !decided && of_winner && candidate.rejection.empty() &&
               evidence.kind == judgement.evidence;
    decided |= item.won;
    item.candidate = std::move(candidate);
    explained.push_back(std::move(item));
  }
  return explained;
}

// Adds who withdrew those that were withdrawn.
absl::Status AddRevokers(db::ReadTransaction& transaction, const std::string& program_id,
                         std::vector<domain::Code>& codes) {
  std::vector<std::string> retired;
  for (const domain::Code& code : codes) {
    if (code.retired_time.has_value()) retired.push_back(code.code);
  }
  KITH_ASSIGN_OR_RETURN(const auto decisions, store::ReadDecisions(transaction, program_id,
                                                                   store::kRevoked, retired));
  for (domain::Code& code : codes) {
    const auto decision = decisions.find(code.code);
    if (decision != decisions.end()) code.revoked_by = decision->second.decided_by;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ResolvedCode> AttributionReader::ResolveCode(const std::string& program_id,
                                                            const std::string& code,
                                                            absl::Time now,
                                                            absl::Time deadline) const {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database_.BeginRead(deadline));
  KITH_RETURN_IF_ERROR(RequireProgram(*transaction, program_id));
  store::RowReader rows(*transaction);
  const auto versions = rows.Select<store::VersionsOfProgram>(program_id);
  const auto* known =
      rows.Find<store::CodeTable>({program_id, domain::CodeOf(versions, code)});
  const auto* advocate =
      known == nullptr ? nullptr
                       : rows.Find<store::AdvocateTable>({program_id, known->advocate_id});
  KITH_RETURN_IF_ERROR(rows.status());
  if (known == nullptr || advocate == nullptr) {
    return MakeFieldError(domain::errors::kCodeNotFound, "code",
                          "must be the code of an enrolled advocate");
  }
  const domain::Program* program = domain::ProgramInForce(versions, now);
  ResolvedCode resolved{*known, domain::CodeRefusal(*known, *advocate, program, now)};
  resolved.code.link = domain::LinkOf(program, known->code, known->campaign);
  const auto* decision =
      rows.Find<store::DecisionTable>({program_id, std::string(store::kRevoked), known->code});
  if (decision != nullptr) resolved.code.revoked_by = decision->decided_by;
  KITH_RETURN_IF_ERROR(rows.status());
  return resolved;
}

absl::StatusOr<Page<domain::Code>> AttributionReader::ListCodes(const std::string& program_id,
                                                                const std::string& advocate_id,
                                                                const PageRequest& page,
                                                                absl::Time now,
                                                                absl::Time deadline) const {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database_.BeginRead(deadline));
  KITH_RETURN_IF_ERROR(RequireProgram(*transaction, program_id));
  store::RowReader rows(*transaction);
  const bool enrolled = rows.Find<store::AdvocateTable>({program_id, advocate_id}) != nullptr;
  KITH_RETURN_IF_ERROR(rows.status());
  if (!enrolled) {
    return MakeFieldError(domain::errors::kAdvocateNotFound, "advocate_id",
                          "must be an enrolled advocate");
  }
  KITH_ASSIGN_OR_RETURN(Page<domain::Code> codes,
                        ReadPage<domain::Code>(
                            absl::StrCat("codes ", program_id, " ", advocate_id), page,
                            [&](const std::string& after, int64_t limit) {
                              return store::ReadCodes(*transaction, program_id, advocate_id,
                                                      after, limit);
                            },
                            [](const domain::Code& code) { return code.code; }));
  const auto versions = rows.Select<store::VersionsOfProgram>(program_id);
  KITH_RETURN_IF_ERROR(rows.status());
  const domain::Program* program = domain::ProgramInForce(versions, now);
  for (domain::Code& code : codes.rows) {
    code.link = domain::LinkOf(program, code.code, code.campaign);
  }
  KITH_RETURN_IF_ERROR(AddRevokers(*transaction, program_id, codes.rows));
  return codes;
}

absl::StatusOr<Explanation> AttributionReader::Explain(const std::string& program_id,
                                                       const std::string& customer_id,
                                                       absl::Time deadline) const {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database_.BeginRead(deadline));
  KITH_RETURN_IF_ERROR(RequireProgram(*transaction, program_id));
  store::RowReader rows(*transaction);
  KITH_ASSIGN_OR_RETURN(Review review, ReviewCustomer(rows, program_id, customer_id));
  Explanation explanation;
  explanation.customer = review.customer;
  if (review.customer.judgement.evidence == domain::EvidenceKind::kOverride) {
    const auto newest = rows.Select<store::NewestOverride>({program_id, customer_id});
    KITH_RETURN_IF_ERROR(rows.status());
    if (!newest.empty()) explanation.decision = *newest.back();
  }
  explanation.candidates = ExplainAll(std::move(review));
  return explanation;
}

absl::StatusOr<Page<domain::AttributionOverride>> AttributionReader::ListOverrides(
    const std::string& program_id, const std::string& customer_id, const PageRequest& page,
    absl::Time deadline) const {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database_.BeginRead(deadline));
  KITH_RETURN_IF_ERROR(RequireProgram(*transaction, program_id));
  return ReadPage<domain::AttributionOverride>(
      absl::StrCat("overrides ", program_id, " ", customer_id), page,
      [&](const std::string& after, int64_t limit) {
        // "<number> <customer>", as written below.
        const size_t space = after.find(' ');
        int64_t number = 0;
        std::string customer;
        if (space != std::string::npos && absl::SimpleAtoi(after.substr(0, space), &number)) {
          customer = after.substr(space + 1);
        }
        return store::ReadOverrides(*transaction, program_id, customer_id, customer, number,
                                    limit);
      },
      [](const domain::AttributionOverride& row) {
        return absl::StrCat(row.number, " ", row.customer_id);
      });
}

absl::StatusOr<std::vector<domain::CreditShare>> AttributionReader::GetCredit(
    const CreditRequest& request, absl::Time deadline) const {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database_.BeginRead(deadline));
  KITH_RETURN_IF_ERROR(RequireProgram(*transaction, request.program_id));
  store::RowReader rows(*transaction);
  KITH_ASSIGN_OR_RETURN(const Review review,
                        ReviewCustomer(rows, request.program_id, request.customer_id));
  return domain::DivideCredit(domain::CreditPoints(review.customer, review.weighed),
                              request.model, review.rules.credit_half_life,
                              request.amount_minor);
}

}  // namespace kith::referral::app
