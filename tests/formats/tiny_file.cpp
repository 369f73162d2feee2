#include "formats/tiny_file.h"

#include <stdexcept>

#include "base/error.h"
#include "formats/checksum.h"
#include "formats/number_formats.h"
#include "formats/safetensors_file.h"
#include "hdf5/hdf5_file.h"

namespace nib {

Network tiny_network() {
  return {.input = {.height = 2, .width = 2, .channels = 1},
          .layers = {Flatten{}, Dense{.units = 2, .activation = Activation::softmax}}};
}

std::vector<std::uint8_t> safetensors_of(const std::string& header, std::size_t data_bytes) {
  std::vector<std::uint8_t> bytes;
  append_bytes(header.size(), 8, bytes);
  bytes.insert(bytes.end(), header.begin(), header.end());
  bytes.resize(bytes.size() + data_bytes);
  return bytes;
}

std::string tiny_header(const std::string& metadata) {
  return R"({"__metadata__":{)" + metadata +
         R"(},"fc1.bias":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
         R"("fc1.weight":{"dtype":"F32","shape":[2,4],"data_offsets":[8,40]}})";
}

std::string with(std::string text, const std::string& from, const std::string& to) {
  const std::size_t found = text.find(from);
  if (found == std::string::npos || text.find(from, found + 1) != std::string::npos)
    throw std::invalid_argument("not exactly once in the text: " + from);
  return text.replace(found, from.size(), to);
}

std::vector<std::uint8_t> with_right_checksum(std::vector<std::uint8_t> bytes) {
  const SafetensorsFile file = parse_safetensors(bytes, "f");
  if (!write_checksum(bytes, file.header_text, file.header.metadata.at(checksum_key)))
    throw std::invalid_argument("a file without a checksum");
  return bytes;
}

std::string refusal(const std::vector<std::uint8_t>& bytes, const WeightsOptions& options) {
  try {
    parse_weights(bytes, "f", options);
  } catch (const Error& error) {
    return error.code() == ExitCode::bad_input ? error.what() : "another exit code";
  }
  return "was read";
}

bool is_built_in(const WeightsFormat& format) {
  const bool is_of_keras = format.name == "keras" || format.name.ends_with("h5");
  return format.read != nullptr && format.write != nullptr && !(is_of_keras && hdf5_version().empty());
}

WeightsFile parse_tiny(const std::vector<std::uint8_t>& bytes) {
  return parse_weights(bytes, "f", {.network = tiny_network()});
}

}  // namespace nib
