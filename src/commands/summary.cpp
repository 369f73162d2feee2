#include "terminal/summary_table.h"

#include <memory>

#include "cli/options.h"
#include "cli/streams.h"
#include "commands/command.h"
#include "inference/model.h"
#include "model/network_json.h"

namespace nib {
namespace {

Network network_of(const ModelChoice& choice, Streams& streams) {
  if (!choice.weights.empty()) return open_model(choice, 0, streams).network;
  return choice.network.empty() ? digits_network() : load_network(choice.network);
}

int summary_command(const ModelChoice& choice) {
  Streams streams(false, false);
  streams.result(summary_table(network_of(choice, streams), streams.terminal()));
  streams.finish();
  return 0;
}

}  // namespace

void add_summary_command(Command program) {
  const auto choice = std::make_shared<ModelChoice>();
  Command command = program.add_command("summary", "the layers of a network with shapes and parameters");
  add_weights_argument(command, choice->weights);
  add_network_option(command, choice->network);
  command.set_action([choice] { return summary_command(*choice); });
}

}  // namespace nib
