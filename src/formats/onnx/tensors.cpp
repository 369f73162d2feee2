#include "formats/onnx/tensors.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "encodings/protobuf_reader.h"
#include "formats/number_formats.h"

namespace nib::onnx {
namespace {

Error tensor_error(const OnnxTensor& tensor, const std::string& source, std::string problem, std::string expected,
                   std::string got) {
  return input_error({.file = source,
                      .field = "tensor " + printable(tensor.name, 100),
                      .problem = std::move(problem),
                      .expected = std::move(expected),
                      .got = std::move(got)});
}

/// As safetensors calls it; empty for a type that nib does not take.
std::string_view dtype_of(std::uint64_t type) {
  switch (static_cast<ElementType>(type)) {
    case ElementType::float32:
      return "F32";
    case ElementType::float16:
      return "F16";
    case ElementType::bfloat16:
      return "BF16";
    case ElementType::float64:
      return "F64";
    case ElementType::int64:
      break;
  }
  return "";
}

/// The shape has been checked by those who ask for the numbers: it is small.
std::uint64_t size_of(const OnnxTensor& tensor) {
  std::uint64_t size = 1;
  for (const std::int64_t side : tensor.shape) size *= static_cast<std::uint64_t>(side);
  return size;
}

}  // namespace

std::string shape_text(const std::vector<std::int64_t>& shape) { return fmt::format("[{}]", fmt::join(shape, ",")); }

std::vector<float> floats_of(const OnnxTensor& tensor, const std::string& source) {
  const std::string_view dtype = dtype_of(tensor.type);
  if (dtype.empty() || tensor.packed_integers)
    throw tensor_error(tensor, source, "not of a type that nib reads", "FLOAT, FLOAT16, BFLOAT16 or DOUBLE",
                       fmt::format("element type {}", tensor.type));
  const std::uint64_t bytes = size_of(tensor) * bytes_per_number(dtype);
  if (tensor.bytes.size() != bytes)
    throw tensor_error(tensor, source, "its numbers do not fit its shape", fmt::format("{} bytes", bytes),
                       std::to_string(tensor.bytes.size()));
  return nib::floats_of(dtype, tensor.bytes).value();
}

std::vector<std::int64_t> integers_of(const OnnxTensor& tensor, const std::string& source) {
  constexpr std::size_t most = 8;
  if (tensor.type != static_cast<std::uint64_t>(ElementType::int64))
    throw tensor_error(tensor, source, "not of whole numbers", "INT64", fmt::format("element type {}", tensor.type));
  std::vector<std::int64_t> numbers;
  if (tensor.packed_integers) {
    const ProtobufField packed{.kind = ProtobufField::Kind::bytes, .bytes = tensor.bytes};
    ProtobufReader(tensor.bytes, source).append_integers(packed, most, numbers);
    return numbers;
  }
  if (tensor.bytes.size() > most * sizeof(std::int64_t) || tensor.bytes.size() % sizeof(std::int64_t) != 0)
    throw tensor_error(tensor, source, "not a list of whole numbers", fmt::format("at most {}", most),
                       fmt::format("{} bytes", tensor.bytes.size()));
  for (std::size_t at = 0; at < tensor.bytes.size(); at += sizeof(std::int64_t)) {
    std::uint64_t number = 0;
    for (unsigned index = 0; index < sizeof number; ++index)
      number |= std::uint64_t{tensor.bytes[at + index]} << (8 * index);
    numbers.push_back(static_cast<std::int64_t>(number));
  }
  return numbers;
}

}  // namespace nib::onnx
