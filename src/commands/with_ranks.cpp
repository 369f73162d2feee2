#include "commands/with_ranks.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/modules.h"
#include "base/output.h"
#include "base/text.h"
#include "cli/flags.h"
#include "cli/options.h"
#include "cli/streams.h"
#include "engines/cpu/instructions.h"
#include "engines/device_name.h"
#include "engines/module/driver.h"
#include "machine/cores.h"
#include "machine/machine.h"

namespace nib {
namespace {

RanksMode mode_of(const std::string& text) {
  if (text == "off") return RanksMode::off;
  if (text == "mpi") return RanksMode::mpi;
  if (text == "auto") return RanksMode::automatic;
  refuse(
      find_launch(environment_value),
      usage_error(
          {.file = "NIB_RANKS", .problem = "no word for ranks", .expected = "auto, mpi or off", .got = quoted(text)}));
}

/// The default of --ranks; what is none of its words is refused where it counts.
std::string usual_ranks() {
  const std::string usual = environment_value("NIB_RANKS");
  return usual.empty() ? "auto" : usual;
}

/// The one who tells it ends all others behind that.
int fail(Ranks& ranks, const Error& error) {
  const auto code = static_cast<int>(error.code());
  const bool is_of_this_rank = error.problem().file.rfind("rank ", 0) != 0;
  if (ranks.give_up(error, error_line(error), with_flags(error.problem().hint))) {
    const std::string text = error_text(error), begin = "error: ";
    const bool named = is_of_this_rank && !ranks.leads() && text.starts_with(begin);
    Output(STDERR_FILENO)
        .write(
            message_text(named ? fmt::format("{}rank {}: {}", begin, ranks.rank(), text.substr(begin.size())) : text));
  }
  ranks.end_all(code);
  return code;
}

/// Rank 0 has all results by then, and told them: another one that is gone takes nothing from them.
int end(Ranks& ranks, int code) {
  try {
    return ranks.end(code);
  } catch (const Error& error) {
    if (!ranks.leads()) throw;
    if (ranks.give_up(error, error_line(error), ""))
      Output(STDERR_FILENO).write(message_text("warning: " + error_line(error) + ", when all was done"));
    ranks.end_all(code);
    return code;
  }
}

int work_or_fail(Ranks& ranks, const std::function<int(Ranks&)>& work) {
  try {
    return end(ranks, work(ranks));
  } catch (const Error& error) {
    return fail(ranks, error);
  } catch (const ReaderIsGone&) {
    constexpr int code = 128 + SIGPIPE;
    ranks.give_up(io_error({.problem = "standard output is closed"}), "", "");
    ranks.end_all(code);
    return code;
  } catch (const std::exception& thrown) {
    return fail(ranks, error_of(thrown));
  }
}

}  // namespace

void add_ranks_option(Command command, std::string& ranks) {
  ranks = usual_ranks();
  add_word(command, "--ranks", {"auto", "mpi", "off"}, ranks,
           "processes that mpirun or srun starts share the work (default auto: where they are started so)");
}

int with_ranks(const std::string& mode, const std::function<int(Ranks&)>& work) {
  try {
    Ranks ranks(mode_of(mode), environment_value, module_folders());
    return ranks.size() > 1 ? work_or_fail(ranks, work) : ranks.end(work(ranks));
  } catch (const ToldElsewhere& told) {
    return static_cast<int>(told.code);
  }
}

void refuse_ranks(const std::string& command) {
  const Launch launch = find_launch(environment_value);
  if (launch.kind != Launch::Kind::mpi || usual_ranks() == "off") return;
  refuse(launch, usage_error({.file = "nib " + command,
                              .problem = "is for one process, and a launcher of MPI started several",
                              .expected = "nib train, evaluate, bench or sweep",
                              .hint = "leave the launcher out; with NIB_RANKS=off each process does the whole work"}));
}

void compute_on(DeviceChoice& device, Ranks& ranks, const std::vector<std::string>& given, Notes& notes) {
  if (ranks.size() == 1) return;
  const std::optional<DeviceName> name = parse_device_name(device.device);
  if (name && name->kind == DeviceName::Kind::cuda)
    throw device_error({.setting = "device",
                        .problem = "ranks compute on CPUs alone for now",
                        .expected = "cpu",
                        .got = device.device,
                        .hint = "a GPU takes one process: leave the launcher out"});
  if (device.device == "auto" && cuda::driver_is_installed())
    notes.say("running on the CPU: ranks compute on CPUs alone for now\n");
  device.device = "cpu";
  const unsigned sharing = ranks.beside_on(core_list());
  if (std::ranges::find(given, "--threads") == given.end()) device.threads = std::max(1u, usable_cores() / sharing);
  device.communicator = ranks.communicator();
}

void require_same_on_ranks(Ranks& ranks, std::vector<RankFact> facts) {
  if (ranks.size() == 1) return;
  const std::string instructions(cpu::instructions_name(cpu::choose_instructions()));
  facts.insert(facts.begin(), {"instructions", instructions, ExitCode::device});
  ranks.require_same("nib " NIB_VERSION ", SHA-256 " + program_sha256(), facts);
}

void add_facts(std::vector<RankFact>& facts, const std::vector<DataFile>& files) {
  for (std::size_t i = 0; i < files.size(); ++i)
    facts.push_back({"data file " + std::to_string(i + 1), "SHA-256 " + files[i].raw_sha256});
}

}  // namespace nib
