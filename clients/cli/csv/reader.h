// CSV as RFC 4180 has it, read as a stream.
#ifndef KITH_CLIENTS_CLI_CSV_READER_H_
#define KITH_CLIENTS_CLI_CSV_READER_H_

#include <cstdint>
#include <istream>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace kith::cli::csv {

// One record of a file.
struct Record {
  int64_t line = 0;  // where it starts, from 1
  std::string raw;   // as it stands in the file, without the last line break; of a line longer
                     // than a megabyte its beginning
  std::vector<std::string> fields;
  std::string error;  // not empty: it could not be read, and `fields` is empty
};

// Reads records: quotes, doubled quotes, line breaks inside quotes, LF and CRLF, a
// byte-order mark, a last line without a break. Empty lines are skipped.
//
// A broken record costs one line and not the rest of the file: after a quote that is never
// closed (or not within a megabyte), or text after a closing quote, reading goes on with the
// line after the one on which the record started. Not thread-safe.
class Reader {
 public:
  // `in` outlives this.
  explicit Reader(std::istream& in) : in_(in) {}

  // False at the end.
  bool Next(Record* record);
  // Bytes of the records returned so far.
  int64_t bytes_consumed() const { return consumed_; }
  // Whether the source failed rather than ended.
  bool failed() const { return in_.bad(); }

 private:
  enum class Outcome { kDone, kNeedsMore, kBroken };

  bool Fill();
  bool SkipEmptyLines();
  Outcome ParseAt(size_t start, size_t* end, Record* record) const;
  Outcome ParseQuoted(size_t* at, std::string* field, std::string* error) const;
  void TakeLine(Record* record);
  void Advance(size_t bytes);

  std::istream& in_;
  std::string buffer_;
  size_t position_ = 0;  // start of the next record in buffer_
  bool at_end_ = false;
  bool started_ = false;
  int64_t line_ = 1;
  int64_t consumed_ = 0;
};

// `text` as one field, in quotes if it needs them.
std::string Quote(absl::string_view text);

}  // namespace kith::cli::csv

#endif  // KITH_CLIENTS_CLI_CSV_READER_H_
