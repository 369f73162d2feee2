#include "formats/safetensors_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "formats/foreign_formats.h"
#include "formats/number_formats.h"

namespace nib {
namespace {

std::string in_bytes(std::uint64_t count) { return with_commas(count) + " bytes"; }

/// The error for bytes that do not begin as a safetensors file does: `problem`, unless we know what they are.
Error not_safetensors(std::span<const std::uint8_t> bytes, Problem problem) {
  if (const auto foreign = recognise_foreign_format(bytes))
    return input_error({.file = problem.file,
                        .problem = "wrong format",
                        .expected = "a weights file",
                        .got = foreign->name,
                        .hint = foreign->hint});
  return input_error(std::move(problem));
}

/// A header that is cut off begins all the same. Without it the first bytes are no length but of another format.
Error length_too_large(std::span<const std::uint8_t> bytes, std::uint64_t length, const std::string& source) {
  constexpr std::uint64_t of_text = std::uint64_t{1} << 40;  // eight letters are far above
  const std::uint64_t rest = bytes.size() - length_bytes;
  const bool begins = rest > 0 && bytes[length_bytes] == '{';
  Problem problem{.file = source,
                  .field = "header length",
                  .problem = length > largest_header ? "header too long" : "header is longer than the file",
                  .expected = "at most " + in_bytes(std::min<std::uint64_t>(largest_header, rest)),
                  .got = in_bytes(length)};
  if (begins && length < of_text) return input_error(std::move(problem));
  if (!begins)
    problem = {.file = source,
               .problem = "wrong format",
               .expected = "a weights file",
               .got = fmt::format("one that begins with {:02x}", fmt::join(bytes.first(length_bytes), " "))};
  return not_safetensors(bytes, std::move(problem));
}

std::uint64_t header_length(std::span<const std::uint8_t> bytes) {
  std::uint64_t length = 0;
  for (std::size_t index = 0; index < length_bytes; ++index) length |= std::uint64_t{bytes[index]} << (8 * index);
  return length;
}

/// Where the header's first sign stands that is no blank, or npos.
std::size_t start_of(std::string_view header) { return header.find_first_not_of(" \t\r\n"); }

std::string_view find_header(std::span<const std::uint8_t> bytes, const std::string& source) {
  if (bytes.empty()) throw input_error({.file = source, .problem = "file is empty"});
  if (bytes.size() < length_bytes)
    throw not_safetensors(bytes, {.file = source,
                                  .problem = "file too short",
                                  .expected = "at least " + in_bytes(length_bytes),
                                  .got = in_bytes(bytes.size())});
  const std::uint64_t length = header_length(bytes);
  if (length > std::min<std::uint64_t>(largest_header, bytes.size() - length_bytes))
    throw length_too_large(bytes, length, source);

  const std::string_view text(reinterpret_cast<const char*>(bytes.data()) + length_bytes, length);
  const std::size_t start = start_of(text);
  if (start == std::string_view::npos || text[start] != '{')
    throw not_safetensors(bytes,
                          {.file = source,
                           .field = "header",
                           .problem = "not a JSON object",
                           .expected = "{ at its start",
                           .got = start == std::string_view::npos ? "nothing" : printable(text.substr(start, 1))});
  return text;
}

void check_header_length(std::uint64_t bytes, const std::string& source) {
  if (bytes > largest_header)
    throw input_error({.file = source,
                       .field = "header",
                       .problem = "metadata too long",
                       .expected = "at most " + in_bytes(largest_header),
                       .got = in_bytes(bytes)});
}

}  // namespace

std::vector<FileTensor> SafetensorsFile::tensors() const {
  std::vector<FileTensor> tensors;
  for (const TensorEntry& entry : header.tensors)
    tensors.push_back({entry.name, entry.dtype, entry.shape, data.subspan(entry.begin, entry.end - entry.begin)});
  return tensors;
}

bool is_safetensors(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < length_bytes) return false;
  const std::uint64_t length = header_length(bytes);
  if (length > std::min<std::uint64_t>(largest_header, bytes.size() - length_bytes)) return false;
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()) + length_bytes, length);
  const std::size_t start = start_of(text);
  return start != std::string_view::npos && text[start] == '{';
}

SafetensorsFile parse_safetensors(std::span<const std::uint8_t> bytes, const std::string& source) {
  SafetensorsFile file;
  file.header_text = find_header(bytes, source);
  file.data = bytes.subspan(length_bytes + file.header_text.size());
  file.header = parse_header(file.header_text, file.data.size(), source + ": header");
  return file;
}

std::vector<std::uint8_t> safetensors_bytes(const Parameters& parameters,
                                            const std::map<std::string, std::string>& metadata,
                                            const std::string& source) {
  std::vector<const Tensor*> tensors;
  for (const Tensor& tensor : parameters.tensors) tensors.push_back(&tensor);
  std::sort(tensors.begin(), tensors.end(), [](const Tensor* a, const Tensor* b) { return a->name < b->name; });

  SafetensorsHeader header{.metadata = metadata, .tensors = {}};
  std::uint64_t size = 0;
  for (const Tensor* tensor : tensors) {
    const std::uint64_t begin = std::exchange(size, size + tensor->values.size() * sizeof(float));
    header.tensors.push_back({tensor->name, "F32", tensor->shape, begin, size});
  }
  std::uint64_t least = 0;  // of the header's bytes
  for (const auto& [key, value] : metadata) least += key.size() + value.size();
  check_header_length(least, source);
  const std::string text = header_text(header);
  check_header_length(text.size(), source);

  std::vector<std::uint8_t> bytes;
  bytes.reserve(length_bytes + text.size() + size);
  append_bytes(text.size(), length_bytes, bytes);
  bytes.insert(bytes.end(), text.begin(), text.end());
  for (const Tensor* tensor : tensors) append_floats(tensor->values, bytes);
  return bytes;
}

}  // namespace nib
