#pragma once

#include <cstdint>

#include "nib/arithmetic/philox.h"

namespace nib {

/// What a network is trained towards, as Keras's CategoricalCrossentropy(label_smoothing) has it: (1 - share) of the
/// label's class, and beside it share / classes of every class. Of share 0, the label alone.
template <typename Real>
struct SmoothedLabels {
  double share = 0;
  Real label = 1, others = 0;  ///< the targets, each rounded once from double
};

template <typename Real>
SmoothedLabels<Real> smoothed_labels(double share, std::uint32_t classes) {
  const double each = share / static_cast<double>(classes);
  return {share, static_cast<Real>(1.0 - share + each), static_cast<Real>(each)};
}

/// The cross-entropy with smoothed labels, from that with the label alone: the sum over all classes of target *
/// (ln(sum of e^logit) - logit) is `loss` + share * (the label's logit - the logits' mean), as the targets add up to 1.
/// `sum` is that of the logits, added in the order of the classes.
NIB_HOST_DEVICE inline double smoothed_loss(double loss, double share, double label_logit, double sum,
                                            std::uint32_t classes) {
  return loss + share * (label_logit - sum / static_cast<double>(classes));
}

}  // namespace nib
