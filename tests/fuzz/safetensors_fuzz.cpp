// Any bytes, taken as a file of weights: refused with an Error, or parameters that fit the network they came with.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "base/error.h"
#include "formats/checksum.h"
#include "formats/safetensors_file.h"
#include "formats/safetensors_weights.h"

namespace {

void check(bool condition) {
  if (!condition) std::abort();
}

/// The network of the corpus's files that do not bring one.
nib::Network tiny_network() {
  return {.input = {.height = 2, .width = 2, .channels = 1},
          .layers = {nib::Flatten{}, nib::Dense{.units = 2, .activation = nib::Activation::softmax}}};
}

/// The network of the files in other libraries' layouts.
nib::Network small_network() {
  return {.input = {.height = 4, .width = 4, .channels = 1},
          .layers = {nib::Convolution{.filters = 2, .kernel = {3, 3}}, nib::Flatten{}, nib::Dense{.units = 4},
                     nib::Dense{.units = 4}, nib::Dense{.units = 4, .activation = nib::Activation::softmax}}};
}

void check_parameters(const nib::WeightsFile& file) {
  const std::vector<nib::ParameterSpec> specs = nib::parameter_specs(file.network);
  check(file.parameters.tensors.size() == specs.size());
  for (std::size_t index = 0; index < specs.size(); ++index) {
    const nib::Tensor& tensor = file.parameters.tensors[index];
    check(tensor.name == specs[index].name && tensor.shape == specs[index].shape);
    check(tensor.values.size() == specs[index].size());
  }
  check(file.class_names.empty() || file.class_names.size() == nib::class_count(file.network));
}

void read(const std::vector<std::uint8_t>& bytes, const nib::WeightsOptions& options) {
  try {
    const nib::WeightsFile file = nib::parse_safetensors_weights(bytes, "input", options);
    check_parameters(file);
    if (options.allow_nonfinite) return;
    check(nib::all_finite(file.parameters));
    const auto written = nib::safetensors_bytes(file.parameters, {}, "output");
    check(nib::parse_weights(written, "output", {.network = file.network}).parameters == file.parameters);
  } catch (const nib::Error& error) {
    check(error.code() == nib::ExitCode::bad_input);
  }
}

void read_every_way(const std::vector<std::uint8_t>& bytes) {
  read(bytes, {});
  read(bytes, {.network = tiny_network()});
  read(bytes, {.network = tiny_network(), .allow_extra = true, .allow_nonfinite = true});
  read(bytes, {.network = small_network()});
  read(bytes, {.network = small_network(), .flatten = nib::FlattenOrder::channels_last, .allow_extra = true});
}

/// Makes a checksum right, so that what stands behind it is reached as well.
bool heal(std::vector<std::uint8_t>& bytes) {
  try {
    const nib::SafetensorsFile file = nib::parse_safetensors(bytes, "input");
    const auto digits = file.header.metadata.find(nib::checksum_key);
    return digits != file.header.metadata.end() && nib::write_checksum(bytes, file.header_text, digits->second);
  } catch (const nib::Error&) {
    return false;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::uint8_t> bytes(data, data + size);
  read_every_way(bytes);
  if (heal(bytes)) read_every_way(bytes);
  return 0;
}
