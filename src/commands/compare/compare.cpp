#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/signals.h"
#include "base/text.h"
#include "cli/options.h"
#include "cli/streams.h"
#include "commands/command.h"
#include "commands/compare/comparison_text.h"
#include "encodings/json.h"
#include "pictures/compare_curves.h"
#include "pictures/picture_title.h"
#include "pictures/run_pictures.h"
#include "runs/comparison.h"
#include "runs/file_names.h"
#include "runs/output_folder.h"
#include "runs/picture_files.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::vector<std::string> runs;
  std::string out;
  bool force = false, json = false;
};

constexpr std::size_t fewest_runs = 2, most_runs = 8;
const char* const argument = "RUN";

void check_runs(const std::vector<std::string>& runs) {
  if (runs.size() < fewest_runs || runs.size() > most_runs)
    throw usage_error({.file = argument,
                       .problem = "wrong number of runs",
                       .expected = fmt::format("{} to {}", fewest_runs, most_runs),
                       .got = std::to_string(runs.size()),
                       .hint = "see --help for the usage"});
  for (const std::string& run : runs)
    if (run.empty()) throw usage_error({.file = argument, .problem = "empty value", .expected = "a run's folder"});
}

std::vector<RunFiles> read_runs(const std::vector<std::string>& paths) {
  std::vector<RunFiles> runs;
  for (const std::string& path : paths) {
    runs.push_back(read_run(path));
    read_run_weights(runs.back());  // which checks them; the figures are of the predictions
    for (std::size_t i = 0; i + 1 < runs.size(); ++i) {
      std::error_code ignored;
      if (fs::equivalent(runs[i].folder, runs.back().folder, ignored))
        throw usage_error(
            {.file = argument, .problem = "the same run twice", .got = quoted(paths[i]) + " and " + quoted(path)});
    }
  }
  return runs;
}

Drawing curves_of(const Comparison& comparison) {
  std::vector<NamedHistory> histories;
  for (const ComparedRun& run : comparison.runs) histories.push_back({run.name, run.files.record.history});
  const RunFiles& first = comparison.runs.front().files;
  const bool one_network =
      std::ranges::all_of(comparison.runs, [&](const ComparedRun& run) { return run.files.network == first.network; });
  const PictureTitle title{.data = first.record.data.title,
                           .network = one_network ? network_in_words(first.network) : ""};
  return compare_curves_picture(histories, title.parts());
}

FolderRequest folder_request(const Options& options) {
  constexpr std::uint64_t bytes = 4 << 20;
  std::vector<std::string> results = picture_files({compare_curves_name});
  results.emplace_back(comparison_file);
  return {.out = options.out, .force = options.force, .results = results, .bytes = bytes};
}

int compare_command(const Options& options) {
  check_runs(options.runs);
  end_cleanly_on_signals();
  Streams streams(options.json, false);
  const Comparison comparison = compare_runs(read_runs(options.runs));
  const Json document = comparison_json(comparison);
  streams.result(comparison_text(comparison, streams.terminal()));
  if (!options.out.empty()) {
    OutputFolder folder(folder_request(options), streams);
    folder.remove_old_results();
    folder.write(comparison_file, json_text(document));
    PictureWriter(folder, streams).write(curves_of(comparison));
    streams.say(fmt::format("\nFiles in {}: {}\n", printable(folder.path().string()), join_words(folder.written())));
  }
  streams.document(document);
  streams.finish();
  return 0;
}

}  // namespace

void add_compare_command(Command program) {
  const auto options = std::make_shared<Options>();
  Command command =
      program.add_command("compare", "finished training runs side by side, with tests of their differences");
  command.add_list(
      {.names = argument,
       .value_name = "FOLDER ...",
       .description = fmt::format("folders of {} to {} runs, or the run.json in them", fewest_runs, most_runs)},
      [options](const std::vector<std::string>& given) { options->runs = given; });
  add_text(command, "-o,--out", "DIR", "a folder", options->out, "also write compare.json and the runs' curves");
  add_switch(command, "-f,--force", options->force, "write into a folder that exists");
  add_json_option(command, options->json);
  command.add_example("nib compare runs/a runs/b", "accuracy, time, settings and whether one is better");
  command.set_action([options] { return compare_command(*options); });
}

}  // namespace nib
