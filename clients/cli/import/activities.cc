#include <algorithm>

#include "clients/cli/import/importer.h"
#include "clients/cli/text/parse.h"
#include "common/base/status_macros.h"
#include "kith/advocacy/v1/advocacy.pb.h"

namespace kith::cli {
namespace {

class ActivityImporter final : public Importer {
 public:
  explicit ActivityImporter(const std::string& program_id) : program_id_(program_id) {}

  const csv::Schema& schema() const override {
    static const auto& schema = *new csv::Schema{
        {"activity_id", "advocate_id", "behaviour", "time"}, {"channel", "url"}};
    return schema;
  }
  std::vector<Target> targets(const csv::TableReader&) const override {
    return {Target::kAdvocacy};
  }

  // In order, because a cap counts the acts that came first.
  std::vector<BatchCall> NewCalls() const override {
    std::vector<BatchCall> calls;
    calls.push_back(
        NewCall<advocacy::v1::RecordActivitiesRequest, advocacy::v1::RecordActivitiesResponse>(
            Target::kAdvocacy, program_id_, "activities", {.in_order = true}));
    return calls;
  }

  int64_t UnknownBy(const Batch& batch) const override {
    const auto& response =
        static_cast<const advocacy::v1::RecordActivitiesResponse&>(batch.calls[0].response());
    return std::count_if(response.results().begin(), response.results().end(),
                         [](const auto& result) { return result.unknown_advocate(); });
  }
  absl::string_view Whom() const override { return "advocates"; }

  absl::Status Add(const csv::Row& row, size_t index, Batch& batch) override {
    KITH_ASSIGN_OR_RETURN(const std::string id, row.Required("activity_id"));
    KITH_ASSIGN_OR_RETURN(const std::string advocate, row.Required("advocate_id"));
    KITH_ASSIGN_OR_RETURN(const std::string behaviour, row.Required("behaviour"));
    KITH_ASSIGN_OR_RETURN(const absl::Time time, row.RequiredTime("time"));
    auto& activity = batch.calls[0].Add<advocacy::v1::NewActivity>(index);
    activity.set_activity_id(id);
    activity.set_advocate_id(advocate);
    activity.set_behaviour(behaviour);
    *activity.mutable_activity_time() = ToTimestamp(time);
    activity.set_channel(row.Get("channel"));
    activity.set_url(row.Get("url"));
    return absl::OkStatus();
  }

 private:
  const std::string program_id_;
};

}  // namespace

std::unique_ptr<Importer> MakeActivityImporter(const std::string& program_id) {
  return std::make_unique<ActivityImporter>(program_id);
}

}  // namespace kith::cli
