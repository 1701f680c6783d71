#include "tests/integration/message_builder.h"

#include <atomic>
#include <functional>
#include <set>

#include "absl/strings/str_cat.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "kith/type/v1/rules.pb.h"

namespace kith::test {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MessageFactory;
using kith::type::v1::FieldRules;

constexpr int kMaxDepth = 8;

const FieldRules& RulesOf(const FieldDescriptor* field) {
  return field->options().GetExtension(kith::type::v1::rules);
}

bool IsWellKnown(const Descriptor* type) {
  return type->full_name() == "google.protobuf.Timestamp" ||
         type->full_name() == "google.protobuf.Duration";
}

bool IsText(const FieldDescriptor* field) {
  return field->cpp_type() == FieldDescriptor::CPPTYPE_STRING;
}

// Text of `size` bytes that fits the field's pattern; the pattern decides when it cannot be
// stretched.
std::string Text(const FieldDescriptor* field, size_t size) {
  switch (RulesOf(field).pattern()) {
    case kith::type::v1::PATTERN_CURRENCY:
      return "USD";
    case kith::type::v1::PATTERN_TIME_ZONE:
      return "Europe/Berlin";
    case kith::type::v1::PATTERN_EMAIL: {
      // A local part of at most 64 and labels of at most 63 characters.
      const std::string end = ".example";
      if (size < 20) return absl::StrCat("p@q", end);
      std::string text = "p@";
      while (text.size() + end.size() < size) {
        const size_t label = std::min<size_t>(40, size - end.size() - text.size());
        text += std::string(label, 'q');
        if (text.size() + end.size() + 1 < size) text += '.';
      }
      return text + end;
    }
    default:
      return std::string(size, 'x');
  }
}

bool Stretches(const FieldDescriptor* field) {
  const auto pattern = RulesOf(field).pattern();
  return pattern != kith::type::v1::PATTERN_CURRENCY &&
         pattern != kith::type::v1::PATTERN_TIME_ZONE;
}

std::string ShortText(const FieldDescriptor* field, const std::string& program_id) {
  if (field->name() == "program_id") return program_id;
  if (field->name() == "page_token") return "";
  return Text(field, 6);
}

int64_t SmallNumber(const FieldDescriptor* field) {
  const FieldRules& rules = RulesOf(field);
  int64_t value = rules.required() ? 1 : 0;
  if (rules.has_min_value()) value = std::max(value, rules.min_value());
  return value;
}

void SetNumber(Message& message, const FieldDescriptor* field, int64_t value) {
  const auto* reflection = message.GetReflection();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection->SetInt32(&message, field, static_cast<int32_t>(value));
    case FieldDescriptor::CPPTYPE_INT64:
      return reflection->SetInt64(&message, field, value);
    case FieldDescriptor::CPPTYPE_ENUM:
      return reflection->SetEnumValue(&message, field, static_cast<int>(value));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return reflection->SetDouble(&message, field, static_cast<double>(value));
    default:
      return;
  }
}

void SetText(Message& message, const FieldDescriptor* field, const std::string& text) {
  const auto* reflection = message.GetReflection();
  if (field->is_repeated()) {
    reflection->AddString(&message, field, text);
  } else {
    reflection->SetString(&message, field, text);
  }
}

// Some time, later in a later field, so that a beginning comes before its end; or a minute.
void FillTime(const FieldDescriptor* field, Message& time) {
  const bool duration = field->message_type()->full_name() == "google.protobuf.Duration";
  SetNumber(time, time.GetDescriptor()->FindFieldByName("seconds"),
            duration ? 60 : 1'700'000'000 + field->number());
}

void Fill(Message& message, const std::string& program_id, int depth) {
  const auto* reflection = message.GetReflection();
  std::set<const google::protobuf::OneofDescriptor*> chosen;
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = message.GetDescriptor()->field(i);
    const auto* oneof = field->real_containing_oneof();
    if (oneof != nullptr && !chosen.insert(oneof).second) continue;
    const bool required = RulesOf(field).required();
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      if (depth > kMaxDepth || (IsWellKnown(field->message_type()) && !required)) continue;
      if (IsWellKnown(field->message_type())) {
        FillTime(field, *reflection->MutableMessage(&message, field));
        continue;
      }
      Fill(field->is_repeated() ? *reflection->AddMessage(&message, field)
                                : *reflection->MutableMessage(&message, field),
           program_id, depth + 1);
    } else if (IsText(field)) {
      if (required || oneof != nullptr || field->name() == "program_id") {
        SetText(message, field, ShortText(field, program_id));
      }
    } else if (!field->is_repeated() &&
               (required || oneof != nullptr || SmallNumber(field) != 0)) {
      SetNumber(message, field, SmallNumber(field));
    }
  }
}

