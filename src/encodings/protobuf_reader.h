#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace nib {

/// A field of a message in protocol buffers' wire format (protobuf.dev, "Encoding").
struct ProtobufField {
  enum class Kind { varint, fixed64, bytes, fixed32 };
  unsigned number = 0;
  Kind kind = Kind::varint;
  std::uint64_t bits = 0;                 ///< of a varint or fixed number
  std::span<const std::uint8_t> bytes{};  ///< of a string, a message, packed numbers
};

/// Reads a message that nobody vouches for, field by field, without recursion; what it gives points into the file's
/// bytes. Errors (bad input) name the file and the byte.
class ProtobufReader {
 public:
  /// Bytes and name of the file must outlive this.
  ProtobufReader(std::span<const std::uint8_t> file, const std::string& source)
      : file_(file), message_(file), source_(&source) {}
  ProtobufReader(std::span<const std::uint8_t> file, const std::string&& source) = delete;

  /// The next field; nullopt behind the last.
  std::optional<ProtobufField> next();

  // What the field read last is taken for. Throws Error where it is of another wire type.
  std::uint64_t integer(const ProtobufField& field) const;
  float float32(const ProtobufField& field) const;
  std::span<const std::uint8_t> bytes(const ProtobufField& field) const;
  std::string text(const ProtobufField& field) const;
  ProtobufReader message(const ProtobufField& field) const;
  /// Appends whole numbers that stand one by one or packed; at most `most` in all.
  void append_integers(const ProtobufField& field, std::size_t most, std::vector<std::int64_t>& numbers) const;

  /// The error for the field that begins at the present place.
  Error error(std::string problem, std::string expected = {}, std::string got = {}) const;

 private:
  std::uint64_t varint();
  std::uint64_t fixed(unsigned count);
  void expect(const ProtobufField& field, ProtobufField::Kind kind) const;

  std::span<const std::uint8_t> file_, message_;
  const std::string* source_;
  std::size_t begin_ = 0, next_ = 0;  ///< of the field read last, and behind it, in the message
};

}  // namespace nib
