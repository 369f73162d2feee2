#include "runs/small_run.h"

#include <exception>

#include "base/error.h"
#include "base/temporary_folder.h"
#include "encodings/json_reader.h"
#include "formats/checkpoint_names.h"
#include "formats/weights.h"
#include "inference/remembered_notes.h"
#include "model/network_json.h"
#include "nib/parameters.h"
#include "runs/checkpoint.h"
#include "runs/file_names.h"
#include "runs/made_run.h"
#include "runs/record_of.h"
#include "runs/run_files.h"
#include "runs/run_folder.h"
#include "statistics/predictions_csv.h"

namespace nib::test {
namespace {

namespace fs = std::filesystem;

RunRecord unfinished_record() {
  RunRecord record = record_of(made_record());
  record.status = RunStatus::running;
  record.started.clear();
  record.finished.clear();
  record.weights_sha256.clear();
  record.files.clear();
  return record;
}

WeightsFile small_model(float first_weight) {
  WeightsFile model;
  model.network = parse_network(made_record()["configuration"]["network"].dump(), "made");
  model.data = "unknown";
  model.class_names = {"cat", "dog"};
  model.parameters = initial_parameters(model.network, 1);
  model.parameters.tensors.front().values.front() = first_weight;
  return model;
}

}  // namespace

SmallRunEnding small_run(const fs::path& folder, float first_weight) {
  RememberedNotes notes;
  SmallRunEnding ending;
  const WeightsFile model = small_model(first_weight);
  try {
    RunFolder run({.out = folder.string(), .force = true, .results = training_files(), .bytes = 1}, notes);
    run.record = unfinished_record();
    try {
      run.begin(notes);
      run.finish(model, read_predictions_csv(made_predictions, "made"));
    } catch (const std::exception& error) {
      run.keep_unfinished(
          RunStatus::failed, error.what(), [] {}, notes);
      throw;
    }
    ending.weights_sha256 = run.record.weights_sha256;
    run.add_report([](const RunRecord&) { return std::string("<html></html>"); });
  } catch (const Error& error) {
    ending.code = static_cast<int>(error.code());
    ending.error = error.what();
  } catch (const std::exception& error) {
    ending.code = 1;
    ending.error = error.what();
  }
  for (const std::string& line : notes.warned) ending.warnings += line + '\n';
  return ending;
}

std::string what_is_wrong(const fs::path& folder, bool* finished) {
  if (finished != nullptr) *finished = false;
  const fs::path record_path = folder / record_file, model_path = folder / model_file;
  try {
    if (fs::exists(model_path)) read_weights(model_path);
    for (const std::string& name : checkpoint_files(folder)) run_checkpoint(read_checkpoint(folder / name), name);
    if (!fs::exists(record_path)) return fs::exists(model_path) ? "a model without a record" : "";
    constexpr int deepest = 16;
    const std::string source = "run.json";
    const Json document = parse_json(contents(record_path), source, deepest);
    const RunRecord record = run_record(JsonReader(document, source));
    if (record.status != RunStatus::finished) return "";
    read_run(folder);
    for (const std::string& name : record.files)
      if (!fs::is_regular_file(fs::symlink_status(folder / name))) return name + " is not there";
    if (weights_sha256(read_weights(model_path).parameters) != record.weights_sha256) return "weights of another run";
    if (finished != nullptr) *finished = true;
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

std::string remains_in(const fs::path& folder) {
  std::string remains;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name == ".lock" || name.ends_with(".tmp")) remains += entry.path().lexically_relative(folder).string() + ' ';
  }
  return remains;
}

}  // namespace nib::test
