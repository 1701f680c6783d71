#include "clients/cli/yaml/convert.h"

#include "absl/strings/str_cat.h"
#include "clients/cli/text/excerpt.h"
#include "clients/cli/yaml/scalar.h"

namespace kith::cli {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::Message;

// Names of fields are shorter; a key that is none may be anything.
constexpr size_t kLongestName = 64;

std::string ChildPath(const std::string& path, const std::string& name) {
  const std::string shown = name.size() > kLongestName ? Excerpt(name) : name;
  return path.empty() ? shown : absl::StrCat(path, ".", shown);
}

std::vector<std::string> FieldNames(const Descriptor& type) {
  std::vector<std::string> names;
  for (int i = 0; i < type.field_count(); ++i) names.push_back(type.field(i)->name());
  return names;
}

// What a node is, in words.
absl::string_view KindOf(const YAML::Node& node) {
  if (node.IsMap()) return "a map";
  if (node.IsSequence()) return "a list";
  return node.IsScalar() ? "a single value" : "nothing";
}

// yaml-cpp tags quoted scalars with "!".
Scalar ToScalar(const YAML::Node& node) { return {node.Scalar(), node.Tag() == "!"}; }

}  // namespace

Place PlaceOf(const YAML::Node& node, const std::string& file) {
  const YAML::Mark mark = node.Mark();
  if (mark.is_null()) return {file, 1, 1};
  return {file, mark.line + 1, mark.column + 1};
}

void Converter::Report(const YAML::Node& node, const std::string& path, std::string text) {
  problems_->push_back({PlaceOf(node, file_), path, std::move(text)});
}

void Converter::Convert(const YAML::Node& map, const std::string& path, Message* message,
                        const std::set<std::string>& ignored) {
  std::set<std::string> seen;
  for (const auto& entry : map) {
    const YAML::Node& key = entry.first;
    if (!key.IsScalar()) {
      Report(key, path, "a field name must be a single word");
    } else if (!seen.insert(key.Scalar()).second) {
      Report(key, ChildPath(path, key.Scalar()), "is given twice; keep one");
    } else if (ignored.count(key.Scalar()) == 0) {
      ConvertField(key, entry.second, path, message);
    }
  }
}

void Converter::ConvertField(const YAML::Node& key, const YAML::Node& value,
                             const std::string& path, Message* message) {
  const std::string child = ChildPath(path, key.Scalar());
  const Descriptor& type = *message->GetDescriptor();
  const Field* field = type.FindFieldByName(key.Scalar());
  if (field == nullptr) {
    return Report(
        key, child,
        absl::StrCat("there is no such field; ", Suggest(key.Scalar(), FieldNames(type))));
  }
  places_->Add(child, PlaceOf(value.IsNull() ? key : value, file_));
  if (value.IsNull()) {
    return Report(key, child, "has no value; give one or leave the field out");
  }
  const auto* oneof = field->real_containing_oneof();
  if (oneof != nullptr && message->GetReflection()->HasOneof(*message, oneof)) {
    const auto* other = message->GetReflection()->GetOneofFieldDescriptor(*message, oneof);
    return Report(
        key, child,
        absl::StrCat("excludes '", other->name(), "', which is given too; keep one"));
  }
  if (field->is_repeated()) return ConvertList(value, child, field, message);
  ConvertValue(value, child, field, message);
}

void Converter::ConvertList(const YAML::Node& list, const std::string& path,
                            const Field* field, Message* message) {
  if (field->is_map()) return Report(list, path, "this field cannot be written in a file");
  if (!list.IsSequence()) {
    return Report(list, path, absl::StrCat("is ", KindOf(list), ", must be a list"));
  }
  int index = 0;
  for (const auto& item : list) {
    const std::string child = absl::StrCat(path, "[", index++, "]");
    places_->Add(child, PlaceOf(item, file_));
    ConvertValue(item, child, field, message);
  }
}

void Converter::ConvertValue(const YAML::Node& node, const std::string& path,
                             const Field* field, Message* message) {
  if (field->cpp_type() != Field::CPPTYPE_MESSAGE) {
    return ConvertScalar(node, path, field, message);
  }
  const auto& reflection = *message->GetReflection();
  ConvertNested(node, path,
                field->is_repeated() ? reflection.AddMessage(message, field)
                                     : reflection.MutableMessage(message, field));
}

void Converter::ConvertNested(const YAML::Node& node, const std::string& path,
                              Message* nested) {
  const Descriptor* type = nested->GetDescriptor();
  if (IsScalarMessage(type) || (IsTextMessage(type) && node.IsScalar())) {
    if (!node.IsScalar()) {
      return Report(node, path, absl::StrCat("is ", KindOf(node), ", must be a single value"));
    }
    const absl::Status status = SetScalarMessage(ToScalar(node), nested);
    if (!status.ok()) Report(node, path, std::string(status.message()));
    return;
  }
  if (!node.IsMap()) {
    return Report(
        node, path,
        absl::StrCat("is ", KindOf(node), ", must be a map with fields of ", type->name()));
  }
  Convert(node, path, nested);
}

void Converter::ConvertScalar(const YAML::Node& node, const std::string& path,
                              const Field* field, Message* message) {
  if (!node.IsScalar()) {
    return Report(node, path, absl::StrCat("is ", KindOf(node), ", must be a single value"));
  }
  const absl::Status status = SetScalar(ToScalar(node), field, message);
  if (!status.ok()) Report(node, path, std::string(status.message()));
}

}  // namespace kith::cli
