// The rules of nib/arithmetic/update_rules.inc, on vectors. A block knows none of them: it hands over its finished
// gradients, a hundred or so at a time, which costs a call and a store of what was in registers, and keeps the loops of
// gradients free of what is different for each optimizer.

#include "engines/cpu/update.h"

#include "engines/cpu/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engines/cpu/update.cpp"
#include "hwy/foreach_target.h"
// After foreach_target.h, as it is included once for each target.
#include "engines/cpu/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace nib::cpu::HWY_NAMESPACE {
namespace rules {

#define NIB_RULE HWY_INLINE
#include "nib/arithmetic/update_rules.inc"
#undef NIB_RULE

}  // namespace rules

template <bool kSumsSquares>
void look(const Update& update, const float* gradients, std::size_t count, ParameterStore& parameters,
          std::size_t place) {
  const bool pulls = parameters.decays && update.pull != 0;
  const Vec pull = broadcast(update.pull);
  alignas(64) float with_pull[kChannelTile];
  Poison poison(update.poison);
  for (std::size_t tile = 0; tile < count; tile += kChannelTile) {
    const float* own = gradients + tile;
    if (pulls) {
      const float* const weights = parameters.values.data() + place + tile;
      for (std::size_t i = 0; i < kChannelTile; i += kLanes)
        store(rules::pulled(load(own + i), load(weights + i), pull), with_pull + i);
      own = with_pull;
    }
    for (std::size_t i = 0; i < kChannelTile; i += kLanes) {
      const Vec gradient = load(own + i);
      poison.note(multiply(gradient, gradient));
    }
    if constexpr (kSumsSquares) {
      // Eight chains on any instruction set; the products of floats are exact in double.
      constexpr std::size_t kChains = 8;
      for (std::size_t i = 0; i < kChannelTile; ++i) {
        const auto gradient = static_cast<double>(own[i]);
        update.squares[i % kChains] += gradient * gradient;
      }
    }
  }
  poison.keep(update.poison);
}

/// `kAlone`: the rule without anything beside it.
template <typename Rule, bool kAlone>
void apply(const Update& update, const float* gradients, std::size_t count, ParameterStore& parameters,
           std::size_t place) {
  const StepFactors<float>& factors = update.factors;
  const StepFactors<Vec> step{broadcast(factors.rate),    broadcast(factors.first), broadcast(factors.second),
                              broadcast(factors.epsilon), broadcast(factors.scale), broadcast(factors.decay),
                              broadcast(factors.keep)};
  const Vec decay = parameters.decays ? step.decay : zero(), pull = broadcast(update.pull);
  const bool pulls = !kAlone && parameters.decays && update.pull != 0;
  float* const values = parameters.values.data() + place;
  float* moments[most_moments];
  for (int m = 0; m < Rule::moments; ++m) moments[m] = parameters.moments[static_cast<std::size_t>(m)].data() + place;
  Poison poison(update.poison);
  for (std::size_t i = 0; i < count; i += kLanes) {
    Vec moment[most_moments];
    for (int m = 0; m < Rule::moments; ++m) moment[m] = load(moments[m] + i);
    const Vec before = load(values + i);
    Vec gradient = load(gradients + i);
    if (pulls) gradient = rules::pulled(gradient, before, pull);
    const Vec value = kAlone ? Rule::updated(gradient, before, moment, step)
                             : rules::updated_beside<Rule>(gradient, before, decay, moment, step);
    for (int m = 0; m < Rule::moments; ++m) store(moment[m], moments[m] + i);
    store(value, values + i);
    poison.note(value);
  }
  if (!kAlone && parameters.moments.size() != Rule::moments) {
    float* const averages = parameters.moments.back().data() + place;
    for (std::size_t i = 0; i < count; i += kLanes) {
      const Vec average = rules::averaged(load(averages + i), load(values + i), step);
      store(average, averages + i);
      poison.note(average);
    }
  }
  poison.keep(update.poison);
}

UpdateWork update_work(const Optimizer& optimizer) {
  return std::visit(
      [&](const auto& settings) {
        using Rule = decltype(rules::rule_for(settings));
        static_assert(std::size_t{Rule::moments} < most_moments, "and the average");
        const bool alone = is_rule_alone(optimizer);
        return UpdateWork{.look = optimizer.clip_norm ? look<true> : look<false>,
                          .apply = alone ? apply<Rule, true> : apply<Rule, false>};
      },
      optimizer.rule);
}

}  // namespace nib::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include "engines/cpu/dispatch.h"
namespace nib::cpu {

UpdateWork update_work_for(Instructions instructions, const Optimizer& optimizer) {
  return NIB_DISPATCH(instructions, update_work)(optimizer);
}

}  // namespace nib::cpu
#endif
