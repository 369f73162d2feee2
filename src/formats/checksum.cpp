#include "formats/checksum.h"

#include <algorithm>

#include "base/hash.h"
#include "formats/safetensors_file.h"

namespace nib {
namespace {
constexpr std::size_t digit_count = 64;
}

std::string empty_checksum() { return std::string(digit_count, '0'); }

std::optional<std::size_t> checksum_position(std::string_view header_text, std::string_view digits) {
  const std::string before = std::string("\"") + checksum_key + "\":\"";
  const std::size_t found = header_text.find(before + std::string(digits) + '"');
  if (digits.size() != digit_count || found == std::string_view::npos) return std::nullopt;
  return length_bytes + found + before.size();
}

std::string checksum_of(std::span<const std::uint8_t> file, std::size_t position) {
  const std::string zeros = empty_checksum();
  Sha256Stream stream;
  stream.update(file.first(position));
  stream.update({reinterpret_cast<const std::uint8_t*>(zeros.data()), zeros.size()});
  stream.update(file.subspan(position + zeros.size()));
  return to_hex(stream.finish());
}

bool write_checksum(std::span<std::uint8_t> file, std::string_view header_text, std::string_view digits) {
  const auto position = checksum_position(header_text, digits);
  if (!position) return false;
  const std::string checksum = checksum_of(file, *position);
  std::copy(checksum.begin(), checksum.end(), file.begin() + static_cast<std::ptrdiff_t>(*position));
  return true;
}

}  // namespace nib
