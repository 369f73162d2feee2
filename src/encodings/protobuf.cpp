#include "encodings/protobuf.h"

#include <bit>

namespace nib {

ProtobufMessage& ProtobufMessage::integer(unsigned field, std::uint64_t value) {
  key(field, WireType::varint);
  varint(value);
  return *this;
}

ProtobufMessage& ProtobufMessage::float64(unsigned field, double value) {
  key(field, WireType::fixed64);
  const auto bits = std::bit_cast<std::uint64_t>(value);
  for (int shift = 0; shift < 64; shift += 8) encoded_ += static_cast<char>(static_cast<std::uint8_t>(bits >> shift));
  return *this;
}

ProtobufMessage& ProtobufMessage::float32(unsigned field, float value) {
  key(field, WireType::fixed32);
  const auto bits = std::bit_cast<std::uint32_t>(value);
  for (int shift = 0; shift < 32; shift += 8) encoded_ += static_cast<char>(static_cast<std::uint8_t>(bits >> shift));
  return *this;
}

ProtobufMessage& ProtobufMessage::bytes(unsigned field, std::string_view value) {
  key(field, WireType::length_delimited);
  varint(value.size());
  encoded_ += value;
  return *this;
}

ProtobufMessage& ProtobufMessage::message(unsigned field, const ProtobufMessage& value) {
  return bytes(field, value.encoded());
}

void ProtobufMessage::key(unsigned field, WireType type) { varint(field << 3 | static_cast<unsigned>(type)); }

/// Seven bits a byte, the lowest first; the highest bit tells that more follow.
void ProtobufMessage::varint(std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) encoded_ += static_cast<char>(static_cast<std::uint8_t>(value | 0x80));
  encoded_ += static_cast<char>(value);
}

}  // namespace nib
