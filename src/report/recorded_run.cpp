#include "report/recorded_run.h"

#include <fmt/format.h>

#include "report/record_value.h"

namespace nib {
namespace {

NamedTexts described(const std::vector<std::pair<std::string, RecordValue>>& members) {
  NamedTexts result;
  for (const auto& [name, value] : members) result.emplace_back(name, value.describe());
  return result;
}

/// Words as a POSIX shell takes them apart again.
std::string shell_line(const std::vector<RecordValue>& words) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=,+@%";
  std::string line;
  for (const RecordValue& value : words) {
    const std::string word = value.text();
    if (!line.empty()) line += ' ';
    if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) {
      line += word;
      continue;
    }
    line += '\'';
    for (const char letter : word) line += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
    line += '\'';
  }
  return line;
}

std::string read_command(const RecordValue& run) {
  const auto command = run.find("command");
  if (!command) return {};
  return command->is_array() ? shell_line(command->items()) : command->text();
}

/// Numbers for names where the record shows how many classes there are but does not name them.
void complete_names(std::vector<std::string>& names, std::size_t classes) {
  if (!names.empty()) return;
  for (std::size_t index = 0; index < classes; ++index) names.push_back(std::to_string(index));
}

RecordedData read_data(const RecordValue& value) {
  RecordedData data{.name = value.find_text("name").value_or(""),
                    .title = value.find_text("title").value_or(""),
                    .folder = value.find_text("folder").value_or("")};
  for (const RecordValue& file : value.find_items("files"))
    data.files.push_back({.path = file.find_text("path").value_or(""),
                          .sha256 = file.find_text("raw_sha256").value_or(""),
                          .bytes = file.find_count("raw_bytes")});
  for (const auto& [part, images] : value.find_members("images")) data.images.emplace_back(part, images.count());
  for (const RecordValue& name : value.find_items("class_names")) data.class_names.push_back(name.text());
  for (const auto& [part, counts] : value.find_members("class_counts")) {
    data.class_counts.emplace_back(part, counts.counts());
    const std::size_t size = data.class_counts.back().second.size();
    complete_names(data.class_names, size);
    if (size != data.class_names.size())
      throw counts.error("wrong number of classes", std::to_string(data.class_names.size()), std::to_string(size));
  }
  return data;
}

RecordedHistory read_history(const RecordValue& value) {
  RecordedHistory history;
  for (const auto& [name, values] : value.members()) {
    RecordedHistory::Column column;
    for (const RecordValue& item : values.items())
      column.push_back(item.is_null() ? std::nullopt : std::optional(item.number()));
    const std::size_t size = column.size();
    history.columns.emplace_back(name, std::move(column));
    if (size != history.epochs())
      throw values.error("wrong number of epochs", std::to_string(history.epochs()), std::to_string(size));
  }
  return history;
}

std::vector<std::uint64_t> read_confusion(const RecordValue& matrix, std::size_t classes) {
  std::vector<std::uint64_t> confusion;
  const std::vector<RecordValue> rows = matrix.items();
  if (rows.size() != classes)
    throw matrix.error("wrong number of classes", std::to_string(classes), std::to_string(rows.size()));
  for (const RecordValue& row : rows) {
    const std::vector<std::uint64_t> counts = row.counts();
    if (counts.size() != classes)
      throw row.error("wrong number of classes", std::to_string(classes), std::to_string(counts.size()));
    confusion.insert(confusion.end(), counts.begin(), counts.end());
  }
  return confusion;
}

RecordedTest read_test(const RecordValue& value, std::vector<std::string>& names) {
  RecordedTest test{.images = value.find_count("images"),
                    .correct = value.find_count("correct"),
                    .loss = value.find_number("loss"),
                    .accuracy = value.find_number("accuracy")};
  if (test.images && test.correct && *test.correct > *test.images)
    throw value.error("more correct images than images", fmt::format("at most {}", *test.images),
                      std::to_string(*test.correct));
  if (const auto matrix = value.find("confusion_matrix")) {
    complete_names(names, matrix->items().size());
    test.confusion = read_confusion(*matrix, names.size());
  }
  return test;
}

RecordedSeconds read_seconds(const RecordValue& value) {
  return {.data = value.find_number("data"),
          .until_first_step = value.find_number("until_first_step"),
          .training = value.find_number("training"),
          .test = value.find_number("test"),
          .pictures = value.find_number("pictures"),
          .total = value.find_number("total")};
}

void read_configuration(const RecordValue& value, RecordedRun& run) {
  for (const auto& [name, setting] : value.members()) {
    if (name == "network")
      run.network = setting.describe();
    else
      run.configuration.emplace_back(name, setting.describe());
  }
}

}  // namespace

const RecordedHistory::Column* RecordedHistory::find(const std::string& name) const {
  for (const auto& [title, column] : columns)
    if (title == name) return &column;
  return nullptr;
}

std::optional<std::size_t> RecordedHistory::best_row() const {
  const Column* losses = find("val_loss") ? find("val_loss") : find("loss");
  std::optional<std::size_t> best;
  for (std::size_t row = 0; losses && row < losses->size(); ++row)
    if ((*losses)[row] && (!best || *(*losses)[row] < *(*losses)[*best])) best = row;
  return best;
}

RecordedRun read_recorded_run(const nlohmann::ordered_json& record, const std::string& document) {
  const RecordValue value(record, document);
  RecordedRun run{.status = value.find_text("status").value_or(""),
                  .reason = value.find_text("reason").value_or(""),
                  .started = value.find_text("started").value_or(""),
                  .folder = value.find_text("folder").value_or(""),
                  .engine = value.find_text("engine").value_or(""),
                  .command = read_command(value),
                  .weights_sha256 = value.find_text("weights_sha256").value_or(""),
                  .version = {},
                  .compiler = {},
                  .network = {},
                  .machine = described(value.find_members("machine")),
                  .peak_memory_bytes = value.find_count("peak_memory_bytes")};
  if (const auto program = value.find("program")) {
    run.version = program->find_text("version").value_or("");
    run.compiler = program->find_text("compiler").value_or("");
    run.libraries = described(program->find_members("libraries"));
  }
  if (const auto configuration = value.find("configuration")) read_configuration(*configuration, run);
  if (const auto data = value.find("data")) run.data = read_data(*data);
  if (const auto history = value.find("history")) run.history = read_history(*history);
  if (const auto test = value.find("test")) run.test = read_test(*test, run.data.class_names);
  if (const auto seconds = value.find("seconds")) run.seconds = read_seconds(*seconds);
  return run;
}

}  // namespace nib
