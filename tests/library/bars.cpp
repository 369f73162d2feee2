#include "library/bars.h"

#include "base/temporary_folder.h"
#include "tests/places.h"

namespace nib {

std::string trained_weights() { return NIB_GOLDEN "/keras/trained.safetensors"; }

void write_bars(const std::filesystem::path& file, const std::vector<std::size_t>& columns) {
  constexpr std::size_t width = 200, height = 150, bar = 10;
  std::string pixels(width * height, '\xdc');
  for (const std::size_t column : columns)
    for (std::size_t row = height / 5; row < height * 4 / 5; ++row)
      pixels.replace(row * width + column, bar, bar, '\x28');
  make_file(file, "P5\n200 150\n255\n" + pixels);
}

std::vector<unsigned char> pixels_of_a_one() {
  constexpr std::size_t side = 28;
  std::vector<unsigned char> pixels(side * side);
  for (std::size_t row = 4; row < 24; ++row) pixels[row * side + 13] = pixels[row * side + 14] = 255;
  return pixels;
}

}  // namespace nib
