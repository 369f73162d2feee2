#include <memory>

#include "cli/options.h"
#include "cli/streams.h"
#include "commands/command.h"
#include "machine/machine.h"

namespace nib {
namespace {

int version_command(bool json) {
  Streams streams(json, false);
  streams.result("nib " NIB_VERSION "\n");
  streams.document({{"program", program_json()}});
  streams.finish();
  return 0;
}

}  // namespace

void add_version_command(Command program) {
  const auto json = std::make_shared<bool>(false);
  Command command =
      program.add_command("version", "the version of nib; with --json also of its compiler and libraries");
  add_json_option(command, *json);
  command.set_action([json] { return version_command(*json); });
}

}  // namespace nib
