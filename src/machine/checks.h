#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "encodings/json.h"

namespace nib {

/// What nib doctor found out about one thing that nib uses. `finding` and `fix` may hold marked settings.
struct Check {
  std::string subject;                    ///< "cuDNN"
  std::string finding;                    ///< one line: what there is, or what is wrong
  std::string fix{};                      ///< what to do about it; empty when all is well
  Json details{};                         ///< the same in parts, for documents
  std::optional<Error> stops_training{};  ///< set when nib train does not work at all without it, on no device
};

/// A check that came out as `error` says.
Check failed_check(const std::string& subject, const Error& error);

/// Program, processor, data sets, what reads HDF5, HEIC and WebP, disk, libcurl.
std::vector<Check> host_checks();

/// Driver, GPUs, cuDNN, cuBLAS, module, and whether an engine can be made of them: a line each, as far as each can be
/// looked at without those before it.
struct CudaChecks {
  std::vector<Check> checks;
  std::string engine;  ///< description of the engine that was made for the first usable GPU; empty without one
};
CudaChecks cuda_checks();

}  // namespace nib
