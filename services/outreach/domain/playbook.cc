#include "services/outreach/domain/playbook.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/outreach/domain/caps.h"
#include "services/outreach/domain/errors.h"
#include "services/outreach/domain/local_time.h"
#include "services/outreach/domain/names.h"

namespace kith::outreach {
namespace {

constexpr absl::Duration kLongest = absl::Hours(24 * 3653);

using Fields = std::vector<std::pair<std::string, std::string>>;

bool IsReasonable(absl::Duration duration) {
  return duration >= absl::ZeroDuration() && duration <= kLongest;
}

void CheckSteps(const Playbook& playbook, std::vector<FieldViolation>& wrong) {
  std::set<absl::string_view> seen;
  for (size_t i = 0; i < playbook.steps.size(); ++i) {
    const Step& step = playbook.steps[i];
    const std::string path = absl::StrCat("playbook.steps[", i, "].");
    if (!seen.insert(step.step_id).second) {
      wrong.push_back({path + "step_id", "is the name of an earlier step too"});
    }
    if (!IsReasonable(step.after)) {
      wrong.push_back({path + "after", "must be between 0 and ten years"});
    }
  }
}

void CheckExits(const Playbook& playbook, std::vector<FieldViolation>& wrong) {
  if (playbook.exit_on_conversion && playbook.trigger == Trigger::kReferralConverted) {
    wrong.push_back({"playbook.exit_on_conversion",
                     "would end the playbook by the conversion that starts it"});
  }
  if (playbook.exit_on_churn && playbook.trigger == Trigger::kCustomerChurned) {
    wrong.push_back(
        {"playbook.exit_on_churn", "would end the playbook by the churn that starts it"});
  }
}

Fields FieldsOf(const Step& step) {
  const std::string path = absl::StrCat("steps[", step.step_id, "].");
  Fields fields{{path + "after", absl::FormatDuration(step.after)},
                {path + "kind", std::string(Name(step.kind))},
                {path + "channel", std::string(Name(step.channel))},
                {path + "template", step.template_name},
                {path + "cap_policy", std::string(Name(step.cap_policy))}};
  if (step.ignores_caps) fields.emplace_back(path + "ignores_caps", "true");
  if (step.counts_towards_caps.has_value()) {
    fields.emplace_back(path + "counts_towards_caps",
                        *step.counts_towards_caps ? "true" : "false");
  }
  return fields;
}

std::string StepOrder(const Playbook& playbook) {
  std::string order;
  for (const Step& step : playbook.steps) {
    absl::StrAppend(&order, order.empty() ? "" : ", ", step.step_id);
  }
  return order;
}

Fields FieldsOf(const Playbook& playbook) {
  Fields fields{{"trigger", std::string(Name(playbook.trigger))},
                {"steps", StepOrder(playbook)}};
  for (const Step& step : playbook.steps) {
    for (auto& field : FieldsOf(step)) fields.push_back(std::move(field));
  }
  if (playbook.quiet_hours.has_value()) {
    fields.emplace_back("quiet_hours",
                        absl::StrCat(FormatMinute(playbook.quiet_hours->start_minute), " to ",
                                     FormatMinute(playbook.quiet_hours->end_minute)));
  }
  for (size_t i = 0; i < playbook.caps.size(); ++i) {
    fields.emplace_back(absl::StrCat("caps[", i, "]"), Describe(playbook.caps[i]));
  }
  fields.emplace_back("time_zone", playbook.time_zone);
  fields.emplace_back("exit_on_conversion", playbook.exit_on_conversion ? "true" : "");
  fields.emplace_back("exit_on_churn", playbook.exit_on_churn ? "true" : "");
  if (playbook.max_lateness.has_value()) {
    fields.emplace_back("max_lateness", absl::FormatDuration(*playbook.max_lateness));
  }
  if (playbook.max_attempts != 0) {
    fields.emplace_back("max_attempts", absl::StrCat(playbook.max_attempts));
  }
  return fields;
}

std::string ValueOf(const Fields& fields, absl::string_view field) {
  for (const auto& [name, value] : fields) {
    if (name == field) return value;
  }
  return "";
}

}  // namespace

absl::Status Validate(const Playbook& playbook) {
  std::vector<FieldViolation> wrong;
  CheckSteps(playbook, wrong);
  CheckExits(playbook, wrong);
  if (!playbook.time_zone.empty() && !IsKnownZone(playbook.time_zone)) {
    wrong.push_back({"playbook.time_zone", "is not in the IANA time zone database"});
  }
  if (playbook.max_lateness.has_value() && !IsReasonable(*playbook.max_lateness)) {
    wrong.push_back({"playbook.max_lateness", "must be between 0 and ten years"});
  }
  if (wrong.empty()) return absl::OkStatus();
  const std::string text =
      absl::StrCat("field '", wrong.front().field, "' ", wrong.front().description);
  return MakeDetailedError(errors::kInvalidField,
                           {.reason = {}, .fields = std::move(wrong), .metadata = {}}, text);
}

const Step* FindStep(const Playbook& playbook, absl::string_view step_id) {
  const auto it =
      std::find_if(playbook.steps.begin(), playbook.steps.end(),
                   [step_id](const Step& step) { return step.step_id == step_id; });
  return it == playbook.steps.end() ? nullptr : &*it;
}

int MaxAttempts(const Playbook& playbook) {
  return playbook.max_attempts == 0 ? kDefaultMaxAttempts : playbook.max_attempts;
}

std::vector<Difference> Differences(const Playbook* stored, const Playbook& applied) {
  const Fields before = stored == nullptr ? Fields() : FieldsOf(*stored);
  const Fields after = FieldsOf(applied);
  std::vector<Difference> differences;
  for (const auto& [field, value] : after) {
    std::string old_value = ValueOf(before, field);
    if (old_value != value) differences.push_back({field, std::move(old_value), value});
  }
  const std::set<std::pair<std::string, std::string>> known(after.begin(), after.end());
  for (const auto& [field, value] : before) {
    const auto it = known.lower_bound({field, ""});
    const bool kept = it != known.end() && it->first == field;
    if (!kept && !value.empty()) differences.push_back({field, value, ""});
  }
  return differences;
}

}  // namespace kith::outreach
