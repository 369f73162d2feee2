#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "nib/history.h"

namespace nib {

/// How the learning rate goes over a run.
enum class ScheduleKind : std::uint8_t { constant, step, exponential, cosine, warmup_cosine, one_cycle };
/// As users call it: "warmup-cosine".
const char* word(ScheduleKind kind);
std::optional<ScheduleKind> schedule_kind(std::string_view word);

/// A schedule tells the factor f(s) that the learning rate r is multiplied by in the step that s steps of the run went
/// before: s is Keras's `iterations`. With n steps an epoch and N in the whole run:
///
/// - step: decay_rate ^ floor(s / (decay_epochs n)), keras.optimizers.schedules.ExponentialDecay with staircase=True,
///   which is PiecewiseConstantDecay with boundaries that are equally far from each other
/// - exponential: decay_rate ^ (s / (decay_epochs n)), ExponentialDecay
/// - cosine: (1 - a) (1 + cos(pi s / N)) / 2 + a with a = final_fraction, CosineDecay with decay_steps = N, alpha = a
/// - warmup-cosine: CosineDecay with initial_learning_rate = 0, warmup_target = r, warmup_steps = W = warmup_epochs n
///   and decay_steps = N - W: s / W where s < W, as in Keras 0 in the first step, then the cosine of s - W
/// - one-cycle: Keras has none; PyTorch's OneCycleLR(anneal_strategy="cos", div_factor=25), after Smith and Topin,
///   "Super-convergence" (2018), without its change of momentum: half a cosine from 1 / 25 up to 1 in the first W
///   steps, and another one down to final_fraction in the last step
///
/// All of it is computed in double, for each engine, as Keras does where its floats are float64. Where they are float32
/// Keras rounds the rate and each intermediate result to 24 bits; so its rates may differ by some 1e-7 of r.
struct Schedule {
  ScheduleKind kind = ScheduleKind::constant;
  double decay_rate = 0.5;
  double decay_epochs = 1;
  std::optional<double> warmup_epochs{};   ///< nothing: 1, of one-cycle 0.3 of all epochs
  std::optional<double> final_fraction{};  ///< of the rate; nothing: 0, of one-cycle 1 / 25 / 10,000
  bool operator==(const Schedule&) const = default;
};

/// Whether another number of epochs makes other rates from the first step on.
bool depends_on_epochs(ScheduleKind kind);

/// How long a run is.
struct RunLength {
  std::uint64_t steps_an_epoch = 1;
  std::uint32_t epochs = 1;
};

double warmup_epochs(const Schedule& schedule, std::uint32_t epochs);

/// The rate of step `step` of a run, from 1. A warm-up has to be shorter than the run.
double scheduled_rate(const Schedule& schedule, double rate, std::uint64_t step, const RunLength& run);

/// The rule of keras.callbacks.ReduceLROnPlateau, with its default values: behind `patience` epochs in a row whose
/// figure was not better than the best one by more than `min_delta`, the rate is multiplied by `factor`, down to
/// `min_rate` at the least. In the first `cooldown` - 1 epochs behind that none is counted: Keras counts the
/// last one again. A patience of 0 is one of 1.
///
/// Keras keeps the rate in a variable of its float type; here it stays double.
struct Plateau {
  std::uint32_t patience = 10;
  double factor = 0.1;
  double min_delta = 1e-4;
  std::uint32_t cooldown = 0;
  double min_rate = 0;
  bool operator==(const Plateau&) const = default;
};

/// What the rule has made of `rate` behind this history: a function of it alone, so nothing of it has to be saved.
double reduced_rate(const Plateau& plateau, double rate, Monitored figure, const History& history);

}  // namespace nib
