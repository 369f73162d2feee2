#include "nib/optimizer.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace nib {
namespace {

/// Keras takes some settings through float32, even in float64.
double through_float(double number) { return static_cast<double>(static_cast<float>(number)); }

/// 1 - beta^t.
double bias_correction(double beta, std::uint64_t step) {
  return 1.0 - std::pow(through_float(beta), static_cast<double>(step));
}

using Factors = StepFactors<double>;

template <typename AnyAdam>
Factors adam_factors(const AnyAdam& adam, double learning_rate, std::uint64_t step) {
  return {.rate = learning_rate * std::sqrt(bias_correction(adam.beta2, step)) / bias_correction(adam.beta1, step),
          .first = 1.0 - adam.beta1,
          .second = 1.0 - adam.beta2,
          .epsilon = adam.epsilon};
}

Factors factors(const Adam& adam, double rate, std::uint64_t step) { return adam_factors(adam, rate, step); }
Factors factors(const AmsGrad& adam, double rate, std::uint64_t step) { return adam_factors(adam, rate, step); }
Factors factors(const Sgd&, double rate, std::uint64_t) { return {.rate = rate}; }
Factors factors(const Momentum& momentum, double rate, std::uint64_t) {
  return {.rate = rate, .first = through_float(momentum.momentum)};
}
Factors factors(const Nesterov& momentum, double rate, std::uint64_t) {
  return {.rate = rate, .first = through_float(momentum.momentum)};
}
Factors factors(const RmsProp& rms, double rate, std::uint64_t) {
  return {.rate = rate, .first = rms.rho, .second = 1.0 - rms.rho, .epsilon = rms.epsilon};
}

using Names = std::vector<std::string>;

Names names(const Adam&) { return {"adam.m", "adam.v"}; }
Names names(const AmsGrad&) { return {"adam.m", "adam.v", "adam.u"}; }
Names names(const Sgd&) { return {}; }
Names names(const Momentum&) { return {"sgd.m"}; }
Names names(const Nesterov&) { return {"sgd.m"}; }
Names names(const RmsProp&) { return {"rmsprop.v"}; }

}  // namespace

double l2_penalty(const Optimizer& optimizer, const Parameters& parameters) {
  double squares = 0;
  for (std::size_t tensor = 0; tensor < parameters.tensors.size(); tensor += 2)  // weight, bias, weight ...
    for (const float weight : parameters.tensors[tensor].values)
      squares += static_cast<double>(weight) * static_cast<double>(weight);
  return l2_factor(optimizer) * squares;
}

std::vector<std::string> moment_names(const Optimizer& optimizer) {
  std::vector<std::string> all = std::visit([](const auto& rule) { return names(rule); }, optimizer.rule);
  if (optimizer.average) all.emplace_back(average_moment);
  return all;
}

StepFactors<double> step_factors(const Optimizer& optimizer, double learning_rate, std::uint64_t step) {
  Factors all = std::visit([&](const auto& rule) { return factors(rule, learning_rate, step); }, optimizer.rule);
  all.scale = 1;
  all.decay = through_float(optimizer.weight_decay) * learning_rate;
  all.keep = step > 1 ? optimizer.average.value_or(0) : 0;
  return all;
}

std::span<const NamedOptimizer> named_optimizers() {
  static const std::array<NamedOptimizer, 7> all = {{
      {"adam", {.rule = Adam{}}, 0.001},
      {"adamw", {.rule = Adam{}, .weight_decay = 0.004}, 0.001},
      {"amsgrad", {.rule = AmsGrad{}}, 0.001},
      {"sgd", {.rule = Sgd{}}, 0.01},
      {"momentum", {.rule = Momentum{}}, 0.01},
      {"nesterov", {.rule = Nesterov{}}, 0.01},
      {"rmsprop", {.rule = RmsProp{}}, 0.001},
  }};
  return all;
}

const NamedOptimizer* find_optimizer(std::string_view name) {
  const auto all = named_optimizers();
  const auto found = std::ranges::find(all, name, &NamedOptimizer::name);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace nib
