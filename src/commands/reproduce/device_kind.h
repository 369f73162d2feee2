#pragma once

#include <string>

namespace nib {

/// Throws Error (device) where the run of an engine's description ("cpu, AVX2, 2 threads, FP32", "cuda:0 NVIDIA H200,
/// cuDNN 9.19, TF32") was made on another kind of device than the one that `device` names (as make_engine() takes it),
/// or on a GPU where there is none. Known before anything is read.
void check_device_choice(const std::string& recorded, const std::string& device);

/// Throws Error (device) where an engine computes on another kind of device than the run's: the CPU gives the same bits
/// on any, GPUs those of their own model alone. Returns what else may give other bits, in a line: other libraries.
std::string check_device(const std::string& recorded, const std::string& now);

}  // namespace nib
