#include "clients/cli/csv/reader.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "clients/cli/text/utf8.h"

namespace kith::cli::csv {
namespace {

constexpr size_t kChunk = 64 << 10;
constexpr size_t kMaxRecord = 1 << 20;
constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr char kNeverClosed[] = "a quote is opened and never closed";

bool EndsField(char c) { return c == ',' || c == '\n' || c == '\r'; }

}  // namespace

bool Reader::Fill() {
  if (at_end_) return false;
  buffer_.erase(0, position_);
  position_ = 0;
  const size_t size = buffer_.size();
  buffer_.resize(size + kChunk);
  in_.read(buffer_.data() + size, kChunk);
  const auto got = static_cast<size_t>(in_.gcount());
  buffer_.resize(size + got);
  at_end_ = got == 0;
  return got > 0;
}

void Reader::Advance(size_t bytes) {
  const auto begin = buffer_.begin() + static_cast<std::ptrdiff_t>(position_);
  line_ += std::count(begin, begin + static_cast<std::ptrdiff_t>(bytes), '\n');
  position_ += bytes;
  consumed_ += static_cast<int64_t>(bytes);
}

// Moves to the next record; false when there is none.
bool Reader::SkipEmptyLines() {
  for (;;) {
    if (position_ == buffer_.size() && !Fill()) return false;
    if (buffer_[position_] != '\n' && buffer_[position_] != '\r') return true;
    Advance(1);
  }
}

bool Reader::Next(Record* record) {
  if (!started_) {
    started_ = true;
    while (buffer_.size() < kByteOrderMark.size() && Fill()) {
    }
    if (absl::StartsWith(buffer_, kByteOrderMark)) Advance(kByteOrderMark.size());
  }
  if (!SkipEmptyLines()) return false;
  for (;;) {
    *record = Record{line_, "", {}, ""};
    size_t end = position_;
    Outcome outcome = ParseAt(position_, &end, record);
    if (outcome == Outcome::kNeedsMore) {
      if (!at_end_ && buffer_.size() - position_ < kMaxRecord) {
        Fill();  // at the end of the file, the record is read once more to its end
        continue;
      }
      record->error = at_end_ ? kNeverClosed : "the record is longer than a megabyte";
      outcome = Outcome::kBroken;
    }
    if (outcome == Outcome::kBroken) {
      TakeLine(record);
    } else {
      record->raw = buffer_.substr(position_, end - position_);
      Advance(end - position_);
    }
    break;
  }
  if (record->error.empty() && !IsValidUtf8(record->raw)) record->error = "is not UTF-8 text";
  if (!record->error.empty()) record->fields.clear();
  return true;
}

// Takes the rest of the line, whatever it is.
void Reader::TakeLine(Record* record) {
  for (;;) {
    const size_t line_break = buffer_.find('\n', position_);
    const size_t end = std::min(line_break, buffer_.size());
    record->raw.append(buffer_, position_,
                       std::min(end - position_, kMaxRecord - record->raw.size()));
    Advance(end - position_);
    if (line_break != std::string::npos || !Fill()) break;
  }
  if (absl::EndsWith(record->raw, "\r")) record->raw.pop_back();
}

// Reads the record at `start`; `*end` is where its line break is. kNeedsMore when it reaches
// beyond the buffer.
Reader::Outcome Reader::ParseAt(size_t start, size_t* end, Record* record) const {
  for (size_t at = start;;) {
    std::string field;
    if (at < buffer_.size() && buffer_[at] == '"') {
      const Outcome outcome = ParseQuoted(&at, &field, &record->error);
      if (outcome != Outcome::kDone) return outcome;
    } else {
      const size_t from = at;
      while (at < buffer_.size() && !EndsField(buffer_[at])) ++at;
      field = buffer_.substr(from, at - from);
      if (at == buffer_.size() && !at_end_) return Outcome::kNeedsMore;
      if (absl::StrContains(field, "\"")) {
        record->error = "a quote inside a field; put the field in quotes and double the quote";
        return Outcome::kBroken;
      }
    }
    record->fields.push_back(std::move(field));
    *end = at;
    if (at == buffer_.size() || buffer_[at] != ',') return Outcome::kDone;
    ++at;
  }
}

// Reads from an opening quote to behind the closing one.
Reader::Outcome Reader::ParseQuoted(size_t* at, std::string* field, std::string* error) const {
  for (size_t i = *at + 1;;) {
    const size_t quote = buffer_.find('"', i);
    if (quote == std::string::npos) return Outcome::kNeedsMore;
    field->append(buffer_, i, quote - i);
    if (quote + 1 == buffer_.size() && !at_end_) return Outcome::kNeedsMore;
    *at = quote + 1;
    if (*at == buffer_.size() || EndsField(buffer_[*at])) return Outcome::kDone;
    if (buffer_[*at] != '"') {
      *error = "text after a closing quote; double the quotes inside a field";
      return Outcome::kBroken;
    }
    field->push_back('"');
    i = *at + 1;
  }
}

std::string Quote(absl::string_view text) {
  if (text.find_first_of(",\"\r\n") == absl::string_view::npos) return std::string(text);
  return absl::StrCat("\"", absl::StrReplaceAll(text, {{"\"", "\"\""}}), "\"");
}

}  // namespace kith::cli::csv
