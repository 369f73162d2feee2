#include "commands/reproduce/recorded_run.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>

#include "base/files.h"
#include "base/hash.h"
#include "formats/checkpoint_names.h"
#include "machine/machine.h"
#include "runs/checkpoint.h"
#include "runs/file_names.h"
#include "runs/record_differences.h"
#include "runs/record_seal.h"
#include "training/history.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

/// What a checkpoint's copy of the record has as the finished record has it: what is settled before training begins.
constexpr std::array<std::string_view, 9> settled = {"started",    "folder",        "program", "machine", "engine",
                                                     "repeatable", "configuration", "command", "data"};

bool begins_with(std::string_view field, std::string_view key) {
  return field.starts_with(key) && (field.size() == key.size() || field[key.size()] == '.' || field[key.size()] == '[');
}

Error contradiction(const RecordedRun& run, const Difference& difference, const std::string& what) {
  return input_error({.file = run.path,
                      .field = difference.field,
                      .problem = what,
                      .expected = difference.expected,
                      .got = difference.got});
}

void require_none(const RecordedRun& run, const std::vector<Difference>& found, const std::string& what) {
  if (!found.empty()) throw contradiction(run, found.front(), what);
}

/// The record's own hash, and where it was written by this very program, that it has nothing that this would not write.
void check_record(RecordedRun& run) {
  const std::vector<std::uint8_t> bytes = read_file(run.path, largest_record);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const Json document = parse_json(text, run.path, deepest_record);
  const JsonReader reader(document, run.path);
  run.sealed = reader.find(record_hash).has_value();
  if (run.is_by_this_program && run.sealed)
    require_none(
        run,
        differences(to_json(run.record()), document, true, [](std::string_view field) { return field != record_hash; }),
        "not what the rest of the record says");
  try {
    check_seal(text, reader);
    run.record_sha256 = run.sealed ? reader.at(record_hash).text() : to_hex(sha256(bytes));
  } catch (const Error& error) {
    Problem problem = error.problem();
    problem.hint.clear();
    run.broken_seal = Error(error.code(), std::move(problem));
  }
}

/// The weights at the end of an epoch, as the record tells them; empty where it does not.
EpochWeights recorded_weights(const RecordedRun& run, std::uint32_t epoch) {
  const std::vector<EpochWeights>& all = run.record().epoch_weights;
  return epoch >= 1 && epoch <= all.size() ? all[epoch - 1] : EpochWeights{};
}

/// `hash` is what the record has for them.
void check_weights(const RecordedRun& run, const fs::path& file, const Parameters& weights, std::uint32_t epoch,
                   const std::string& hash) {
  if (hash.empty()) return;
  const std::string got = weights_sha256(weights);
  if (got == hash) return;
  const EpochWeights recorded = recorded_weights(run, epoch);
  throw input_error({.file = file.string(),
                     .field = recorded.sha256 == hash ? first_other_tensor(recorded, weights) : "",
                     .problem = "not the weights that run.json tells: their SHA-256 is another",
                     .expected = hash,
                     .got = got});
}

void check_weights_file(RecordedRun& run, const char* name, std::uint32_t epoch, const std::string& hash) {
  const fs::path file = run.files.folder / name;
  std::error_code ignored;
  if (fs::symlink_status(file, ignored).type() == fs::file_type::not_found)
    run.missing.emplace_back(name);
  else
    check_weights(run, file, read_weights(file, {.network = run.files.network}).parameters, epoch, hash);
}

/// What the process that wrote the checkpoint told of the run, where it is the one that finished it.
void check_copy(const RecordedRun& run, const fs::path& file, const Checkpoint& checkpoint) {
  const RunRecord& record = run.record();
  if (to_json(checkpoint.record.stops) != to_json(record.stops)) return;
  const std::string what = "not what " + file.filename().string() + " tells of the run";
  const History& then = checkpoint.position.history;
  const std::size_t epochs = std::min(then.size(), record.history.size());
  const bool at_the_end = checkpoint.position.step == 0 && then.size() == record.history.size();
  require_none(run,
               differences(to_json(checkpoint.record), to_json(record), false,
                           [&](std::string_view field) {
                             return (at_the_end && begins_with(field, "step_curve")) ||
                                    std::ranges::any_of(settled, [&](auto key) { return begins_with(field, key); });
                           }),
               what);
  const Json expected = {{"history", history_to_json(then)}};
  const auto first = record.history.begin();
  const Json got = {{"history", history_to_json(History(first, first + static_cast<std::ptrdiff_t>(epochs)))}};
  require_none(run, differences(expected, got, true, [](std::string_view) { return true; }), what);
  for (std::uint32_t epoch = 1; epoch <= std::min(epochs, checkpoint.record.epoch_weights.size()); ++epoch) {
    const EpochWeights told = checkpoint.record.epoch_weights[epoch - 1], now = recorded_weights(run, epoch);
    const auto check = [&](const char* key, const std::string& one, const std::string& other) {
      if (one != other)
        throw contradiction(
            run, {.field = fmt::format("epoch_weights.{}[{}]", key, epoch - 1), .expected = one, .got = other}, what);
    };
    check("sha256", told.sha256, now.sha256);
    check("tensors", told.tensors, now.tensors);
  }
}

void check_checkpoint(RecordedRun& run, const std::string& name) {
  const fs::path file = run.files.folder / name;
  const Checkpoint checkpoint = run_checkpoint(read_checkpoint(file), file.string());
  check_copy(run, file, checkpoint);
  const TrainingPosition& position = checkpoint.position;
  if (position.step == 0)
    check_weights(run, file, checkpoint.state.parameters, position.epoch - 1,
                  recorded_weights(run, position.epoch - 1).sha256);
  run.checkpoints.push_back({.file = file, .epoch = position.epoch, .step = position.step});
}

}  // namespace

bool RecordedRun::tells_epochs() const {
  return std::ranges::any_of(record().epoch_weights, [](const EpochWeights& epoch) { return !epoch.sha256.empty(); });
}

RecordedRun open_recorded_run(const fs::path& folder_or_record) {
  RecordedRun run{.files = read_unsealed_run(folder_or_record), .path = {}, .record_sha256 = {}};
  std::error_code ignored;
  run.path = (fs::is_directory(folder_or_record, ignored) ? folder_or_record / record_file : folder_or_record).string();
  const RunRecord& record = run.record();
  const std::string program = program_sha256();
  run.is_by_this_program = !program.empty() && record.program["sha256"] == Json(program);
  check_record(run);
  for (const std::string& name : checkpoint_files(run.files.folder)) check_checkpoint(run, name);
  if (run.checkpoints.empty()) run.missing.emplace_back(checkpoint_file);
  const auto last = static_cast<std::uint32_t>(record.history.size());
  check_weights_file(run, model_file, record.weights_epoch.value_or(last), record.weights_sha256);
  if (record.best) check_weights_file(run, best_file, record.best->epoch, record.best->weights_sha256);
  return run;
}

void check_repeatable(const RecordedRun& run) {
  if (run.record().repeatable != false) return;
  throw input_error({.file = run.path,
                     .field = "repeatable",
                     .problem = "training this run again need not give the same weights: it ran with algorithms that "
                                "differ from run to run, or went on with another schedule than it had",
                     .expected = "true",
                     .got = "false"});
}

}  // namespace nib
