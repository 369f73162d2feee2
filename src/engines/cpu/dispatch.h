#pragma once

#include "engines/cpu/instructions.h"
#include "engines/cpu/targets.h"
#include "hwy/detect_targets.h"

/// The version of `function` that was compiled for `instructions`, as a function pointer. For use behind
/// foreach_target.h, under HWY_ONCE, in namespace nib::cpu.
#if HWY_TARGETS & HWY_AVX3
#define NIB_DISPATCH(instructions, function)                              \
  ((instructions) == ::nib::cpu::Instructions::avx512 ? &N_AVX3::function \
   : (instructions) == ::nib::cpu::Instructions::avx2 ? &N_AVX2::function \
                                                      : &N_SCALAR::function)
#else
#define NIB_DISPATCH(instructions, function) (static_cast<void>(instructions), &N_SCALAR::function)
#endif
