// A program as a flat list of fields: one form for storing it and for saying what changed.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_PROGRAM_FIELDS_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_PROGRAM_FIELDS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "services/referral/domain/program.h"

namespace kith::referral::domain {

// A field by its path and its value as text: `attribution.lead_window` is `2160h`,
// `rewards[welcome].fixed_minor` is `1000`. Elements of a list are named by what makes them
// unique (rules and campaigns by their ids, caps by `scope/period`, weights by their signal),
// or by their position where the order means something (`cases[0]`).
struct Field {
  std::string path;
  std::string value;
  friend bool operator==(const Field&, const Field&) = default;
};

// The fields, without `program_id`, in the order of the rules. Most fields at their default
// are left out: the defaults of a program never change, or stored programs would.
std::vector<Field> ToFields(const Program& program);
// The reverse. INTERNAL for a path or value that ToFields does not write.
absl::StatusOr<Program> FromFields(std::string program_id, absl::Span<const Field> fields);

// A field whose value differs. An empty value: the field is absent, or at its default.
struct FieldChange {
  std::string path;
  std::string old_value;
  std::string new_value;
  friend bool operator==(const FieldChange&, const FieldChange&) = default;
};

// What differs between two programs, in order of path; every field when there is none before
// (nullptr). The order of rules, campaigns, caps and weights means nothing.
std::vector<FieldChange> Differences(const Program* before, const Program& after);

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_PROGRAM_FIELDS_H_
