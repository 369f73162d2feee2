#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/signals.h"
#include "base/text.h"
#include "cli/index_range.h"
#include "cli/interruption.h"
#include "cli/streams.h"
#include "commands/predict/predict.h"
#include "commands/predict/top_classes.h"
#include "data/description.h"
#include "encodings/json.h"
#include "formats/weights.h"
#include "inference/classifier.h"
#include "machine/cores.h"
#include "runs/answer_document.h"
#include "runs/run_record.h"
#include "terminal/digit_grid.h"

namespace nib {
namespace {

constexpr unsigned images_across = 3;
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

GridCell grid_cell(const Dataset& chosen, const Evaluation& evaluation, std::size_t image) {
  const std::vector<std::string>& names = chosen.class_names;
  const std::vector<ClassProbability> top = top_classes(evaluation.predictions.of_image(image));
  std::vector<std::string> caption = {"Predicted: " + names[top.front().index], "True: " + names[chosen.labels[image]]};
  std::ranges::copy(top_lines(top, names), std::back_inserter(caption));
  return {.index = image, .caption = caption, .wrong = top.front().index != chosen.labels[image]};
}

Json prediction_json(const Dataset& chosen, const Evaluation& evaluation, std::size_t image, std::size_t index) {
  const std::vector<ClassProbability> top = top_classes(evaluation.predictions.of_image(image));
  return {{"index", index},
          {"true", chosen.labels[image]},
          {"predicted", top.front().index},
          {"top", top_json(top, chosen.class_names)}};
}

Json predictions_document(const PredictOptions& options, const Classifier& classifier, const DataCollection& source,
                          const Json& predictions) {
  DataRecord data = data_record(source);
  data.class_names = source.test.class_names;
  Json document = answer_document(options.weights, classifier);
  document["data"] = to_json(data);
  document["predictions"] = predictions;
  return document;
}

}  // namespace

int predict_set(const PredictOptions& options) {
  Streams streams(options.json, options.quiet);
  WeightsFile model =
      open_model({.network = options.network, .weights = options.weights, .flatten = options.flatten}, 0, streams);
  install_signal_handlers();
  const std::string data = data_for_model(options.data, model, streams);
  const DataCollection source = load_data_for(model.network, {.data = data}, DataParts::test_only, streams);
  warn_about_mixed_data(model, source, streams);
  const std::vector<std::size_t> indices = indices_of(options.range, source.test.size(), "the test set");
  const auto chosen = std::make_shared<const Dataset>(selection(source.test, indices));

  const DeviceChoice device{.device = "cpu", .threads = usable_cores()};
  Classifier classifier(std::move(model), device, rows_at_a_time, streams);
  const std::optional<Evaluation> evaluation = classifier.evaluate(chosen);
  if (!evaluation) return end_after_signal("nothing was predicted", streams);

  std::vector<GridCell> cells;
  Json predictions = Json::array();
  for (std::size_t image = 0; image < indices.size(); ++image) {
    cells.push_back(grid_cell(*chosen, *evaluation, image));
    predictions.push_back(prediction_json(*chosen, *evaluation, image, indices[image]));
  }
  streams.say(fmt::format("Weights: {}\n{}Test images {} to {}\n\n", printable(options.weights),
                          data_source_line(source), indices.front(), indices.back()));
  streams.result(digit_grid(*chosen, cells, images_across, streams.terminal()));
  streams.result(fmt::format("\n{} of {} predicted as labelled\n", with_commas(evaluation->result.correct),
                             with_commas(indices.size())));
  streams.document(predictions_document(options, classifier, source, predictions));
  streams.finish();
  return 0;
}

}  // namespace nib
