#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/freed_memory.h"
#include "base/signals.h"
#include "base/text.h"
#include "cli/index_range.h"
#include "cli/options.h"
#include "cli/streams.h"
#include "commands/command.h"
#include "commands/sweep/left_out.h"
#include "commands/sweep/lists.h"
#include "commands/sweep/sweep_ways.h"

namespace nib {
namespace {

struct Way {
  std::string_view option;
  std::vector<std::string_view> with;  ///< options that go with it, beside those of the output
};

/// A sweep that exists has its settings.
void check_given(const std::vector<std::string>& given) {
  const std::vector<Way> ways = {{"--resume", {"--jobs", "--threads", "--run", "--print-slurm", "--print-parallel"}},
                                 {"--collect", {}}};
  const auto is_given = [&](std::string_view name) { return std::ranges::find(given, name) != given.end(); };
  for (const auto& [option, with] : ways) {
    if (!is_given(option)) continue;
    for (const std::string& other : given) {
      constexpr std::array<std::string_view, 3> output = {"--all-tests", "--quiet", "--json"};
      if (other == option || std::ranges::find(with, other) != with.end() ||
          std::ranges::find(output, other) != output.end())
        continue;
      throw usage_error({.file = other,
                         .problem = "does not go with " + std::string(option),
                         .hint = option == "--resume" ? "a sweep goes on with its own settings" : ""});
    }
  }
  if (is_given("--run") && !is_given("--resume"))
    throw usage_error({.file = "--run", .problem = "goes with --resume alone"});
  if (is_given("--print-slurm") && is_given("--print-parallel"))
    throw usage_error({.file = "--print-slurm", .problem = "does not go with --print-parallel"});
  if (!is_given("--out") && !is_given("--resume") && !is_given("--collect"))
    throw usage_error({.file = "--out", .problem = "missing", .expected = "a folder for the sweep"});
}

int sweep_command(const SweepOptions& options, const Command& command) {
  check_given(command.given());
  install_signal_handlers();
  give_freed_memory_back();
  Streams streams(options.json, options.quiet);
  if (!options.collect.empty()) return collect_sweep(options, streams);
  return options.resume.empty() ? begin_sweep(options, streams) : resume_sweep(options, streams);
}

void add_lists(Command command, const Command& train, SweepRequest& request) {
  const auto take = [&request](const OptionText& text, const std::vector<std::string>& given,
                               const std::function<void(const std::string& value)>& check) {
    std::vector<std::string> values = listed_values(text, given);
    for (const std::string& value : values) check(value);
    request.lists.push_back({.option = first_long_name(text.names).substr(2), .values = std::move(values)});
  };
  command.add_settings_of(train, options_left_out(), take);
  command.begin_group("Settings");
  const OptionText config{.names = "--config",
                          .value_name = "FILE",
                          .allowed = "a settings file of nib train (TOML)",
                          .description = "settings file, weaker than what stands here"};
  command.add_option(
      config, [take, config](const std::vector<std::string>& given) { take(config, given, check_settings_file); });
}

/// Of the machine's cores; without the option it stays 0.
void add_share(Command command, const std::string& names, unsigned& share, const std::string& description) {
  const std::string allowed = fmt::format("a whole number between 1 and {}", most_threads);
  const OptionText text{.names = names, .value_name = "N", .allowed = allowed, .description = description};
  add_value(command, text, [&share, allowed, option = first_long_name(names)](const std::string& value) {
    const std::optional<std::uint64_t> number = parse_unsigned(value);
    if (!number || *number < 1 || *number > most_threads)
      throw usage_error({.file = option, .problem = "not " + allowed, .got = quoted(value)});
    share = static_cast<unsigned>(*number);
  });
}

}  // namespace

void add_sweep_command(Command program, const Command& train) {
  const auto options = std::make_shared<SweepOptions>();
  SweepRequest& request = options->request;
  Command command = program.add_command(
      "sweep", "trains with every combination of settings and seeds; options of nib train take lists: A,B,C");
  command.begin_group("Sweep");
  add_ranges_option(command, "-s,--seeds", request.seeds, most_sweep_runs, "seeds, each for every setting (default 0)");
  add_text(command, "-o,--out", "DIR", "a folder", options->out, "new folder for the sweep, with one for each run");
  add_text(command, "-r,--resume", "DIR", "the folder of a sweep", options->resume,
           "sweep to go on with: finished runs are checked and kept");
  add_text(command, "--collect", "DIR", "the folder of a sweep", options->collect,
           "make the tables of what runs have left there by now");
  add_switch(command, "--all-tests", options->all_tests,
             "show the test figures of all settings, not of the chosen one");
  command.begin_group("Processes");
  add_share(command, "-j,--jobs", options->jobs, "runs at a time (default: all cores, or one on a GPU)");
  add_share(command, "-t,--threads", options->threads, "threads of each run on the CPU (default: cores / jobs)");
  add_ranges_option(command, "--run", options->run, most_sweep_runs,
                    "with --resume: only these runs of the plan, counted from 0");
  add_switch(command, "--print-slurm", options->print_slurm, "print an array job for sbatch instead of training");
  add_switch(command, "--print-parallel", options->print_parallel,
             "print a command for each run instead, for GNU parallel");
  add_lists(command, train, request);
  command.begin_group("Output");
  add_switch(command, "--pictures", request.pictures, "let every run draw its pictures and its report, too");
  add_quiet_option(command, options->quiet);
  add_json_option(command, options->json);
  for (const auto& [name, hint] : refused_options()) command.add_refused(name, hint);
  command.add_example("nib sweep --seeds 0-9 --out seeds", "how far chance reaches: ten runs, their mean and interval");
  command.add_example("nib sweep --learning-rate 0.0005,0.001,0.002 --batch 64,128 --seeds 0-4 --out rates",
                      "thirty runs, and which setting validation chooses");
  command.add_example("nib sweep --augment shift=2 --augment shift=2,rotate=10 --out moved",
                      "values that have commas in themselves");
  command.add_example("nib sweep --resume rates", "goes on with a sweep that was stopped");
  command.set_action([options, command] { return sweep_command(*options, command); });
}

}  // namespace nib
