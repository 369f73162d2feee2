// What is wrong with JPEG files, one line each.
#include <gmock/gmock.h>

#include "base/error.h"
#include "images/decoding/decode.h"
#include "images/decoding/jpeg.h"
#include "images/decoding/jpeg_files.h"

namespace nib {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr std::uint8_t baseline_frame = 0xC0, progressive_frame = 0xC2, scan = 0xDA, end = 0xD9;

/// The file with other rows and columns in its frame header.
Bytes resized(Bytes file, std::uint8_t frame, unsigned rows, unsigned columns) {
  const std::size_t size = last_marker(file, frame) + 5;
  file[size] = static_cast<std::uint8_t>(rows >> 8);
  file[size + 1] = static_cast<std::uint8_t>(rows);
  file[size + 2] = static_cast<std::uint8_t>(columns >> 8);
  file[size + 3] = static_cast<std::uint8_t>(columns);
  return file;
}

TEST(JpegDamage, EveryCutIsNoticed) {
  expect_every_beginning_refused(small_jpeg(false));
  expect_every_beginning_refused(small_jpeg(true));
}

TEST(JpegDamage, ACutFileIsCalledSo) {
  const Bytes file = small_jpeg(false);
  EXPECT_EQ(error_line(part(file, 0, file.size() - 20)), "FILE: JPEG: cannot be decoded: premature end of JPEG file");
}

TEST(JpegDamage, FlippedBytesNeverDoWorseThanAnErrorOrAnImage) {
  for (const bool progressive : {false, true}) {
    const Bytes file = small_jpeg(progressive);
    for (std::size_t index = 0; index < file.size(); ++index)
      for (const unsigned mask : {0x01u, 0x10u, 0x80u, 0xFFu}) {
        Bytes damaged = file;
        damaged[index] = static_cast<std::uint8_t>(damaged[index] ^ mask);
        try {
          const GreyImage image = decode_image(damaged, "FILE");
          EXPECT_EQ(image.light.size(), image.rows * image.columns) << index;
          EXPECT_LE(std::max(image.rows, image.columns), largest_decoded_side) << index;
        } catch (const Error& error) {
          EXPECT_EQ(error.code(), ExitCode::bad_input) << error.what();
        }
      }
  }
}

TEST(JpegDamage, TooLargeAndEmptyOnesAreRefusedFromTheHeader) {
  const Bytes file = small_jpeg(false);
  EXPECT_EQ(error_line(resized(file, baseline_frame, 30'000, 30'000)),
            "FILE: size: image is too large (expected at most 67,108,864 pixels, got 30,000 x 30,000 pixels)");
  EXPECT_EQ(error_line(resized(file, baseline_frame, 1, 40'000)),
            "FILE: size: image is too large (expected at most 32,768 a side, got 40,000 x 1 pixels)");
  EXPECT_THAT(error_line(resized(file, baseline_frame, 0, 24)),
              StartsWith("FILE: JPEG: cannot be decoded: empty JPEG image"));
}

TEST(JpegDamage, MissingRowsAreNoticed) {
  EXPECT_THAT(error_line(resized(small_jpeg(false), baseline_frame, 80, 24)),
              HasSubstr("premature end of data segment"));
}

TEST(JpegDamage, AProgressiveOneThatNeedsTooMuchMemoryIsRefused) {
  JpegPicture picture{
      .rows = 8, .columns = 8, .colours = JpegColours::ycbcr, .samples = Bytes(192, 90), .progressive = true};
  EXPECT_EQ(error_line(resized(jpeg_file(picture), progressive_frame, 8000, 8000)),
            "FILE: JPEG: decoding it needs too much memory (expected at most 167,772,160 bytes)");
}

TEST(JpegDamage, ScansWithoutEndAreRefused) {
  JpegPicture picture{
      .rows = 8, .columns = 8, .colours = JpegColours::ycbcr, .samples = Bytes(192, 90), .scan_per_component = true};
  const Bytes file = jpeg_file(picture);
  const std::size_t begin = last_marker(file, scan), stop = last_marker(file, end);
  const Bytes last_scan = part(file, begin, stop);
  const auto with_scans = [&](int scans) {
    Bytes many = part(file, 0, stop);
    for (int count = 3; count < scans; ++count) many = joined({many, last_scan});
    return joined({many, part(file, stop, file.size())});
  };
  EXPECT_EQ(decode_image(with_scans(most_jpeg_scans), "FILE").light, decode_image(file, "FILE").light);
  EXPECT_EQ(error_line(with_scans(most_jpeg_scans + 1)), "FILE: JPEG: too many scans (expected at most 100)");
  EXPECT_EQ(error_line(with_scans(5000)), "FILE: JPEG: too many scans (expected at most 100)");
}

TEST(JpegDamage, KindsThatLibjpegDoesNotDecodeAreRefusedInItsWords) {
  Bytes lossless = small_jpeg(false);
  lossless[last_marker(lossless, baseline_frame) + 1] = 0xC3;
  EXPECT_EQ(error_line(lossless), "FILE: JPEG: cannot be decoded: unsupported JPEG process: SOF type 0xc3");
  Bytes twelve_bits = small_jpeg(false);
  twelve_bits[last_marker(twelve_bits, baseline_frame) + 4] = 12;
  EXPECT_EQ(error_line(twelve_bits), "FILE: JPEG: cannot be decoded: unsupported JPEG data precision 12");
}

TEST(JpegDamage, AnUnknownNumberOfColoursIsRefused) {
  // The frame header of a grey file, made to speak of two components, and so is its scan.
  Bytes file = small_jpeg(false);
  const std::size_t frame = last_marker(file, baseline_frame);
  const Bytes two_components = {0xFF, 0xC0, 0, 14, 8, 0, 16, 0, 24, 2, 1, 0x11, 0, 2, 0x11, 0};
  const Bytes two_in_scan = {0xFF, 0xDA, 0, 10, 2, 1, 0, 2, 0, 0, 63, 0};
  const std::size_t start = last_marker(file, scan);
  file = joined({part(file, 0, frame), two_components, part(file, frame + 13, start), two_in_scan,
                 part(file, start + 10, file.size())});
  EXPECT_EQ(error_line(file),
            "FILE: JPEG: unknown kind of colour (expected grey, YCbCr, RGB, CMYK or YCCK, got 2 components)");
}

}  // namespace
}  // namespace nib
