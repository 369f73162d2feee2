#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "base/signals.h"
#include "base/text.h"
#include "cli/device_options.h"
#include "cli/interruption.h"
#include "cli/options.h"
#include "cli/streams.h"
#include "commands/command.h"
#include "commands/output_file.h"
#include "commands/reproduce/certificate.h"
#include "commands/reproduce/recorded_run.h"
#include "commands/reproduce/repetition.h"
#include "machine/machine.h"

namespace nib {

namespace fs = std::filesystem;

namespace {

struct Options {
  std::string run, out;
  RepetitionRequest request;
  bool force = false, json = false, quiet = false;
};

constexpr std::uint64_t most_epochs = 100'000;
const char* const allowed_epochs = "epochs with commas between them, as in 2,5";

std::vector<std::uint32_t> parse_epochs(const std::string& text) {
  std::vector<std::uint32_t> epochs;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::optional<std::uint64_t> epoch = parse_unsigned(std::string_view(text).substr(begin, end - begin));
    if (!epoch || *epoch < 1 || *epoch > most_epochs)
      throw usage_error({.file = "--epochs", .problem = std::string("not ") + allowed_epochs, .got = quoted(text)});
    epochs.push_back(static_cast<std::uint32_t>(*epoch));
    begin = end + 1;
  }
  std::ranges::sort(epochs);
  const auto repeated = std::ranges::unique(epochs);
  epochs.erase(repeated.begin(), repeated.end());
  return epochs;
}

void check_epochs(const RecordedRun& run, const std::vector<std::uint32_t>& epochs) {
  if (epochs.empty() || epochs.back() <= run.record().history.size()) return;
  throw usage_error({.setting = "epochs",
                     .problem = "the run has no such epoch",
                     .expected = fmt::format("1 to {}", run.record().history.size()),
                     .got = std::to_string(epochs.back())});
}

Error not_reproduced(const RecordedRun& run, const Difference& difference) {
  return {ExitCode::check_failed,
          {.file = run.path,
           .field = difference.field,
           .problem = "NOT reproduced",
           .expected = difference.expected,
           .got = difference.got,
           .hint = run.is_by_this_program ? "" : "the run was made by " + maker_in_words(run)}};
}

/// The record was changed, but not where training tells.
Error changed_elsewhere(const RecordedRun& run, const Repetition& repetition) {
  Problem problem = run.broken_seal->problem();
  if (repetition.whole)
    problem.problem += "; all that training decides is as recorded, so what was changed is a time, a name or a machine";
  return input_error(std::move(problem));
}

/// Before minutes of training: not over anything that the run has or was made of, and where a file can be made.
void check_certificate_place(const Options& options, const RecordedRun& run) {
  check_output_file(options.out, run.path, "RUN", options.force);
  const RunRecord& record = run.record();
  std::vector<std::string> used{options.request.weights};
  for (const FileRecord& file : record.data.files)
    for (const std::string& folder : {record.data.folder, options.request.data})
      used.push_back((fs::path(folder) / file.path).string());
  for (const char* const key : {"start_weights", "validation_data"})
    if (const Json& place = record.configuration[key]; place.is_text()) used.push_back(place.text());
  const fs::path parent = fs::absolute(options.out).parent_path();
  std::error_code ignored;
  const auto is_out = [&](const std::string& file) { return fs::equivalent(options.out, file, ignored); };
  if (fs::exists(options.out, ignored) &&
      (fs::equivalent(parent, run.files.folder, ignored) || std::ranges::any_of(used, is_out)))
    throw usage_error({.file = options.out,
                       .problem = "the run has this file, or was made of it: it would be replaced",
                       .hint = "choose another name"});
  constexpr std::uint64_t largest_certificate = 1 << 20;
  probe_writable(parent, largest_certificate);
}

int reproduce_command(const Options& options) {
  require_argument("RUN", options.run);
  install_signal_handlers();
  Streams streams(options.json, options.quiet);
  const RecordedRun run = open_recorded_run(options.run);
  check_epochs(run, options.request.epochs);
  if (!options.out.empty()) check_certificate_place(options, run);
  streams.say(fmt::format("{}\nRun: {}, of {}, by {}, on {}\n", program_versions(),
                          printable(run.files.folder.string()), printable(run.record().started, 80),
                          maker_in_words(run), printable(run.record().engine, 200)));
  if (run.broken_seal) streams.warn(run.broken_seal->what());
  const std::optional<Repetition> repetition = repeat(run, options.request, streams);
  if (!repetition) return end_after_signal("nothing was certified", streams);
  if (repetition->difference) {
    streams.document(certificate(run, *repetition));
    streams.finish();
    throw not_reproduced(run, *repetition->difference);
  }
  if (run.broken_seal) throw changed_elsewhere(run, *repetition);
  const Json document = certificate(run, *repetition);
  streams.result(certificate_text(run, *repetition));
  if (!options.out.empty()) {
    write_output_file(options.out, json_text(document), options.force);
    streams.result("Certificate: " + printable(options.out) + '\n');
  }
  streams.document(document);
  streams.finish();
  return 0;
}

}  // namespace

void add_reproduce_command(Command program) {
  const auto options = std::make_shared<Options>();
  RepetitionRequest& request = options->request;
  Command command =
      program.add_command("reproduce", "trains a finished run again and certifies that its bits are the same");
  add_text(command, "RUN", "RUN", "the folder of a training run", options->run, "folder of a training run");
  add_value(command,
            {.names = "-e,--epochs",
             .value_name = "N,...",
             .allowed = allowed_epochs,
             .description = "only these, from the run's checkpoints where it kept some (default all, and the test)"},
            [&request](const std::string& text) { request.epochs = parse_epochs(text); });
  command.begin_group("Places (default: where they were)");
  add_text(command, "-d,--data", "mnist|fashion|PATH", "mnist, fashion or a data set's folder or file", request.data,
           "the run's data set");
  add_text(command, "--validation-data", "PATH", "a data set's folder or file", request.validation_data,
           "the data set that the run was validated with");
  add_text(command, "-w,--weights", "FILE", "a weights file or the folder of a run", request.weights,
           "the weights that the run started from");
  command.begin_group("Device");
  add_device_options(command, request.device);
  command.begin_group("Output");
  add_text(command, "-o,--out", "FILE", "a file", options->out, "certificate of what was reproduced (JSON)");
  add_switch(command, "-f,--force", options->force, "replace a file that exists");
  add_quiet_option(command, options->quiet);
  add_json_option(command, options->json);
  command.add_example("nib reproduce runs/latest", "trains the newest run again, epoch by epoch beside its record");
  command.add_example("nib reproduce runs/latest --epochs 5", "its fifth epoch alone");
  command.set_action([options] { return reproduce_command(*options); });
}

}  // namespace nib
