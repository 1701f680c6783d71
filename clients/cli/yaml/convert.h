// YAML nodes to messages, driven by descriptors: a new field needs no change here.
#ifndef KITH_CLIENTS_CLI_YAML_CONVERT_H_
#define KITH_CLIENTS_CLI_YAML_CONVERT_H_

#include <set>
#include <string>
#include <vector>

#include "clients/cli/yaml/problem.h"
#include "google/protobuf/message.h"
#include "yaml-cpp/yaml.h"

namespace kith::cli {

// The place of a node.
Place PlaceOf(const YAML::Node& node, const std::string& file);

// Fills a message from a map. Field names are those of the proto; enums are written by
// short or full name, durations as `90d`, times as RFC 3339 or dates, conditions
// as maps or as one line (see condition_text.h). Goes on after a
// problem, so that all are found at once.
class Converter {
 public:
  // All three outlive this.
  Converter(std::string file, FieldPlaces* places, std::vector<Problem>* problems)
      : file_(std::move(file)), places_(places), problems_(problems) {}

  // `path` is that of the message in the document, empty for the document itself. Keys in
  // `ignored` are left out.
  void Convert(const YAML::Node& map, const std::string& path,
               google::protobuf::Message* message, const std::set<std::string>& ignored = {});

 private:
  using Field = google::protobuf::FieldDescriptor;

  void ConvertField(const YAML::Node& key, const YAML::Node& value, const std::string& path,
                    google::protobuf::Message* message);
  void ConvertList(const YAML::Node& list, const std::string& path, const Field* field,
                   google::protobuf::Message* message);
  void ConvertValue(const YAML::Node& node, const std::string& path, const Field* field,
                    google::protobuf::Message* message);
  void ConvertNested(const YAML::Node& node, const std::string& path,
                     google::protobuf::Message* nested);
  void ConvertScalar(const YAML::Node& node, const std::string& path, const Field* field,
                     google::protobuf::Message* message);
  void Report(const YAML::Node& node, const std::string& path, std::string text);

  const std::string file_;
  FieldPlaces* const places_;
  std::vector<Problem>* const problems_;
};

// `Did you mean …?` when a name of `known` is close to `name`, else the list of `known`.
std::string Suggest(const std::string& name, const std::vector<std::string>& known);

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_YAML_CONVERT_H_
