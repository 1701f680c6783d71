// Places in programme files and what is wrong there.
#ifndef KITH_CLIENTS_CLI_YAML_PROBLEM_H_
#define KITH_CLIENTS_CLI_YAML_PROBLEM_H_

#include <map>
#include <string>

#include "absl/strings/string_view.h"

namespace kith::cli {

// A place in a file; line and column count from 1.
struct Place {
  std::string file;
  int line = 1;
  int column = 1;
  friend bool operator==(const Place&, const Place&) = default;
};

// `file:line:column`.
std::string ToString(const Place& place);

// Something that must be put right.
struct Problem {
  Place place;
  std::string field;  // path in the document, such as `rewards[1].kind`; may be empty
  std::string text;   // what is wrong and what would be right
};

// `file:line:column: field: text`.
std::string ToString(const Problem& problem);

// Where the fields of a document stand, by path.
class FieldPlaces {
 public:
  void Add(const std::string& path, Place place) { places_[path] = std::move(place); }
  // The place of `path`, or of the nearest field around it that the file has; the
  // document's own (path "") at the end. A document adds itself before its fields.
  Place Find(absl::string_view path) const;

 private:
  std::map<std::string, Place> places_;
};

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_YAML_PROBLEM_H_
