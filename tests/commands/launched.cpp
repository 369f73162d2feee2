#include "commands/launched.h"
#include "tests/places.h"

#include <unistd.h>

#include <nlohmann/json.hpp>
#include <sstream>

namespace nib {
namespace {

namespace fs = std::filesystem;

fs::path mpirun(const std::string& library) { return "/usr/bin/mpirun." + library; }

std::string in_quotes(const std::string& text) { return '"' + text + '"'; }

}  // namespace

void UnderMpi::SetUp() {
  const fs::path module = fs::path(NIB_PROGRAM).parent_path() / ("libnib_mpi-" + GetParam() + ".so");
  if (!fs::exists(module)) GTEST_SKIP() << "nib was built without headers of this MPI (tools/install_packages mpi)";
  if (!fs::exists(mpirun(GetParam()))) GTEST_SKIP() << mpirun(GetParam()) << " is not there";
}

std::unique_ptr<Program> UnderMpi::launched(unsigned ranks, const std::string& before,
                                            const std::vector<std::string>& arguments, const Launcher& launcher) const {
  std::string line =
      "RANK=${OMPI_COMM_WORLD_RANK:-$PMI_RANK}; echo $$ > process-$RANK; " + before + " exec " + in_quotes(NIB_PROGRAM);
  for (const std::string& argument : arguments) line += ' ' + in_quotes(argument);
  const std::string launch = "exec " + mpirun(GetParam()).string() + ' ' + launcher.options + " -n " +
                             std::to_string(ranks) + " sh -c '" + line + "'";
  const std::string there =
      "exec ip netns exec " + launcher.host + " unshare --uts sh -c 'hostname " + launcher.host + "; eval \"$LAUNCH\"'";
  auto program = std::make_unique<Program>(std::vector<std::string>{"-c", launcher.host.empty() ? launch : there});
  program->from("/bin/sh").in(folder.path()).with_environment("LAUNCH", launch);
  // Open MPI asks for these where it runs as root, and for more ranks than cores.
  for (const char* const name : {"OMPI_ALLOW_RUN_AS_ROOT", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM",
                                 "OMPI_MCA_rmaps_base_oversubscribe", "OMPI_MCA_mpi_yield_when_idle"})
    program->with_environment(name, "1");
  program->with_environment("TERM", "dumb");  // Open MPI's mpirun shows rank 0 a terminal, whatever its own output is
  program->with_environment("LSAN_OPTIONS", "detect_leaks=0");  // MPI's libraries keep memory to the end
  program->with_environment("OMPI_MCA_btl_vader_single_copy_mechanism", "none");  // containers often forbid another way
  return program;
}

std::unique_ptr<Program> UnderMpi::launched(unsigned ranks, const std::vector<std::string>& arguments) const {
  return launched(ranks, "", arguments);
}

Ending UnderMpi::run(unsigned ranks, const std::vector<std::string>& arguments) const {
  return plain(launched(ranks, arguments)->run());
}

pid_t UnderMpi::process_of(unsigned rank) const {
  return static_cast<pid_t>(std::stol(contents(folder / ("process-" + std::to_string(rank)))));
}

std::string UnderMpi::hash_of(const std::string& run) const {
  return nlohmann::json::parse(contents(folder / (run + "/run.json")))["weights_sha256"];
}

std::string UnderMpi::status_of(const std::string& run) const {
  return nlohmann::json::parse(contents(folder / (run + "/run.json")))["status"];
}

Ending plain(Ending ending) {
  std::erase(ending.output, '\r');
  return ending;
}

std::vector<std::string> lines_of_nib(const Ending& ending) {
  std::vector<std::string> lines;
  std::istringstream text(ending.errors);
  for (std::string line; std::getline(text, line);)
    if (line.starts_with("nib: ")) lines.push_back(line);
  return lines;
}

}  // namespace nib
