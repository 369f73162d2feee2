
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "commands/reproduce/repetition.h"
#include "commands/train/keras_start.h"
#include "commands/train/resumption.h"
#include "runs/recorded_data.h"

namespace nib {
namespace {

Error start_is_gone(const RecordedRun& run, const TrainOptions& options) {
  return input_error({.file = run.path,
                      .field = "configuration.start_weights",
                      .problem = "the weights that the run started from are not there any more",
                      .expected = options.start_weights_sha256.empty() ? printable(options.model.weights)
                                                                       : "SHA-256 " + options.start_weights_sha256,
                      .got = "nothing",
                      .hint = setting("weights") + " names where they are now"});
}

/// Where the weights are that the run started from, or those of Keras that it went on with.
void find_start(TrainOptions& options, const RecordedRun& run, const RepetitionRequest& request, Notes& notes) {
  if (options.model.weights.empty()) {
    if (!request.weights.empty())
      throw usage_error({.setting = "weights", .problem = "the run started from none, but from its seed"});
    return;
  }
  try {
    options.model.weights = !request.weights.empty()
                                ? request.weights
                                : place_of_recorded(options.model.weights, run.record(), run.files.folder, run.path);
  } catch (const Error&) {
    throw start_is_gone(run, options);
  }
  std::error_code ignored;
  if (!std::filesystem::exists(options.model.weights, ignored)) throw start_is_gone(run, options);
  if (!options.steps_before) return;
  options.resume = std::exchange(options.model.weights, {});
  if (!start_from_keras(options, {"--data", "--learning-rate"}, notes))
    throw input_error({.file = options.resume,
                       .problem = "no .keras with the state of a training",
                       .expected = "the one that the run went on with"});
}

/// Where a set that the record names is not there, what was looked for is told by its hash, too.
Error data_are_gone(const Error& error, const RecordedRun& run) {
  Problem problem = error.problem();
  const std::vector<FileRecord>& files = run.record().data.files;
  const bool is_validation = problem.file.ends_with("validation_data");
  const std::vector<std::string> validation = hashes_of_validation(run.record());
  if (is_validation && !validation.empty()) problem.expected = "SHA-256 " + printable(validation.front(), 80);
  if (!is_validation && !files.empty()) problem.expected = "SHA-256 " + printable(files.front().raw_sha256, 80);
  problem.got = "nothing";
  return input_error(std::move(problem));
}

}  // namespace

std::vector<std::string> hashes_of_validation(const RunRecord& record) {
  std::vector<std::string> hashes;
  if (const Json& recorded = record.configuration[validation_hashes]; recorded.is_array())
    for (const Json& hash : recorded.items()) hashes.push_back(hash.is_text() ? hash.text() : describe_json(hash));
  return hashes;
}

TrainOptions options_of(const RecordedRun& run, const RepetitionRequest& request, Notes& notes) {
  TrainOptions options;
  std::vector<std::string> given{"--device"};
  options.device = request.device;
  const bool on_cpu = run.record().engine.starts_with("cpu");
  if (options.device.device == "auto") options.device.device = on_cpu ? "cpu" : "cuda";
  const auto take_place = [&](const char* option, const std::string& place, std::string& value) {
    if (place.empty()) return;
    given.emplace_back(option);
    value = place;
  };
  if (!request.validation_data.empty() && run.record().configuration["validation_data"].is_null())
    throw usage_error({.setting = "validation data", .problem = "the run was validated with no set of its own"});
  take_place("--data", request.data, options.data);
  take_place("--validation-data", request.validation_data, options.validation_data);
  try {
    take_settings(
        options,
        {.record = run.record(), .network = run.files.network, .folder = run.files.folder, .document = run.path},
        given);
  } catch (const Error& error) {
    if (error.code() != ExitCode::io) throw;
    throw data_are_gone(error, run);
  }
  find_start(options, run, request, notes);
  return options;
}

}  // namespace nib
