#include "parity/gates.h"

namespace nib {

double loss_gate(std::uint64_t step) {
  if (step <= 5) return 1e-6;
  if (step <= 10) return 1e-5;
  return step <= 50 ? 2e-3 : 2e-2;
}

double weights_gate(std::uint64_t steps) {
  if (steps <= 5) return 1e-4;
  if (steps <= 10) return 1e-3;
  return steps <= 50 ? 2e-2 : 2e-1;
}

}  // namespace nib
