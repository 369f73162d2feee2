#include "nib/optimizer.h"

#include <cmath>

namespace nib {
namespace {

/// Keras takes some settings through float32, even in float64.
double through_float(double number) { return static_cast<double>(static_cast<float>(number)); }

/// 1 - beta^t.
double bias_correction(double beta, std::uint64_t step) {
  return 1.0 - std::pow(through_float(beta), static_cast<double>(step));
}

StepFactors<double> factors(const Adam& adam, double learning_rate, std::uint64_t step) {
  return {.rate = learning_rate * std::sqrt(bias_correction(adam.beta2, step)) / bias_correction(adam.beta1, step),
          .first = 1.0 - adam.beta1,
          .second = 1.0 - adam.beta2,
          .epsilon = adam.epsilon};
}

std::vector<std::string> names(const Adam&) { return {"adam.m", "adam.v"}; }

}  // namespace

std::vector<std::string> moment_names(const Optimizer& optimizer) {
  return std::visit([](const auto& rule) { return names(rule); }, optimizer.rule);
}

StepFactors<double> step_factors(const Optimizer& optimizer, double learning_rate, std::uint64_t step) {
  return std::visit([&](const auto& rule) { return factors(rule, learning_rate, step); }, optimizer.rule);
}

}  // namespace nib
