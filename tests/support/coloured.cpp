#include "support/coloured.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <numbers>
#include <string>

#include <jpeglib.h>

#include "support/outline.h"
#include "support/random_numbers.h"

namespace nib::coloured {
namespace {

class Random : public test::RandomNumbers {
 public:
  Random(std::size_t picture, Pair pair)
      : RandomNumbers(16, {static_cast<std::uint32_t>(picture), static_cast<std::uint32_t>(pair), 0x636f6c72}) {}
};

using Colour = std::array<float, 3>;  ///< red, green, blue

float grey_of(const Colour& colour) { return 0.299F * colour[0] + 0.587F * colour[1] + 0.114F * colour[2]; }

Colour lighter(Colour colour, float levels) {
  for (float& part : colour) part += levels;
  return colour;
}

Colour times(Colour colour, float factor) {
  for (float& part : colour) part *= factor;
  return colour;
}

bool can_be_shown(const Colour& colour) {
  return std::ranges::all_of(colour, [](float part) { return part >= 0 && part <= 255; });
}

/// Of that grey, `far` from it in the plane of Cb and Cr.
Colour colour_of(float grey, float far, float angle) {
  const float blue = far * std::cos(angle), red = far * std::sin(angle);
  return {grey + 1.402F * red, grey - 0.344F * blue - 0.714F * red, grey + 1.772F * blue};
}

struct InkAndGround {
  Colour ink, ground;
};

InkAndGround any_two(Random& random) {
  constexpr float full_turn = 2 * std::numbers::pi_v<float>;
  for (;;) {
    const float grey = random.between(80, 190), one = random.between(0, full_turn),
                other = random.between(0, full_turn), near = random.between(0, 60), far = random.between(20, 70);
    const InkAndGround both{colour_of(grey, far, one), colour_of(grey, near, other)};
    const float apart =
        std::hypot(far * std::cos(one) - near * std::cos(other), far * std::sin(one) - near * std::sin(other));
    if (apart >= 50 && can_be_shown(lighter(both.ink, 5)) && can_be_shown(lighter(both.ink, -5)) &&
        can_be_shown(both.ground))
      return both;
  }
}

InkAndGround colours_of(Pair pair, Random& random) {
  const float light = random.between(0.8F, 1.1F), off = random.between(-5, 5);
  const auto of_one_grey = [&](const Colour& ink, const Colour& ground) {
    return InkAndGround{lighter(times(ink, light), light * (grey_of(ground) - grey_of(ink)) + off),
                        times(ground, light)};
  };
  switch (pair) {
    case Pair::red_on_green:
      return of_one_grey({215, 50, 45}, {50, 130, 70});
    case Pair::blue_on_purple:
      return of_one_grey({60, 80, 225}, {140, 60, 120});
    case Pair::orange_on_pink:
      return of_one_grey({230, 125, 40}, {205, 125, 145});
    case Pair::yellow_on_white: {
      const float paper = random.between(235, 252);
      return {{paper, paper - random.between(2, 10), paper - random.between(60, 110)}, {paper, paper, paper - 3}};
    }
    case Pair::any: {
      InkAndGround both = any_two(random);
      both.ink = lighter(both.ink, off);
      return both;
    }
  }
  return {};
}

}  // namespace

const char* name(Pair pair) {
  constexpr std::array names = {"red on green", "blue on purple", "yellow on white", "orange on pink", "any two"};
  return names[static_cast<std::size_t>(pair)];
}

Picture drawn(const Dataset& dataset, std::size_t index, Pair pair) {
  Random random(index, pair);
  const auto [ink, ground] = colours_of(pair, random);
  const styles::Outline outline = styles::Outline::of_strokes(dataset, index);
  const float side = random.between(200, 420), wide = side * random.between(1, 1.4F),
              frame = side * random.between(0.6F, 0.98F), top = random.between(0, side - frame),
              left = random.between(0, wide - frame), moved_out = random.between(-0.15F, 0.35F),
              softness = random.between(1.5F, 3), loss = random.between(0, 0.15F),
              angle = random.between(0, 2 * std::numbers::pi_v<float>), noise = random.between(2, 5);
  Picture picture{static_cast<std::size_t>(side), static_cast<std::size_t>(wide), {}};
  const float scale = frame / 28;
  for (std::size_t row = 0; row < picture.rows; ++row)
    for (std::size_t column = 0; column < picture.columns; ++column) {
      const float y = static_cast<float>(row) + 0.5F, x = static_cast<float>(column) + 0.5F;
      const float down = (y - top) / scale, across = (x - left) / scale;
      const bool on_frame = down >= 0 && down <= 28 && across >= 0 && across <= 28;
      const float inside = on_frame ? (outline.inside(down, across) + moved_out) * scale : -softness;
      const float part = std::clamp(inside / softness + 0.5F, 0.0F, 1.0F);
      const float along =
          ((x / wide - 0.5F) * std::cos(angle) + (y / side - 0.5F) * std::sin(angle)) / std::numbers::sqrt2_v<float>;
      const float light = 1 - loss * (0.5F + along);
      for (std::size_t i = 0; i < 3; ++i) {
        const float level = light * (ground[i] + part * (ink[i] - ground[i])) + noise * random.deviation();
        picture.rgb.push_back(static_cast<std::uint8_t>(std::clamp(std::round(level), 0.0F, 255.0F)));
      }
    }
  return picture;
}

std::vector<std::uint8_t> ppm(const Picture& picture) {
  const std::string head = "P6\n" + std::to_string(picture.columns) + " " + std::to_string(picture.rows) + "\n255\n";
  std::vector<std::uint8_t> bytes(head.begin(), head.end());
  bytes.insert(bytes.end(), picture.rgb.begin(), picture.rgb.end());
  return bytes;
}

std::vector<std::uint8_t> jpeg(const Picture& picture, int quality) {
  unsigned char* data = nullptr;
  unsigned long size = 0;
  jpeg_compress_struct codec{};
  jpeg_error_mgr errors{};
  codec.err = jpeg_std_error(&errors);
  jpeg_create_compress(&codec);
  jpeg_mem_dest(&codec, &data, &size);
  codec.image_width = static_cast<JDIMENSION>(picture.columns);
  codec.image_height = static_cast<JDIMENSION>(picture.rows);
  codec.input_components = 3;
  codec.in_color_space = JCS_RGB;
  jpeg_set_defaults(&codec);  // YCbCr, whose first component has two samples a side for one of the others
  jpeg_set_quality(&codec, quality, TRUE);
  jpeg_start_compress(&codec, TRUE);
  while (codec.next_scanline < codec.image_height) {
    auto* row = const_cast<JSAMPLE*>(&picture.rgb[codec.next_scanline * picture.columns * 3]);
    jpeg_write_scanlines(&codec, &row, 1);
  }
  jpeg_finish_compress(&codec);
  jpeg_destroy_compress(&codec);
  std::vector<std::uint8_t> bytes(data, data + size);
  std::free(data);
  return bytes;
}

}  // namespace nib::coloured
