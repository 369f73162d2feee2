// Augmentation's pixels, a vector at a time. The image is laid into a frame of zeros: a place beyond it is drawn in to
// where both pixels beside it are zero, so nothing has to be asked of each pixel.

#include "engines/cpu/moved_image.h"

#include <cstring>

#include "engines/cpu/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engines/cpu/moved_image.cpp"
#include "hwy/foreach_target.h"
// After foreach_target.h, as it is included once for each target.
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace nib::cpu::HWY_NAMESPACE {

/// Pixel by pixel.
void move_pixels(const ImageMap& map, const FramedImage& image, std::uint32_t rows, std::uint32_t columns, float* to) {
  for (std::uint32_t y = 0; y < rows; ++y)
    for (std::uint32_t x = 0; x < columns; ++x)
      to[std::size_t{y} * columns + x] = moved_pixel(map, image.pixels, image.height, image.width, y, x);
}

#if HWY_TARGET == HWY_SCALAR

void move_image(const ImageMap& map, const FramedImage& image, std::uint32_t rows, std::uint32_t columns, float* to) {
  move_pixels(map, image, rows, columns, to);
}

#else

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using DI = hn::RebindToSigned<D>;
using Floats = hn::Vec<D>;
using Integers = hn::Vec<DI>;

HWY_INLINE Integers all(std::int32_t number) { return hn::Set(DI(), number); }
HWY_INLINE Floats as_floats(Integers numbers) { return hn::ConvertTo(D(), numbers); }
HWY_INLINE Floats between(Floats a, Floats b, Floats part) { return hn::Add(a, hn::Mul(part, hn::Sub(b, a))); }

/// moved_pixel(), from places instead of row and column. `origin` is the image in its frame.
HWY_INLINE Floats pixels_at(const FramedImage& image, const std::uint8_t* origin, Integers from_x, Integers from_y) {
  const auto within = [](Integers place, std::uint32_t side) HWY_ATTR {
    const Integers least = all(-static_cast<std::int32_t>(FramedImage::frame));
    return hn::Min(hn::Max(hn::ShiftRight<place_bits>(place), least), all(static_cast<std::int32_t>(side)));
  };
  const auto stride = static_cast<std::int32_t>(image.stride());
  const Integers offset = hn::Add(hn::Mul(within(from_y, image.height), all(stride)), within(from_x, image.width));
  // Four bytes from each place on, of which two count.
  const Integers upper = hn::GatherOffset(DI(), reinterpret_cast<const std::int32_t*>(origin), offset);
  const Integers lower = hn::GatherOffset(DI(), reinterpret_cast<const std::int32_t*>(origin + stride), offset);
  const auto first = [](Integers pair) HWY_ATTR { return as_floats(hn::And(pair, all(255))); };
  const auto second = [](Integers pair) HWY_ATTR { return as_floats(hn::And(hn::ShiftRight<8>(pair), all(255))); };
  const auto part_of = [](Integers place) HWY_ATTR {
    return hn::Mul(as_floats(hn::And(place, all((1 << place_bits) - 1))), hn::Set(D(), 0x1.0p-20f));
  };
  const Floats right_part = part_of(from_x);
  return hn::Div(between(between(first(upper), second(upper), right_part),
                         between(first(lower), second(lower), right_part), part_of(from_y)),
                 hn::Set(D(), 255.0f));
}

void move_image(const ImageMap& map, const FramedImage& image, std::uint32_t rows, std::uint32_t columns, float* to) {
  constexpr std::uint32_t lanes = HWY_LANES(float);
  if (columns < lanes) return move_pixels(map, image, rows, columns, to);
  const std::size_t stride = image.stride();
  std::uint8_t* const origin = image.framed + FramedImage::frame * (stride + 1);
  for (std::uint32_t y = 0; y < image.height; ++y)
    std::memcpy(origin + y * stride, image.pixels + std::size_t{y} * image.width, image.width);
  const Integers lane = hn::Iota(DI(), 0);
  const Integers on_x = hn::Mul(lane, all(map.column.across)), on_y = hn::Mul(lane, all(map.row.across));
  for (std::uint32_t y = 0; y < rows; ++y)
    for (std::uint32_t x = 0; x < columns; x += lanes) {
      // The last vector of a row begins early enough to end with it.
      const std::uint32_t begin = x + lanes <= columns ? x : columns - lanes;
      const auto column = static_cast<std::int32_t>(begin), row = static_cast<std::int32_t>(y);
      const std::int32_t from_x = map.column.first + map.column.across * column + map.column.down * row;
      const std::int32_t from_y = map.row.first + map.row.across * column + map.row.down * row;
      hn::StoreU(pixels_at(image, origin, hn::Add(all(from_x), on_x), hn::Add(all(from_y), on_y)), D(),
                 to + std::size_t{y} * columns + begin);
    }
}

#endif

}  // namespace nib::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include "engines/cpu/dispatch.h"
namespace nib::cpu {

void ImageMover::move(const ImageMap& map, const std::uint8_t* pixels, std::uint32_t rows, std::uint32_t columns,
                      float* to) {
  const FramedImage image{.pixels = pixels, .height = height_, .width = width_, .framed = framed_.data()};
  NIB_DISPATCH(instructions_, move_image)(map, image, rows, columns, to);
}

}  // namespace nib::cpu
#endif
