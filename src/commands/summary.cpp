#include "terminal/summary_table.h"

#include <memory>
#include <string>

#include "cli/options.h"
#include "cli/streams.h"
#include "commands/command.h"
#include "commands/network_document.h"
#include "inference/model.h"
#include "model/network_json.h"

namespace nib {
namespace {

struct Options {
  ModelChoice model;
  bool json = false;
};

Network network_of(const ModelChoice& choice, Streams& streams) {
  if (!choice.weights.empty()) return open_model(choice, 0, streams).network;
  return choice.network.empty() ? digits_network() : load_network(choice.network);
}

int summary_command(const Options& options) {
  Streams streams(options.json, false);
  const Network network = network_of(options.model, streams);
  streams.result(summary_table(network, streams.terminal()));
  streams.document(network_document(network));
  streams.finish();
  return 0;
}

}  // namespace

void add_summary_command(Command program) {
  const auto options = std::make_shared<Options>();
  Command command = program.add_command("summary", "the layers of a network with shapes and parameters");
  add_weights_argument(command, options->model.weights, true);
  add_network_option(command, options->model.network);
  add_json_option(command, options->json);
  command.set_action([options] { return summary_command(*options); });
}

}  // namespace nib
