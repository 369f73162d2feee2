#pragma once

#include "engines/cpu/instructions.h"
#include "engines/cpu/team.h"

namespace nib::cpu {

/// Floating-point operations a second (a multiply-add is two) that the whole team reaches on independent multiply-adds
/// in registers, in float32: what no phase can exceed that computes all that it is asked for. The best of a few tries,
/// as other programs may be in the way; takes about 0.1 s.
double measured_peak(Instructions instructions, Team& team);

}  // namespace nib::cpu
