#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "engines/module/requirements.h"

namespace nib::cuda {

/// The folder of the stand-ins: driver/, libraries/, lib/nib/ and modules that do not fit.
std::filesystem::path fakes();

/// Copies cuDNN's and cuBLAS's stand-ins into a folder that is there, as newer versions have them: with more parts, one
/// of which is linked with the driver.
void copy_newer_libraries(const std::filesystem::path& folder);

/// What a module needs that the stand-ins fit, whatever this build was made with.
Requirements fake_requirements();

/// Sets environment variables (nullopt: removes them) until it ends.
class Environment {
 public:
  struct Variable {
    std::string name;
    std::optional<std::string> value;
  };
  explicit Environment(std::initializer_list<Variable> variables);
  ~Environment();
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  std::vector<Variable> before_;
};

/// The Error that `call` throws; the test fails where it throws none.
template <typename Call>
Error error_of(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no error";
  return {ExitCode::ok, {}};
}

}  // namespace nib::cuda
