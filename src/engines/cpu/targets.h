#pragma once

// Which instruction sets the engine is compiled for: AVX-512 and AVX2 through Highway, and a scalar path of our own.
// Highway's targets below AVX2 are left out because their multiply-add rounds twice, and those above AVX-512's base
// because they would bring nothing but compile time.
#define HWY_BROKEN_EMU128 1
#define HWY_DISABLED_TARGETS                                                                                    \
  (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3_DL | HWY_NEON | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_PPC8 | \
   HWY_RVV | HWY_WASM | HWY_WASM_EMU256)