// Calls `visit` with every field of the message and its path, nested ones included.
using Visit = std::function<void(Message& parent, const FieldDescriptor* field,
                                 const std::string& path)>;
void Walk(Message& message, const std::string& prefix, const Visit& visit) {
  const auto* reflection = message.GetReflection();
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = message.GetDescriptor()->field(i);
    const std::string path = absl::StrCat(prefix, field->name());
    visit(message, field, path);
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE ||
        IsWellKnown(field->message_type())) {
      continue;
    }
    if (field->is_repeated()) {
      if (reflection->FieldSize(message, field) > 0) {
        Walk(*reflection->MutableRepeatedMessage(&message, field, 0),
             absl::StrCat(path, "[0]."), visit);
      }
    } else if (reflection->HasField(message, field)) {
      Walk(*reflection->MutableMessage(&message, field), absl::StrCat(path, "."), visit);
    }
  }
}

// Builds variants: each is the valid message with one field changed.
class VariantMaker {
 public:
  VariantMaker(const Descriptor* type, std::string program_id)
      : type_(type), program_id_(std::move(program_id)) {}

  std::vector<Variant> Make() {
    Walk(*ValidMessage(type_, program_id_), "",
         [this](Message&, const FieldDescriptor* field, const std::string& path) {
           AddVariants(field, path);
         });
    return std::move(variants_);
  }

 private:
  using Change = std::function<void(Message&, const FieldDescriptor*)>;

  void Add(const std::string& path, const std::string& what, bool allowed,
           const Change& change) {
    const MessagePtr message = ValidMessage(type_, program_id_);
    RenewRequestIds(*message);
    Walk(*message, "",
         [&](Message& parent, const FieldDescriptor* field, const std::string& here) {
           if (here == path && !done_) {
             done_ = true;
             change(parent, field);
           }
         });
    done_ = false;
    variants_.push_back({path, what, message->SerializeAsString(), allowed});
  }

