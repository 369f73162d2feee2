#include <cmath>
#include <stdexcept>

#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "encodings/json.h"
#include "formats/checkpoint.h"
#include "formats/checksum.h"
#include "formats/metadata_keys.h"
#include "formats/number_formats.h"
#include "formats/safetensors_file.h"
#include "formats/safetensors_weights.h"
#include "formats/weights.h"
#include "formats/weights_metadata.h"

namespace nib {
namespace {

/// The whole file with its checksum in it.
std::vector<std::uint8_t> sealed_bytes(const Parameters& tensors, Metadata metadata, const std::string& file) {
  const std::string digits = empty_checksum();
  metadata[checksum_key] = digits;
  std::vector<std::uint8_t> bytes = safetensors_bytes(tensors, metadata, file);
  if (!write_checksum(bytes, parse_safetensors(bytes, file).header_text, digits))
    throw std::logic_error("the header that was just written has no place for its checksum");
  return bytes;
}

/// `bytes` is room to work in.
void add_numbers(const Tensor& tensor, std::vector<std::uint8_t>& bytes, Sha256Stream& stream) {
  bytes.clear();
  append_floats(tensor.values, bytes);
  stream.update(bytes);
}

}  // namespace

void check_writable(const Network& network, const Parameters& parameters, const std::string& file) {
  const std::vector<ParameterSpec> specs = parameter_specs(network);
  if (parameters.tensors.size() != specs.size()) throw std::invalid_argument("parameters are of another network");
  for (std::size_t index = 0; index < specs.size(); ++index) {
    const Tensor& tensor = parameters.tensors[index];
    if (tensor.name != specs[index].name || tensor.shape != specs[index].shape ||
        tensor.values.size() != specs[index].size())
      throw std::invalid_argument("parameters are of another network");
    for (const float value : tensor.values)
      if (!std::isfinite(value))
        throw numeric_error({.file = file, .field = tensor.name, .problem = "holds a number that is not finite"});
  }
}

std::vector<std::uint8_t> weights_bytes(const Network& network, const Parameters& parameters, const std::string& data,
                                        const std::vector<std::string>& class_names, const std::string& file,
                                        std::uint64_t limit, const std::string& score) {
  check_writable(network, parameters, file);
  WeightsFile model;
  model.network = network;
  model.data = data;
  model.limit = limit;
  model.class_names = class_names;
  model.score = score;
  return sealed_bytes(parameters, metadata_of(model), file);
}

std::vector<std::uint8_t> safetensors_weights_bytes(const WeightsFile& model, const std::string& file) {
  return weights_bytes(model.network, model.parameters, model.data, model.class_names, file, model.limit, model.score);
}

std::vector<std::uint8_t> checkpoint_bytes(const CheckpointFile& checkpoint, const std::string& file) {
  const WeightsFile& model = checkpoint.model;
  check_writable(model.network, model.parameters, file);
  Metadata metadata = metadata_of(model);
  metadata[metadata::checkpoint] = checkpoint.run;
  Parameters all = model.parameters;
  std::vector<std::string> names;
  for (const Moment& moment : checkpoint.moments) {
    check_writable(model.network, moment.values, file);
    names.push_back(moment.name);
    for (const Tensor& tensor : moment.values.tensors)
      all.tensors.push_back({moment_tensor_name(moment.name, tensor.name), tensor.shape, tensor.values});
  }
  metadata[metadata::moments] = json_line(names);
  return sealed_bytes(all, std::move(metadata), file);
}

void write_weights(const std::filesystem::path& path, const Network& network, const Parameters& parameters,
                   const std::string& data, const std::vector<std::string>& class_names, std::uint64_t limit) {
  write_file_atomically(path, weights_bytes(network, parameters, data, class_names, path.string(), limit));
}

std::string weights_sha256(const Parameters& parameters) {
  Sha256Stream stream;
  std::vector<std::uint8_t> bytes;
  for (const Tensor& tensor : parameters.tensors) add_numbers(tensor, bytes, stream);
  return to_hex(stream.finish());
}

std::vector<std::string> running_sha256(const Parameters& parameters) {
  Sha256Stream stream;
  std::vector<std::uint8_t> bytes;
  std::vector<std::string> hashes;
  for (const Tensor& tensor : parameters.tensors) {
    add_numbers(tensor, bytes, stream);
    hashes.push_back(to_hex(stream.so_far()));
  }
  return hashes;
}

}  // namespace nib
