#include "support/reference_engine.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <functional>
#include <iterator>
#include <numeric>
#include <thread>
#include <utility>
#include <variant>

#include "nib/arithmetic/philox.h"
#include "nib/arithmetic/update_rules.h"

namespace nib::reference {
namespace {

Tensors zeros(const Network& network) {
  Tensors tensors;
  for (const ParameterSpec& spec : parameter_specs(network)) tensors.emplace_back(spec.size(), 0.0);
  return tensors;
}

Tensors absolute(Tensors tensors) {
  for (std::vector<double>& tensor : tensors) {
    for (double& value : tensor) value = std::abs(value);
  }
  return tensors;
}

std::size_t largest(const std::vector<double>& values) {
  return static_cast<std::size_t>(std::max_element(values.begin(), values.end()) - values.begin());
}

std::vector<double> softmax(const std::vector<double>& logits) {
  const double top = logits[largest(logits)];
  std::vector<double> probabilities(logits.size());
  double sum = 0;
  for (std::size_t i = 0; i < logits.size(); ++i) sum += probabilities[i] = std::exp(logits[i] - top);
  for (double& probability : probabilities) probability /= sum;
  return probabilities;
}

std::vector<double> all_rounded(std::vector<double> values) {
  for (double& value : values) value = rounded_to_tf32(value);
  return values;
}

/// The sum over the classes of target * -ln(probability), without the quotient that could vanish.
double cross_entropy(const std::vector<double>& logits, const std::vector<double>& targets) {
  const double top = logits[largest(logits)];
  double sum = 0;
  for (const double logit : logits) sum += std::exp(logit - top);
  double loss = 0;
  for (std::size_t i = 0; i < logits.size(); ++i)
    if (targets[i] != 0.0) loss += targets[i] * (std::log(sum) + top - logits[i]);
  return loss;
}

}  // namespace

Tensors widened(const Parameters& parameters) {
  Tensors tensors;
  for (const Tensor& tensor : parameters.tensors) tensors.emplace_back(tensor.values.begin(), tensor.values.end());
  return tensors;
}

Parameters narrowed(const Tensors& tensors, const Network& network) {
  Parameters parameters = zero_parameters(network);
  for (std::size_t t = 0; t < tensors.size(); ++t) {
    std::transform(tensors[t].begin(), tensors[t].end(), parameters.tensors[t].values.begin(),
                   [](double value) { return static_cast<float>(value); });
  }
  return parameters;
}

ReferenceEngine::ReferenceEngine(const Network& network, std::uint64_t seed, PixelValue pixel_value,
                                 const Optimizer& optimizer)
    : network_(network), optimizer_(optimizer), seed_(seed), pixel_value_(pixel_value) {
  const std::vector<Shape> shapes = output_shapes(network_);
  Shape input = network_.input;  // stays an image where the network has a Flatten: see linear_geometry()
  std::size_t next_tensor = 0;
  const auto add_linear = [&](std::uint32_t layer, const LinearGeometry& geometry, Activation activation) {
    const std::uint64_t size = geometry.output.size();
    stages_.push_back({.kind = Kind::linear, .layer = layer, .output_size = size, .geometry = geometry});
    stages_.back().weight = std::exchange(next_tensor, next_tensor + 2);
    if (activation == Activation::relu) stages_.push_back({.kind = Kind::relu, .layer = layer, .output_size = size});
    input = geometry.output;
  };
  const auto add_average = [&](std::uint32_t layer, const AveragePool& average) {
    stages_.push_back({.kind = Kind::average_pool, .layer = layer, .output_size = shapes[layer].size()});
    stages_.back().average = average;
    stages_.back().pool_input = std::exchange(input, shapes[layer]);
    stages_.back().pool_output = shapes[layer];
  };
  for (std::uint32_t i = 0; i < network_.layers.size(); ++i) {
    const Layer& layer = network_.layers[i];
    if (const auto* convolution = std::get_if<Convolution>(&layer)) {
      add_linear(i, linear_geometry(*convolution, input, shapes[i]), convolution->activation);
    } else if (const auto* dense = std::get_if<Dense>(&layer)) {
      add_linear(i, linear_geometry(*dense, input), dense->activation);
    } else if (const auto* pool = std::get_if<MaxPool>(&layer)) {
      stages_.push_back({.kind = Kind::max_pool, .layer = i, .output_size = shapes[i].size()});
      stages_.back().pool = *pool;
      stages_.back().pool_input = std::exchange(input, shapes[i]);
      stages_.back().pool_output = shapes[i];
    } else if (const auto* average = std::get_if<AveragePool>(&layer)) {
      add_average(i, *average);
    } else if (std::holds_alternative<GlobalAveragePool>(layer)) {
      const std::array<std::uint32_t, 2> whole{input.height, input.width};
      add_average(i, {.size = whole, .stride = whole});
    } else if (const auto* dropout = std::get_if<Dropout>(&layer)) {
      stages_.push_back({.kind = Kind::dropout, .layer = i, .output_size = input.size()});
      stages_.back().rate = dropout->rate;
    }
  }
  set_parameters(zero_parameters(network_));
}

void ReferenceEngine::set_state(const TrainingState& state) {
  state_ = {widened(state.parameters), {}, state.step};
  for (const Moment& moment : state.moments) state_.moments.push_back(widened(moment.values));
}

void ReferenceEngine::set_parameters(const Parameters& parameters) {
  set_state(first_state(network_, parameters, optimizer_));
}

/// The parameters with every weight tensor in the layout that the layers here compute in.
Tensors ReferenceEngine::kernels(const Tensors& parameters) const {
  Tensors result = parameters;
  for (const Stage& stage : stages_) {
    if (stage.kind == Kind::linear) from_canonical(stage.geometry, parameters[stage.weight], result[stage.weight]);
    if (in_tf32(stage)) result[stage.weight] = all_rounded(std::move(result[stage.weight]));
  }
  return result;
}

double ReferenceEngine::penalty() const {
  double sum = 0;
  for (std::size_t t = 0; t < state_.parameters.size(); t += 2)  // weight, bias, weight ...
    for (const double weight : state_.parameters[t]) sum += weight * weight;
  return l2_factor(optimizer_) * sum;
}

std::vector<double> ReferenceEngine::pixels(const Dataset& images, std::size_t index, BatchRow row) const {
  const std::uint8_t* image = images.image(index);
  std::vector<double> values(std::size_t{images.rows} * images.columns);
  if (row && augmentation_.any()) {
    const Movement own = movement(augmentation_, seed_, state_.step + 1, static_cast<std::uint32_t>(*row));
    const ImageMap map = image_map(own, images.rows, images.columns);
    for (std::uint32_t i = 0; i < values.size(); ++i)
      values[i] = static_cast<double>(
          moved_pixel(map, image, images.rows, images.columns, i / images.columns, i % images.columns));
    return values;
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = pixel_value_ == PixelValue::exact ? image[i] / 255.0
                                                  : static_cast<double>(static_cast<float>(image[i]) / 255.0f);
  }
  return values;
}

std::vector<double> ReferenceEngine::targets(std::size_t classes, std::size_t label) const {
  std::vector<double> targets(classes, label_smoothing_ / static_cast<double>(classes));
  targets[label] += 1.0 - label_smoothing_;
  return targets;
}

/// Decides what a stage does with this input. Empty where there is nothing to decide: for linear stages, and for
/// dropout in evaluation.
std::vector<std::uint32_t> ReferenceEngine::choose(const Stage& stage, BatchRow row,
                                                   const std::vector<double>& input) const {
  const bool decides = stage.kind != Kind::linear && stage.kind != Kind::average_pool;
  if (!decides || (stage.kind == Kind::dropout && !row)) return {};
  std::vector<std::uint32_t> choice(stage.output_size);
  if (stage.kind == Kind::max_pool) {
    max_pool_choose(stage.pool, stage.pool_input, stage.pool_output, input, choice);
    return choice;
  }
  for (std::size_t i = 0; i < choice.size(); ++i) {
    const bool keep = stage.kind == Kind::relu
                          ? input[i] > 0.0
                          : dropout_keeps(seed_, stage.layer, state_.step + 1, row.value_or(0) * stage.output_size + i,
                                          static_cast<float>(stage.rate));
    choice[i] = keep ? 1 : 0;
  }
  return choice;
}

bool ReferenceEngine::in_tf32(const Stage& stage) const {
  return stage.kind == Kind::linear && std::ranges::find(tf32_layers_, stage.layer) != tf32_layers_.end();
}

std::vector<double> ReferenceEngine::run(const Stage& stage, const Tensors& kernels,
                                         const std::vector<std::uint32_t>& choice,
                                         const std::vector<double>& input) const {
  std::vector<double> output(stage.output_size);
  if (stage.kind == Kind::linear) {
    const std::vector<double>& bias = kernels[stage.weight + 1];
    linear_forward(stage.geometry, kernels[stage.weight], bias, in_tf32(stage) ? all_rounded(input) : input, output);
    return output;
  }
  if (stage.kind == Kind::average_pool) {
    average_pool_forward(stage.average, stage.pool_input, stage.pool_output, input, output);
    return output;
  }
  if (choice.empty()) return input;
  for (std::size_t i = 0; i < choice.size(); ++i) {
    if (stage.kind == Kind::max_pool) {
      output[i] = input[choice[i]];
    } else if (choice[i]) {
      output[i] = input[i] / (1.0 - stage.rate);  // the rate of a ReLU is 0
    }
  }
  return output;
}

ReferenceEngine::Trace ReferenceEngine::forward(const Tensors& kernels, std::vector<double> image, BatchRow row) const {
  Trace trace{.values = {std::move(image)}, .choices = {}};
  for (const Stage& stage : stages_) {
    trace.choices.push_back(choose(stage, row, trace.values.back()));
    trace.values.push_back(run(stage, kernels, trace.choices.back(), trace.values.back()));
  }
  return trace;
}

/// Takes `gradient` from the logits back to the first layer and adds what the parameters get on the way.
void ReferenceEngine::backward(const Tensors& kernels, const Trace& trace, std::vector<double> gradient,
                               Tensors& gradients) const {
  for (std::size_t k = stages_.size(); k-- > 0;) {
    const Stage& stage = stages_[k];
    const std::vector<std::uint32_t>& choice = trace.choices[k];
    std::vector<double> input_gradient(trace.values[k].size());
    const std::span<double> wanted = k > 0 ? input_gradient : std::span<double>{};
    if (in_tf32(stage)) {
      std::vector<double> bias_of_rounded(stage.geometry.output.channels);
      linear_backward(stage.geometry, kernels[stage.weight], all_rounded(trace.values[k]), all_rounded(gradient),
                      gradients[stage.weight], bias_of_rounded, wanted);
      for (std::size_t i = 0; i < gradient.size(); ++i)
        gradients[stage.weight + 1][i % bias_of_rounded.size()] += gradient[i];
    } else if (stage.kind == Kind::linear) {
      linear_backward(stage.geometry, kernels[stage.weight], trace.values[k], gradient, gradients[stage.weight],
                      gradients[stage.weight + 1], wanted);
    } else if (stage.kind == Kind::average_pool) {
      average_pool_backward(stage.average, stage.pool_input, stage.pool_output, gradient, input_gradient);
    } else if (stage.kind == Kind::max_pool) {
      for (std::size_t i = 0; i < choice.size(); ++i) input_gradient[choice[i]] += gradient[i];
    } else {
      for (std::size_t i = 0; i < choice.size(); ++i) {
        if (choice[i]) input_gradient[i] = gradient[i] / (1.0 - stage.rate);
      }
    }
    gradient = std::move(input_gradient);
  }
}

template <typename AddRow>
BatchResult ReferenceEngine::sum_over_rows(std::size_t rows, const AddRow& add_row) const {
  constexpr std::size_t slots = 8;
  std::vector<BatchResult> sums(slots);
  std::atomic<std::size_t> next_slot = 0;
  const auto work = [&] {
    for (std::size_t slot = next_slot++; slot < slots; slot = next_slot++) {
      sums[slot].gradients = zeros(network_);
      for (std::size_t row = slot; row < rows; row += slots) add_row(row, sums[slot]);
    }
  };
  {
    std::vector<std::jthread> helpers(std::min<std::size_t>(slots, std::thread::hardware_concurrency()));
    for (std::jthread& helper : helpers) helper = std::jthread(work);
  }
  BatchResult& total = sums[0];
  for (std::size_t slot = 1; slot < slots; ++slot) {
    total.loss += sums[slot].loss;
    total.correct += sums[slot].correct;
    for (std::size_t t = 0; t < total.gradients.size(); ++t) {
      std::transform(total.gradients[t].begin(), total.gradients[t].end(), sums[slot].gradients[t].begin(),
                     total.gradients[t].begin(), std::plus<>());
    }
  }
  const Tensors in_kernel_layout = total.gradients;
  for (const Stage& stage : stages_) {
    if (stage.kind != Kind::linear) continue;
    to_canonical(stage.geometry, in_kernel_layout[stage.weight], total.gradients[stage.weight]);
  }
  return total;
}

BatchResult ReferenceEngine::gradients(const Dataset& images, std::span<const std::uint32_t> rows) const {
  const Tensors kernels = this->kernels(state_.parameters);
  const auto count = static_cast<double>(rows.size());
  BatchResult result = sum_over_rows(rows.size(), [&](std::size_t row, BatchResult& sums) {
    const std::size_t label = images.labels[rows[row]];
    const Trace trace = forward(kernels, pixels(images, rows[row], row), row);
    const std::vector<double>& logits = trace.values.back();
    const std::vector<double> targets = this->targets(logits.size(), label);
    sums.loss += cross_entropy(logits, targets) / count;
    sums.correct += largest(logits) == label;
    std::vector<double> gradient = softmax(logits);
    for (std::size_t i = 0; i < gradient.size(); ++i) gradient[i] = (gradient[i] - targets[i]) / count;
    backward(kernels, trace, std::move(gradient), sums.gradients);
  });
  result.loss += penalty();
  for (std::size_t t = 0; t < result.gradients.size(); t += 2)
    for (std::size_t i = 0; i < result.gradients[t].size(); ++i)
      result.gradients[t][i] += 2 * l2_factor(optimizer_) * state_.parameters[t][i];
  return result;
}

Tensors ReferenceEngine::gradient_magnitudes(const Dataset& images, std::span<const std::uint32_t> rows) const {
  const Tensors kernels = this->kernels(state_.parameters);
  const Tensors sizes = absolute(kernels);
  const auto count = static_cast<double>(rows.size());
  return sum_over_rows(
             rows.size(),
             [&](std::size_t row, BatchResult& sums) {
               const Trace trace = forward(kernels, pixels(images, rows[row], row), row);
               Trace magnitude{.values = {trace.values[0]}, .choices = trace.choices};
               for (std::size_t k = 0; k < stages_.size(); ++k) {
                 magnitude.values.push_back(run(stages_[k], sizes, trace.choices[k], magnitude.values[k]));
               }
               // An error e in the logits moves the probability p[i] by p[i] (e[i] - sum of p[j] e[j]).
               const std::vector<double> probabilities = softmax(trace.values.back());
               const std::vector<double>& logits = magnitude.values.back();
               const double mean = std::inner_product(probabilities.begin(), probabilities.end(), logits.begin(), 0.0);
               const std::vector<double> targets = this->targets(logits.size(), images.labels[rows[row]]);
               std::vector<double> gradient(probabilities.size());
               for (std::size_t i = 0; i < gradient.size(); ++i)
                 gradient[i] =
                     (std::abs(probabilities[i] - targets[i]) + probabilities[i] * (logits[i] + mean)) / count;
               backward(sizes, magnitude, std::move(gradient), sums.gradients);
             })
      .gradients;
}

double ReferenceEngine::loss(const Dataset& images, std::span<const std::uint32_t> rows, Choices* choices) const {
  const Tensors kernels = this->kernels(state_.parameters);
  double sum = 0;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    Trace trace = forward(kernels, pixels(images, rows[row], row), row);
    const std::vector<double>& logits = trace.values.back();
    sum += cross_entropy(logits, targets(logits.size(), images.labels[rows[row]]));
    if (choices) std::move(trace.choices.begin(), trace.choices.end(), std::back_inserter(*choices));
  }
  return sum / static_cast<double>(rows.size()) + penalty();
}

