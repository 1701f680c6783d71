// How requests become commands, and their results responses: shared by all services.
#ifndef KITH_SERVICES_REFERRAL_RPC_CALLS_H_
#define KITH_SERVICES_REFERRAL_RPC_CALLS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "common/rpc/service.h"
#include "services/referral/app/paging.h"
#include "services/referral/app/results.h"
#include "services/referral/rpc/values.h"

namespace kith::referral::rpc {

using kith::rpc::CallContext;
using kith::rpc::Service;
using kith::rpc::WriteCall;

// The time of a message's field, if it is set.
#define KITH_OPTIONAL_TIME(message, field) \
  ((message).has_##field() ? std::optional(ToTime((message).field())) : std::nullopt)

// `weight`: the number of items.
template <class Request>
WriteCall MakeCall(const Request& request, int64_t weight,
                   std::unique_ptr<exec::Command> command) {
  return {request.program_id(), request.request_id(), weight, std::move(command)};
}

// Encodes a result: `set(response, result)` fills the response.
template <class ResponseMessage, class Result, class SetResponse>
app::Encoder<Result> EncodeResult(SetResponse set) {
  return [set](const Result& result) -> absl::StatusOr<std::string> {
    ResponseMessage response;
    set(response, result);
    return response.SerializeAsString();
  };
}

// Encodes the results of a batch: `set(message, item)` fills the result of an accepted item.
template <class ResponseMessage, class Item, class SetItem>
app::Encoder<app::Results<Item>> EncodeResults(SetItem set) {
  return [set](const app::Results<Item>& results) -> absl::StatusOr<std::string> {
    ResponseMessage response;
    for (const absl::StatusOr<Item>& item : results) {
      auto& result = *response.add_results();
      if (item.ok()) {
        set(result, *item);
      } else {
        Set(*result.mutable_error(), item.status());
      }
    }
    return response.SerializeAsString();
  };
}

// The page that a listing's request asks for.
template <class Request>
app::PageRequest ToPage(const Request& request) {
  return {request.page_size(), request.page_token()};
}

}  // namespace kith::referral::rpc

#endif  // KITH_SERVICES_REFERRAL_RPC_CALLS_H_
