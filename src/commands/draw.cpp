#include <fmt/core.h>

#include <memory>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/signals.h"
#include "base/text.h"
#include "cli/options.h"
#include "cli/streams.h"
#include "commands/command.h"
#include "commands/output_file.h"
#include "data/known_sets.h"
#include "draw_page/draw_page.h"
#include "encodings/json.h"
#include "inference/model.h"
#include "machine/machine.h"
#include "model/network_json.h"

namespace nib {
namespace {

struct Options {
  ModelChoice model;
  std::string out = "draw.html";
  bool force = false, quiet = false, json = false;
};

/// The title of a set that nib knows; of others nothing: their names are folders of the one who trained.
std::string title_of_data(const WeightsFile& model) {
  const KnownSet* const set = find_known_set(model.data);
  return set == nullptr ? "" : std::string(set->title);
}

int draw_command(const Options& options) {
  require_argument("WEIGHTS", options.model.weights);
  end_cleanly_on_signals();
  Streams streams(options.json, options.quiet);
  const std::string file = weights_file(options.model.weights);
  check_output_file(options.out, file, "WEIGHTS", options.force);
  const WeightsFile model = open_model(options.model, 0, streams);
  check_draw_page(model.network, options.model.weights);
  const std::vector<std::string> class_names = class_names_of(model);
  const Json program = program_json();
  const std::string page = draw_page(model, class_names, title_of_data(model), program["version"].text());
  write_output_file(options.out, page, options.force);
  streams.result(fmt::format("{}: a page to draw on, {} parameters, {} bytes\n", printable(options.out),
                             with_commas(parameter_count(model.network)), with_commas(page.size())));
  streams.say("Open it in a browser; it needs no network.\n");
  streams.document({{"program", program},
                    {"weights", options.model.weights},
                    {"weights_sha256", weights_sha256(model.parameters)},
                    {"network", network_to_json(model.network)},
                    {"class_names", class_names},
                    {"page", options.out},
                    {"bytes", page.size()}});
  streams.finish();
  return 0;
}

}  // namespace

void add_draw_command(Command program) {
  const auto options = std::make_shared<Options>();
  Command command = program.add_command("draw", "one offline page to draw digits on, which the network reads");
  add_weights_argument(command, options->model.weights);
  command.begin_group("Weights");
  add_network_option(command, options->model.network);
  add_flatten_option(command, options->model.flatten);
  command.begin_group("Output");
  add_text(command, "-o,--out", "FILE", "a file", options->out, "the page to write");
  add_switch(command, "-f,--force", options->force, "replace a file that exists");
  add_quiet_option(command, options->quiet);
  add_json_option(command, options->json);
  command.add_example("nib draw runs/latest -o draw.html", "a page with the newest run's network");
  command.set_action([options] { return draw_command(*options); });
}

}  // namespace nib
