#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include "cuda_on_host/cudnn.h"
#include "cuda_on_host/library_handle.h"

struct cudnnContext : nib::cuda_on_host::LibraryHandle {
  std::map<std::string, std::size_t> workspaces;  ///< bytes by the description of a convolution that was asked for
};

namespace nib::cuda_on_host {

/// The status that a test forces on this call of cuDNN, or what a CUDA error that stays makes of it.
std::optional<cudnnStatus_t> forced_status(const char* call);

}  // namespace nib::cuda_on_host
