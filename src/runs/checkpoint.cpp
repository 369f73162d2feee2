#include "runs/checkpoint.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "encodings/json.h"
#include "encodings/json_reader.h"
#include "runs/run_optimizer.h"

namespace nib {
namespace {

constexpr std::uint64_t checkpoint_version = 1;

/// The 64 bits of a number, in hexadecimal: what is not finite has them, too.
Json bits_json(double number) { return fmt::format("{:016x}", std::bit_cast<std::uint64_t>(number)); }

double read_bits(const JsonReader& value) {
  const std::string text = value.text();
  std::uint64_t bits = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits, 16);
  if (text.size() != 16 || error != std::errc() || end != text.data() + text.size())
    throw value.error("not the bits of a number", "16 hexadecimal digits", describe_json(value.value()));
  return std::bit_cast<double>(bits);
}

/// A figure of every epoch, as it stands in the history.
struct Figure {
  const char* name;
  double (*get)(const EpochResult&);
  void (*set)(EpochResult&, double);
  bool (*is_told)(const EpochResult&) = nullptr;  ///< of figures that not every history has
};

bool is_validated(const EpochResult& epoch) { return epoch.validation_loss.has_value(); }

constexpr std::array<Figure, 7> figures = {{
    {"loss", [](const EpochResult& e) { return e.loss; }, [](EpochResult& e, double v) { e.loss = v; }},
    {"accuracy", [](const EpochResult& e) { return e.accuracy; }, [](EpochResult& e, double v) { e.accuracy = v; }},
    {"val_loss", [](const EpochResult& e) { return e.validation_loss.value_or(0); },
     [](EpochResult& e, double v) { e.validation_loss = v; }, is_validated},
    {"val_accuracy", [](const EpochResult& e) { return e.validation_accuracy.value_or(0); },
     [](EpochResult& e, double v) { e.validation_accuracy = v; }, is_validated},
    {"seconds", [](const EpochResult& e) { return e.seconds; }, [](EpochResult& e, double v) { e.seconds = v; }},
    {"training_seconds", [](const EpochResult& e) { return e.training_seconds; },
     [](EpochResult& e, double v) { e.training_seconds = v; }},
    {"learning_rate", [](const EpochResult& e) { return e.learning_rate.value_or(0); },
     [](EpochResult& e, double v) { e.learning_rate = v; },
     [](const EpochResult& e) { return e.learning_rate.has_value(); }},
}};

Json history_bits(const History& history) {
  Json object = Json::object();
  for (const Figure& figure : figures) {
    if (figure.is_told != nullptr && std::ranges::none_of(history, figure.is_told)) continue;
    Json column = Json::array();
    for (const EpochResult& epoch : history) column.push_back(bits_json(figure.get(epoch)));
    object[figure.name] = std::move(column);
  }
  return object;
}

History read_history_bits(const JsonReader& object, std::uint32_t epochs) {
  History history(epochs);
  for (std::uint32_t i = 0; i < epochs; ++i) history[i].epoch = i + 1;
  for (const Figure& figure : figures) {
    const auto column = object.find(figure.name);
    if (!column && figure.is_told != nullptr) continue;
    const std::vector<JsonReader> values = object.at(figure.name).items(epochs);
    for (std::uint32_t i = 0; i < epochs; ++i) figure.set(history[i], read_bits(values[i]));
  }
  return history;
}

Json position_json(const TrainingPosition& position) {
  return {{"epoch", position.epoch},
          {"step", position.step},
          {"loss_sum", bits_json(position.loss_sum)},
          {"correct", position.correct},
          {"rows", position.rows},
          {"seconds", bits_json(position.seconds)},
          {"history", history_bits(position.history)}};
}

TrainingPosition read_position(const JsonReader& value) {
  constexpr std::uint32_t most_epochs = 100'000;
  TrainingPosition position{.epoch = value.at("epoch").count(),
                            .step = value.at("step").whole_number(),
                            .loss_sum = read_bits(value.at("loss_sum")),
                            .correct = value.at("correct").whole_number(),
                            .rows = value.at("rows").whole_number(),
                            .seconds = read_bits(value.at("seconds"))};
  if (position.epoch > most_epochs + 1)
    throw value.at("epoch").error("out of range", fmt::format("1 to {}", most_epochs + 1),
                                  std::to_string(position.epoch));
  if (position.correct > position.rows)
    throw value.at("correct").error("more than there are rows", fmt::format("at most {}", position.rows),
                                    std::to_string(position.correct));
  position.history = read_history_bits(value.at("history"), position.epoch - 1);
  return position;
}

/// Takes the moment of that name out of the file.
Moment take_moment(CheckpointFile& file, const std::string& name, const std::string& source) {
  const auto found = std::ranges::find(file.moments, name, &Moment::name);
  if (found == file.moments.end()) throw input_error({.file = source, .field = name, .problem = "moment is missing"});
  return std::move(*found);
}

void check_version(const JsonReader& version) {
  if (version.whole_number() != checkpoint_version)
    throw version.error("unknown version of checkpoints", std::to_string(checkpoint_version),
                        std::to_string(version.whole_number()));
}

}  // namespace

std::vector<std::uint8_t> checkpoint_bytes(const Checkpoint& checkpoint, const std::string& file) {
  const Json run = {{"version", checkpoint_version},
                    {"optimizer",
                     {{"rule", optimizer_of(JsonReader(checkpoint.record.configuration, file)).name},
                      {"step", checkpoint.state.step}}},
                    {"position", position_json(checkpoint.position)},
                    {"run", to_json(checkpoint.record)}};
  CheckpointFile contents{.model = checkpoint.model, .moments = checkpoint.state.moments, .run = json_line(run)};
  contents.model.parameters = checkpoint.state.parameters;
  return checkpoint_bytes(contents, file);
}

Checkpoint run_checkpoint(CheckpointFile file, const std::string& source) {
  constexpr int deepest = 16;
  const std::string document = source + ": nib.checkpoint";
  const Json json = parse_json(file.run, document, deepest);
  const JsonReader run(json, document);
  check_version(run.at("version"));
  Checkpoint checkpoint{.model = std::move(file.model)};
  checkpoint.state.step = run.at("optimizer").at("step").whole_number();
  checkpoint.position = read_position(run.at("position"));
  checkpoint.record = run_record(run.at("run"));
  const std::string configuration = document + ": run.configuration";
  const OptimizerChoice optimizer = optimizer_of(JsonReader(checkpoint.record.configuration, configuration));
  run.at("optimizer").at("rule").word_index({optimizer.name});
  for (const std::string& name : moment_names(chosen_optimizer(optimizer)))
    checkpoint.state.moments.push_back(take_moment(file, name, source));
  checkpoint.state.parameters = checkpoint.model.parameters;
  return checkpoint;
}

}  // namespace nib
