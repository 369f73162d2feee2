#include "formats/safetensors_header.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "encodings/json_object.h"
#include "formats/number_formats.h"

namespace nib {
namespace {

using nlohmann::json;

constexpr const char* metadata_key = "__metadata__";
constexpr int deepest = 3;  // header, tensor, shape
constexpr std::size_t largest_rank = 8;
constexpr std::uint64_t largest_dimension = std::uint64_t{1} << 31;

std::map<std::string, std::string> read_metadata(const json& value, const std::string& source) {
  JsonObject object(value, metadata_key, source);
  std::map<std::string, std::string> metadata;
  for (const auto& [key, text] : value.items()) {
    if (!text.is_string()) throw object.error(object.path(key), "wrong type", "a string", describe_json(text));
    metadata.emplace(key, text.get<std::string>());
  }
  return metadata;
}

/// Whole numbers from 0 to `largest`, and no other way to write them: JSON's 1e2, 1.0 and -0 are not.
std::vector<std::uint64_t> read_numbers(JsonObject& object, const std::string& key, std::uint64_t largest) {
  const json& array = object.value(key);
  if (!array.is_array()) throw object.error(object.path(key), "wrong type", "an array", describe_json(array));
  std::vector<std::uint64_t> numbers;
  for (const json& element : array) {
    if (!element.is_number_unsigned() || element.get<std::uint64_t>() > largest)
      throw object.error(object.path(key, numbers.size()), "not a size",
                         fmt::format("a whole number from 0 to {}", largest), describe_json(element));
    numbers.push_back(element.get<std::uint64_t>());
  }
  return numbers;
}

std::string read_dtype(JsonObject& object) {
  const json& value = object.value("dtype");
  if (!value.is_string() || bytes_per_number(value.get<std::string>()) == 0)
    throw object.error(object.path("dtype"), "unknown dtype", "F32, F16, BF16 or F64", describe_json(value));
  return value.get<std::string>();
}

std::vector<std::uint32_t> read_shape(JsonObject& object) {
  const std::vector<std::uint64_t> shape = read_numbers(object, "shape", largest_dimension);
  if (shape.size() > largest_rank)
    throw object.error(object.path("shape"), "too many dimensions", fmt::format("at most {}", largest_rank),
                       std::to_string(shape.size()));
  return {shape.begin(), shape.end()};
}

/// Checks that a tensor's shape and its span of bytes say the same, without trusting their product to fit.
void check_size(const TensorEntry& tensor, const JsonObject& object) {
  std::uint64_t bytes = bytes_per_number(tensor.dtype);
  for (const std::uint32_t dimension : tensor.shape)
    if (__builtin_mul_overflow(bytes, std::uint64_t{dimension}, &bytes))
      throw object.error(object.path("shape"), "size does not fit 64 bits");
  if (tensor.end < tensor.begin || tensor.end - tensor.begin != bytes)
    throw object.error(object.path("data_offsets"), "does not fit dtype and shape", fmt::format("{} bytes", bytes),
                       fmt::format("[{},{}]", tensor.begin, tensor.end));
}

TensorEntry read_tensor(const std::string& name, const json& value, const std::string& source) {
  JsonObject object(value, name, source);
  TensorEntry tensor{.name = name, .dtype = read_dtype(object), .shape = read_shape(object)};
  const auto offsets = read_numbers(object, "data_offsets", std::numeric_limits<std::uint64_t>::max());
  if (offsets.size() != 2)
    throw object.error(object.path("data_offsets"), "wrong length", "2", std::to_string(offsets.size()));
  object.finish();
  tensor.begin = offsets[0];
  tensor.end = offsets[1];
  check_size(tensor, object);
  return tensor;
}

/// Every byte belongs to exactly one tensor: nothing can hide between them, and no two can share one.
void check_coverage(const std::vector<TensorEntry>& tensors, std::uint64_t data_bytes, const std::string& source) {
  std::uint64_t covered = 0;
  for (const TensorEntry& tensor : tensors) {
    if (tensor.begin != covered)
      throw input_error({.file = source,
                         .field = tensor.name + ".data_offsets",
                         .problem = tensor.begin < covered ? "overlaps another tensor" : "leaves a hole before it",
                         .expected = fmt::format("begin {}", covered),
                         .got = std::to_string(tensor.begin)});
    covered = tensor.end;
  }
  if (covered != data_bytes)
    throw input_error(
        {.file = source,
         .problem = covered > data_bytes ? "file ends before its tensors" : "bytes behind the last tensor",
         .expected = fmt::format("{} bytes of tensors", with_commas(covered)),
         .got = with_commas(data_bytes)});
}

std::string quoted(const std::string& text) {
  return json(text).dump(-1, ' ', false, json::error_handler_t::replace);  // a path need not be valid UTF-8
}

}  // namespace

SafetensorsHeader parse_header(std::string_view text, std::uint64_t data_bytes, const std::string& source) {
  // Where a text ends is the parser's own idea: a NUL would end it early and hide what follows.
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos)
    throw input_error({.file = source, .field = fmt::format("byte {}", nul), .problem = "NUL byte in the JSON text"});
  const json object = parse_strict_json(text, source, deepest);
  SafetensorsHeader header;
  for (const auto& [name, value] : object.items()) {
    if (name == metadata_key)
      header.metadata = read_metadata(value, source);
    else
      header.tensors.push_back(read_tensor(name, value, source));
  }
  std::sort(header.tensors.begin(), header.tensors.end(), [](const TensorEntry& a, const TensorEntry& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  check_coverage(header.tensors, data_bytes, source);
  return header;
}

std::string header_text(const SafetensorsHeader& header) {
  std::vector<std::string> texts, entries;
  for (const auto& [key, value] : header.metadata) texts.push_back(quoted(key) + ":" + quoted(value));
  entries.push_back(fmt::format(R"("{}":{{{}}})", metadata_key, fmt::join(texts, ",")));
  for (const TensorEntry& tensor : header.tensors)
    entries.push_back(fmt::format(R"({}:{{"dtype":"{}","shape":[{}],"data_offsets":[{},{}]}})", quoted(tensor.name),
                                  tensor.dtype, fmt::join(tensor.shape, ","), tensor.begin, tensor.end));
  std::string text = fmt::format("{{{}}}", fmt::join(entries, ","));
  text.resize((text.size() + 7) / 8 * 8, ' ');
  return text;
}

}  // namespace nib
