#pragma once

namespace micro {

/// Prints what cuBLAS, loaded from `file`, takes for the dense products of the digits network at batch 128, as they
/// follow each other in a captured graph; returns the exit code.
int product_costs(const char* file);

}  // namespace micro
