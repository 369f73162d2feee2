#include <fmt/core.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/signals.h"
#include "cli/device_options.h"
#include "cli/interruption.h"
#include "cli/options.h"
#include "cli/streams.h"
#include "cli/thread_counts.h"
#include "commands/bench/bench_measurement.h"
#include "commands/command.h"
#include "commands/with_ranks.h"
#include "encodings/json.h"
#include "machine/cores.h"

namespace nib {
namespace {

struct Options {
  BenchOptions bench;
  std::string ranks;
  bool json = false, quiet = false;
};

constexpr double much_kept_waiting = 0.05;

void tell_load(const BenchResult& result, Streams& streams) {
  if (const double share = result.diagnostics.kept_waiting; share > much_kept_waiting)
    streams.warn(
        fmt::format("other programs had the processors for {:.0f} % of the time: epochs and steps took longer "
                    "than they do alone; phases and the peak are without that time",
                    100 * share));
}

int bench_ranks(BenchOptions bench, Ranks& ranks, const std::vector<std::string>& given, Streams& streams) {
  if (bench.on_request || bench.threads.size() > 1)
    throw usage_error({.file = bench.on_request ? "--on-request" : "--threads",
                       .problem = bench.on_request ? "it is for one process" : "one number of them goes with ranks"});
  bench.device.threads = bench.threads.front();
  compute_on(bench.device, ranks, given, streams);
  const std::optional<RankScaling> scaling = measure_ranks(bench, ranks, streams);
  if (!scaling) return end_after_signal("nothing was measured to the end", streams);
  if (!ranks.leads()) return 0;
  const BenchResult& all = scaling->strong.back();
  streams.result(bench_text(all, streams.terminal()));
  tell_load(all, streams);
  streams.result(scaling_text(*scaling));
  Json document = bench_json(all);
  document["ranks"] = scaling_json(*scaling);
  streams.document(document);
  streams.finish();
  return 0;
}

int bench_with(const Options& options, Command command, Ranks& ranks) {
  Streams streams(options.json, options.quiet, !ranks.leads());
  if (ranks.size() > 1) return bench_ranks(options.bench, ranks, command.given(), streams);
  const std::optional<std::vector<BenchResult>> results = measure(options.bench, streams);
  if (!results && requested_stop() == 0)
    throw input_error({.file = "standard input",
                       .problem = "it ended before any epoch was timed",
                       .expected = "a line for the epoch that is not timed, and one or more for those that are"});
  if (!results) return end_after_signal("nothing was measured to the end", streams);
  for (const BenchResult& result : *results) {
    streams.result(bench_text(result, streams.terminal()));
    tell_load(result, streams);
  }
  Json document = bench_json(results->back());
  if (results->size() > 1) {
    streams.result(scaling_text(*results));
    document["scaling"] = scaling_json(*results);
  }
  streams.document(document);
  streams.finish();
  return 0;
}

int bench_command(const Options& options, Command command) {
  if (options.bench.on_request && options.bench.threads.size() > 1)
    throw usage_error({.file = "--on-request", .problem = "it goes with a single number of --threads"});
  install_signal_handlers();
  return with_ranks(options.ranks, [&](Ranks& ranks) { return bench_with(options, command, ranks); });
}

}  // namespace

void add_bench_command(Command program) {
  const auto options = std::make_shared<Options>();
  BenchOptions& bench = options->bench;
  Command command = program.add_command("bench", "measures the time of training: an epoch, a step, each phase");
  command.begin_group("Data");
  add_data_option(command, bench.data);
  add_limit_option(command, bench.limit);
  command.begin_group("Training");
  add_whole_number(command, "-e,--epochs", bench.epochs, 1, 1000, "epochs that are timed, behind one that is not");
  add_switch(command, "--on-request", bench.on_request,
             "begin each epoch, the first included, when a line comes on standard input; its end ends the measurement");
  add_batch_option(command, bench.batch);
  add_seed_option(command, bench.seed);
  add_network_option(command, bench.network);
  command.begin_group("Device");
  add_device_option(command, bench.device.device);
  bench.threads = {usable_cores()};
  add_thread_counts_option(command, bench.threads);
  add_training_device_options(command, bench.device);
  add_ranks_option(command, options->ranks);
  command.begin_group("Output");
  add_quiet_option(command, options->quiet);
  add_json_option(command, options->json);
  command.set_action([options, command] { return bench_command(*options, command); });
}

}  // namespace nib
