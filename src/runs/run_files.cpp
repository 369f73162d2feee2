#include "runs/run_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "base/text.h"
#include "encodings/json_object.h"
#include "model/network_json.h"
#include "statistics/predictions_csv.h"

namespace nib {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::uint64_t largest_record = std::uint64_t{64} << 20;  ///< 100,000 epochs take 12 MB
constexpr std::uint64_t largest_table = std::uint64_t{1} << 30;
constexpr int deepest_record = 16;
const char* const record_file = "run.json";
const char* const predictions_file = "test_predictions.csv";

std::string text_of(const fs::path& path, std::uint64_t limit) {
  const std::vector<std::uint8_t> bytes = read_file(path, limit);
  return {bytes.begin(), bytes.end()};
}

std::string words_of(JsonObject& object, const std::string& key) {
  const json& value = object.value(key);
  if (!value.is_string()) throw object.error(object.path(key), "wrong type", "a string", describe_json(value));
  return value.get<std::string>();
}

/// From 0, as a seed or a count of right answers.
std::uint64_t whole_number_of(JsonObject& object, const std::string& key) {
  const json& value = object.value(key);
  if (!value.is_number_unsigned())
    throw object.error(object.path(key), "wrong type", "a whole number", describe_json(value));
  return value.get<std::uint64_t>();
}

const json& array_of(JsonObject& object, const std::string& key, std::size_t least) {
  const json& value = object.value(key);
  if (!value.is_array() || value.size() < least)
    throw object.error(object.path(key), value.is_array() ? "wrong length" : "wrong type",
                       fmt::format("an array of at least {}", least), describe_json(value));
  return value;
}

JsonObject part_of(JsonObject& object, const std::string& key, const std::string& source) {
  return JsonObject(object.value(key), key, source);
}

void check_finished(JsonObject& record) {
  const std::vector<std::string> states = {"finished", "running", "interrupted", "failed"};
  const std::string& state = states[record.word_index("status", states)];
  if (state == "finished") return;
  Problem problem = record.error("status", "the run is not finished", "finished", state).problem();
  problem.hint = state == "running" ? "it has its results when it ends" : "it has no test results";
  throw input_error(problem);
}

/// One figure of each epoch; null stands for a number that is not finite.
std::vector<double> figures_of(JsonObject& history, const std::string& key, std::size_t epochs) {
  const json& array = array_of(history, key, epochs);
  if (array.size() != epochs)
    throw history.error(history.path(key), "wrong length", fmt::format("an array of {}", epochs), describe_json(array));
  std::vector<double> figures;
  for (const json& element : array) {
    if (!element.is_number() && !element.is_null())
      throw history.error(history.path(key, figures.size()), "wrong type", "a number or null", describe_json(element));
    figures.push_back(element.is_null() ? std::numeric_limits<double>::quiet_NaN() : element.get<double>());
  }
  return figures;
}

History history_of(JsonObject& object, bool validated) {
  const json& numbers = array_of(object, "epoch", 1);
  const std::size_t epochs = numbers.size();
  const std::vector<double> accuracy = figures_of(object, "accuracy", epochs);
  const std::vector<double> loss = figures_of(object, "loss", epochs);
  const std::vector<double> seconds = figures_of(object, "seconds", epochs);
  History history(epochs);
  for (std::size_t i = 0; i < epochs; ++i) {
    if (numbers[i] != i + 1)
      throw object.error(object.path("epoch", i), "epochs out of order", std::to_string(i + 1),
                         describe_json(numbers[i]));
    history[i] = {
        .epoch = static_cast<std::uint32_t>(i + 1), .loss = loss[i], .accuracy = accuracy[i], .seconds = seconds[i]};
  }
  if (!validated) return history;
  const std::vector<double> validation_accuracy = figures_of(object, "val_accuracy", epochs);
  const std::vector<double> validation_loss = figures_of(object, "val_loss", epochs);
  for (std::size_t i = 0; i < epochs; ++i) {
    history[i].validation_accuracy = validation_accuracy[i];
    history[i].validation_loss = validation_loss[i];
  }
  return history;
}

void check_configuration(JsonObject configuration) {
  configuration.count("epochs");
  configuration.count("batch");
  configuration.number("learning_rate");
  whole_number_of(configuration, "seed");
}

/// Images and labels of both parts, each with its hash.
void check_data(JsonObject data, const std::string& source) {
  constexpr std::size_t file_roles = 4;
  words_of(data, "name");
  const json& files = array_of(data, "files", file_roles);
  for (std::size_t i = 0; i < files.size(); ++i) {
    JsonObject file(files[i], data.path("files", i), source);
    words_of(file, "path");
    words_of(file, "raw_sha256");
  }
  const json& names = array_of(data, "class_names", 1);
  for (std::size_t i = 0; i < names.size(); ++i)
    if (!names[i].is_string())
      throw data.error(data.path("class_names", i), "wrong type", "a string", describe_json(names[i]));
}

void check_confusion_matrix(JsonObject& test, std::size_t classes) {
  const json& rows = array_of(test, "confusion_matrix", classes);
  const auto is_row = [&](const json& row) {
    return row.is_array() && row.size() == classes &&
           std::ranges::all_of(row, [](const json& count) { return count.is_number_unsigned(); });
  };
  if (rows.size() != classes || !std::ranges::all_of(rows, is_row))
    throw test.error(test.path("confusion_matrix"), "wrong values",
                     fmt::format("{} rows of {} whole numbers", classes, classes));
}

void check_test(JsonObject test, std::size_t classes) {
  const std::uint64_t images = test.count("images"), correct = whole_number_of(test, "correct");
  if (correct > images)
    throw test.error(test.path("correct"), "more than there are images", fmt::format("at most {}", images),
                     std::to_string(correct));
  test.number("loss");
  test.number("accuracy");
  check_confusion_matrix(test, classes);
}

void check_seconds(JsonObject seconds) {
  for (const char* part : {"training", "test", "total"}) seconds.number(part);
}

void check_predictions(const Predictions& predictions, const nlohmann::ordered_json& record, const fs::path& path) {
  const auto images = record["test"]["images"].get<std::size_t>();
  const std::size_t classes = record["data"]["class_names"].size();
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
  const std::string source = path.string(), text = text_of(path, largest_record);
  const json checked = parse_strict_json(text, source, deepest_record);
  JsonObject record(checked, "", source);
  check_finished(record);
  for (const char* key : {"started", "finished", "engine", "weights_sha256"}) words_of(record, key);
  JsonObject configuration = part_of(record, "configuration", source);
  check_configuration(configuration);
  check_data(part_of(record, "data", source), source);
  check_test(part_of(record, "test", source), checked["data"]["class_names"].size());
  check_seconds(part_of(record, "seconds", source));
  JsonObject history = part_of(record, "history", source);

  RunFiles run{.folder = folder,
               .record = nlohmann::ordered_json::parse(text),
               .network = parse_network(configuration.value("network").dump(), source + ": configuration.network"),
               .history = history_of(history, checked["history"].contains("val_loss")),
               .predictions = {}};
  const fs::path table = run.folder / predictions_file;
  run.predictions = read_predictions_csv(text_of(table, largest_table), table.string());
  check_predictions(run.predictions, run.record, table);
  return run;
}

}  // namespace nib
