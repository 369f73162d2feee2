#include "formats/keras/training_state.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "formats/keras/arrays.h"
#include "formats/keras/optimizer_config.h"
#include "formats/tensor_layouts.h"
#include "nib/training.h"

namespace nib::keras {
namespace {

bool is_off(const Json& value) { return value.is_null() || value == Json(false); }

/// As a word, or as an object with settings.
void check_loss(const JsonReader& loss) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 2> known{
      {{"categorical_crossentropy", "CategoricalCrossentropy"},
       {"sparse_categorical_crossentropy", "SparseCategoricalCrossentropy"}}};
  const bool is_word = loss.value().is_text();
  const std::string name = is_word ? loss.text() : loss.at("class_name").text();
  if (std::ranges::none_of(known, [&](const auto& names) { return name == (is_word ? names.first : names.second); }))
    throw loss.error("nib trains with another loss", "categorical_crossentropy or sparse_categorical_crossentropy",
                     printable(name, 60));
  if (is_word) return;
  const JsonReader config = loss.at("config");
  for (const char* key : {"from_logits", "label_smoothing"})
    if (const auto given = config.find(key); given && !is_off(given->value()) && given->value() != Json(0))
      throw given->error("a training with it cannot go on here", "off", printable(json_line(given->value()), 60));
}

/// Of a layer's kernel; 0 without any.
double read_penalty(const JsonReader& config) {
  for (const char* key : {"bias_regularizer", "activity_regularizer"})
    if (const auto given = config.find(key); given && !is_off(given->value()))
      throw given->error("nib's penalty is of kernels alone", "null", printable(json_line(given->value()), 60));
  const auto given = config.find("kernel_regularizer");
  if (!given || is_off(given->value())) return 0;
  const JsonReader kind = given->at("class_name");
  if (kind.text() != "L2") throw kind.error("nib has another penalty", "L2", printable(kind.text(), 60));
  const JsonReader factor = given->at("config").at("l2");
  const double l2 = factor.number();
  if (!(l2 >= 0 && l2 <= greatest_l2))
    throw factor.error("out of range", fmt::format("0 to {}", greatest_l2), json_line(factor.value()));
  return l2;
}

double read_l2(const JsonReader& model) {
  std::optional<double> of_all;
  for (const JsonReader& layer : model.at("config").at("layers").items()) {
    const std::string kind = layer.at("class_name").text();
    if (kind != "Conv2D" && kind != "Dense") continue;
    const JsonReader config = layer.at("config");
    const double l2 = read_penalty(config);
    if (of_all.value_or(l2) != l2)
      throw config.error("nib's penalty is that of all layers", fmt::format("L2 of {}", *of_all),
                         fmt::format("L2 of {}", l2));
    of_all = l2;
  }
  return of_all.value_or(0);
}

std::string variable(std::size_t index) { return fmt::format("/optimizer/vars/{}", index); }

/// The one number of an array.
template <typename Number>
Number scalar(const Hdf5Content& content, std::size_t index, std::vector<Number> Hdf5Array::*numbers,
              const std::string& source) {
  const Hdf5Array* array = content.array(variable(index));
  if (array == nullptr || (array->*numbers).size() != 1)
    throw input_error({.file = source,
                       .field = variable(index),
                       .problem = array == nullptr ? "array is missing: the file has no optimizer state"
                                                   : "not what Keras's optimizers have there",
                       .expected = array == nullptr ? "" : "one number"});
  return (array->*numbers).front();
}

}  // namespace

Optimizer read_compiled(const JsonReader& model) {
  const JsonReader compiled = model.at("compile_config");
  Optimizer optimizer = read_optimizer(compiled.at("optimizer"));
  check_loss(compiled.at("loss"));
  optimizer.l2 = read_l2(model);
  return optimizer;
}

OptimizerState take_training(const Hdf5Content& content, const Network& network, const Optimizer& optimizer,
                             const std::string& source) {
  const std::int64_t step = scalar(content, 0, &Hdf5Array::whole, source);
  const float rate = scalar(content, 1, &Hdf5Array::values, source);
  if (step < 0)
    throw input_error({.file = source, .field = variable(0), .problem = "negative", .got = std::to_string(step)});
  if (!(rate >= least_learning_rate && rate <= greatest_learning_rate))
    throw input_error({.file = source,
                       .field = variable(1),
                       .problem = "not a learning rate",
                       .expected = fmt::format("between {} and {}", least_learning_rate, greatest_learning_rate),
                       .got = fmt::format("{}", rate)});
  OptimizerState training{.optimizer = optimizer};
  for (const std::string& name : moment_names(optimizer)) training.moments.push_back({.name = name});
  training.step = static_cast<std::uint64_t>(step);
  training.learning_rate = parse_number(fmt::format("{}", rate)).value_or(rate);  // 0.001, not 0.0010000000474974513
  const LayoutMover mover(network, keras_layout(), FlattenOrder::channels_last);
  std::vector<std::string> notes;
  std::size_t index = 2;
  for (const auto& group : optimizer_variables(optimizer))
    for (const ParameterSpec& spec : parameter_specs(network))
      for (const OptimizerVariable& each : group) {
        const Hdf5Array& array = array_for(content, variable(index++), spec, source);
        judge_nonfinite(array, false, source, notes);
        const bool squares = each.suffix.starts_with("velocity");
        if (squares && std::ranges::any_of(array.values, [](float value) { return value < 0; }))
          throw input_error({.file = source, .field = array.path, .problem = "a mean of squares is negative"});
        training.moments[each.moment].values.tensors.push_back(
            {spec.name, spec.shape, mover.to_canonical(spec, array.values)});
      }
  if (content.array(variable(index)) != nullptr)
    throw input_error({.file = source, .field = variable(index), .problem = "more state than the optimizer has"});
  return training;
}

Json compile_config(const OptimizerState& training) {
  return {{"optimizer", optimizer_config(training.optimizer, training.learning_rate)},
          {"loss", "categorical_crossentropy"},
          {"loss_weights", nullptr},
          {"metrics", Json::array({"accuracy"})},
          {"weighted_metrics", nullptr}};
}

}  // namespace nib::keras
