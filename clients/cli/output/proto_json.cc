#include "clients/cli/output/proto_json.h"

#include <string>

#include "clients/cli/text/enum_name.h"
#include "clients/cli/text/parse.h"

namespace kith::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

Json NestedToJson(const Message& message) {
  if (const auto* time = dynamic_cast<const google::protobuf::Timestamp*>(&message)) {
    return FormatTimeText(FromTimestamp(*time));
  }
  if (const auto* duration = dynamic_cast<const google::protobuf::Duration*>(&message)) {
    return FormatDurationText(FromDuration(*duration));
  }
  return MessageToJson(message);
}

// The value at `index` of a repeated field, or of a singular one when `index` is -1.
Json ValueToJson(const Message& m, const FieldDescriptor* f, int index) {
  const Reflection& r = *m.GetReflection();
  const bool many = index >= 0;
  switch (f->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return many ? r.GetRepeatedInt32(m, f, index) : r.GetInt32(m, f);
    case FieldDescriptor::CPPTYPE_INT64:
      return many ? r.GetRepeatedInt64(m, f, index) : r.GetInt64(m, f);
    case FieldDescriptor::CPPTYPE_UINT32:
      return many ? r.GetRepeatedUInt32(m, f, index) : r.GetUInt32(m, f);
    case FieldDescriptor::CPPTYPE_UINT64:
      return many ? r.GetRepeatedUInt64(m, f, index) : r.GetUInt64(m, f);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return many ? r.GetRepeatedDouble(m, f, index) : r.GetDouble(m, f);
    case FieldDescriptor::CPPTYPE_FLOAT:
      return many ? r.GetRepeatedFloat(m, f, index) : r.GetFloat(m, f);
    case FieldDescriptor::CPPTYPE_BOOL:
      return many ? r.GetRepeatedBool(m, f, index) : r.GetBool(m, f);
    case FieldDescriptor::CPPTYPE_ENUM:
      return EnumShortName(many ? *r.GetRepeatedEnum(m, f, index) : *r.GetEnum(m, f));
    case FieldDescriptor::CPPTYPE_STRING:
      return many ? r.GetRepeatedString(m, f, index) : r.GetString(m, f);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return NestedToJson(many ? r.GetRepeatedMessage(m, f, index) : r.GetMessage(m, f));
  }
  return nullptr;
}

Json FieldToJson(const Message& message, const FieldDescriptor* field) {
  const Reflection& reflection = *message.GetReflection();
  if (field->is_repeated()) {
    Json list = Json::array();
    for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
      list.push_back(ValueToJson(message, field, i));
    }
    return list;
  }
  if (field->has_presence() && !reflection.HasField(message, field)) return nullptr;
  return ValueToJson(message, field, -1);
}

}  // namespace

Json MessageToJson(const Message& message) {
  Json json = Json::object();
  const auto* type = message.GetDescriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    json[type->field(i)->name()] = FieldToJson(message, type->field(i));
  }
  return json;
}

void PrintJson(std::ostream& out, const Json& json) {
  out << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

}  // namespace kith::cli
