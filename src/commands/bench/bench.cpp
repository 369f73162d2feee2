#include <memory>
#include <optional>
#include <string>

#include "base/signals.h"
#include "cli/device_options.h"
#include "cli/interruption.h"
#include "cli/options.h"
#include "cli/streams.h"
#include "commands/bench/bench_measurement.h"
#include "commands/command.h"
#include "encodings/json.h"

namespace nib {
namespace {

struct Options {
  BenchOptions bench;
  bool json = false, quiet = false;
};

int bench_command(const Options& options) {
  install_signal_handlers();
  Streams streams(options.json, options.quiet);
  const std::optional<BenchResult> result = measure(options.bench, streams);
  if (!result) return end_after_signal("nothing was measured to the end", streams);
  streams.result(bench_text(*result, streams.terminal()));
  streams.document(bench_json(*result));
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
  add_batch_option(command, bench.batch);
  add_seed_option(command, bench.seed);
  add_network_option(command, bench.network);
  command.begin_group("Device");
  add_device_options(command, bench.device);
  add_training_device_options(command, bench.device);
  command.begin_group("Output");
  add_quiet_option(command, options->quiet);
  add_json_option(command, options->json);
  command.set_action([options] { return bench_command(*options); });
}

}  // namespace nib
