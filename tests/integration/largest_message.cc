#include "tests/integration/largest_message.h"

#include <algorithm>
#include <map>
#include <set>

#include "kith/type/v1/rules.pb.h"

namespace kith::test {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::OneofDescriptor;

int64_t VarintSize(int64_t value) {
  int64_t size = 1;
  for (; value >= 128; value /= 128) ++size;
  return size;
}

int64_t WithLength(int64_t size) { return VarintSize(size) + size; }

int64_t NumberSize(FieldDescriptor::Type type) {
  switch (type) {
    case FieldDescriptor::TYPE_BOOL:
      return 1;
    case FieldDescriptor::TYPE_FLOAT:
    case FieldDescriptor::TYPE_FIXED32:
    case FieldDescriptor::TYPE_SFIXED32:
      return 4;
    case FieldDescriptor::TYPE_UINT32:
    case FieldDescriptor::TYPE_SINT32:
      return 5;
    case FieldDescriptor::TYPE_DOUBLE:
    case FieldDescriptor::TYPE_FIXED64:
    case FieldDescriptor::TYPE_SFIXED64:
      return 8;
    default:
      return 10;  // also of negative ones
  }
}

class Sizes {
 public:
  int64_t Of(const Descriptor* type) {
    if (!above_.insert(type).second) return 0;
    int64_t size = 0;
    std::map<const OneofDescriptor*, int64_t> largest;
    for (int i = 0; i < type->field_count(); ++i) {
      const FieldDescriptor* field = type->field(i);
      const OneofDescriptor* oneof = field->real_containing_oneof();
      if (oneof == nullptr) {
        size += Of(field);
      } else {
        largest[oneof] = std::max(largest[oneof], Of(field));
      }
    }
    for (const auto& [oneof, bytes] : largest) size += bytes;
    above_.erase(type);
    return size;
  }

 private:
  int64_t Of(const FieldDescriptor* field) {
    const auto& rules = field->options().GetExtension(kith::type::v1::rules);
    int64_t element = NumberSize(field->type());
    if (field->message_type() != nullptr) {
      element = WithLength(Of(field->message_type()));
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      element = WithLength(rules.max_bytes());
    }
    const int64_t count = field->is_repeated() ? rules.max_items() : 1;
    return count * (VarintSize(int64_t{field->number()} << 3) + element);
  }

  std::set<const Descriptor*> above_;
};

}  // namespace

int64_t LargestSize(const Descriptor* type) { return Sizes().Of(type); }

}  // namespace kith::test
