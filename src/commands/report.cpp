#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "base/signals.h"
#include "base/text.h"
#include "cli/options.h"
#include "cli/streams.h"
#include "commands/command.h"
#include "commands/train/augmentation_options.h"
#include "commands/train/resumption.h"
#include "data/known_sets.h"
#include "inference/model.h"
#include "machine/machine.h"
#include "pictures/run_pictures.h"
#include "report/run_report.h"
#include "runs/class_figures.h"
#include "runs/file_names.h"
#include "runs/folder_lock.h"
#include "runs/picture_files.h"
#include "runs/recorded_data.h"
#include "runs/run_files.h"
#include "runs/run_monitor.h"

namespace nib {
namespace {

struct Options {
  std::string run, data;
  bool json = false, quiet = false;
};

/// The weights of the run, or nothing, told in one line, where they are not there any more.
std::optional<Parameters> weights_of(const RunFiles& run, Streams& streams) {
  std::optional<Parameters> weights = read_run_weights(run);
  if (!weights) streams.warn(printable((run.folder / model_file).string()) + ": not there any more");
  return weights;
}

/// Whether the files are those that the run was made with.
bool are_the_runs(const DataCollection& source, const DataRecord& recorded) {
  return std::ranges::equal(source.files, recorded.files, {}, &DataFile::raw_sha256, &FileRecord::raw_sha256);
}

/// The data set of the run where it is still to be had, else nothing, told in one line: the page is made all the same.
std::optional<DataCollection> data_of(const RunFiles& run, const std::string& option, Streams& streams) {
  const DataRecord& recorded = run.record.data;
  const bool by_folder = recorded.name == unknown_set_name || !run.record.test;  // a known set has a test part
  const std::string place = !option.empty() ? option : by_folder ? recorded.folder : recorded.name;
  if (place.empty()) {
    streams.warn(printable((run.folder / record_file).string()) + ": data.folder: does not say where the data set is");
    return std::nullopt;
  }
  try {
    const std::string found = option.empty() ? place_of_recorded(place, run.record, run.folder, "data.folder") : option;
    const DataChoice choice{
        .data = found, .limit = recorded.limit.value_or(0), .prepare = was_prepared(run.record, found)};
    DataCollection source = load_data_for(run.network, choice, DataParts::both, streams);
    if (are_the_runs(source, recorded)) return source;
    if (!option.empty())
      throw input_error({.file = option, .problem = "not the data set of the run: its SHA-256 is another"});
    streams.warn(printable(place) + ": not the data set of the run any more");
  } catch (const Error& error) {
    if (!option.empty()) throw;
    streams.warn(printable(place) + ": " + without_file(error));
  }
  return std::nullopt;
}

/// The names of the pictures that could be drawn, or of those that could not.
std::vector<std::string> names_of(const std::vector<RunPicture>& pictures, bool drawn) {
  std::vector<std::string> names;
  for (const RunPicture& picture : pictures)
    if (picture.drawing.has_value() == drawn) names.push_back(picture.name);
  return names;
}

Json report_document(const RunFiles& run, const std::filesystem::path& page, const std::vector<RunPicture>& pictures) {
  const RunRecord& record = run.record;
  return {{"program", program_json()},
          {"run", run.folder.string()},
          {"report", page.string()},
          {"pictures", names_of(pictures, true)},
          {"missing_pictures", names_of(pictures, false)},
          {"test", record.test ? to_json(*record.test) : Json()},
          {"classes", record.test ? class_figures(record.test->confusion, record.data.class_names) : Json()},
          {"weights_sha256", record.weights_sha256}};
}

int report_command(const Options& options) {
  require_argument("RUN", options.run);
  end_cleanly_on_signals();
  Streams streams(options.json, options.quiet);
  const RunFiles run = read_run(options.run);
  const FolderLock lock(run.folder, streams);
  sweep_stale_temporaries(run.folder);
  const std::string record_path = (run.folder / record_file).string();
  const std::optional<Parameters> parameters = weights_of(run, streams);
  const std::optional<DataCollection> data = data_of(run, options.data, streams);
  const Json& configuration = run.record.configuration;
  const Augmentation augmentation = configuration.is_object()
                                        ? augmentation_of(JsonReader(configuration, record_path, "configuration"))
                                        : Augmentation{};
  const Json& seed = configuration["seed"];
  const std::vector<RunPicture> pictures =
      draw_pictures({.training = data ? &data->training : nullptr,
                     .augmentation = augmentation,
                     .seed = seed.is_whole() ? seed.whole() : 0,
                     .history = &run.record.history,
                     .step_curve = run.record.step_curve ? &*run.record.step_curve : nullptr,
                     .best_epoch = best_epoch(run.record),
                     .test = data ? &data->test : nullptr,
                     .predictions = run.record.test ? &run.predictions : nullptr,
                     .kernel = parameters ? first_kernel(run.network, *parameters) : nullptr,
                     .class_names = run.record.data.class_names,
                     .title = picture_title(run.record, run.network),
                     .tested = run.record.test.has_value()});
  if (const auto missing = names_of(pictures, false); !missing.empty())
    streams.say("Missing pictures: " + join_words(missing) + '\n');
  const std::filesystem::path path = run.folder / report_file;
  write_file_atomically(
      path, run_report(run.record, record_path, run.network, run.predictions, pictures, default_configuration()));
  streams.result("Report: " + printable(path.string()) + '\n');
  streams.document(report_document(run, path, pictures));
  streams.finish();
  return 0;
}

}  // namespace

void add_report_command(Command program) {
  const auto options = std::make_shared<Options>();
  Command command = program.add_command("report", "makes the report of a finished run again, from its files");
  add_text(command, "RUN", "RUN", "the folder of a training run", options->run, "folder of a training run");
  add_text(command, "-d,--data", "mnist|fashion|PATH", "mnist, fashion or a data set's folder or file", options->data,
           "where the run's data set is (default where it was)");
  add_quiet_option(command, options->quiet);
  add_json_option(command, options->json);
  command.set_action([options] { return report_command(*options); });
}

}  // namespace nib
