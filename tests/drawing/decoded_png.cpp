#include "drawing/decoded_png.h"

#include <spng.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace nib {
namespace {

void check(int error) {
  if (error != 0) throw std::runtime_error(spng_strerror(error));
}

}  // namespace

DecodedPng decode_png(std::span<const std::uint8_t> file) {
  const std::unique_ptr<spng_ctx, void (*)(spng_ctx*)> context(spng_ctx_new(0), spng_ctx_free);
  check(spng_set_png_buffer(context.get(), file.data(), file.size()));
  spng_ihdr header{};
  check(spng_get_ihdr(context.get(), &header));
  DecodedPng image{.rows = header.height, .columns = header.width, .rgb = {}};
  image.rgb.resize(3 * image.rows * image.columns);
  check(spng_decode_image(context.get(), image.rgb.data(), image.rgb.size(), SPNG_FMT_RGB8, 0));
  return image;
}

DecodedPng shrunk(const DecodedPng& image, std::size_t columns) {
  DecodedPng result{.rows = image.rows * columns / image.columns, .columns = columns, .rgb = {}};
  for (std::size_t row = 0; row < result.rows; ++row)
    for (std::size_t column = 0; column < columns; ++column)
      for (std::size_t channel = 0; channel < 3; ++channel) {
        const std::size_t top = row * image.rows / result.rows, bottom = (row + 1) * image.rows / result.rows;
        const std::size_t left = column * image.columns / columns, right = (column + 1) * image.columns / columns;
        std::size_t sum = 0;
        for (std::size_t y = top; y < bottom; ++y)
          for (std::size_t x = left; x < right; ++x) sum += image.rgb[3 * (y * image.columns + x) + channel];
        const std::size_t count = (bottom - top) * (right - left);
        result.rgb.push_back(static_cast<std::uint8_t>((sum + count / 2) / count));
      }
  return result;
}

}  // namespace nib
