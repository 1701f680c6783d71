#include "services/outreach/store/playbook_codec.h"

#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/outreach/domain/names.h"

namespace kith::outreach {
namespace {

absl::string_view WordOf(absl::string_view text) { return text.empty() ? "-" : text; }

template <class Enum>
int Number(Enum value) {
  return static_cast<int>(value);
}

std::string EncodeStep(const Step& step) {
  const int counts =
      step.counts_towards_caps.has_value() ? int{*step.counts_towards_caps} : -1;
  return absl::StrCat("step ", WordOf(step.step_id), " ",
                      absl::ToInt64Microseconds(step.after), " ", Number(step.kind), " ",
                      Number(step.channel), " ", WordOf(step.template_name), " ",
                      Number(step.cap_policy), " ", int{step.ignores_caps}, " ", counts, "\n");
}

// The words of one line, read from left to right; missing ones are zero or empty.
class Words {
 public:
  explicit Words(absl::string_view line) : words_(absl::StrSplit(line, ' ')) {}
  std::string Text() {
    const absl::string_view word = Next();
    return word == "-" ? std::string() : std::string(word);
  }
  int64_t Int() {
    int64_t value = 0;
    return absl::SimpleAtoi(Next(), &value) ? value : 0;
  }
  template <class Enum>
  Enum As() {
    return static_cast<Enum>(Int());
  }

 private:
  absl::string_view Next() { return next_ < words_.size() ? words_[next_++] : ""; }

  std::vector<absl::string_view> words_;
  size_t next_ = 0;
};

Step DecodeStep(Words& words) {
  Step step;
  step.step_id = words.Text();
  step.after = absl::Microseconds(words.Int());
  step.kind = words.As<StepKind>();
  step.channel = words.As<Channel>();
  step.template_name = words.Text();
  step.cap_policy = words.As<CapPolicy>();
  step.ignores_caps = words.Int() != 0;
  const int64_t counts = words.Int();
  if (counts >= 0) step.counts_towards_caps = counts != 0;
  return step;
}

QuietHours DecodeQuietHours(Words& words) {
  const auto start = static_cast<int>(words.Int());
  return {start, static_cast<int>(words.Int())};
}

Cap DecodeCap(Words& words) {
  Cap cap;
  cap.max_messages = static_cast<int>(words.Int());
  cap.days = static_cast<int>(words.Int());
  cap.kind = words.As<StepKind>();
  cap.channel = words.As<Channel>();
  return cap;
}

void DecodeLine(absl::string_view line, Playbook& playbook) {
  Words words(line);
  const std::string rule = words.Text();
  if (rule == "trigger") playbook.trigger = words.As<Trigger>();
  if (rule == "step") playbook.steps.push_back(DecodeStep(words));
  if (rule == "quiet") playbook.quiet_hours = DecodeQuietHours(words);
  if (rule == "cap") playbook.caps.push_back(DecodeCap(words));
  if (rule == "zone") playbook.time_zone = words.Text();
  if (rule == "exit") {
    playbook.exit_on_conversion = words.Int() != 0;
    playbook.exit_on_churn = words.Int() != 0;
  }
  if (rule == "lateness") playbook.max_lateness = absl::Microseconds(words.Int());
  if (rule == "attempts") playbook.max_attempts = static_cast<int>(words.Int());
}

Channel ChannelOf(absl::string_view name) {
  for (Channel channel : kChannels) {
    if (Name(channel) == name) return channel;
  }
  return Channel::kAny;
}

}  // namespace

std::string EncodeRules(const Playbook& playbook) {
  std::string text = absl::StrCat("trigger ", Number(playbook.trigger), "\n");
  for (const Step& step : playbook.steps) text += EncodeStep(step);
  if (playbook.quiet_hours.has_value()) {
    absl::StrAppend(&text, "quiet ", playbook.quiet_hours->start_minute, " ",
                    playbook.quiet_hours->end_minute, "\n");
  }
  for (const Cap& cap : playbook.caps) {
    absl::StrAppend(&text, "cap ", cap.max_messages, " ", cap.days, " ", Number(cap.kind), " ",
                    Number(cap.channel), "\n");
  }
  absl::StrAppend(&text, "zone ", WordOf(playbook.time_zone), "\nexit ",
                  int{playbook.exit_on_conversion}, " ", int{playbook.exit_on_churn}, "\n");
  if (playbook.max_lateness.has_value()) {
    absl::StrAppend(&text, "lateness ", absl::ToInt64Microseconds(*playbook.max_lateness),
                    "\n");
  }
  absl::StrAppend(&text, "attempts ", playbook.max_attempts, "\n");
  return text;
}

Playbook DecodeRules(absl::string_view text) {
  Playbook playbook;
  for (absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    DecodeLine(line, playbook);
  }
  return playbook;
}

std::string EncodeSuppressions(const Contact& contact) {
  std::string text;
  for (const Suppression& suppression : contact.suppressions) {
    absl::StrAppend(&text, text.empty() ? "" : " ", Name(suppression.channel), ":",
                    suppression.cause);
  }
  return text;
}

std::vector<Suppression> DecodeSuppressions(absl::string_view text) {
  std::vector<Suppression> suppressions;
  for (absl::string_view item : absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(item, absl::MaxSplits(':', 1));
    suppressions.push_back({ChannelOf(parts.first), std::string(parts.second)});
  }
  return suppressions;
}

}  // namespace kith::outreach
