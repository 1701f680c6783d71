// How rows of each kind of file become items of requests.
#ifndef KITH_CLIENTS_CLI_IMPORT_IMPORTER_H_
#define KITH_CLIENTS_CLI_IMPORT_IMPORTER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "clients/cli/caller.h"
#include "clients/cli/csv/table.h"
#include "clients/cli/env.h"
#include "clients/cli/import/batch.h"

namespace kith::cli {

// Reads one kind of file. It sees the rows in the order of the file, from one thread.
class Importer {
 public:
  virtual ~Importer() = default;

  // The columns.
  virtual const csv::Schema& schema() const = 0;
  // The services that it calls for a file with the columns of `table`.
  virtual std::vector<Target> targets(const csv::TableReader& table) const = 0;
  // Asks what it must know before the first row.
  virtual absl::Status Begin(Env&) { return absl::OkStatus(); }
  // The empty calls of a new batch, always as many.
  virtual std::vector<BatchCall> NewCalls() const = 0;
  // Checks a row and adds its items; `index` is its place in `batch.rows`. An error rejects
  // the row, which has added nothing then.
  virtual absl::Status Add(const csv::Row& row, size_t index, Batch& batch) = 0;
  // How many advocates a batch that was sent has enrolled, because its rows name them.
  virtual int64_t EnrolledBy(const Batch&) const { return 0; }
  // How many items of a batch that was sent the service has taken although it does not know,
  // as yet, whom they are about.
  virtual int64_t UnknownBy(const Batch&) const { return 0; }
  // Looks at a batch that was sent, never at two at once.
  virtual void Look(const Batch&) {}
  // What is to be known of the rows that were imported; empty: nothing. Asked at the end.
  virtual std::string Note() const { return ""; }
  // What these are called.
  virtual absl::string_view Whom() const { return "customers"; }
};

// TIME_IN_FUTURE for a time that is further ahead than the services allow.
absl::Status CheckNotAhead(absl::string_view column, absl::Time time, absl::Time now);

// How many advocates a call of EnrollAdvocates enrolled who were not enrolled before.
int64_t CountEnrolled(const BatchCall& call);

// The kinds: customers, referrals, activities, events, payments.
const std::vector<std::string>& ImportKinds();
// The importer of one of them into a program.
std::unique_ptr<Importer> MakeImporter(absl::string_view kind, const std::string& program_id);

// Of the kinds, one file each.
std::unique_ptr<Importer> MakeCustomerImporter(const std::string& program_id);
std::unique_ptr<Importer> MakeReferralImporter(const std::string& program_id);
std::unique_ptr<Importer> MakeActivityImporter(const std::string& program_id);
std::unique_ptr<Importer> MakeEventImporter(const std::string& program_id);
std::unique_ptr<Importer> MakePaymentImporter(const std::string& program_id);

// `plan and time`, in what an event differs from the one that was recorded under its id; empty
// when the refusal does not say.
absl::string_view WhatDiffers(const type::v1::ItemError& reused);

// A call whose request belongs to `program_id`.
template <class Request, class Response>
BatchCall NewCall(Target target, const std::string& program_id, const char* items_field,
                  CallTraits traits) {
  auto request = std::make_unique<Request>();
  request->set_program_id(program_id);
  return BatchCall(target, std::move(request), items_field, std::make_unique<Response>(),
                   traits);
}

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_IMPORT_IMPORTER_H_
