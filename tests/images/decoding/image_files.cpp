#include "images/decoding/image_files.h"

#include <gmock/gmock.h>

#include "base/error.h"
#include "images/decoding/decode.h"

namespace nib {

Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

Bytes joined(const std::vector<Bytes>& pieces) {
  Bytes all;
  for (const Bytes& piece : pieces) all.insert(all.end(), piece.begin(), piece.end());
  return all;
}

Bytes part(const Bytes& bytes, std::size_t begin, std::size_t end) {
  return {bytes.begin() + std::ptrdiff_t(begin), bytes.begin() + std::ptrdiff_t(end)};
}

Bytes little_endian(std::uint32_t value, std::size_t size) {
  Bytes bytes;
  for (std::size_t index = 0; index < size; ++index) bytes.push_back(static_cast<std::uint8_t>(value >> (8 * index)));
  return bytes;
}

Bytes big_endian(std::uint32_t value) {
  const Bytes bytes = little_endian(value, 4);
  return {bytes.rbegin(), bytes.rend()};
}

std::vector<std::uint16_t> noise(std::size_t count, std::uint32_t most) {
  std::vector<std::uint16_t> numbers;
  for (std::uint32_t state = 1; numbers.size() < count;) {
    state = state * 1664525u + 1013904223u;
    numbers.push_back(static_cast<std::uint16_t>((state >> 8) % (most + 1)));
  }
  return numbers;
}

std::string error_line(const Bytes& file) {
  try {
    decode_image(file, "FILE");
  } catch (const Error& error) {
    std::string line = error.what();
    EXPECT_EQ(error.code(), ExitCode::bad_input) << line;
    EXPECT_THAT(line, testing::StartsWith("FILE: "));
    EXPECT_THAT(line, testing::Not(testing::HasSubstr("\n")));
    return line;
  }
  ADD_FAILURE() << "no Error was thrown for " << file.size() << " bytes";
  return "";
}

void expect_every_beginning_refused(const Bytes& file) {
  decode_image(file, "whole");
  for (std::size_t size = 0; size < file.size(); ++size) EXPECT_NE(error_line(part(file, 0, size)), "") << size;
}

}  // namespace nib
