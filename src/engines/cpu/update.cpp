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

void look(const Update& update, const float* gradients, std::size_t count, ParameterStore&, std::size_t) {
  Poison poison(update.poison);
  for (std::size_t i = 0; i < count; i += kLanes) {
    const Vec gradient = load(gradients + i);
    poison.note(multiply(gradient, gradient));
  }
  poison.keep(update.poison);
}

template <typename Rule>
void apply(const Update& update, const float* gradients, std::size_t count, ParameterStore& parameters,
           std::size_t place) {
  const StepFactors<float>& factors = update.factors;
  const StepFactors<Vec> step{broadcast(factors.rate), broadcast(factors.first), broadcast(factors.second),
                              broadcast(factors.epsilon)};
  float* const values = parameters.values.data() + place;
  float* moments[Rule::moments];
  for (int m = 0; m < Rule::moments; ++m) moments[m] = parameters.moments[static_cast<std::size_t>(m)].data() + place;
  Poison poison(update.poison);
  for (std::size_t i = 0; i < count; i += kLanes) {
    Vec moment[Rule::moments];
    for (int m = 0; m < Rule::moments; ++m) moment[m] = load(moments[m] + i);
    const Vec value = Rule::updated(load(gradients + i), load(values + i), moment, step);
    for (int m = 0; m < Rule::moments; ++m) store(moment[m], moments[m] + i);
    store(value, values + i);
    poison.note(value);
  }
  poison.keep(update.poison);
}

UpdateWork update_work(const Optimizer& optimizer) {
  return std::visit(
      [](const auto& settings) {
        return UpdateWork{.look = look, .apply = apply<decltype(rules::rule_for(settings))>};
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
