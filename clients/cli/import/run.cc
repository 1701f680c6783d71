#include "clients/cli/import/run.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/import/pipeline.h"
#include "clients/cli/import/rejects.h"
#include "clients/cli/output/progress.h"
#include "clients/cli/output/table.h"
#include "clients/cli/patience.h"
#include "common/base/status_macros.h"

namespace kith::cli {
namespace {

constexpr size_t kBatchRows = 500;  // a customer can be two events, a request holds 1000
constexpr int kWorkers = 4;

std::string WhyNot(const Env& env, Target target, const Health& health) {
  return absl::StrCat(
      "the ", TargetName(target), " service at ", env.options.address(target),
      health.state == Health::kUnreachable ? " cannot be reached: " : " is not serving",
      health.detail);
}

// A service that is not there is noticed before anything is read, and waited for.
absl::Status CheckServing(Env& env, const std::vector<Target>& targets,
                          absl::Duration patience) {
  for (const Target target : targets) {
    Health health = env.caller.CheckHealth(target);
    if (health.state != Health::kServing && patience > absl::ZeroDuration()) {
      env.err << "kith: " << Printable(WhyNot(env, target, health)) << "; trying again for "
              << absl::FormatDuration(patience) << std::endl;
      health = AwaitServing(env.caller, target, patience);
    }
    if (health.state == Health::kServing) continue;
    return absl::UnavailableError(WhyNot(env, target, health));
  }
  return absl::OkStatus();
}

// The next rows of the file; without rows at the end.
std::unique_ptr<Batch> ReadBatch(csv::TableReader& table, Importer& importer, int64_t index) {
  auto batch = std::make_unique<Batch>();
  batch->index = index;
  batch->calls = importer.NewCalls();
  csv::Row row;
  while (batch->rows.size() < kBatchRows && table.Next(&row)) {
    batch->rows.push_back({row.line, row.raw, row.error});
    if (!row.error.empty()) continue;
    const absl::Status status = importer.Add(row, batch->rows.size() - 1, *batch);
    if (!status.ok()) batch->rows.back().rejection = std::string(status.message());
  }
  batch->bytes_read = table.bytes_consumed();
  return batch;
}

void NoteIgnored(Env& env, const std::string& name, const std::vector<std::string>& columns) {
  if (columns.empty()) return;
  env.err << "kith: " << name << ": note: ignored columns: " << absl::StrJoin(columns, ", ")
          << '\n';
}

}  // namespace

Health AwaitServing(Caller& caller, Target target, absl::Duration patience) {
  Patience attempts(patience);
  for (;;) {
    Health health = caller.CheckHealth(target);
    if (health.state == Health::kServing || !attempts.Pause()) return health;
  }
}

absl::StatusOr<ImportSummary> RunImport(Env& env, Importer& importer,
                                        const ImportInput& input) {
  KITH_ASSIGN_OR_RETURN(csv::TableReader table,
                        csv::TableReader::Open(*input.in, importer.schema()));
  KITH_RETURN_IF_ERROR(CheckServing(env, importer.targets(table), input.patience));
  KITH_RETURN_IF_ERROR(importer.Begin(env));
  NoteIgnored(env, input.name, table.ignored());

  ImportSummary summary;
  summary.ignored_columns = table.ignored();
  summary.whom = std::string(importer.Whom());
  Rejects rejects(input.rejects_path, table.header());
  Progress progress(env.err, env.err_is_terminal, env.clock, input.name, input.size);
  const Wire wire{env.caller, env.clock, input.patience};
  Pipeline pipeline(wire, kWorkers, [&](const Batch& batch) {
    for (const BatchRow& row : batch.rows) {
      if (!row.rejection.empty()) rejects.Add(row);
    }
    summary.rows += static_cast<int64_t>(batch.rows.size());
    summary.enrolled += importer.EnrolledBy(batch);
    summary.unknown += importer.UnknownBy(batch);
    importer.Look(batch);
    progress.Update(batch.bytes_read, summary.rows);
  });
  for (int64_t index = 0;; ++index) {
    auto batch = ReadBatch(table, importer, index);
    if (batch->rows.empty() || !pipeline.Submit(std::move(batch))) break;
  }
  const absl::Status status = pipeline.Finish();
  progress.Clear();
  KITH_RETURN_IF_ERROR(status);
  if (table.failed()) {
    return absl::DataLossError(absl::StrCat(input.name, ": cannot be read to its end"));
  }
  summary.rejects_status = rejects.Finish();
  summary.earlier_rejects = rejects.earlier();
  summary.rejected = rejects.count();
  summary.imported = summary.rows - summary.rejected;
  summary.note = importer.Note();
  summary.rejected_by_reason = rejects.by_reason();
  return summary;
}

}  // namespace kith::cli
