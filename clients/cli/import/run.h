// The import of one file from beginning to end.
#ifndef KITH_CLIENTS_CLI_IMPORT_RUN_H_
#define KITH_CLIENTS_CLI_IMPORT_RUN_H_

#include <cstdint>
#include <istream>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clients/cli/caller.h"
#include "clients/cli/env.h"
#include "clients/cli/import/importer.h"

namespace kith::cli {

// What to import.
struct ImportInput {
  std::string name;   // of the file, for people
  std::istream* in;   // its content
  int64_t size = -1;  // in bytes; -1 when it is not known
  std::string rejects_path;
  absl::Duration patience;  // how long a service may be away
};

// What an import did.
struct ImportSummary {
  int64_t rows = 0;  // without the header
  int64_t imported = 0;
  int64_t rejected = 0;
  int64_t enrolled = 0;         // advocates who were not known, and whom the file names
  int64_t unknown = 0;          // lines about somebody whom the service does not know, as yet
  std::string whom;             // what these are called: `customers`, `advocates`
  std::string note;             // of the importer
  absl::Status rejects_status;  // why the rejects could not be written
  std::string earlier_rejects;  // where the file of an earlier run is now; empty: nowhere
  std::map<std::string, int64_t> rejected_by_reason;
  std::vector<std::string> ignored_columns;
};

// Asks a service whether it serves, again and again with growing pauses, until it does or
// `patience` is used up. The last answer.
Health AwaitServing(Caller& caller, Target target, absl::Duration patience);

// Reads, sends in batches with several on their way, writes the rejects. An error leaves
// what was done; the same import may be run again and goes on.
absl::StatusOr<ImportSummary> RunImport(Env& env, Importer& importer,
                                        const ImportInput& input);

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_IMPORT_RUN_H_
