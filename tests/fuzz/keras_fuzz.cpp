// Any bytes, taken as a file of Keras: refused with one line, or finite weights of the shapes of its network. HDF5 goes
// through the limited child, which may die or hang: this process may not.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/error.h"
#include "formats/keras/keras.h"
#include "nib/parameters.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<std::uint8_t> bytes(data, data + size);
  const nib::Network tiny{.input = {2, 2, 1}, .layers = {nib::Flatten{}, nib::Dense{2, nib::Activation::softmax}}};
  try {
    const nib::WeightsFile file = nib::read_keras(bytes, "input", {.network = tiny});
    if (!nib::all_finite(file.parameters)) std::abort();
    if (file.parameters.tensors.size() != nib::parameter_specs(file.network).size()) std::abort();
  } catch (const nib::Error& error) {
    if (error.code() != nib::ExitCode::bad_input) std::abort();
    if (std::string(error.what()).find('\n') != std::string::npos) std::abort();
  }
  return 0;
}
