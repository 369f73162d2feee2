#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "commands/command.h"
#include "commands/index_range.h"
#include "commands/narrative.h"
#include "commands/options.h"
#include "commands/streams.h"
#include "data/catalogue.h"
#include "report/digit_grid.h"

namespace nib {
namespace {

struct Options {
  std::string data = "mnist";
  std::optional<IndexRange> range;
};

constexpr unsigned images_across = 3;

int show_command(const Options& options) {
  Streams streams(false, false);
  const DataCollection source = load_data(options.data);
  for (const std::string& warning : source.warnings) streams.warn(warning);
  const Dataset& training = source.training;

  std::vector<GridCell> cells;
  for (const std::size_t index : indices_of(options.range, training.size(), "the training set"))
    cells.push_back({.index = index, .caption = {"Label: " + training.class_names[training.labels[index]]}});
  streams.say(data_source_line(source) + '\n');
  streams.result(digit_grid(training, cells, images_across, streams.terminal()));
  streams.finish();
  return 0;
}

}  // namespace

void add_show_command(CLI::App& app, Action& action) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("show", "images of a training set with their labels");
  add_data_option(*command, options->data);
  add_index_option(*command, options->range);
  command->callback([&action, options] { action = [options] { return show_command(*options); }; });
}

}  // namespace nib
