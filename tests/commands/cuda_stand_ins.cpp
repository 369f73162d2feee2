#include "commands/cuda_stand_ins.h"

#include <cstdlib>

#include "engines/module/requirements.h"
#include "tests/places.h"

namespace nib {
namespace {

std::string number_of(const std::string& architecture) { return architecture.substr(0, architecture.find('-')); }

}  // namespace

ProgramWithFakeGpu::ProgramWithFakeGpu(const std::vector<std::string>& arguments, const std::filesystem::path& folder,
                                       const std::string& driver)
    : Program(arguments) {
  const std::filesystem::path fakes = NIB_CUDA_FAKES;
  std::string libraries = fakes / "driver";
  if (const char* const others = std::getenv("LD_LIBRARY_PATH")) libraries.append(":").append(others);
  in(folder);
  from(fakes / "bin/nib");
  with_environment("LD_LIBRARY_PATH", libraries);
  with_environment("NIB_CUDA_LIBRARIES", fakes / "libraries");
  with_environment("NIB_DATA", NIB_DATA_SOURCE);  // there are no data where this copy of the program lies
  with_environment("FAKE_DRIVER", driver + " capability=" + number_of(cuda::requirements().architectures.at(0)));
}

std::string newest_capability() { return number_of(cuda::requirements().architectures.back()); }

}  // namespace nib
