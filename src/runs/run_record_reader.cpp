#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <string_view>

#include "base/files.h"
#include "base/hash.h"
#include "base/text.h"
#include "runs/file_names.h"
#include "runs/record_seal.h"
#include "runs/run_optimizer.h"
#include "runs/run_record.h"
#include "training/history.h"

namespace nib {
namespace {

/// A page, a picture or a table is made of each of these: more of them, or longer ones, are no run's.
constexpr std::size_t most_epochs = 100'000, most_classes = 256, most_parts = 16, most_files = 1000, most_facts = 1000;
constexpr std::size_t longest_text = 65'536, longest_engine = 1000, longest_class_name = 64;

void check_length(const JsonReader& list, std::size_t most, const char* of_what) {
  if (const std::size_t size = list.value().size(); size > most)
    throw list.error(fmt::format("too many {}", of_what), fmt::format("at most {}", most), std::to_string(size));
}

std::string short_text(const JsonReader& value, std::size_t longest = longest_text) {
  std::string text = value.text();
  if (text.size() > longest)
    throw value.error("text is too long", fmt::format("at most {} bytes", longest),
                      fmt::format("{} bytes", text.size()));
  return text;
}

std::string text_of(const JsonReader& object, const std::string& key, std::size_t longest = longest_text) {
  const auto found = object.find(key);
  return found ? short_text(*found, longest) : std::string();
}

/// The object with its members, which are shown whatever they are.
const Json& facts_of(const JsonReader& value) {
  value.object();
  check_length(value, most_facts, "members");
  return value.object();
}

std::optional<double> number_of(const JsonReader& object, const std::string& key) {
  const auto found = object.find(key);
  return found ? std::optional(found->number()) : std::nullopt;
}

/// A text, or as older versions wrote it, an array of words.
std::string read_command(const JsonReader& command) {
  if (!command.is_array()) return short_text(command);
  check_length(command, most_facts, "words");
  std::string line;
  for (const std::string& word : command.texts()) line += (line.empty() ? "" : " ") + shell_word(word);
  return line;
}

FileRecord read_file_record(const JsonReader& file) {
  FileRecord record{.path = text_of(file, "path"), .raw_sha256 = text_of(file, "raw_sha256")};
  if (const auto bytes = file.find("raw_bytes")) record.raw_bytes = bytes->whole_number();
  if (const auto gzipped = file.find("gzipped")) record.gzipped = gzipped->boolean();
  return record;
}

/// Numbers for names where the record shows how many classes there are but does not name them.
void complete_names(std::vector<std::string>& names, std::size_t classes) {
  if (!names.empty()) return;
  for (std::size_t index = 0; index < classes; ++index) names.push_back(std::to_string(index));
}

std::vector<std::string> read_names(const JsonReader& value) {
  value.array();
  check_length(value, most_classes, "classes");
  std::vector<std::string> names;
  for (const JsonReader& name : value.items()) names.push_back(short_text(name, longest_class_name));
  return names;
}

DataRecord read_data(const JsonReader& value) {
  DataRecord data{.name = text_of(value, "name"), .title = text_of(value, "title"), .folder = text_of(value, "folder")};
  if (const auto limit = value.find("limit")) data.limit = limit->count();
  if (const auto files = value.find("files")) {
    check_length(*files, most_files, "files");
    for (const JsonReader& file : files->items()) data.files.push_back(read_file_record(file));
  }
  if (const auto images = value.find("images")) {
    check_length(*images, most_parts, "parts");
    for (const auto& [part, count] : images->members()) data.images.emplace_back(part, count.whole_number());
  }
  if (const auto names = value.find("class_names")) data.class_names = read_names(*names);
  if (const auto all_counts = value.find("class_counts")) {
    check_length(*all_counts, most_parts, "parts");
    for (const auto& [part, counts] : all_counts->members()) {
      data.class_counts.emplace_back(part, counts.whole_numbers());
      check_length(counts, most_classes, "classes");
      const std::size_t size = data.class_counts.back().second.size();
      complete_names(data.class_names, size);
      if (size != data.class_names.size())
        throw counts.error("wrong number of classes", std::to_string(data.class_names.size()), std::to_string(size));
    }
  }
  return data;
}

std::vector<std::uint64_t> read_confusion(const JsonReader& matrix, std::size_t classes) {
  const auto is_row = [&](const Json& row) {
    return row.is_array() && row.size() == classes && std::ranges::all_of(row.items(), &Json::is_whole);
  };
  if (matrix.value().size() != classes || !std::ranges::all_of(matrix.value().items(), is_row))
    throw matrix.error("wrong values", fmt::format("{} rows of {} whole numbers", classes, classes));
  std::vector<std::uint64_t> confusion;
  for (const Json& row : matrix.value().items())
    std::ranges::transform(row.items(), std::back_inserter(confusion), &Json::whole);
  return confusion;
}

TestResult read_test(const JsonReader& value, DataRecord& data) {
  constexpr double missing = std::numeric_limits<double>::quiet_NaN();
  TestResult test{.loss = number_of(value, "loss").value_or(missing),
                  .accuracy = number_of(value, "accuracy").value_or(missing)};
  const auto images = value.find("images"), correct = value.find("correct");
  if (images && correct) {
    test.images = images->count();
    test.correct = correct->whole_number();
    if (test.correct > test.images)
      throw correct->error("more than there are images", fmt::format("at most {}", test.images),
                           std::to_string(test.correct));
  }
  if (const auto matrix = value.find("confusion_matrix")) {
    const std::size_t rows = matrix->array().size();
    check_length(*matrix, most_classes, "classes");
    if (data.class_counts.empty()) complete_names(data.class_names, rows);
    test.confusion = read_confusion(*matrix, data.class_names.size());
  }
  return test;
}

PhaseSeconds read_seconds(const JsonReader& value) {
  return {.data = number_of(value, "data"),
          .until_first_step = number_of(value, "until_first_step"),
          .training = number_of(value, "training"),
          .test = number_of(value, "test"),
          .pictures = number_of(value, "pictures"),
          .total = number_of(value, "total")};
}

/// Settings may be any, but those that are compared by their values are what they should be.
Json read_configuration(const JsonReader& value) {
  value.object();
  check_length(value, most_facts, "settings");  // a comparison looks each of them up in each run
  for (const char* const key : {"epochs", "batch"})
    if (const auto found = value.find(key)) found->count();
  if (const auto rate = value.find("learning_rate")) rate->number();
  if (const auto seed = value.find("seed")) seed->whole_number();
  if (const auto monitor = value.find("monitor")) monitor->word_index({"loss", "accuracy", "val_loss", "val_accuracy"});
  if (const auto delta = value.find("min_delta")) delta->number();
  if (const auto patience = value.find("early_stopping")) patience->whole_number();
  optimizer_of(value);
  if (const auto smoothing = value.find("label_smoothing"))
    if (const double part = smoothing->number(); !(part >= 0 && part < 1))
      throw smoothing->error("out of range", "from 0 to below 1");
  return value.object();
}

/// Whatever stands in it is shown; texts are texts.
Json read_program(const JsonReader& value) {
  for (const char* const key : {"version", "compiler"})
    if (const auto found = value.find(key)) short_text(*found);
  if (const auto libraries = value.find("libraries")) facts_of(*libraries);
  return facts_of(value);
}

History read_history(const JsonReader& value) {
  if (const auto numbers = value.find("epoch")) check_length(*numbers, most_epochs, "epochs");
  History history = history_from_json(value);
  if (history.size() > most_epochs)
    throw value.error("too many epochs", fmt::format("at most {}", most_epochs), std::to_string(history.size()));
  return history;
}

std::vector<RunStop> read_stops(const JsonReader& value) {
  check_length(value, most_facts, "stops");
  std::vector<RunStop> stops;
  for (const JsonReader& stop : value.items())
    stops.push_back({.step = stop.at("step").whole_number(),
                     .reason = text_of(stop, "reason"),
                     .resumed = text_of(stop, "resumed")});
  return stops;
}

LogPosition read_position(const JsonReader& value) {
  const JsonReader checksum = value.at("crc32c");
  if (checksum.whole_number() > std::numeric_limits<std::uint32_t>::max())
    throw checksum.error("out of range", "a CRC-32C", std::to_string(checksum.whole_number()));
  return {.path = short_text(value.at("path")),
          .bytes = value.at("bytes").whole_number(),
          .crc32c = static_cast<std::uint32_t>(checksum.whole_number())};
}

LogsRecord read_logs(const JsonReader& value) {
  constexpr std::size_t most_event_files = 3 * (most_facts + 1);  // with the most stops
  LogsRecord logs{.every = value.at("every").count(), .tensorboard = text_of(value, "tensorboard")};
  if (const auto log = value.find("event_log")) {
    logs.event_log = read_position(*log);
    logs.seconds = value.at("seconds").number();
  }
  if (const auto files = value.find("event_files")) {
    check_length(*files, most_event_files, "files");
    for (const JsonReader& file : files->items()) logs.event_files.push_back(read_position(file));
  }
  return logs;
}

std::string read_hash(const JsonReader& hash) {
  const std::string text = hash.text();
  const bool hexadecimal = text.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (text.size() != 2 * sizeof(Sha256) || !hexadecimal)
    throw hash.error("not a SHA-256", "64 hexadecimal digits", describe_json(hash.value()));
  return text;
}

std::map<std::string, std::string> read_hashes(const JsonReader& value) {
  value.object();
  check_length(value, most_files, "files");
  std::map<std::string, std::string> hashes;
  for (const auto& [name, hash] : value.members()) hashes.emplace(name, read_hash(hash));
  return hashes;
}

std::vector<EpochWeights> read_epoch_weights(const JsonReader& value) {
  const JsonReader hashes = value.at("sha256"), tensors = value.at("tensors");
  check_length(hashes, most_epochs, "epochs");
  const std::size_t epochs = hashes.array().size();
  std::vector<EpochWeights> weights;
  for (const JsonReader& hash : hashes.items())
    weights.push_back({.sha256 = hash.text().empty() ? "" : read_hash(hash)});
  std::size_t epoch = 0;
  for (const JsonReader& digits : tensors.items(epochs)) weights[epoch++].tensors = short_text(digits);
  return weights;
}

}  // namespace

RunStatus run_status(const JsonReader& status) {
  constexpr RunStatus all[] = {RunStatus::finished, RunStatus::running, RunStatus::interrupted, RunStatus::failed};
  std::vector<std::string> words;
  for (const RunStatus each : all) words.emplace_back(word(each));
  return all[status.word_index(words)];
}

RunRecord run_record(const JsonReader& document) {
  RunRecord record{.status = run_status(document.at("status")),
                   .reason = text_of(document, "reason"),
                   .started = text_of(document, "started"),
                   .finished = text_of(document, "finished"),
                   .folder = text_of(document, "folder"),
                   .engine = text_of(document, "engine", longest_engine),
                   .weights_sha256 = text_of(document, "weights_sha256")};
  if (const auto ranks = document.find("ranks")) record.ranks = ranks->count();
  if (const auto repeatable = document.find("repeatable")) record.repeatable = repeatable->boolean();
  if (const auto program = document.find("program")) record.program = read_program(*program);
  if (const auto machine = document.find("machine")) record.machine = facts_of(*machine);
  if (const auto settings = document.find("configuration")) record.configuration = read_configuration(*settings);
  if (const auto command = document.find("command")) record.command = read_command(*command);
  if (const auto data = document.find("data")) record.data = read_data(*data);
  if (const auto seconds = document.find("seconds")) record.seconds = read_seconds(*seconds);
  if (const auto test = document.find("test")) record.test = read_test(*test, record.data);
  if (const auto step = document.find("nonfinite_step")) record.nonfinite_step = step->whole_number();
  if (const auto stops = document.find("stops")) record.stops = read_stops(*stops);
  if (const auto best = document.find("best"))
    record.best = {.epoch = best->at("epoch").count(), .weights_sha256 = short_text(best->at("weights_sha256"))};
  if (const auto epoch = document.find("weights_epoch")) record.weights_epoch = epoch->count();
  if (const auto history = document.find("history")) record.history = read_history(*history);
  if (const auto weights = document.find("epoch_weights")) record.epoch_weights = read_epoch_weights(*weights);
  if (const auto curve = document.find("step_curve")) record.step_curve = step_curve(*curve);
  if (const auto bytes = document.find("peak_memory_bytes")) record.peak_memory_bytes = bytes->whole_number();
  if (const auto files = document.find("files")) record.files = files->texts();
  if (const auto logs = document.find("logs")) record.logs = read_logs(*logs);
  if (const auto hashes = document.find("file_sha256")) record.file_sha256 = read_hashes(*hashes);
  return record;
}

RunRecord read_record(const std::filesystem::path& folder) {
  const std::string source = (folder / record_file).string();
  const std::vector<std::uint8_t> bytes = read_file(source, largest_record);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const Json document = parse_json(text, source, deepest_record);
  const JsonReader reader(document, source);
  RunRecord record = run_record(reader);
  check_seal(text, reader);
  return record;
}

std::uint64_t training_images(const RunRecord& record) {
  for (const auto& [part, count] : record.data.images)
    if (part == "training") return count;
  return 0;
}

}  // namespace nib