  void AddVariants(const FieldDescriptor* field, const std::string& path) {
    const FieldRules& rules = RulesOf(field);
    if (rules.required()) {
      Add(path, "missing", false, [](Message& parent, const FieldDescriptor* target) {
        parent.GetReflection()->ClearField(&parent, target);
      });
    }
    if (field->is_repeated()) AddItemCounts(field, path, rules.max_items());
    if (IsText(field)) AddTexts(field, path, rules);
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM && !field->is_repeated()) {
      Add(path, "an enum value that does not exist", false,
          [](Message& parent, const FieldDescriptor* target) {
            SetNumber(parent, target, 9999);
          });
    }
    if (!field->is_repeated()) AddRange(path, rules);
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !field->is_repeated() &&
        IsWellKnown(field->message_type())) {
      AddImpossibleTime(path);
    }
  }

  void AddItemCounts(const FieldDescriptor* field, const std::string& path, uint32_t most) {
    const auto with = [](uint32_t count) {
      return [count](Message& parent, const FieldDescriptor* target) {
        const auto* reflection = parent.GetReflection();
        const int have = reflection->FieldSize(parent, target);
        for (int i = have; i < static_cast<int>(count); ++i) {
          if (target->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
            Message* item = reflection->AddMessage(&parent, target);
            if (i > 0) {
              item->CopyFrom(reflection->GetRepeatedMessage(parent, target, 0));
              MakeDistinct(*item, i);
            }
          } else if (IsText(target)) {
            reflection->AddString(&parent, target, absl::StrCat("x", i));
          } else if (target->cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
            // Not the first value, which means "not set".
            reflection->AddEnumValue(&parent, target, 1);
          }
        }
      };
    };
    static_cast<void>(field);
    Add(path, "as many items as allowed", true, with(most));
    Add(path, "one item too many", false, with(most + 1));
  }

  // Makes the ids of a copied item differ, so that the business does not refuse copies.
  static void MakeDistinct(Message& item, int number) {
    for (int i = 0; i < item.GetDescriptor()->field_count(); ++i) {
      const FieldDescriptor* field = item.GetDescriptor()->field(i);
      const bool id = field->name().size() > 3 &&
                      field->name().compare(field->name().size() - 3, 3, "_id") == 0;
      if (IsText(field) && !field->is_repeated() && id && RulesOf(field).required()) {
        SetText(item, field, absl::StrCat("x", number));
      }
    }
  }

  void AddTexts(const FieldDescriptor* field, const std::string& path,
                const FieldRules& rules) {
    const size_t most = rules.max_bytes();
    const auto set = [](std::string text) {
      return [text = std::move(text)](Message& parent, const FieldDescriptor* target) {
        parent.GetReflection()->ClearField(&parent, target);
        SetText(parent, target, text);
      };
    };
    const bool token = field->name() == "page_token";
    if (Stretches(field) && !token) {
      Add(path, "as long as allowed", true, set(Text(field, most)));
    }
    Add(path, "one byte too long", false, set(std::string(most + 1, 'x')));
    Add(path, "a control character", false, set("x\x01y"));
    if (rules.pattern() != kith::type::v1::PATTERN_UNSPECIFIED) {
      Add(path, "a space in it", false, set("x y"));
    }
    // A placeholder of the same length is overwritten in the serialized bytes, because the
    // library refuses to set what is not UTF-8.
    Add(path, "not UTF-8", false, set("@@@"));
    std::string& bytes = variants_.back().bytes;
    const size_t at = bytes.find("@@@");
    if (at != std::string::npos)
      bytes.replace(at, 3,
                    "x\xff"
                    "x");
  }

  void AddRange(const std::string& path, const FieldRules& rules) {
    const auto set = [](int64_t value) {
      return [value](Message& parent, const FieldDescriptor* target) {
        SetNumber(parent, target, value);
      };
    };
    if (rules.has_min_value()) {
      Add(path, "the least allowed", !(rules.required() && rules.min_value() == 0),
          set(rules.min_value()));
      Add(path, "less than allowed", false, set(rules.min_value() - 1));
    }
    if (rules.has_max_value()) {
      Add(path, "the most allowed", true, set(rules.max_value()));
      Add(path, "more than allowed", false, set(rules.max_value() + 1));
    }
  }

  void AddImpossibleTime(const std::string& path) {
    Add(path, "nanoseconds out of range", false,
        [](Message& parent, const FieldDescriptor* target) {
          Message* time = parent.GetReflection()->MutableMessage(&parent, target);
          SetNumber(*time, time->GetDescriptor()->FindFieldByName("nanos"), 1'000'000'000);
        });
    Add(path, "further away than any calendar", false,
        [](Message& parent, const FieldDescriptor* target) {
          Message* time = parent.GetReflection()->MutableMessage(&parent, target);
          SetNumber(*time, time->GetDescriptor()->FindFieldByName("seconds"),
                    int64_t{1} << 60);
        });
  }

  const Descriptor* const type_;
  const std::string program_id_;
  std::vector<Variant> variants_;
  bool done_ = false;
};

void CollectWithoutLimit(const Descriptor* type, std::set<const Descriptor*>& seen,
                         std::vector<std::string>& found) {
  if (!seen.insert(type).second || IsWellKnown(type)) return;
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    const FieldRules& rules = RulesOf(field);
    if ((IsText(field) && rules.max_bytes() == 0) ||
        (field->is_repeated() && rules.max_items() == 0)) {
      found.push_back(field->full_name());
    }
    if (field->message_type() != nullptr) {
      CollectWithoutLimit(field->message_type(), seen, found);
    }
  }
}

}  // namespace

MessagePtr ValidMessage(const Descriptor* type, const std::string& program_id) {
  MessagePtr message(MessageFactory::generated_factory()->GetPrototype(type)->New());
  Fill(*message, program_id, 0);
  RenewRequestIds(*message);
  return message;
}

std::vector<Variant> Variants(const Descriptor* type, const std::string& program_id) {
  return VariantMaker(type, program_id).Make();
}

std::vector<std::string> FieldsWithoutLimit(const Descriptor* type) {
  std::set<const Descriptor*> seen;
  std::vector<std::string> found;
  CollectWithoutLimit(type, seen, found);
  return found;
}

void RenewRequestIds(Message& message) {
  static std::atomic<int64_t> next{0};
  Walk(message, "", [](Message& parent, const FieldDescriptor* field, const std::string&) {
    if (field->name() == "request_id") {
      SetText(parent, field, absl::StrCat("request-", ++next));
    }
  });
}

}  // namespace kith::test
