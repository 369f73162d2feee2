#include "engines/module/fakes.h"

#include <cstdlib>

#include "tests/places.h"

namespace nib::cuda {
namespace {

void set(const std::string& name, const std::optional<std::string>& value) {
  if (value)
    setenv(name.c_str(), value->c_str(), 1);
  else
    unsetenv(name.c_str());
}

}  // namespace

std::filesystem::path fakes() { return NIB_CUDA_FAKES; }

void copy_newer_libraries(const std::filesystem::path& folder) {
  using Options = std::filesystem::copy_options;
  constexpr Options options = Options::recursive | Options::overwrite_existing;
  for (const char* const source : {"libraries", "newer_libraries"})
    std::filesystem::copy(fakes() / source, folder, options);
}

Requirements fake_requirements() {
  return {.cuda_version = 13000,
          .cudnn_major = requirements().cudnn_major,
          .cublas_major = requirements().cublas_major,
          .architectures = {"75-real", "80-real", "90-real", "90-virtual"},
          .library_folders = {},
          .build_id = requirements().build_id};
}

Environment::Environment(std::initializer_list<Variable> variables) {
  for (const auto& [name, value] : variables) {
    const char* const old = std::getenv(name.c_str());
    before_.push_back({name, old ? std::optional<std::string>(old) : std::nullopt});
    set(name, value);
  }
}

Environment::~Environment() {
  for (const auto& [name, value] : before_) set(name, value);
}

}  // namespace nib::cuda
