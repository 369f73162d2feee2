#include "logs/png_header.h"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace nib {
namespace {

/// The signature, then the length and the name of the first chunk.
constexpr std::array<std::uint8_t, 16> file_begin{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n',
                                                  0,    0,   0,   13,  'I',  'H',  'D',  'R'};

std::uint32_t big_endian(std::span<const std::uint8_t, 4> bytes) {
  std::uint32_t value = 0;
  for (const std::uint8_t byte : bytes) value = value << 8 | byte;
  return value;
}

unsigned channels_of(std::uint8_t colour_type) {
  switch (colour_type) {
    case 0:
      return 1;
    case 2:
    case 3:
      return 3;  // a palette holds RGB
    case 4:
      return 2;
    case 6:
      return 4;
    default:
      throw std::invalid_argument("no colour type of PNG");
  }
}

}  // namespace

PngHeader png_header(std::span<const std::uint8_t> file) {
  constexpr std::size_t width = 16, height = 20, colour_type = 25, end = 29;
  if (file.size() < end || !std::ranges::equal(file.first<file_begin.size()>(), file_begin))
    throw std::invalid_argument("not a PNG file");
  return {.width = big_endian(file.subspan<width, 4>()),
          .height = big_endian(file.subspan<height, 4>()),
          .channels = channels_of(file[colour_type])};
}

}  // namespace nib
