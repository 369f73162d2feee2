#include "runs/run_folder.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "base/hash.h"
#include "base/signals.h"
#include "base/text.h"
#include "formats/checkpoint_names.h"
#include "machine/machine.h"
#include "runs/file_names.h"
#include "runs/record_seal.h"
#include "statistics/predictions_csv.h"
#include "training/history.h"

namespace nib {
namespace {

std::vector<std::uint8_t> model_bytes(const OutputFolder& folder, const char* name, const WeightsFile& model) {
  return weights_bytes(model.network, model.parameters, model.data, model.class_names, folder.file(name).string(),
                       model.limit, model.score);
}

}  // namespace

std::vector<std::string> training_files() {
  return {model_file,       best_file,         "interrupted.safetensors" /* of older versions */,
          history_csv_file, history_json_file, predictions_file,
          record_file,      report_file};
}

std::string RunFolder::record_path() const { return folder_.file(record_file).string(); }

void RunFolder::begin(Notes& notes) {
  if (record.started.empty()) record.started = utc_time_now();
  record.folder = folder_.path().string();
  RunRecord broken_off = record;
  broken_off.status = RunStatus::interrupted;
  broken_off.reason = "a second signal";
  written_at_last_.emplace(folder_.path(), record_file, json_text(sealed(to_json(broken_off))));
  {
    const SignalsHeld held;  // or a second one would find the record in its place, but its last text not yet armed
    write_record([&] { written_at_last_->arm(); });
  }
  folder_.remove_old_results();
  if (!folder_.point_latest_here()) notes.warn("the link runs/latest could not be set");
}

void RunFolder::finish(const WeightsFile& model, const Predictions& predictions) {
  write_history();
  if (record.test) write_text(predictions_file, predictions_csv(predictions));
  folder_.write(model_file, model_bytes(folder_, model_file, model));
  record.weights_sha256 = weights_sha256(model.parameters);
  end_record(RunStatus::finished);
}

void RunFolder::add_report(const std::function<std::string(const RunRecord&)>& make_page) {
  complete_record(RunStatus::finished);
  record.files.emplace_back(report_file);
  folder_.write(report_file, make_page(record));
  write_record([] {});
}

void RunFolder::save(const Checkpoint& checkpoint, std::uint32_t keep) {
  const std::string name = keep > 1 ? checkpoint_file_of(checkpoint.state.step) : checkpoint_file;
  folder_.write(name, checkpoint_bytes(checkpoint, folder_.file(name).string()));
  std::erase(saved_, name);
  saved_.push_back(name);
  std::vector<std::string> all(saved_.rbegin(), saved_.rend());
  for (const std::string& file : checkpoint_files(folder_.path()))
    if (std::ranges::find(all, file) == all.end()) all.push_back(file);
  for (std::size_t i = keep; i < all.size(); ++i) {
    folder_.remove(all[i]);
    std::erase(saved_, all[i]);
  }
}

BestWeights RunFolder::save_best(const WeightsFile& model, std::uint32_t epoch) {
  folder_.write(best_file, model_bytes(folder_, best_file, model));
  return {.epoch = epoch, .weights_sha256 = weights_sha256(model.parameters)};
}

void RunFolder::remove_best() { folder_.remove(best_file); }

std::vector<std::string> RunFolder::keep_unfinished(RunStatus status, const std::string& reason,
                                                    const std::function<void()>& save_checkpoint, Notes& notes) {
  if (!recorded_ || recorded_ == RunStatus::finished) return {};
  if (!folder_.holds()) return {"the checkpoint", history_csv_file, record_file};
  std::vector<std::string> lost;
  std::string told;
  const auto keep = [&](const char* name, auto&& work) {
    try {
      work();
    } catch (const std::exception& error) {
      lost.emplace_back(name);
      if (std::string line = printable(error.what()); line != told) notes.warn(told = std::move(line));
    }
  };
  keep("the checkpoint", [&] {
    save_checkpoint();
    // The same weights, but of a run that looks finished.
    if (std::ranges::find(folder_.written(), model_file) != folder_.written().end()) folder_.remove(model_file);
  });
  keep(history_csv_file, [&] { write_history(); });
  keep(record_file, [&] {
    record.reason = reason;
    record.weights_sha256.clear();
    record.weights_epoch.reset();
    end_record(status);
  });
  return lost;
}

void RunFolder::write_record(const std::function<void()>& named) {
  folder_.write(record_file, json_text(sealed(to_json(record))), [&] {
    recorded_ = record.status;
    named();
  });
}

void RunFolder::end_record(RunStatus status) {
  complete_record(status);
  // Whichever record is the last to be written, it says the same.
  WrittenAtLast at_last(folder_.path(), record_file, json_text(sealed(to_json(record))));
  at_last.arm_in_place_of(*written_at_last_);
  write_record([] {});
}

void RunFolder::write_history() {
  write_text(history_csv_file, history_csv(record.history));
  write_text(history_json_file, history_json(record.history));
}

void RunFolder::write_text(const char* name, const std::string& text) {
  folder_.write(name, text);
  record.file_sha256[name] = to_hex(sha256({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}));
}

void RunFolder::complete_record(RunStatus status) {
  record.status = status;
  record.finished = utc_time_now();
  record.seconds.total = process_age();
  record.peak_memory_bytes = peak_memory_bytes();
  record.files = folder_.written();
}

}  // namespace nib
