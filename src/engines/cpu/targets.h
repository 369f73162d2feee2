#pragma once

// Which instruction sets the engine is compiled for: AVX-512 and AVX2 through Highway, and a scalar path of our own.
// All others are left out, whatever a version of Highway knows: those below AVX2 because their multiply-add rounds
// twice, those above AVX-512's base because they would bring nothing but compile time.
#define HWY_BROKEN_EMU128 1
#define HWY_DISABLED_TARGETS (~(HWY_AVX3 | HWY_AVX2 | HWY_SCALAR))
