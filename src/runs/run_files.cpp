#include "runs/run_files.h"

#include <fmt/core.h>

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/text.h"
#include "encodings/json.h"
#include "formats/weights.h"
#include "model/network_json.h"
#include "runs/file_names.h"
#include "runs/record_checks.h"
#include "runs/record_seal.h"
#include "statistics/predictions_csv.h"
#include "training/history_check.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t largest_table = std::uint64_t{1} << 30;

std::string_view text_of(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void check_finished(const JsonReader& status) {
  const RunStatus state = run_status(status);
  if (state == RunStatus::finished) return;
  Problem problem = status.error("the run is not finished", "finished", word(state)).problem();
  problem.hint = state == RunStatus::running ? "it has its results when it ends" : "it has no test results";
  throw input_error(problem);
}

void require_texts(const JsonReader& object, std::initializer_list<const char*> keys) {
  for (const char* const key : keys) object.at(key).text();
}

void require_numbers(const JsonReader& object, std::initializer_list<const char*> keys) {
  for (const char* const key : keys) object.at(key).number();
}

JsonReader at_least(std::size_t least, const JsonReader& array) {
  const Json& value = array.value();
  if (!value.is_array() || value.size() < least)
    throw array.error(value.is_array() ? "wrong length" : "wrong type", fmt::format("an array of at least {}", least),
                      describe_json(value));
  return array;
}

void check_configuration(const JsonReader& configuration) {
  configuration.at("network");
  configuration.at("epochs").count();
  configuration.at("batch").count();
  configuration.at("learning_rate").number();
  configuration.at("seed").whole_number();
}

/// A record that counts the images of each part, and none of a test part.
bool is_untested(const JsonReader& data) {
  const auto images = data.find("images");
  return images && images->value().is_object() && images->value().find("test") == nullptr;
}

void check_data(const JsonReader& data) {
  const std::size_t files = is_untested(data) ? 2 : 4;  // images and labels of each part
  require_texts(data, {"name"});
  for (const JsonReader& file : at_least(files, data.at("files")).items()) require_texts(file, {"path", "raw_sha256"});
  at_least(1, data.at("class_names"));
}

void check_test(const JsonReader& test, std::size_t classes) {
  test.at("images").count();
  test.at("correct").whole_number();
  require_numbers(test, {"loss", "accuracy"});
  at_least(classes, test.at("confusion_matrix"));
}

void check_history(const JsonReader& history) {
  const std::size_t epochs = at_least(1, history.at("epoch")).value().size();
  for (const char* const key : {"accuracy", "loss", "seconds"}) at_least(epochs, history.at(key));
  for (std::size_t epoch = 0; epoch < epochs; ++epoch) history.at("seconds").item(epoch).number();
  if (history.value().find("val_loss") == nullptr) return;
  for (const char* const key : {"val_accuracy", "val_loss"}) at_least(epochs, history.at(key));
}

/// What every finished run has, whatever version wrote it.
void check_complete(const JsonReader& record) {
  require_texts(record, {"started", "finished", "engine", "weights_sha256"});
  check_configuration(record.at("configuration"));
  check_data(record.at("data"));
  require_numbers(record.at("seconds"), {"training", "total"});
  if (is_untested(record.at("data"))) {
    if (const auto test = record.find("test"))
      throw test->error("there, though data.images has no test images", "none", describe_json(test->value()));
  } else {
    check_test(record.at("test"), record.at("data").at("class_names").value().size());
    require_numbers(record.at("seconds"), {"test"});
  }
  check_history(record.at("history"));
}

/// Nothing where the folder has no such file; other files than those of a run are looked at no further.
std::optional<std::vector<std::uint8_t>> bytes_of(const fs::path& path, std::uint64_t limit) {
  std::error_code error;
  if (fs::symlink_status(path, error).type() == fs::file_type::not_found) return std::nullopt;
  return read_file(path, limit);
}

/// Where the record has the hash of a file.
void check_hash(const RunRecord& record, const char* name, std::span<const std::uint8_t> bytes, const fs::path& path) {
  const auto recorded = record.file_sha256.find(name);
  if (recorded == record.file_sha256.end()) return;
  if (const std::string hash = to_hex(sha256(bytes)); hash != recorded->second)
    throw input_error({.file = path.string(),
                       .problem = "not the file that the run wrote: its SHA-256 is another than in run.json",
                       .expected = recorded->second,
                       .got = hash});
}

using HistoryCheck = void (*)(std::string_view text, const std::string& source, const History& history);

void check_history_file(const RunFiles& run, const char* name, HistoryCheck check) {
  const fs::path path = run.folder / name;
  const auto bytes = bytes_of(path, largest_record);
  if (!bytes) return;
  check(text_of(*bytes), path.string(), run.record.history);
  check_hash(run.record, name, *bytes, path);
}

/// `sealed`: its own hash has to be right, too; that is told behind all that names more.
RunFiles parse(std::string_view text, const std::string& source, bool sealed) {
  const Json document = parse_json(text, source, deepest_record);
  const JsonReader reader(document, source);
  check_finished(reader.at("status"));
  check_complete(reader);
  RunFiles run{.folder = {}, .record = run_record(reader), .network = {}, .predictions = {}};
  run.network = parse_network(json_line(run.record.configuration["network"]), source + ": configuration.network");
  check_figures(run.record, run.network, source);
  if (sealed) check_seal(text, reader);
  return run;
}

RunFiles read(const fs::path& folder_or_record, bool sealed) {
  std::error_code ignored;
  const bool is_folder = fs::is_directory(folder_or_record, ignored);
  const fs::path path = is_folder ? folder_or_record / record_file : folder_or_record;
  RunFiles run = parse(text_of(read_file(path, largest_record)), path.string(), sealed);
  run.folder = path.has_parent_path() ? path.parent_path() : ".";
  if (run.record.test) {
    const fs::path table = run.folder / predictions_file;
    const std::vector<std::uint8_t> bytes = read_file(table, largest_table);
    run.predictions = parse_predictions(text_of(bytes), run.record, table.string());
    check_hash(run.record, predictions_file, bytes, table);
  }
  check_history_file(run, history_csv_file, check_history_csv);
  check_history_file(run, history_json_file, check_history_json);
  return run;
}

}  // namespace

RunFiles parse_run(std::string_view text, const std::string& source) { return parse(text, source, false); }

Predictions parse_predictions(std::string_view text, const RunRecord& record, const std::string& source) {
  Predictions predictions = read_predictions_csv(text, source);
  check_predictions(predictions, record, source);
  return predictions;
}

RunFiles read_run(const fs::path& folder_or_record) { return read(folder_or_record, true); }

RunFiles read_unsealed_run(const fs::path& folder_or_record) { return read(folder_or_record, false); }

std::optional<Parameters> read_run_weights(const RunFiles& run) {
  const fs::path path = run.folder / model_file;
  std::error_code error;
  if (fs::symlink_status(path, error).type() == fs::file_type::not_found) return std::nullopt;
  WeightsFile file = read_weights(path, {.network = run.network});
  if (const std::string hash = weights_sha256(file.parameters); hash != run.record.weights_sha256)
    throw input_error({.file = path.string(),
                       .problem = "not the weights of this run: their hash is another than in run.json",
                       .expected = printable(run.record.weights_sha256, 80),
                       .got = hash});
  return std::move(file.parameters);
}

}  // namespace nib
