#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "base/signals.h"
#include "base/text.h"
#include "cli/index_range.h"
#include "cli/interruption.h"
#include "cli/streams.h"
#include "commands/predict/predict.h"
#include "commands/predict/top_classes.h"
#include "commands/run_data.h"
#include "data/description.h"
#include "encodings/json.h"
#include "formats/weights.h"
#include "inference/classifier.h"
#include "machine/cores.h"
#include "runs/answer_document.h"
#include "runs/run_record.h"
#include "runs/run_weights.h"
#include "terminal/digit_grid.h"

namespace nib {
namespace {

constexpr unsigned images_across = 3;
constexpr std::uint32_t rows_at_a_time = 128;

/// Everything of the test part, or of the training part where there is no other.
struct Part {
  const Dataset& images;
  const char* name;
};

Part part_of(const PredictOptions& options, const DataCollection& source) {
  if (source.test.size() > 0) return {source.test, "test"};
  if (!options.csv.empty() && !options.range && !source.training.labels.empty())
    throw input_error({.file = source.folder.string(),
                       .problem = "there is no test part whose labels a table could answer",
                       .expected = "images without labels, or a test part",
                       .got = source.found,
                       .hint = "--index A-B answers training images"});
  return {source.training, "training"};
}

/// The chosen images as a set of their own, in their order.
Dataset selection(const Dataset& dataset, const std::vector<std::size_t>& indices) {
  Dataset chosen{dataset.rows, dataset.columns, dataset.class_names, {}, {}};
  const std::size_t image_size = std::size_t{dataset.rows} * dataset.columns;
  for (const std::size_t index : indices) {
    chosen.pixels.insert(chosen.pixels.end(), dataset.image(index), dataset.image(index) + image_size);
    if (!dataset.labels.empty()) chosen.labels.push_back(dataset.labels[index]);
  }
  return chosen;
}

GridCell grid_cell(const Dataset& chosen, const Evaluation& evaluation, std::size_t image) {
  const std::vector<std::string>& names = chosen.class_names;
  const std::vector<ClassProbability> top = top_classes(evaluation.predictions.of_image(image));
  const bool labelled = !chosen.labels.empty();
  std::vector<std::string> caption = {"Predicted: " + names[top.front().index]};
  if (labelled) caption.push_back("True: " + names[chosen.labels[image]]);
  std::ranges::copy(top_lines(top, names), std::back_inserter(caption));
  return {.index = image, .caption = caption, .wrong = labelled && top.front().index != chosen.labels[image]};
}

Json prediction_json(const Dataset& chosen, const Evaluation& evaluation, std::size_t image, std::size_t index) {
  const std::vector<ClassProbability> top = top_classes(evaluation.predictions.of_image(image));
  return {{"index", index},
          {"true", chosen.labels.empty() ? Json() : Json(chosen.labels[image])},
          {"predicted", top.front().index},
          {"top", top_json(top, chosen.class_names)}};
}

Json predictions_document(const PredictOptions& options, const Classifier& classifier, const DataCollection& source,
                          const Part& part, const Json& predictions) {
  DataRecord data = data_record(source);
  data.class_names = source.test.class_names;
  Json document = answer_document(options.weights, classifier);
  document["data"] = to_json(data);
  document["part"] = part.name;
  document["predictions"] = predictions;
  return document;
}

/// All for a table, where no others are asked for.
std::vector<std::size_t> chosen_indices(const PredictOptions& options, const Part& part) {
  if (options.range || options.csv.empty())
    return indices_of(options.range, part.images.size(), fmt::format("the {} set", part.name));
  std::vector<std::size_t> indices(part.images.size());
  std::iota(indices.begin(), indices.end(), std::size_t{0});
  return indices;
}

/// Before any work.
void check_table(const PredictOptions& options, const DataCollection& source) {
  namespace fs = std::filesystem;
  if (options.csv.empty() || options.csv == to_standard_output) return;
  const fs::path path = options.csv;
  std::error_code ignored;
  std::vector<fs::path> inputs = {options.weights, weights_file(options.weights), options.network};
  for (const DataFile& file : source.files) inputs.push_back(file.path);
  if (std::ranges::any_of(inputs, [&](const fs::path& input) { return fs::equivalent(path, input, ignored); }))
    throw usage_error({.file = "--csv", .field = options.csv, .problem = "is an input: it would be replaced"});
  if (!options.force && fs::exists(fs::symlink_status(path, ignored)))
    throw usage_error(
        {.file = "--csv", .field = options.csv, .problem = "the file exists", .hint = "--force replaces it"});
  constexpr std::uint64_t bytes_a_row = 16;
  probe_writable(path.has_parent_path() ? path.parent_path() : ".", bytes_a_row * (source.test.size() + 1));
}

/// As Kaggle asks for it: images are counted from 1.
std::string answers_csv(const std::vector<std::uint8_t>& predicted, const std::vector<std::size_t>& indices) {
  std::string text = "ImageId,Label\n";
  for (std::size_t image = 0; image < indices.size(); ++image)
    text += fmt::format("{},{}\n", indices[image] + 1, predicted[image]);
  return text;
}

void write_table(const PredictOptions& options, const std::string& table, std::size_t images, Streams& streams) {
  if (options.csv == to_standard_output) return streams.table(table);
  write_output_file(options.csv, table, options.force);
  streams.result(fmt::format("{} answers in {}\n", with_commas(images), printable(options.csv)));
}

}  // namespace

int predict_set(const PredictOptions& options) {
  Streams streams(options.json || options.csv == to_standard_output, options.quiet);
  WeightsFile model =
      open_model({.network = options.network, .weights = options.weights, .flatten = options.flatten}, 0, streams);
  warn_of_other_weights(model, streams);
  install_signal_handlers();
  const DataChoice data = data_for_weights(options.weights, options.best,
                                           {.data = options.data, .prepare = options.prepare}, model, streams);
  const DataCollection source = load_data_for(model.network, data, DataParts::test_only, streams);
  warn_about_mixed_data(model, source, streams);
  const Part part = part_of(options, source);
  check_table(options, source);
  const std::vector<std::size_t> indices = chosen_indices(options, part);
  const auto chosen = std::make_shared<const Dataset>(selection(part.images, indices));

  const DeviceChoice device{.device = "cpu", .threads = usable_cores()};
  Classifier classifier(std::move(model), device, rows_at_a_time, streams);
  const std::optional<Evaluation> evaluation = classifier.evaluate(chosen);
  if (!evaluation) return end_after_signal("nothing was predicted", streams);

  streams.say(fmt::format("Weights: {}\n{}{} images {} to {}\n\n", printable(options.weights), data_source_line(source),
                          &part.images == &source.test ? "Test" : "Training", indices.front(), indices.back()));
  std::vector<GridCell> cells;
  Json predictions = Json::array();
  for (std::size_t image = 0; image < indices.size(); ++image) {
    if (options.csv.empty()) cells.push_back(grid_cell(*chosen, *evaluation, image));
    if (options.json) predictions.push_back(prediction_json(*chosen, *evaluation, image, indices[image]));
  }
  if (options.csv.empty()) streams.result(digit_grid(*chosen, cells, images_across, streams.terminal()) + '\n');
  if (!options.csv.empty())
    write_table(options, answers_csv(evaluation->predictions.predicted, indices), indices.size(), streams);
  if (!chosen->labels.empty())
    streams.result(fmt::format("{} of {} predicted as labelled\n", with_commas(evaluation->result.correct),
                               with_commas(indices.size())));
  if (options.json) streams.document(predictions_document(options, classifier, source, part, predictions));
  streams.finish();
  return 0;
}

}  // namespace nib
