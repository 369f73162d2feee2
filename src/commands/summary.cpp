#include "terminal/summary_table.h"

#include <memory>
#include <string>

#include "cli/options.h"
#include "cli/streams.h"
#include "commands/command.h"
#include "model/network_json.h"

namespace nib {
namespace {

int summary_command(const std::string& network) {
  Streams streams(false, false);
  streams.result(summary_table(load_network(network), streams.terminal()));
  streams.finish();
  return 0;
}

}  // namespace

void add_summary_command(CLI::App& app, Action& action) {
  const auto network = std::make_shared<std::string>("digits");
  CLI::App* command = app.add_subcommand("summary", "the layers of a network with shapes and parameters");
  add_network_option(*command, *network);
  command->callback([&action, network] { action = [network] { return summary_command(*network); }; });
}

}  // namespace nib
