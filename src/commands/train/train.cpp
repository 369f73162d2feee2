#include <cerrno>
#include <exception>
#include <memory>
#include <string>

#include "base/error.h"
#include "base/signals.h"
#include "base/text.h"
#include "cli/device_options.h"
#include "cli/flags.h"
#include "cli/interruption.h"
#include "cli/options.h"
#include "cli/streams.h"
#include "commands/command.h"
#include "commands/train/training_run.h"

namespace nib {
namespace {

struct Options {
  TrainOptions run;
  bool json = false, quiet = false;
};

/// Who closes the pipe (head) or the stream itself does not want to read on.
bool reader_is_gone(int error) { return error == EPIPE || error == EBADF; }

int train_command(const Options& options) {
  install_signal_handlers();
  Streams streams(options.json, options.quiet);
  TrainingRun run(options.run, streams);
  if (requested_stop() != 0) return end_after_signal("nothing was written", streams);
  run.begin();
  try {
    run.introduce();
    if (!run.fit() || !run.test()) {
      run.keep_unfinished(RunStatus::interrupted, "signal " + std::to_string(requested_stop()));
      run.end_logs();
      streams.document(to_json(run.record()));
      return end_after_signal("weights and history so far are in " + printable(run.folder().path().string()), streams);
    }
    run.save();
  } catch (const std::exception& error) {
    run.keep_unfinished(RunStatus::failed, error_line(error));
    run.end_logs();
    throw;
  }
  try {
    run.draw();
  } catch (...) {
    run.end_logs();
    throw;
  }
  run.conclude();
  run.end_logs();
  streams.document(to_json(run.record()));
  // The results of a run are its files: only a document or a log that was asked for must not get lost.
  if (options.json) streams.finish();
  if (const int lost = streams.lost(); lost != 0 && !reader_is_gone(lost))
    streams.warn("standard output: " + system_message(lost) + "; the results are in " +
                 printable(run.folder().path().string()));
  run.check_logs();
  return 0;
}

void add_log_options(Command command, RunLogOptions& logs) {
  add_text(command, "--log-json", "FILE", "a file", logs.json, "log of the run as it goes, a JSON object a line");
  add_text(command, "--tensorboard", "DIR", "a folder", logs.tensorboard, "folder for TensorBoard's event files");
  add_whole_number(command, "--log-every", logs.every, 1, 1'000'000'000, "steps between two batches in the logs");
}

}  // namespace

void add_train_command(Command program) {
  const auto options = std::make_shared<Options>();
  TrainOptions& run = options->run;
  Command command = program.add_command("train", "trains a network and writes its weights, history and predictions");
  command.begin_group("Data");
  add_data_option(command, run.data);
  add_number(command, "--validation-split", run.validation_split, {.lowest = 0, .highest = 1, .below_highest = true},
             "last part of the training images, held out");
  command.begin_group("Training");
  add_whole_number(command, "-e,--epochs", run.plan.epochs, 1, 100'000, "passes over the training images");
  add_batch_option(command, run.plan.batch);
  add_number(command, "--learning-rate", run.plan.learning_rate, {.lowest = 1e-30, .highest = 1e30},
             "learning rate of Adam");
  add_seed_option(command, run.plan.seed);
  add_network_option(command, run.model.network);
  add_text(command, "-w,--weights", "FILE", "a weights file (safetensors)", run.model.weights, "weights to start from");
  command.begin_group("Device");
  add_device_options(command, run.device);
  add_training_device_options(command, run.device);
  command.begin_group("Output");
  add_text(command, "-o,--out", "DIR", "a folder", run.out, "folder for the results (default runs/<date>-<time>)");
  add_switch(command, "-f,--force", run.force, "take a folder that exists, replacing an earlier run");
  add_switch_off(command, "--no-pictures", run.pictures, "leave out the pictures and the report");
  add_log_options(command, run.logs);
  add_quiet_option(command, options->quiet);
  add_json_option(command, options->json);
  command.add_example("nib train", "MNIST, the digits network, 5 epochs");
  command.add_example("nib train --data fashion --epochs 10", "another data set, for longer");
  command.set_action([options] { return train_command(*options); });
}

}  // namespace nib
