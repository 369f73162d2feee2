#include "nib/schedule.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include "training/words.h"

namespace nib {
namespace {

constexpr Words<ScheduleKind, 6> words = {{{ScheduleKind::constant, "constant"},
                                           {ScheduleKind::step, "step"},
                                           {ScheduleKind::exponential, "exponential"},
                                           {ScheduleKind::cosine, "cosine"},
                                           {ScheduleKind::warmup_cosine, "warmup-cosine"},
                                           {ScheduleKind::one_cycle, "one-cycle"}}};

constexpr double first_division = 25, last_division = 1e4;  // of OneCycleLR

/// From 1 at 0 to 0 at 1.
double half_cosine(double part) { return 0.5 * (1.0 + std::cos(std::numbers::pi * part)); }

/// CosineDecay's _decay_function.
double cosine_decay(double steps, double decay_steps, double alpha) {
  const double part = std::min(steps, decay_steps) / decay_steps;
  return (1.0 - alpha) * half_cosine(part) + alpha;
}

/// `top` is the step with the highest rate, `last` the run's last one, both from 0.
double one_cycle(double before, double top, double last, double final_fraction) {
  const double first_fraction = 1 / first_division;
  if (before < top) return 1 + (first_fraction - 1) * half_cosine(before / top);
  if (last <= top) return 1;
  return final_fraction + (1 - final_fraction) * half_cosine((before - top) / (last - top));
}

}  // namespace

const char* word(ScheduleKind kind) { return word_in(words, kind); }

std::optional<ScheduleKind> schedule_kind(std::string_view word) { return value_in(words, word); }

bool depends_on_epochs(ScheduleKind kind) {
  return kind == ScheduleKind::cosine || kind == ScheduleKind::warmup_cosine || kind == ScheduleKind::one_cycle;
}

double warmup_epochs(const Schedule& schedule, std::uint32_t epochs) {
  constexpr double part_of_cycle = 0.3;  // OneCycleLR's pct_start
  return schedule.warmup_epochs.value_or(schedule.kind == ScheduleKind::one_cycle ? part_of_cycle * epochs : 1);
}

double scheduled_rate(const Schedule& schedule, double rate, std::uint64_t step, const RunLength& run) {
  const auto before = static_cast<double>(step - 1), an_epoch = static_cast<double>(run.steps_an_epoch);
  const double all = an_epoch * run.epochs, decays = before / (schedule.decay_epochs * an_epoch);
  const double warmup = warmup_epochs(schedule, run.epochs) * an_epoch;
  const double alpha = schedule.final_fraction.value_or(0);
  switch (schedule.kind) {
    case ScheduleKind::constant:
      return rate;
    case ScheduleKind::step:
      return rate * std::pow(schedule.decay_rate, std::floor(decays));
    case ScheduleKind::exponential:
      return rate * std::pow(schedule.decay_rate, decays);
    case ScheduleKind::cosine:
      return rate * cosine_decay(before, all, alpha);
    case ScheduleKind::warmup_cosine:
      return before < warmup ? rate * (before / warmup) : rate * cosine_decay(before - warmup, all - warmup, alpha);
    case ScheduleKind::one_cycle:
      return rate * one_cycle(before, std::max(warmup - 1, 0.0), all - 1,
                              schedule.final_fraction.value_or(1 / first_division / last_division));
  }
  return rate;
}

double reduced_rate(const Plateau& plateau, double rate, Monitored figure, const History& history) {
  double best = -std::numeric_limits<double>::infinity();
  std::uint32_t waited = 0, cooling = 0;
  for (const EpochResult& epoch : history) {
    if (cooling > 0) {
      --cooling;
      waited = 0;
    }
    // Keras adds min_delta to the best figure here, and takes it from the newest one in EarlyStopping.
    if (const double now = goodness(epoch, figure); now > best + plateau.min_delta) {
      best = now;
      waited = 0;
    } else if (cooling == 0 && ++waited >= plateau.patience) {
      if (rate <= plateau.min_rate) continue;
      rate = std::max(rate * plateau.factor, plateau.min_rate);
      cooling = plateau.cooldown;
      waited = 0;
    }
  }
  return rate;
}

}  // namespace nib
