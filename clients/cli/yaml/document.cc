#include "clients/cli/yaml/document.h"

#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "clients/cli/text/excerpt.h"
#include "clients/cli/yaml/convert.h"
#include "common/base/error.h"
#include "common/rpc/limits.h"
#include "yaml-cpp/yaml.h"

namespace kith::cli {
namespace {

std::vector<std::string> KindNames() {
  std::vector<std::string> names;
  for (const DocumentKind& kind : DocumentKinds()) names.push_back(kind.name);
  return names;
}

const DocumentKind* FindKind(const std::string& name) {
  for (const DocumentKind& kind : DocumentKinds()) {
    if (kind.name == name) return &kind;
  }
  return nullptr;
}

// The text of a string field, or empty.
std::string TextOf(const google::protobuf::Message& message, const std::string& field) {
  const auto* descriptor = message.GetDescriptor()->FindFieldByName(field);
  return descriptor == nullptr ? "" : message.GetReflection()->GetString(message, descriptor);
}

std::string IdOf(const DocumentKind& kind, const google::protobuf::Message& message) {
  std::string id = TextOf(message, "program_id");
  if (!kind.id_field.empty()) absl::StrAppend(&id, "/", TextOf(message, kind.id_field));
  return id;
}

// The kind of a document, or null after reporting what is wrong with it.
const DocumentKind* KindOf(const YAML::Node& node, const std::string& file,
                           std::vector<Problem>* problems) {
  const YAML::Node kind = node["kind"];
  if (!kind || !kind.IsScalar()) {
    problems->push_back(
        {PlaceOf(node, file), "kind", "is missing; " + Suggest("", KindNames())});
    return nullptr;
  }
  const DocumentKind* found = FindKind(kind.Scalar());
  if (found == nullptr) {
    problems->push_back({PlaceOf(kind, file), "kind",
                         absl::StrCat(Excerpt(kind.Scalar()), " is no kind of document; ",
                                      Suggest(kind.Scalar(), KindNames()))});
  }
  return found;
}

// Adds what the service would refuse by the rules of the fields: missing, too long, out of
// range.
void CheckRules(const Document& document, std::vector<Problem>* problems) {
  const auto& limits = rpc::LimitsOf(document.message->GetDescriptor());
  for (const auto& [field, description] : rpc::FindViolations(limits, *document.message)) {
    problems->push_back({document.places.Find(field), field, description});
  }
}

void ParseDocument(const YAML::Node& node, const std::string& file, Documents* result) {
  if (node.IsNull()) return;  // an empty document, such as one of comments only
  if (!node.IsMap()) {
    result->problems.push_back(
        {PlaceOf(node, file), "", "a document must be a map that starts with its kind"});
    return;
  }
  Document document;
  document.kind = KindOf(node, file, &result->problems);
  if (document.kind == nullptr) return;
  document.place = PlaceOf(node, file);
  document.places.Add("", document.place);
  document.message = document.kind->make();
  const size_t problems = result->problems.size();
  Converter(file, &document.places, &result->problems)
      .Convert(node, "", document.message.get(), {"kind"});
  if (result->problems.size() == problems) CheckRules(document, &result->problems);
  document.id = IdOf(*document.kind, *document.message);
  result->documents.push_back(std::move(document));
}

// Services name fields from the request, files from the document.
absl::string_view PathInDocument(const DocumentKind& kind, absl::string_view path) {
  if (path == kind.field) return "";
  return absl::StripPrefix(path, absl::StrCat(kind.field, "."));
}

}  // namespace

void ParseDocuments(const std::string& file, const std::string& text, Documents* result) {
  try {
    for (const YAML::Node& node : YAML::LoadAll(text)) ParseDocument(node, file, result);
  } catch (const YAML::Exception& error) {
    Place place{file, 1, 1};
    if (!error.mark.is_null()) place = {file, error.mark.line + 1, error.mark.column + 1};
    result->problems.push_back({place, "", absl::StrCat("this is not YAML: ", error.msg)});
  }
}

void CheckDistinct(Documents* result) {
  std::map<std::pair<std::string, std::string>, const Document*> seen;
  for (const Document& document : result->documents) {
    const auto [entry, is_new] =
        seen.try_emplace({document.kind->name, document.id}, &document);
    if (is_new) continue;
    result->problems.push_back(
        {document.place, "",
         absl::StrCat(document.kind->name, " '", document.id, "' is already defined at ",
                      ToString(entry->second->place))});
  }
}

std::vector<Problem> ProblemsOf(const Document& document, const absl::Status& status) {
  std::vector<Problem> problems;
  const auto details = GetErrorDetails(status);
  if (details.has_value()) {
    for (const auto& [field, description] : details->fields) {
      const std::string path(PathInDocument(*document.kind, field));
      problems.push_back({document.places.Find(path), path, description});
    }
  }
  if (problems.empty()) problems.push_back({document.place, "", Describe(status)});
  return problems;
}

}  // namespace kith::cli
