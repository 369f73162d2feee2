#pragma once

#include "engines/cpu/block.h"
#include "engines/cpu/instructions.h"
#include "nib/optimizer.h"

namespace nib::cpu {

/// The work that gradient tasks do on what they have finished (see Update), compiled for the instruction set.
struct UpdateWork {
  Update::Work look;   ///< changes nothing; sums squares where there is a norm to clip
  Update::Work apply;  ///< changes parameters and moments by the optimizer's rule
};

UpdateWork update_work_for(Instructions instructions, const Optimizer& optimizer);

}  // namespace nib::cpu