double ReferenceEngine::step(const Dataset& images, std::span<const std::uint32_t> rows, double learning_rate) {
  const BatchResult batch = gradients(images, rows);
  StepFactors<double> factors = step_factors(optimizer_, learning_rate, ++state_.step);
  if (optimizer_.clip_norm) {
    double squares = 0;
    for (const std::vector<double>& tensor : batch.gradients)
      squares = std::inner_product(tensor.begin(), tensor.end(), tensor.begin(), squares);
    factors.scale = rules::clip_scale(*optimizer_.clip_norm, std::sqrt(squares));
  }
  std::visit([&](const auto& settings) { apply(rules::rule_for(settings), batch.gradients, factors); },
             optimizer_.rule);
  return batch.loss;
}

template <typename Rule>
void ReferenceEngine::apply(Rule, const Tensors& gradients, const StepFactors<double>& factors) {
  for (std::size_t t = 0; t < gradients.size(); ++t) {
    const double decay = t % 2 == 0 ? factors.decay : 0;  // weight, bias, weight ...
    for (std::size_t i = 0; i < gradients[t].size(); ++i) {
      double moments[most_moments] = {};
      for (std::size_t m = 0; m < state_.moments.size(); ++m) moments[m] = state_.moments[m][t][i];
      double& value = state_.parameters[t][i];
      value = rules::updated_beside<Rule>(gradients[t][i], value, decay, moments, factors);
      if (optimizer_.average) moments[Rule::moments] = rules::averaged(moments[Rule::moments], value, factors);
      for (std::size_t m = 0; m < state_.moments.size(); ++m) state_.moments[m][t][i] = moments[m];
    }
  }
}

Evaluation ReferenceEngine::evaluate(const Dataset& images) const {
  const Tensors kernels = this->kernels(state_.parameters);
  const std::size_t classes = class_count(network_);
  Evaluation result;
  result.confusion.resize(classes * classes);
  for (std::size_t index = 0; index < images.size(); ++index) {
    const std::vector<double> logits = forward(kernels, pixels(images, index, {}), {}).values.back();
    const std::vector<double> probabilities = softmax(logits);
    result.probabilities.insert(result.probabilities.end(), probabilities.begin(), probabilities.end());
    if (images.labels.empty()) continue;
    const std::size_t label = images.labels[index], predicted = largest(logits);
    result.loss_sum += cross_entropy(logits, targets(classes, label));
    result.correct += predicted == label;
    ++result.confusion[label * classes + predicted];
  }
  if (!images.labels.empty()) result.loss_sum += static_cast<double>(images.size()) * penalty();
  return result;
}

}  // namespace nib::reference
