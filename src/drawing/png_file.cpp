#include "drawing/png_file.h"

#include <spng.h>

#include <cstdlib>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>

namespace nib {
namespace {

void check(int error) {
  if (error == SPNG_EMEM || error == SPNG_EZLIB_INIT) throw std::bad_alloc();
  if (error != 0) throw std::runtime_error(std::string("libspng: ") + spng_strerror(error));
}

std::uint8_t color_type(PixelFormat format) {
  switch (format) {
    case PixelFormat::grey:
      return SPNG_COLOR_TYPE_GRAYSCALE;
    case PixelFormat::grey_alpha:
      return SPNG_COLOR_TYPE_GRAYSCALE_ALPHA;
    default:
      return SPNG_COLOR_TYPE_TRUECOLOR;
  }
}

struct Free {
  void operator()(void* memory) const { std::free(memory); }
};

}  // namespace

std::vector<std::uint8_t> encode_png(std::span<const std::uint8_t> pixels, std::size_t rows, std::size_t columns,
                                     PixelFormat format) {
  const std::unique_ptr<spng_ctx, void (*)(spng_ctx*)> context(spng_ctx_new(SPNG_CTX_ENCODER), spng_ctx_free);
  if (!context) throw std::bad_alloc();
  check(spng_set_option(context.get(), SPNG_ENCODE_TO_BUFFER, 1));
  // Pictures are flat areas: a low level makes files that are hardly larger, in a fraction of the time.
  check(spng_set_option(context.get(), SPNG_IMG_COMPRESSION_LEVEL, 3));
  check(spng_set_option(context.get(), SPNG_FILTER_CHOICE, SPNG_FILTER_CHOICE_NONE));
  spng_ihdr header{};
  header.width = static_cast<std::uint32_t>(columns);
  header.height = static_cast<std::uint32_t>(rows);
  header.bit_depth = 8;
  header.color_type = color_type(format);
  check(spng_set_ihdr(context.get(), &header));
  check(spng_encode_image(context.get(), pixels.data(), pixels.size(), SPNG_FMT_PNG, SPNG_ENCODE_FINALIZE));
  std::size_t size = 0;
  int error = 0;
  const std::unique_ptr<void, Free> buffer(spng_get_png_buffer(context.get(), &size, &error));
  check(error);
  const auto* bytes = static_cast<const std::uint8_t*>(buffer.get());
  return {bytes, bytes + size};
}

}  // namespace nib
