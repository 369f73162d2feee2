#include "runs/run_folder.h"

#include <algorithm>
#include <exception>

#include "base/text.h"
#include "machine/machine.h"
#include "runs/file_names.h"
#include "statistics/predictions_csv.h"
#include "training/history.h"

namespace nib {
namespace {

void write_model(OutputFolder& folder, const char* name, const WeightsFile& model) {
  write_weights(folder.file(name), model.network, model.parameters, model.data, model.class_names, model.limit);
  folder.note(name);
}

}  // namespace

std::vector<std::string> training_files() {
  return {model_file,       unfinished_model_file, history_csv_file, history_json_file,
          predictions_file, record_file,           report_file};
}

std::string RunFolder::record_path() const { return folder_.file(record_file).string(); }

void RunFolder::begin(Notes& notes) {
  folder_.remove_old_results();
  record.started = utc_time_now();
  record.folder = folder_.path().string();
  write_record();
  if (!folder_.point_latest_here()) notes.warn("the link runs/latest could not be set");
}

void RunFolder::finish(const WeightsFile& model, const Predictions& predictions) {
  write_history();
  folder_.write(predictions_file, predictions_csv(predictions));
  write_model(folder_, model_file, model);
  record.weights_sha256 = weights_sha256(model.parameters);
  complete_record(RunStatus::finished);
  write_record();
}

void RunFolder::add_report(const std::function<std::string(const RunRecord&)>& make_page) {
  complete_record(RunStatus::finished);
  record.files.emplace_back(report_file);
  folder_.write(report_file, make_page(record));
  write_record();
}

void RunFolder::keep_unfinished(RunStatus status, const std::string& reason, const WeightsFile& model, Notes& notes) {
  const auto attempt = [&](auto&& work) {
    try {
      work();
    } catch (const std::exception& error) {
      notes.warn(printable(error.what()));
    }
  };
  attempt([&] {
    if (std::ranges::find(folder_.written(), model_file) != folder_.written().end())
      return folder_.rename(model_file, unfinished_model_file);
    write_model(folder_, unfinished_model_file, model);
  });
  attempt([&] { write_history(); });
  attempt([&] {
    record.reason = reason;
    record.weights_sha256.clear();
    complete_record(status);
    write_record();
  });
}

void RunFolder::write_record() { folder_.write(record_file, json_text(to_json(record))); }

void RunFolder::write_history() {
  folder_.write(history_csv_file, history_csv(record.history));
  folder_.write(history_json_file, history_json(record.history));
}

void RunFolder::complete_record(RunStatus status) {
  record.status = status;
  record.finished = utc_time_now();
  record.seconds.total = process_age();
  record.peak_memory_bytes = peak_memory_bytes();
  record.files = folder_.written();
}

}  // namespace nib
