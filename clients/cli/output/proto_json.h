// Messages as JSON in the style of our scripts: snake_case names, integers as integers,
// enums by short name, times in RFC 3339, absent values null.
#ifndef KITH_CLIENTS_CLI_OUTPUT_PROTO_JSON_H_
#define KITH_CLIENTS_CLI_OUTPUT_PROTO_JSON_H_

#include <ostream>

#include "google/protobuf/message.h"
#include "nlohmann/json.hpp"

namespace kith::cli {

// Keeps the order of insertion.
using Json = nlohmann::ordered_json;

// All fields of `message` in order of declaration.
Json MessageToJson(const google::protobuf::Message& message);

// Prints with two spaces of indentation and a line feed. Doubles round-trip; a number that
// JSON cannot hold is null.
void PrintJson(std::ostream& out, const Json& json);

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_OUTPUT_PROTO_JSON_H_
