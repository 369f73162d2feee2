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
#include "encodings/json.h"
#include "machine/cores.h"

namespace nib {
namespace {

struct Options {
  BenchOptions bench;
  bool json = false, quiet = false;
};

constexpr double much_kept_waiting = 0.05;

int bench_command(const Options& options) {
  if (options.bench.on_request && options.bench.threads.size() > 1)
    throw usage_error({.file = "--on-request", .problem = "it goes with a single number of --threads"});
  install_signal_handlers();
  Streams streams(options.json, options.quiet);
  const std::optional<std::vector<BenchResult>> results = measure(options.bench, streams);
  if (!results && requested_stop() == 0)
    throw input_error({.file = "standard input",
                       .problem = "it ended before any epoch was timed",
                       .expected = "a line for the epoch that is not timed, and one or more for those that are"});
  if (!results) return end_after_signal("nothing was measured to the end", streams);
  for (const BenchResult& result : *results) {
    streams.result(bench_text(result, streams.terminal()));
    if (const double share = result.diagnostics.kept_waiting; share > much_kept_waiting)
      streams.warn(
          fmt::format("other programs had the processors for {:.0f} % of the time: epochs and steps took longer "
                      "than they do alone; phases and the peak are without that time",
                      100 * share));
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
  command.begin_group("Output");
  add_quiet_option(command, options->quiet);
  add_json_option(command, options->json);
  command.set_action([options] { return bench_command(*options); });
}

}  // namespace nib
