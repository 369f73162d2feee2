#include "runs/run_files.h"

#include <fmt/core.h>

#include <initializer_list>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "base/text.h"
#include "encodings/json.h"
#include "model/network_json.h"
#include "runs/file_names.h"
#include "statistics/predictions_csv.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t largest_record = std::uint64_t{64} << 20;  ///< 100,000 epochs take 12 MB
constexpr std::uint64_t largest_table = std::uint64_t{1} << 30;
constexpr int deepest_record = 16;

std::string text_of(const fs::path& path, std::uint64_t limit) {
  const std::vector<std::uint8_t> bytes = read_file(path, limit);
  return {bytes.begin(), bytes.end()};
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

void check_data(const JsonReader& data) {
  constexpr std::size_t file_roles = 4;  // images and labels of both parts
  require_texts(data, {"name"});
  for (const JsonReader& file : at_least(file_roles, data.at("files")).items())
    require_texts(file, {"path", "raw_sha256"});
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
  check_test(record.at("test"), record.at("data").at("class_names").value().size());
  require_numbers(record.at("seconds"), {"training", "test", "total"});
  check_history(record.at("history"));
}

void check_predictions(const Predictions& predictions, const RunRecord& record, const fs::path& path) {
  const std::uint64_t images = record.test->images;
  const std::size_t classes = record.data.class_names.size();
  if (predictions.size() != images || predictions.classes != classes)
    throw input_error({.file = path.string(),
                       .problem = "not the predictions of this run",
                       .expected = fmt::format("{} images of {} classes, as run.json says", images, classes),
                       .got = fmt::format("{} images of {} classes", predictions.size(), predictions.classes)});
}

}  // namespace

RunFiles read_run(const fs::path& folder_or_record) {
  std::error_code ignored;
  const bool is_folder = fs::is_directory(folder_or_record, ignored);
  const fs::path path = is_folder ? folder_or_record / record_file : folder_or_record;
  const fs::path folder = path.has_parent_path() ? path.parent_path() : ".";
  const std::string source = path.string();
  const Json document = parse_json(text_of(path, largest_record), source, deepest_record);
  const JsonReader reader(document, source);
  check_finished(reader.at("status"));
  check_complete(reader);
  RunFiles run{.folder = folder, .record = run_record(reader), .network = {}, .predictions = {}};
  run.network = parse_network(json_line(run.record.configuration["network"]), source + ": configuration.network");
  const fs::path table = run.folder / predictions_file;
  run.predictions = read_predictions_csv(text_of(table, largest_table), table.string());
  check_predictions(run.predictions, run.record, table);
  return run;
}

}  // namespace nib
