// Calls of the service, as the subject makes them.
#ifndef KITH_TESTS_PROPERTY_CALLS_H_
#define KITH_TESTS_PROPERTY_CALLS_H_

#include <grpcpp/grpcpp.h>

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/rpc/channel.h"
#include "google/protobuf/timestamp.pb.h"
#include "kith/referral/v1/rules.pb.h"
#include "tests/property/subject.h"

namespace kith::property {

inline constexpr char kOk[] = "ok";

void SetTime(absl::Time time, google::protobuf::Timestamp* out);
void SetAttribute(const char* name, const std::string& value,
                  kith::referral::v1::Attribute* out);
// "available" of "REWARD_STATE_AVAILABLE".
std::string Word(const std::string& name, absl::string_view prefix);
// "ok" or the reason of the refusal.
std::string ReasonOf(const grpc::Status& status);

// Calls; "ok" or the reason of the refusal.
template <class Stub, class Method, class Request, class Response>
std::string Call(Stub& stub, Method method, const Request& request, Response& response) {
  grpc::ClientContext context;
  rpc::SetTimeout(context, absl::Seconds(60));
  return ReasonOf((stub.*method)(&context, request, &response));
}

// The answers to the items of a request.
template <class Response>
std::vector<Answer> AnswersOf(const std::string& outcome, const Response& response,
                              size_t count) {
  std::vector<Answer> answers;
  for (size_t i = 0; i < count; ++i) {
    if (outcome != kOk) {
      answers.push_back({outcome, {}});
      continue;
    }
    const auto& result = response.results(static_cast<int>(i));
    answers.push_back({result.has_error() ? result.error().reason() : kOk, {}});
  }
  return answers;
}

}  // namespace kith::property

#endif  // KITH_TESTS_PROPERTY_CALLS_H_
