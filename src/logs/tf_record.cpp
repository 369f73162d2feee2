#include "logs/tf_record.h"

#include <bit>
#include <concepts>
#include <cstdint>

#include "encodings/crc32c.h"

namespace nib {
namespace {

template <std::unsigned_integral Integer>
std::string little_endian(Integer value) {
  std::string bytes;
  for (std::size_t byte = 0; byte < sizeof value; ++byte)
    bytes += static_cast<char>(static_cast<std::uint8_t>(value >> (8 * byte)));
  return bytes;
}

std::string masked_checksum(std::string_view bytes) {
  return little_endian(std::rotr(crc32c(bytes), 15) + std::uint32_t{0xA282EAD8});
}

}  // namespace

std::string tf_record(std::string_view data) {
  const std::string length = little_endian(std::uint64_t{data.size()});
  std::string record = length + masked_checksum(length);
  record += data;
  return record + masked_checksum(data);
}

}  // namespace nib
