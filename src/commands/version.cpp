#include <memory>
#include <string>

#include "cli/options.h"
#include "cli/streams.h"
#include "commands/command.h"
#include "machine/machine.h"

namespace nib {
namespace {

int version_command(const std::string& commit, bool json) {
  Streams streams(json, false);
  streams.result("nib " NIB_VERSION + (commit.empty() ? "" : " (" + commit + ")") + '\n');
  Json program = program_json();
  program["commit"] = commit.empty() ? Json() : Json(commit);
  streams.document({{"program", program}});
  streams.finish();
  return 0;
}

}  // namespace

void add_version_command(Command program, const std::string& commit) {
  const auto json = std::make_shared<bool>(false);
  Command command =
      program.add_command("version", "the version of nib; with --json also of its compiler and libraries");
  add_json_option(command, *json);
  command.set_action([json, commit] { return version_command(commit, *json); });
}

}  // namespace nib
