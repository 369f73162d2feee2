#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "nib/arithmetic/step_factors.h"
#include "nib/parameters.h"

namespace nib {

// The rules by which a training step changes each parameter, with Keras's settings and defaults (keras/src/optimizers/
// adam.py, sgd.py, rmsprop.py); their formulas stand in arithmetic/update_rules.inc.

/// Epsilon is added to the uncorrected square root.
struct Adam {
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7;
  bool operator==(const Adam&) const = default;
};
/// Adam with the greatest mean of squares so far.
struct AmsGrad {
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7;
  bool operator==(const AmsGrad&) const = default;
};
struct Sgd {
  bool operator==(const Sgd&) const = default;
};
struct Momentum {
  double momentum = 0.9;
  bool operator==(const Momentum&) const = default;
};
struct Nesterov {
  double momentum = 0.9;
  bool operator==(const Nesterov&) const = default;
};
/// Neither centered nor with momentum.
struct RmsProp {
  double rho = 0.9, epsilon = 1e-7;
  bool operator==(const RmsProp&) const = default;
};

inline constexpr double greatest_l2 = 1000, greatest_weight_decay = 1000, least_clip_norm = 1e-30,
                        greatest_clip_norm = 1e30;

/// What a training step makes of the gradients: first those of the penalty are added, then all of them are clipped,
/// then weights decay, then the rule changes every parameter, then means follow. An engine refuses what is out of
/// range, see make_engine().
struct Optimizer {
  std::variant<Adam, AmsGrad, Sgd, Momentum, Nesterov, RmsProp> rule{};
  /// As Keras's kernel_regularizer=L2(l2) of every layer: the mean loss, also of an evaluation, has l2_penalty() beside
  /// it, and each weight's gradient twice this times the weight. From 0 to greatest_l2.
  double l2 = 0;
  /// Each step takes this part of each weight, times the learning rate, off it; biases are left out. From 0 to
  /// greatest_weight_decay.
  double weight_decay = 0;
  /// The Euclidean norm of all gradients together is made no longer than this, from least_clip_norm to
  /// greatest_clip_norm.
  std::optional<double> clip_norm{};
  /// A mean of each parameter over the steps is kept, which after each takes 1 - this part of it (at the first all).
  /// From 0 to below 1.
  std::optional<double> average{};
  bool operator==(const Optimizer&) const = default;
};

/// Whether the rule alone changes parameters, without anything beside it.
inline bool is_rule_alone(const Optimizer& optimizer) {
  return optimizer.l2 == 0 && optimizer.weight_decay == 0 && !optimizer.clip_norm && !optimizer.average;
}

/// Optimizer::l2 as Keras multiplies with it: through float32, even in float64.
inline double l2_factor(const Optimizer& optimizer) { return static_cast<double>(static_cast<float>(optimizer.l2)); }

/// The factor times the sum of the squares of all weights; biases are left out.
double l2_penalty(const Optimizer& optimizer, const Parameters& parameters);

/// The most moments that an optimizer keeps.
inline constexpr std::size_t most_moments = 4;

/// One number for each parameter beside its value, which an optimizer keeps, such as a moment of Adam.
struct Moment {
  std::string name{};
  Parameters values{};  ///< named and shaped as the parameters
  friend bool operator==(const Moment&, const Moment&) = default;
};

/// The moment that Optimizer::average keeps.
inline constexpr const char* average_moment = "average";

/// Those that it keeps, in the order of its rule: "adam.m" and "adam.v" are the running means of the gradients and of
/// their squares; the average is the last one.
std::vector<std::string> moment_names(const Optimizer& optimizer);

/// What its step number `step` (from 1) computes with, in double; a float engine rounds each number once.
StepFactors<double> step_factors(const Optimizer& optimizer, double learning_rate, std::uint64_t step);

/// An optimizer that users ask for by name.
struct NamedOptimizer {
  const char* name;      ///< "adam"
  Optimizer optimizer;   ///< with Keras's settings
  double learning_rate;  ///< Keras's default
};

/// adam, adamw, amsgrad, sgd, momentum, nesterov, rmsprop.
std::span<const NamedOptimizer> named_optimizers();
/// Null where there is none of that name.
const NamedOptimizer* find_optimizer(std::string_view name);

}  // namespace nib
