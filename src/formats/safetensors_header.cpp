#include "formats/safetensors_header.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "encodings/json.h"
#include "encodings/json_reader.h"
#include "formats/number_formats.h"

namespace nib {
namespace {

constexpr const char* metadata_key = "__metadata__";
constexpr int deepest = 3;  // header, tensor, shape
constexpr std::size_t largest_rank = 8;
constexpr std::uint64_t largest_dimension = std::uint64_t{1} << 31;

/// The reference takes null for no metadata.
std::map<std::string, std::string> read_metadata(const JsonReader& value) {
  std::map<std::string, std::string> metadata;
  if (value.is_null()) return metadata;
  for (const auto& [key, text] : value.members()) metadata.emplace(key, text.text());
  return metadata;
}

/// Whole numbers from 0 to `largest`, and no other way to write them: JSON's 1e2, 1.0 and -0 are not.
std::vector<std::uint64_t> read_numbers(const JsonReader& array, std::uint64_t largest) {
  std::vector<std::uint64_t> numbers;
  for (const JsonReader& element : array.items()) {
    if (!element.value().is_whole() || element.value().whole() > largest)
      throw element.error("not a size", fmt::format("a whole number from 0 to {}", largest),
                          describe_json(element.value()));
    numbers.push_back(element.value().whole());
  }
  return numbers;
}

std::string read_dtype(const JsonReader& dtype) {
  if (!dtype.value().is_text() || bytes_per_number(dtype.value().text()) == 0)
    throw dtype.error("unknown dtype", "F32, F16, BF16 or F64", describe_json(dtype.value()));
  return dtype.value().text();
}

std::vector<std::uint32_t> read_shape(const JsonReader& array) {
  const std::vector<std::uint64_t> shape = read_numbers(array, largest_dimension);
  if (shape.size() > largest_rank)
    throw array.error("too many dimensions", fmt::format("at most {}", largest_rank), std::to_string(shape.size()));
  return {shape.begin(), shape.end()};
}

/// Checks that a tensor's shape and its span of bytes say the same, without trusting their product to fit.
void check_size(const TensorEntry& tensor, const JsonReader& entry) {
  std::uint64_t bytes = bytes_per_number(tensor.dtype);
  for (const std::uint32_t dimension : tensor.shape)
    if (__builtin_mul_overflow(bytes, std::uint64_t{dimension}, &bytes))
      throw entry.at("shape").error("size does not fit 64 bits");
  if (tensor.end < tensor.begin || tensor.end - tensor.begin != bytes)
    throw entry.at("data_offsets")
        .error("does not fit dtype and shape", fmt::format("{} bytes", bytes),
               fmt::format("[{},{}]", tensor.begin, tensor.end));
}

TensorEntry read_tensor(const std::string& name, const JsonReader& entry) {
  TensorEntry tensor{.name = name, .dtype = read_dtype(entry.at("dtype")), .shape = read_shape(entry.at("shape"))};
  const JsonReader span = entry.at("data_offsets");
  const auto offsets = read_numbers(span, std::numeric_limits<std::uint64_t>::max());
  if (offsets.size() != 2) throw span.error("wrong length", "2", std::to_string(offsets.size()));
  entry.refuse_other_keys({"dtype", "shape", "data_offsets"});
  tensor.begin = offsets[0];
  tensor.end = offsets[1];
  check_size(tensor, entry);
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

/// A path need not be valid UTF-8.
std::string quoted(const std::string& text) { return json_line(text); }

}  // namespace

SafetensorsHeader parse_header(std::string_view text, std::uint64_t data_bytes, const std::string& source) {
  const Json object = parse_json(text, source, deepest);
  SafetensorsHeader header;
  for (const auto& [name, value] : JsonReader(object, source).members()) {
    if (name == metadata_key)
      header.metadata = read_metadata(value);
    else
      header.tensors.push_back(read_tensor(name, value));
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
