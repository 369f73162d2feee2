// What is wrong with HEIC files, one line each; the process that decodes them is the only one that damage reaches.
#include <gmock/gmock.h>

#include "base/error.h"
#include "images/decoding/decode.h"
#include "images/decoding/heic_files.h"

namespace nib {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class HeicDamage : public HeicTest {};

/// The file with other rows and columns in each property that says how large an image is.
Bytes resized(Bytes file, std::uint32_t rows, std::uint32_t columns) {
  const Bytes size = joined({big_endian(columns), big_endian(rows)});
  constexpr std::string_view property = "ispe";
  for (auto rest = std::ranges::search(file, property); !rest.empty();
       rest = std::ranges::search(rest.end(), file.end(), property.begin(), property.end()))
    std::ranges::copy(size, rest.end() + 4);  // behind version and flags
  return file;
}

TEST_F(HeicDamage, EveryCutIsNoticed) {
  expect_every_beginning_refused(heic_file("grey"));
  expect_every_beginning_refused(heic_file("transparent"));
}

TEST_F(HeicDamage, ACutFileIsCalledSo) {
  const Bytes file = heic_file("grey");
  EXPECT_THAT(
      error_line(part(file, 0, file.size() - 20)),
      testing::MatchesRegex("FILE: HEIC box mdat at byte 4..: file is cut off \\(expected ... bytes, got ...\\)"));
}

TEST_F(HeicDamage, WhatComesBehindTheBoxesIsLeftOut) {
  const Bytes file = heic_file("grey");
  EXPECT_EQ(decode_image(joined({file, Bytes(100)}), "FILE").light, decode_image(file, "FILE").light);
}

TEST_F(HeicDamage, FlippedBytesNeverDoWorseThanAnErrorOrAnImage) {
  const Bytes file = heic_file("grey");
  std::size_t refused = 0;
  for (std::size_t index = 8; index < file.size(); index += 5) {
    Bytes damaged = file;
    damaged[index] = static_cast<std::uint8_t>(damaged[index] ^ (1u << index % 8));
    try {
      const GreyImage image = decode_image(damaged, "FILE");
      EXPECT_EQ(image.light.size(), image.rows * image.columns) << index;
      EXPECT_LE(std::max(image.rows, image.columns), largest_decoded_side) << index;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::bad_input) << error.what();
      ++refused;
    }
  }
  EXPECT_GT(refused, 20u);
}

TEST_F(HeicDamage, TooLargeAndEmptyOnesAreRefusedFromTheHeader) {
  const Bytes file = heic_file("tiles");
  EXPECT_EQ(error_line(resized(file, 30'000, 30'000)),
            "FILE: size: image is too large (expected at most 67,108,864 pixels, got 30,000 x 30,000 pixels)");
  EXPECT_THAT(error_line(resized(file, 0, 24)), StartsWith("FILE: "));
}

TEST_F(HeicDamage, ASizeThatIsNotThePicturesOwnIsNoTrouble) {
  for (const std::uint32_t side : {1u, 4'000u, 8'192u}) {
    try {
      const GreyImage image = decode_image(resized(heic_file("transparent"), side, side), "FILE");
      EXPECT_LE(std::max(image.rows, image.columns), largest_decoded_side);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::bad_input) << error.what();
    }
  }
}

TEST_F(HeicDamage, AFileWithoutAPictureIsRefusedInLibheifsWords) {
  const Bytes file = heic_file("grey");
  const std::size_t end_of_type = 4 * std::size_t{file[2]} * 64 + file[3];  // the first box's length
  EXPECT_THAT(error_line(part(file, 0, end_of_type)), StartsWith("FILE: HEIC: cannot be decoded: "));
}

TEST_F(HeicDamage, ACodecThatIsNotThereIsNamed) {
  Bytes file = heic_file("grey");
  const std::size_t codec = box_type(file, "hvc1");
  file[codec] = 'x';
  EXPECT_THAT(error_line(file), HasSubstr("FILE: HEIC: cannot be decoded: "));
}

}  // namespace
}  // namespace nib
