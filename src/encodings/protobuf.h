#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace nib {

/// Builds one message in protocol buffers' wire format (protobuf.dev, "Encoding"), field by field in the order of the
/// calls. Fields are told by their numbers.
class ProtobufMessage {
 public:
  ProtobufMessage& integer(unsigned field, std::uint64_t value);   ///< int32, int64 (not negative), uint64, enum
  ProtobufMessage& float64(unsigned field, double value);          ///< double
  ProtobufMessage& float32(unsigned field, float value);           ///< float
  ProtobufMessage& bytes(unsigned field, std::string_view value);  ///< string, bytes
  ProtobufMessage& message(unsigned field, const ProtobufMessage& value);

  const std::string& encoded() const { return encoded_; }

 private:
  enum class WireType : std::uint8_t { varint = 0, fixed64 = 1, length_delimited = 2, fixed32 = 5 };
  void key(unsigned field, WireType type);
  void varint(std::uint64_t value);

  std::string encoded_;
};

}  // namespace nib
