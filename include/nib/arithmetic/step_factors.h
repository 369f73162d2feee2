#pragma once

namespace nib {

/// The numbers that one training step applies to all parameters: the same few for every rule, which reads its own
/// (arithmetic/update_rules.inc). A device holds an array of them, one a step.
template <typename Number>
struct StepFactors {
  Number rate{};     ///< the learning rate; of Adam its step size
  Number first{};    ///< of Adam 1 - beta1; the momentum; of RMSprop rho
  Number second{};   ///< of Adam 1 - beta2; of RMSprop 1 - rho
  Number epsilon{};  ///< of Adam, RMSprop
  Number scale{};    ///< that gradients are multiplied by
  Number decay{};    ///< part that weights lose: learning rate times weight decay
  Number keep{};     ///< part that averages keep: 0 in the first step

  /// Each number by itself as another type.
  template <typename Convert>
  auto each(const Convert& convert) const {
    return StepFactors<decltype(convert(rate))>{convert(rate),  convert(first), convert(second), convert(epsilon),
                                                convert(scale), convert(decay), convert(keep)};
  }
};

inline StepFactors<float> rounded(const StepFactors<double>& factors) {
  return factors.each([](double number) { return static_cast<float>(number); });
}

}  // namespace nib
