// Programme files: several documents a file, each with its `kind`.
#ifndef KITH_CLIENTS_CLI_YAML_DOCUMENT_H_
#define KITH_CLIENTS_CLI_YAML_DOCUMENT_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "clients/cli/caller.h"
#include "clients/cli/yaml/problem.h"
#include "google/protobuf/message.h"
#include "kith/type/v1/types.pb.h"

namespace kith::cli {

// What applying a document did, or would do.
struct ApplyResult {
  int64_t version = 0;
  bool changed = false;
  std::vector<kith::type::v1::Difference> differences;
  std::vector<std::string> notes;  // what may not be meant so, for people
};

// A kind of document.
struct DocumentKind {
  std::string name;      // as written in the file
  Target target;         // the service that keeps it
  std::string field;     // of the apply request; violations are reported below it
  std::string id_field;  // what names it besides program_id; may be empty
  std::unique_ptr<google::protobuf::Message> (*make)();
  absl::StatusOr<ApplyResult> (*apply)(Caller& caller,
                                       const google::protobuf::Message& document,
                                       const std::string& request_id, bool dry_run);
};

// All kinds.
const std::vector<DocumentKind>& DocumentKinds();

// One document of a file.
struct Document {
  const DocumentKind* kind = nullptr;
  std::string id;  // program_id, with `/` and the second id if the kind has one
  Place place;
  FieldPlaces places;
  std::unique_ptr<google::protobuf::Message> message;
};

// The documents of one or several files, and everything that is wrong with them.
struct Documents {
  std::vector<Document> documents;
  std::vector<Problem> problems;
};

// Adds the documents of `text`, which is the content of `file`.
void ParseDocuments(const std::string& file, const std::string& text, Documents* result);

// Adds a problem for each document that defines what an earlier one has defined.
void CheckDistinct(Documents* result);

// An error of the service, field by field where it names fields.
std::vector<Problem> ProblemsOf(const Document& document, const absl::Status& status);

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_YAML_DOCUMENT_H_
