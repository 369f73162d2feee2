#include <fmt/core.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/signals.h"
#include "base/text.h"
#include "cli/index_range.h"
#include "cli/options.h"
#include "cli/streams.h"
#include "commands/command.h"
#include "commands/sample_files.h"
#include "data/catalogue.h"
#include "data/description.h"
#include "encodings/json.h"
#include "machine/machine.h"
#include "runs/output_folder.h"
#include "runs/run_record.h"
#include "terminal/digit_grid.h"

namespace nib {
namespace {

struct Options {
  std::string data = "mnist";
  std::optional<IndexRange> range;
  std::string out;
  bool force = false, json = false;
};

constexpr unsigned images_across = 3;

void check_drawable(std::size_t images) {
  if (images > most_samples)
    throw usage_error({.file = "--index",
                       .problem = "too many images for one picture",
                       .expected = fmt::format("at most {}", most_samples),
                       .got = std::to_string(images)});
}

Json show_document(const DataCollection& source, const std::vector<std::size_t>& indices) {
  const Dataset& training = source.training;
  DataRecord data = data_record(source);
  data.class_names = training.class_names;
  Json images = Json::array();
  for (const std::size_t index : indices) {
    const std::uint32_t label = training.labels[index];
    images.push_back({{"index", index}, {"true", label}, {"name", training.class_names[label]}});
  }
  return {{"program", program_json()}, {"data", to_json(data)}, {"part", "training"}, {"images", images}};
}

int show_command(const Options& options) {
  end_cleanly_on_signals();
  Streams streams(options.json, false);
  const DataCollection source = load_data(options.data);
  for (const std::string& warning : source.warnings) streams.warn(warning);
  const Dataset& training = source.training;

  const std::vector<std::size_t> indices = indices_of(options.range, training.size(), "the training set");
  std::optional<OutputFolder> folder;
  if (!options.out.empty()) {
    check_drawable(indices.size());
    folder.emplace(samples_request(options.out, options.force), streams);
  }

  std::vector<GridCell> cells;
  for (const std::size_t index : indices)
    cells.push_back({.index = index, .caption = {"Label: " + training.class_names[training.labels[index]]}});
  streams.say(data_source_line(source) + '\n');
  streams.result(digit_grid(training, cells, images_across, streams.terminal()));
  if (folder) write_samples(*folder, training, indices, source.title, streams);
  streams.document(show_document(source, indices));
  streams.finish();
  return 0;
}

}  // namespace

void add_show_command(Command program) {
  const auto options = std::make_shared<Options>();
  Command command = program.add_command("show", "images of a training set with their labels");
  command.begin_group("Data");
  add_data_option(command, options->data);
  add_index_option(command, options->range);
  command.begin_group("Output");
  add_text(command, "-o,--out", "DIR", "a folder", options->out, "also write samples.png and samples.svg");
  add_switch(command, "-f,--force", options->force, "write into a folder that exists");
  add_json_option(command, options->json);
  command.set_action([options] { return show_command(*options); });
}

}  // namespace nib
