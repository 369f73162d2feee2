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

void add_summary_command(Command program) {
  const auto network = std::make_shared<std::string>("digits");
  Command command = program.add_command("summary", "the layers of a network with shapes and parameters");
  add_network_option(command, *network);
  command.set_action([network] { return summary_command(*network); });
}

}  // namespace nib
