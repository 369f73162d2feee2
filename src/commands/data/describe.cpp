#include <algorithm>
#include <memory>
#include <optional>
#include <string>

#include "base/signals.h"
#include "cli/options.h"
#include "cli/streams.h"
#include "commands/data/data_commands.h"
#include "commands/data/figures_text.h"
#include "commands/sample_files.h"
#include "data/catalogue.h"
#include "data/description.h"
#include "data/set_figures.h"
#include "encodings/json.h"
#include "machine/machine.h"
#include "runs/run_record.h"

namespace nib {
namespace {

struct Options {
  std::string data = "mnist", out;
  bool prepare = false, force = false, json = false;
};

int describe_data(const Options& options) {
  end_cleanly_on_signals();
  Streams streams(options.json, false);
  const DataCollection set = load_any_parts(options.data, whole_set(options.prepare));
  for (const std::string& warning : set.warnings) streams.warn(warning);
  std::optional<OutputFolder> folder;
  if (!options.out.empty()) folder.emplace(samples_request(options.out, options.force), streams);

  const SetFigures figures = set_figures(set);
  streams.result(data_source_line(set) + figures_text(set, figures));
  const Dataset& shown = set.training.size() > 0 ? set.training : set.test;
  if (folder) write_samples(*folder, shown, sample_images(shown, most_samples), set.title, streams);

  Json document = {{"program", program_json()}, {"data", to_json(data_record(set))},
                   {"found", set.found},        {"rows", shown.rows},
                   {"columns", shown.columns},  {"class_names", shown.class_names}};
  document.update(figures_json(set, figures));
  streams.document(document);
  streams.finish();
  return 0;
}

}  // namespace

void add_data_describe_command(Command data) {
  const auto options = std::make_shared<Options>();
  Command command = data.add_command("describe", "what the images of a data set are like, and which stand out");
  command.begin_group("Data");
  add_data_argument_or_option(command, options->data);
  add_prepare_option(command, options->prepare);
  command.begin_group("Output");
  add_text(command, "-o,--out", "DIR", "a folder", options->out,
           "also write samples.png and samples.svg, some images of each class");
  add_switch(command, "-f,--force", options->force, "write into a folder that exists");
  add_json_option(command, options->json);
  command.set_action([options] { return describe_data(*options); });
}

}  // namespace nib
