// PNG: every colour type and depth, interlaced and not, against a writer that knows nothing of the decoder.
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <spng.h>

#include <cmath>
#include <cstdlib>

#include "images/decoding/decode.h"
#include "images/decoding/png_files.h"

namespace nib {
namespace {

using testing::ElementsAre;

std::uint8_t rounded_luma(double red, double green, double blue) {
  return static_cast<std::uint8_t>(std::floor(0.299 * red + 0.587 * green + 0.114 * blue + 0.5 + 1e-9));
}

/// Palette entry n: some colour that is another for each n.
Bytes palette(std::size_t entries) {
  Bytes colours;
  for (std::size_t entry = 0; entry < entries; ++entry)
    for (const std::size_t factor : {1u, 3u, 7u}) colours.push_back(static_cast<std::uint8_t>(255 - entry * factor));
  return colours;
}

struct PngKind {
  std::uint8_t type, depth;
  bool interlaced;
};

PngPicture noisy(PngKind kind, std::uint32_t rows, std::uint32_t columns) {
  PngPicture picture{
      .rows = rows, .columns = columns, .type = kind.type, .depth = kind.depth, .interlaced = kind.interlaced};
  const std::uint32_t most = (1u << kind.depth) - 1;
  picture.samples = noise(std::size_t{rows} * columns * picture.channels(), most);
  const bool alpha = kind.type == 4 || kind.type == 6;
  for (std::size_t last = picture.channels() - 1; alpha && last < picture.samples.size(); last += picture.channels())
    picture.samples[last] = static_cast<std::uint16_t>(most);
  return picture;
}

/// What a person sees of a picture that is opaque.
Bytes expected_light(const PngPicture& picture) {
  const Bytes colours = palette(256);
  const auto eight_bits = [&](std::uint16_t sample) {
    return picture.depth == 16 ? sample >> 8 : sample * 255 / ((1 << picture.depth) - 1);
  };
  Bytes light;
  for (std::size_t pixel = 0; pixel < picture.samples.size(); pixel += picture.channels()) {
    const std::uint16_t* const sample = &picture.samples[pixel];
    const std::uint8_t* const colour = &colours[picture.type == 3 ? std::size_t{3} * sample[0] : 0];
    if (picture.type == 3)
      light.push_back(rounded_luma(colour[0], colour[1], colour[2]));
    else if (picture.channels() >= 3)
      light.push_back(rounded_luma(eight_bits(sample[0]), eight_bits(sample[1]), eight_bits(sample[2])));
    else
      light.push_back(static_cast<std::uint8_t>(eight_bits(sample[0])));
  }
  return light;
}

void expect_decoded(const PngPicture& picture) {
  const Bytes chunks = picture.type == 3 ? png_chunk("PLTE", palette(std::size_t{1} << picture.depth)) : Bytes{};
  const GreyImage image = decode_image(png_file(picture, chunks), "test.png");
  EXPECT_EQ(image.rows, picture.rows);
  EXPECT_EQ(image.columns, picture.columns);
  EXPECT_EQ(image.light, expected_light(picture));
}

class EveryPng : public testing::TestWithParam<PngKind> {};

TEST_P(EveryPng, IsSeenAsItWasWritten) { expect_decoded(noisy(GetParam(), 13, 19)); }

TEST_P(EveryPng, IsSeenAsItWasWrittenHoweverSmall) {
  for (std::uint32_t rows = 1; rows <= 9; ++rows)
    for (std::uint32_t columns = 1; columns <= 9; ++columns) expect_decoded(noisy(GetParam(), rows, columns));
}

std::vector<PngKind> every_kind() {
  using Depths = std::vector<std::uint8_t>;
  std::vector<PngKind> kinds;
  const auto add = [&](std::uint8_t type, const Depths& depths) {
    for (const std::uint8_t depth : depths)
      for (const bool interlaced : {false, true}) kinds.push_back({type, depth, interlaced});
  };
  add(0, {1, 2, 4, 8, 16});
  add(2, {8, 16});
  add(3, {1, 2, 4, 8});
  add(4, {8, 16});
  add(6, {8, 16});
  return kinds;
}

std::string kind_name(const testing::TestParamInfo<PngKind>& kind) {
  return fmt::format("Type{}Depth{}{}", kind.param.type, kind.param.depth, kind.param.interlaced ? "Interlaced" : "");
}

INSTANTIATE_TEST_SUITE_P(Png, EveryPng, testing::ValuesIn(every_kind()), kind_name);

TEST(Png, ReadsWhatLibspngWritesWithEveryRowFilter) {
  const std::vector<std::uint16_t> samples = noise(std::size_t{90} * 70 * 3, 255);
  Bytes colours(samples.begin(), samples.end());
  for (std::size_t index = 3; index < colours.size(); ++index)
    colours[index] = static_cast<std::uint8_t>(colours[index - 3] + colours[index] % 5);
  spng_ctx* context = spng_ctx_new(SPNG_CTX_ENCODER);
  spng_ihdr header{90, 70, 8, SPNG_COLOR_TYPE_TRUECOLOR, 0, 0, 0};
  spng_set_option(context, SPNG_ENCODE_TO_BUFFER, 1);
  spng_set_option(context, SPNG_FILTER_CHOICE, SPNG_FILTER_CHOICE_ALL);
  spng_set_ihdr(context, &header);
  ASSERT_EQ(spng_encode_image(context, colours.data(), colours.size(), SPNG_FMT_PNG, SPNG_ENCODE_FINALIZE), 0);
  std::size_t size = 0;
  int error = 0;
  auto* const file = static_cast<std::uint8_t*>(spng_get_png_buffer(context, &size, &error));
  const GreyImage image = decode_image({file, size}, "test.png");
  std::free(file);
  spng_ctx_free(context);
  ASSERT_EQ(image.light.size(), 90u * 70u);
  for (std::size_t pixel = 0; pixel < image.light.size(); ++pixel)
    ASSERT_EQ(image.light[pixel], rounded_luma(colours[3 * pixel], colours[3 * pixel + 1], colours[3 * pixel + 2]));
}

TEST(Png, IgnoresWhatIsNotThePicture) {
  const PngPicture picture = noisy({0, 8, false}, 3, 4);
  // A gamma that would change everything, a broken colour profile, and a megabyte of text.
  const Bytes chunks = joined({png_chunk("gAMA", big_endian(1)), png_chunk("iCCP", bytes_of("nonsense")),
                               png_chunk("tEXt", Bytes(1 << 20, 'x')), png_chunk("prVt", bytes_of("own"))});
  const Bytes file = joined({png_file(picture, chunks), bytes_of("what follows the end")});
  EXPECT_EQ(decode_image(file, "test.png").light, expected_light(picture));
}

TEST(Png, TakesDataInManyPieces) {
  const PngPicture picture = noisy({0, 8, false}, 30, 40);
  const Bytes data = png_data(picture);
  Bytes pieces;
  for (std::size_t index = 8; index < data.size() - 4; ++index)
    pieces = joined({pieces, png_chunk("IDAT", {data[index]}), png_chunk("IDAT", {})});
  const Bytes file = joined({png_signature(), png_header(picture), pieces, png_chunk("IEND", {})});
  EXPECT_EQ(decode_image(file, "test.png").light, expected_light(picture));
}

TEST(Png, IsTurnedAsItsExifSays) {
  const PngPicture picture{.rows = 1, .columns = 3, .samples = {10, 20, 30}};
  const Bytes exif =
      joined({bytes_of("MM"), {0, 42}, big_endian(8), {0, 1}, {1, 0x12, 0, 3}, big_endian(1), {0, 8, 0, 0}});
  const GreyImage image = decode_image(png_file(picture, png_chunk("eXIf", exif)), "test.png");
  EXPECT_EQ(image.rows, 3u);
  EXPECT_EQ(image.columns, 1u);
  EXPECT_THAT(image.light, ElementsAre(30, 20, 10));
}

TEST(Png, OfTheLargestSizeIsReduced) {
  // 64 megapixels: black rows and white rows by turns, then a white lower half.
  const PngPicture picture{.rows = 8192, .columns = 8192};
  Bytes raw;
  for (std::uint32_t row = 0; row < picture.rows; ++row) {
    raw.push_back(0);
    raw.insert(raw.end(), picture.columns, row % 2 == 0 && row < 4096 ? 0x00 : 0xFF);
  }
  const Bytes file =
      joined({png_signature(), png_header(picture), png_chunk("IDAT", zlib(raw)), png_chunk("IEND", {})});
  const GreyImage image = decode_image(file, "test.png");
  ASSERT_EQ(image.rows, 2048u);
  ASSERT_EQ(image.columns, 2048u);
  EXPECT_EQ(image.at(0, 0), 128);
  EXPECT_EQ(image.at(1023, 2047), 128);
  EXPECT_EQ(image.at(1024, 2047), 255);
}

}  // namespace
}  // namespace nib
