#include <cerrno>
#include <exception>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/freed_memory.h"
#include "base/output.h"
#include "base/signals.h"
#include "base/text.h"
#include "cli/device_options.h"
#include "cli/flags.h"
#include "cli/interruption.h"
#include "cli/options.h"
#include "cli/required_accuracy.h"
#include "cli/streams.h"
#include "commands/command.h"
#include "commands/train/augmentation_options.h"
#include "commands/train/checked_options.h"
#include "commands/train/optimizer_options.h"
#include "commands/train/precedence.h"
#include "commands/train/recipes.h"
#include "commands/train/schedule_options.h"
#include "commands/train/training_run.h"
#include "commands/train/validation_data.h"
#include "commands/with_ranks.h"
#include "runs/record_seal.h"

namespace nib {
namespace {

struct Options {
  TrainOptions run;
  std::string ranks;
  bool json = false, quiet = false, print_config = false;
};

/// Who closes the pipe (head) or the stream itself does not want to read on.
bool reader_is_gone(int error) { return error == EPIPE || error == EBADF; }

/// The end of a run that a signal stopped before it was finished.
int end_unfinished(TrainingRun& run, Streams& streams) {
  const std::string folder = run.folder().path().string();
  const std::vector<std::string> lost =
      run.keep_unfinished(RunStatus::interrupted, "signal " + std::to_string(requested_stop()));
  run.end_logs();
  streams.document(sealed(to_json(run.record())));
  if (!lost.empty())
    throw io_error(
        {.file = folder, .problem = "stopped by " + stop_name() + ", but could not write " + join_words(lost)});
  return end_after_signal("the run so far is in " + printable(folder) + "\nhint: to go on from there: " + run.way_on(),
                          streams);
}

/// Whether the run got to its end, all but for its pictures. What ends it by an error is kept and told.
bool train_and_save(TrainingRun& run) {
  try {
    run.begin();
    run.introduce();
    if (!run.fit() || !run.test()) return false;
    run.save();
    return true;
  } catch (const std::exception& error) {
    const bool kept = run.keep_unfinished(RunStatus::failed, error_line(error)).empty();
    run.end_logs();
    const auto* const known = dynamic_cast<const Error*>(&error);
    if (kept || known == nullptr) throw;
    Problem problem = known->problem();
    problem.hint.clear();  // it may tell where the weights are
    throw Error(known->code(), std::move(problem));
  }
}

int print_settings(const TrainOptions& run, Command command) {
  if (!run.resume.empty())
    throw usage_error({.setting = "print config",
                       .problem = "a run that goes on has its own settings",
                       .hint = "its run.json has them as \"configuration\""});
  return print(command.settings(unused_settings(run)));
}

/// Each option next to the others. The names of those that were given.
std::vector<std::string> settle_options(TrainOptions& run, Command command) {
  settle_optimizer(run, command);
  settle_precedence(run, command);
  std::vector<std::string> given = command.given();
  settle_schedule(run);
  settle_validation_data(run, given);
  return given;
}

int train_with(Options& options, Command command, Ranks& ranks) {
  Streams streams(options.json, options.quiet, !ranks.leads());
  const std::vector<std::string> given = settle_options(options.run, command);
  if (options.print_config) {
    check_schedule(options.run.plan, given);
    return ranks.leads() ? print_settings(options.run, command) : 0;
  }
  std::optional<FoundCheckpoint> resumed = open_resumption(options.run, given, streams);
  check_schedule(options.run.plan, given);
  compute_on(options.run.device, ranks, given, streams);
  if (!ranks.leads()) {
    TrainingShare(options.run, std::move(resumed), streams, ranks).run();
    return 0;  // all end with the code of rank 0
  }
  TrainingRun run(options.run, std::move(resumed), streams, ranks);
  if (ranks.share_stop()) return end_after_signal("nothing was written", streams);
  if (!train_and_save(run)) return end_unfinished(run, streams);
  bool drawn = false;
  try {
    drawn = run.draw();
  } catch (...) {
    run.end_logs();
    throw;
  }
  run.conclude();
  run.end_logs();
  streams.document(sealed(to_json(run.record())));
  // The results of a run are its files: only a document or a log that was asked for must not get lost.
  if (options.json) streams.finish();
  const std::string folder = printable(run.folder().path().string());
  if (const int lost = streams.lost(); lost != 0 && !reader_is_gone(lost))
    streams.warn("standard output: " + system_message(lost) + "; the results are in " + folder);
  run.check_logs();
  if (requested_stop() == 0) {
    require_accuracy(options.run.required_accuracy, *run.record().test);
    return 0;
  }
  return end_after_signal("the run is finished and in " + folder + (drawn ? "" : ", but not all of its pictures"),
                          streams);
}

int train_command(Options& options, Command command) {
  install_signal_handlers();
  give_freed_memory_back();
  return with_ranks(options.ranks, [&](Ranks& ranks) { return train_with(options, command, ranks); });
}

/// "off" is for a run that goes on without what it began with.
void add_early_stopping_option(Command command, std::optional<std::uint32_t>& patience) {
  constexpr std::uint64_t most = 100'000;
  const std::string name = "--early-stopping",
                    allowed = "a whole number between 0 and " + std::to_string(most) + ", or off";
  add_value(command,
            {.names = name,
             .value_name = "N|off",
             .allowed = allowed,
             .description = "end when N epochs were not better than the best one (default off)",
             .usual = "off"},
            [&patience, name, allowed](const std::string& text) {
              const std::optional<std::uint64_t> number = parse_unsigned(text);
              if (text != "off" && (!number || *number > most))
                throw usage_error({.file = name, .problem = "not " + allowed, .got = quoted(text)});
              patience = number ? std::optional(static_cast<std::uint32_t>(*number)) : std::nullopt;
            });
}

void add_best_options(Command command, TrainOptions& run) {
  command.begin_group("Best epoch");
  add_word(command, "--monitor", {"val_loss", "val_accuracy", "loss", "accuracy"}, run.monitor,
           "figure that tells the best epoch (default val_loss, without validation loss)");
  add_number(command, "--min-delta", run.plan.monitor.min_delta, {.lowest = 0, .highest = 1e30},
             "an epoch is better by more than this only");
  add_early_stopping_option(command, run.plan.patience);
  add_switch(command, "--restore-best", run.restore_best, "end with the weights of the best epoch instead of the last");
}

void add_log_options(Command command, RunLogOptions& logs) {
  add_text(command, "--log-json", "FILE", "a file", logs.json, "log of the run as it goes, a JSON object a line");
  add_text(command, "--tensorboard", "DIR", "a folder", logs.tensorboard, "folder for TensorBoard's event files");
  add_whole_number(command, "--log-every", logs.every, 1, 1'000'000'000, "steps between two batches in the logs");
  add_switch_off(command, "--no-logs", logs.go_on, "with --resume: leave the run's logs as they are");
}

Command add_command(Command program, const std::shared_ptr<Options>& options) {
  TrainOptions& run = options->run;
  Command command = program.add_command("train", "trains a network and writes its weights, history and predictions");
  command.begin_group("Data");
  add_data_option(command, run.data);
  add_limit_option(command, run.limit);
  add_prepare_option(command, run.prepare);
  add_number(command, "--validation-split", run.validation_split, {.lowest = 0, .highest = 1, .below_highest = true},
             "part of the training images, held out");
  add_word(command, "--validation", {"last", "random", "stratified"}, run.validation,
           "which are held out: the last ones, by the seed, or so from each class (default last)");
  add_text(command, "--validation-data", "PATH", "a data set's folder or file", run.validation_data,
           "data set to validate with (its test part, else its training part); nothing is held out");
  command.begin_group("Training");
  add_word(command, "--recipe", {"keras", "fast", "best"}, run.recipe,
           "defaults as in Keras's notebook, for 99 % in the least time, or for the highest accuracy (default keras)");
  add_whole_number(command, "-e,--epochs", run.plan.epochs, 1, 100'000, "passes over the training images");
  add_batch_option(command, run.plan.batch);
  add_optimizer_options(command, run);
  add_seed_option(command, run.plan.seed);
  add_network_option(command, run.model.network);
  add_flatten_option(command, run.model.flatten);
  add_text(command, "-w,--weights", "FILE", "a weights file (safetensors) or the folder of a run", run.model.weights,
           "weights to start from, or the folder of a run");
  add_augmentation_options(command, run);
  add_schedule_options(command, run);
  add_best_options(command, run);
  command.begin_group("Device");
  add_device_options(command, run.device);
  add_training_device_options(command, run.device);
  add_ranks_option(command, options->ranks);
  command.begin_group("Checkpoints");
  add_text(command, "-r,--resume", "DIR|FILE", "the folder of a run, a checkpoint or a .keras", run.resume,
           "run to go on with, from its newest checkpoint, or a training in Keras (.keras)");
  add_whole_number(command, "--save-every", run.save_every, 0, 1'000'000'000,
                   "steps between two checkpoints; 0: at epochs' ends only");
  add_whole_number(command, "--keep", run.keep, 1, 1'000, "checkpoints that stay");
  command.begin_group("Output");
  add_text(command, "-o,--out", "DIR", "a folder", run.out, "folder for the results (default runs/<date>-<time>)");
  add_switch(command, "-f,--force", run.force, "take a folder that exists, replacing an earlier run");
  add_switch_off(command, "--no-pictures", run.pictures, "leave out the pictures and the report");
  add_log_options(command, run.logs);
  add_required_accuracy_option(command, run.required_accuracy);
  add_quiet_option(command, options->quiet);
  add_json_option(command, options->json);
  command.begin_group("Settings");
  command.add_settings_options(training_recipes(), options->print_config);
  command.add_example("nib train", "MNIST, the digits network, 5 epochs");
  command.add_example("nib train --data fashion --epochs 10", "another data set, for longer");
  command.add_example("nib train --optimizer sgd --learning-rate 0.05", "another rule for the updates");
  command.add_example("nib train --epochs 50 --early-stopping 3 --restore-best", "until it gets no better");
  command.add_example("nib train --resume runs/latest", "goes on with a run that was stopped");
  return command;
}

}  // namespace

Command add_train_command(Command program) {
  const auto options = std::make_shared<Options>();
  Command command = add_command(program, options);
  command.set_action([options, command] { return train_command(*options, command); });
  return command;
}

TrainOptions checked_options(const std::vector<std::string>& words) {
  const auto options = std::make_shared<Options>();
  CommandLine line("nib", "", "");
  Command command = add_command(line.program(), options);
  command.set_action([options, command] {
    check_schedule(options->run.plan, settle_options(options->run, command));
    return 0;
  });
  std::vector<std::string> texts{"nib", "train"};
  texts.insert(texts.end(), words.begin(), words.end());
  std::vector<char*> arguments;
  for (std::string& text : texts) arguments.push_back(text.data());
  line.run(static_cast<int>(arguments.size()), arguments.data());
  return options->run;
}

}  // namespace nib
