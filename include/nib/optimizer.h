#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "nib/arithmetic/step_factors.h"
#include "nib/parameters.h"

namespace nib {

/// Adam as Keras has it (keras/src/optimizers/adam.py): epsilon is added to the uncorrected square root.
struct Adam {
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7;
  bool operator==(const Adam&) const = default;
};

/// What a training step makes of the gradients. The rule says how it changes each parameter:
/// arithmetic/update_rules.inc.
struct Optimizer {
  std::variant<Adam> rule{};
  bool operator==(const Optimizer&) const = default;
};

/// The most moments that an optimizer keeps.
inline constexpr std::size_t most_moments = 4;

/// One number for each parameter beside its value, which an optimizer keeps, such as a moment of Adam.
struct Moment {
  std::string name{};
  Parameters values{};  ///< named and shaped as the parameters
  friend bool operator==(const Moment&, const Moment&) = default;
};

/// Those that it keeps, in the order of its rule: "adam.m" and "adam.v" are the running means of the gradients and of
/// their squares.
std::vector<std::string> moment_names(const Optimizer& optimizer);

/// What its step number `step` (from 1) computes with, in double; a float engine rounds each number once.
StepFactors<double> step_factors(const Optimizer& optimizer, double learning_rate, std::uint64_t step);

}  // namespace nib
