#include "encodings/protobuf_reader.h"

#include <fmt/core.h>

#include <bit>

namespace nib {

std::optional<ProtobufField> ProtobufReader::next() {
  begin_ = next_;
  if (next_ == message_.size()) return std::nullopt;
  constexpr std::uint64_t largest_number = (1 << 29) - 1;
  const std::uint64_t key = varint();
  if (key >> 3 == 0 || key >> 3 > largest_number)
    throw error("not a protobuf message: no such field number", fmt::format("1 to {}", largest_number),
                std::to_string(key >> 3));
  ProtobufField field{.number = static_cast<unsigned>(key >> 3)};
  switch (key & 7) {
    case 0:
      field.bits = varint();
      break;
    case 1:
      field.kind = ProtobufField::Kind::fixed64;
      field.bits = fixed(8);
      break;
    case 2: {
      field.kind = ProtobufField::Kind::bytes;
      const std::uint64_t length = varint();
      if (length > message_.size() - next_)
        throw error("a field is longer than what it stands in",
                    fmt::format("at most {} bytes", message_.size() - next_), std::to_string(length));
      field.bytes = message_.subspan(next_, length);
      next_ += length;
      break;
    }
    case 5:
      field.kind = ProtobufField::Kind::fixed32;
      field.bits = fixed(4);
      break;
    default:
      throw error("not a protobuf message: unknown wire type", "0, 1, 2 or 5", std::to_string(key & 7));
  }
  return field;
}

std::uint64_t ProtobufReader::integer(const ProtobufField& field) const {
  expect(field, ProtobufField::Kind::varint);
  return field.bits;
}

float ProtobufReader::float32(const ProtobufField& field) const {
  expect(field, ProtobufField::Kind::fixed32);
  return std::bit_cast<float>(static_cast<std::uint32_t>(field.bits));
}

std::span<const std::uint8_t> ProtobufReader::bytes(const ProtobufField& field) const {
  expect(field, ProtobufField::Kind::bytes);
  return field.bytes;
}

std::string ProtobufReader::text(const ProtobufField& field) const {
  const std::span<const std::uint8_t> characters = bytes(field);
  return {characters.begin(), characters.end()};
}

ProtobufReader ProtobufReader::message(const ProtobufField& field) const {
  ProtobufReader reader = *this;
  reader.message_ = bytes(field);
  reader.begin_ = reader.next_ = 0;
  return reader;
}

void ProtobufReader::append_integers(const ProtobufField& field, std::size_t most,
                                     std::vector<std::int64_t>& numbers) const {
  const auto append = [&](std::uint64_t number) {
    if (numbers.size() == most) throw error("too many numbers", fmt::format("at most {}", most));
    numbers.push_back(static_cast<std::int64_t>(number));
  };
  if (field.kind == ProtobufField::Kind::varint) return append(field.bits);
  ProtobufReader packed = message(field);
  while (packed.next_ < packed.message_.size()) append(packed.varint());
}

Error ProtobufReader::error(std::string problem, std::string expected, std::string got) const {
  const std::uint8_t* const place = message_.data() + begin_;
  return input_error({.file = *source_,
                      .field = fmt::format("byte {}", message_.empty() ? 0 : place - file_.data()),
                      .problem = std::move(problem),
                      .expected = std::move(expected),
                      .got = std::move(got)});
}

/// Seven bits a byte, the lowest first; the highest bit tells that more follow.
std::uint64_t ProtobufReader::varint() {
  std::uint64_t number = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (next_ == message_.size()) throw error("ends within a number");
    const std::uint8_t byte = message_[next_++];
    if (shift == 63 && byte > 1) break;
    number |= std::uint64_t{byte & 0x7Fu} << shift;
    if (byte < 0x80) return number;
  }
  throw error("not a protobuf message: a number of more than 64 bits");
}

std::uint64_t ProtobufReader::fixed(unsigned count) {
  if (message_.size() - next_ < count) throw error("ends within a number");
  std::uint64_t number = 0;
  for (unsigned index = 0; index < count; ++index) number |= std::uint64_t{message_[next_++]} << (8 * index);
  return number;
}

void ProtobufReader::expect(const ProtobufField& field, ProtobufField::Kind kind) const {
  if (field.kind != kind) throw error(fmt::format("field {} is of another wire type than it should be", field.number));
}

}  // namespace nib
