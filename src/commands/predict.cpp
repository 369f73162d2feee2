#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/signals.h"
#include "base/text.h"
#include "commands/command.h"
#include "commands/cores.h"
#include "commands/evaluation.h"
#include "commands/index_range.h"
#include "commands/machine.h"
#include "commands/narrative.h"
#include "commands/options.h"
#include "commands/run_record.h"
#include "commands/setup.h"
#include "commands/streams.h"
#include "commands/weights_data.h"
#include "formats/weights.h"
#include "report/digit_grid.h"
#include "report/text_layout.h"

namespace nib {
namespace {

struct Options {
  std::string weights;
  std::string data;
  std::string network;
  std::optional<IndexRange> range;
  bool json = false, quiet = false;
};

constexpr unsigned images_across = 3;
constexpr std::size_t most_likely = 3;
constexpr std::uint32_t rows_at_a_time = 128;

/// The chosen images as a set of their own, in their order.
Dataset selection(const Dataset& dataset, const std::vector<std::size_t>& indices) {
  Dataset chosen{dataset.rows, dataset.columns, dataset.class_names, {}, {}};
  const std::size_t image_size = std::size_t{dataset.rows} * dataset.columns;
  for (const std::size_t index : indices) {
    chosen.pixels.insert(chosen.pixels.end(), dataset.image(index), dataset.image(index) + image_size);
    chosen.labels.push_back(dataset.labels[index]);
  }
  return chosen;
}

struct ClassProbability {
  std::size_t index;
  float probability;
};

/// The classes with the highest probabilities, the first of equals first.
std::vector<ClassProbability> top_classes(const Evaluation& evaluation, std::size_t image, std::size_t classes) {
  std::vector<ClassProbability> all;
  for (std::size_t k = 0; k < classes; ++k)
    all.push_back({k, evaluation.predictions.probabilities[image * classes + k]});
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& one, const auto& other) { return one.probability > other.probability; });
  all.resize(std::min(all.size(), most_likely));
  return all;
}

GridCell grid_cell(const Dataset& chosen, const Evaluation& evaluation, std::size_t image) {
  const std::vector<std::string>& names = chosen.class_names;
  const std::vector<ClassProbability> top = top_classes(evaluation, image, names.size());
  std::size_t name_width = 0;
  for (const ClassProbability& each : top) name_width = std::max(name_width, text_width(names[each.index]));
  std::vector<std::string> caption = {"Predicted: " + names[top.front().index], "True: " + names[chosen.labels[image]]};
  for (const ClassProbability& each : top)
    caption.push_back(fmt::format("{} {:6.2f} %", align_right(names[each.index], name_width), each.probability * 100));
  return {.index = image, .caption = caption, .wrong = top.front().index != chosen.labels[image]};
}

nlohmann::ordered_json prediction_json(const Dataset& chosen, const Evaluation& evaluation, std::size_t image,
                                       std::size_t index) {
  const std::vector<std::string>& names = chosen.class_names;
  const std::vector<ClassProbability> top = top_classes(evaluation, image, names.size());
  nlohmann::ordered_json likely = nlohmann::ordered_json::array();
  for (const ClassProbability& each : top)
    likely.push_back({{"class", each.index}, {"name", names[each.index]}, {"probability", each.probability}});
  return {{"index", index}, {"true", chosen.labels[image]}, {"predicted", top.front().index}, {"top", likely}};
}

nlohmann::ordered_json document(const Options& options, const WeightsFile& file, const DataCollection& source,
                                const Engine& engine, const nlohmann::ordered_json& predictions) {
  nlohmann::ordered_json data = source_json(source);
  data["class_names"] = source.test.class_names;
  return {{"program", program_json()},
          {"engine", engine.description()},
          {"weights", options.weights},
          {"weights_sha256", weights_sha256(file.parameters)},
          {"network", network_document(file.network)},
          {"data", data},
          {"predictions", predictions}};
}

int predict_command(const Options& options) {
  require_argument("WEIGHTS", options.weights);
  install_signal_handlers();
  Streams streams(options.json, options.quiet);
  const WeightsFile file = read_weights(options.weights, {.network = requested_network(options.network)});
  for (const std::string& note : file.notes) streams.warn(note);
  const std::string data = data_for_weights(options.data, file);
  const DataCollection source = load_data_for(file.network, data, DataParts::test_only, streams);
  warn_about_mixed_data(file, source, streams);
  const std::vector<std::size_t> indices = indices_of(options.range, source.test.size(), "the test set");
  const auto chosen = std::make_shared<const Dataset>(selection(source.test, indices));

  const DeviceChoice device{.device = "cpu", .threads = usable_cores()};
  const std::unique_ptr<Engine> engine = make_engine_for(file.network, device, rows_at_a_time, 0, streams);
  const ImageSet images = engine->upload(chosen);
  engine->set_state(fresh_state(file.network, file.parameters));
  const std::optional<Evaluation> evaluation = evaluate_all(*engine, images);
  if (!evaluation) return end_after_signal("nothing was predicted", streams);

  std::vector<GridCell> cells;
  nlohmann::ordered_json predictions = nlohmann::ordered_json::array();
  for (std::size_t image = 0; image < indices.size(); ++image) {
    cells.push_back(grid_cell(*chosen, *evaluation, image));
    predictions.push_back(prediction_json(*chosen, *evaluation, image, indices[image]));
  }
  streams.say(fmt::format("Weights: {}\n{}Test images {} to {}\n\n", printable(options.weights),
                          data_source_line(source), indices.front(), indices.back()));
  streams.result(digit_grid(*chosen, cells, images_across, streams.terminal()));
  streams.result(fmt::format("\n{} of {} predicted as labelled\n", with_commas(evaluation->metrics.correct),
                             with_commas(indices.size())));
  streams.document(document(options, file, source, *engine, predictions));
  streams.finish();
  return 0;
}

}  // namespace

void add_predict_command(CLI::App& app, Action& action) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("predict", "what a network makes of single images of a test set");
  add_weights_argument(*command, options->weights);
  add_data_option(*command, options->data);
  add_network_option(*command, options->network);
  add_index_option(*command, options->range);
  add_quiet_option(*command, options->quiet);
  add_json_option(*command, options->json);
  command->callback([&action, options] { action = [options] { return predict_command(*options); }; });
}

}  // namespace nib
