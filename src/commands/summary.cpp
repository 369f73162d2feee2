#include "terminal/summary_table.h"

#include <memory>
#include <string>

#include "cli/options.h"
#include "cli/streams.h"
#include "commands/command.h"
#include "commands/network_document.h"
#include "model/network_json.h"

namespace nib {
namespace {

struct Options {
  std::string network = "digits";
  bool json = false;
};

int summary_command(const Options& options) {
  Streams streams(options.json, false);
  const Network network = load_network(options.network);
  streams.result(summary_table(network, streams.terminal()));
  streams.document(network_document(network));
  streams.finish();
  return 0;
}

}  // namespace

void add_summary_command(Command program) {
  const auto options = std::make_shared<Options>();
  Command command = program.add_command("summary", "the layers of a network with shapes and parameters");
  add_network_option(command, options->network);
  add_json_option(command, options->json);
  command.set_action([options] { return summary_command(*options); });
}

}  // namespace nib
