// A batch of rows on its way to the services.
#ifndef KITH_CLIENTS_CLI_IMPORT_BATCH_H_
#define KITH_CLIENTS_CLI_IMPORT_BATCH_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "clients/cli/caller.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "google/protobuf/message.h"
#include "kith/type/v1/types.pb.h"

namespace kith::cli {

// Where one row of the file stands.
struct BatchRow {
  int64_t line = 0;
  std::string raw;
  std::string rejection;  // why it was rejected; empty: not rejected
};

// How calls are made.
struct Wire {
  Caller& caller;
  const Clock& clock;
  absl::Duration patience;  // how long a service may be away
};

// One item that was refused.
struct Refusal {
  const google::protobuf::Message& item;
  const kith::type::v1::ItemError& error;
  const google::protobuf::Message* recorded;  // another item of the row that was not; or null
};

// How a call goes with the others.
struct CallTraits {
  // The batches make this call one after the other in the order of the file, because the
  // outcome depends on it.
  bool in_order = false;
  // An item is sent although its row is rejected, unless the item itself is invalid: rows of
  // other batches count on it.
  bool for_all_rows = false;
  // Says in the words of the file what a refusal is about that the service says in others;
  // empty: as the service says it.
  std::string (*explain)(const Refusal&) = nullptr;
};

// One call that a batch makes: a request with a list of items, each made from one row.
// A batch makes its calls in order; an item whose row an earlier call rejected is left out.
class BatchCall {
 public:
  // `request` has its program_id; `items_field` is its list; `response` is an empty one of
  // the method's type.
  BatchCall(Target target, std::unique_ptr<google::protobuf::Message> request,
            std::string items_field, std::unique_ptr<google::protobuf::Message> response,
            CallTraits traits);

  // A new item made from row `row` of the batch.
  template <class Item>
  Item& Add(size_t row) {
    return static_cast<Item&>(AddItem(row));
  }
  bool in_order() const { return traits_.in_order; }
  const google::protobuf::Message& request() const { return *request_; }
  // Empty unless the call was made.
  const google::protobuf::Message& response() const { return *response_; }

  // Rejects the rows of items that break the rules of their fields. Done for all calls of a
  // batch before the first is made, so that a row is imported as a whole or not at all.
  void RejectInvalidItems(std::vector<BatchRow>* rows);

  // Whether the items made so far from row `row`, which is the newest one, keep the rules of
  // their fields.
  bool IsRowValid(size_t row) const;

  // Makes the call and rejects the rows of items that the service refuses. A service refuses
  // the whole request when an item is invalid; when it names items, they are dropped and the
  // rest is sent again. An error that is not about items is returned.
  // A service that has seen nothing of the program yet is given a moment for the feed to tell
  // it.
  // Every run asks anew, under a request_id of its own: answers are stored with their
  // refusals, and what was refused for want of something may be right by now. That nothing
  // is done twice is the business of the items' own ids.
  absl::Status Run(const Wire& wire, std::vector<BatchRow>* rows);

 private:
  google::protobuf::Message& AddItem(size_t row);
  absl::Status Send(const Wire& wire);
  void DropRejected(const std::vector<BatchRow>& rows);
  bool RejectNamed(const std::vector<FieldViolation>& violations, const std::string& reason,
                   std::vector<BatchRow>* rows);
  const kith::type::v1::ItemError* ErrorAt(size_t item) const;
  const google::protobuf::Message& ItemAt(size_t item) const;
  const google::protobuf::Message* RecordedBeside(size_t item) const;
  void RejectRefused(std::vector<BatchRow>* rows) const;
  void SetRequestId(const std::string& id);

  Target target_;
  std::unique_ptr<google::protobuf::Message> request_;
  const google::protobuf::FieldDescriptor* items_;
  std::unique_ptr<google::protobuf::Message> response_;
  CallTraits traits_;
  std::vector<size_t> rows_;   // by item
  std::vector<bool> invalid_;  // by item
};

// Some successive rows of a file with the calls that they need.
struct Batch {
  int64_t index = 0;       // from 0
  int64_t bytes_read = 0;  // of the file, up to the end of this batch
  std::vector<BatchRow> rows;
  std::vector<BatchCall> calls;
};

// Whether all items made so far from row `row`, which is the newest one, keep the rules of
// their fields.
bool IsRowValid(const Batch& batch, size_t row);

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_IMPORT_BATCH_H_
