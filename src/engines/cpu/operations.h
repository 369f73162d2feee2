#pragma once

#include <string>
#include <vector>

#include "model/plan.h"

namespace nib::cpu {

/// The floating-point operations of one phase of a training step, by the name that the profile has for it.
struct PhaseOperations {
  std::string phase;
  double each_row = 0, each_step = 0;
};

/// What the network's definition asks for: a multiplication and an addition for each weight and each number that it
/// meets, and Adam's twelve operations a parameter. Counted on the plan, so what pooling drops is left out: the
/// convolution's outputs that no pooled output depends on, and backward all but one candidate of each pooled window.
/// Not left out is what a data set or an algorithm saves: zeros that are skipped, Winograd's fewer products. Only
/// phases that are counted, which are those of convolutions and dense layers.
std::vector<PhaseOperations> phase_operations(const NetworkPlan& plan);

}  // namespace nib::cpu
