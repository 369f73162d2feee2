// Any bytes, taken as an ONNX model: refused with an Error, or parameters that fit the network and come
// back from a model of nib's own.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "base/error.h"
#include "formats/onnx/onnx_weights.h"

namespace {

void check(bool condition) {
  if (!condition) std::abort();
}

/// The network of the corpus's files.
nib::Network small_network() {
  return {.input = {.height = 4, .width = 4, .channels = 1},
          .layers = {nib::Convolution{.filters = 2, .kernel = {3, 3}}, nib::Flatten{},
                     nib::Dense{.units = 2, .activation = nib::Activation::softmax}}};
}

void read(std::span<const std::uint8_t> bytes, const nib::WeightsOptions& options) {
  try {
    const nib::WeightsFile file = nib::parse_onnx_weights(bytes, "input", options);
    check(nib::all_finite(file.parameters));
    const std::vector<nib::ParameterSpec> specs = nib::parameter_specs(file.network);
    check(file.parameters.tensors.size() == specs.size());
    for (std::size_t index = 0; index < specs.size(); ++index)
      check(file.parameters.tensors[index].shape == specs[index].shape);
    const auto written = nib::onnx_weights_bytes(file, "output");
    check(nib::parse_onnx_weights(written, "output", {}).parameters == file.parameters);
  } catch (const nib::Error& error) {
    check(error.code() == nib::ExitCode::bad_input);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  read({data, size}, {});
  read({data, size}, {.network = small_network()});
  read({data, size}, {.network = small_network(), .flatten = nib::FlattenOrder::channels_last, .allow_extra = true});
  return 0;
}
