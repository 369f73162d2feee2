#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nib {

using Bytes = std::vector<std::uint8_t>;

Bytes bytes_of(std::string_view text);
Bytes joined(const std::vector<Bytes>& pieces);
Bytes part(const Bytes& bytes, std::size_t begin, std::size_t end);
Bytes big_endian(std::uint32_t value);
Bytes little_endian(std::uint32_t value, std::size_t size);

/// Numbers from 0 to `most`, always the same, that look like chance.
std::vector<std::uint16_t> noise(std::size_t count, std::uint32_t most);

/// The line of the error of a file called FILE. The test fails if there is none, or not exactly one line.
std::string error_line(const Bytes& file);

/// Decodes every beginning of a file that is shorter than the file; the test fails unless each is refused in one line.
void expect_every_beginning_refused(const Bytes& file);

}  // namespace nib
