#include "engines/module/requirements.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/text.h"
#include "engines/module/build.h"

namespace nib::cuda {
namespace {

Requirements of_this_build() {
  Requirements needed{.cuda_version = NIB_CUDA_VERSION,
                      .cudnn_major = NIB_CUDNN_MAJOR,
                      .cublas_major = NIB_CUBLAS_MAJOR,
                      .architectures = split(NIB_CUDA_ARCHITECTURES, ';'),
                      .library_folders = {},
                      .build_id = NIB_CUDA_BUILD_ID};
  for (const std::string& folder : split(NIB_CUDA_LIBRARY_FOLDERS, ';')) needed.library_folders.emplace_back(folder);
  return needed;
}

}  // namespace

const Requirements& requirements() {
  static const Requirements needed = of_this_build();
  return needed;
}

bool runs_on(std::span<const std::string> architectures, Capability capability) {
  return std::ranges::any_of(architectures, [capability](const std::string& architecture) {
    const std::size_t dash = architecture.find('-');
    const auto compiled_for = static_cast<Capability>(parse_unsigned(architecture.substr(0, dash)).value_or(0));
    if (compiled_for == 0 || compiled_for > capability) return false;
    return architecture.ends_with("-virtual") || compiled_for / 10 == capability / 10;
  });
}

std::string needed_driver(unsigned cuda_version) {
  // By CUDA 13.0's release notes; a driver serves all minor versions of its major one.
  const unsigned major = cuda_version / 1000;
  return major == 13 ? "driver 580.65.06 or later, for CUDA 13" : fmt::format("a driver for CUDA {}", major);
}

std::string cuda_version_text(unsigned version) {
  return fmt::format("CUDA {}.{}", version / 1000, version % 1000 / 10);
}

std::string capability_text(Capability capability) { return fmt::format("{}.{}", capability / 10, capability % 10); }

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    if (end > 0) parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

}  // namespace nib::cuda
