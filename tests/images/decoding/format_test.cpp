// Files of other formats are refused by name, whatever they are called.
#include "images/decoding/format.h"

#include <gmock/gmock.h>

#include <string_view>

#include "images/decoding/decode.h"
#include "images/decoding/heif.h"
#include "images/decoding/image_files.h"
#include "images/decoding/jpeg_files.h"
#include "images/decoding/png_files.h"
#include "images/decoding/webp.h"

namespace nib {
namespace {

using namespace std::string_view_literals;
using testing::AnyOf;
using testing::HasSubstr;
using testing::StartsWith;

std::string hint_of(const Bytes& file) { return foreign_image_error(file, "FILE").problem().hint; }

TEST(ImageFormat, IsFoundFromTheContent) {
  EXPECT_EQ(image_format(small_png()), ImageFormat::png);
  EXPECT_EQ(image_format(part(small_png(), 0, image_magic_bytes)), ImageFormat::png);
  EXPECT_EQ(image_format(small_jpeg(false)), ImageFormat::jpeg);
  for (const auto* const magic : {"P1 ", "P2\n", "P3#", "P4\t", "P5\r", "P6\n"})
    EXPECT_EQ(image_format(bytes_of(magic)), ImageFormat::pnm);
  for (const auto* const other : {"", "P", "P5", "P0 ", "P7\n", "P51", "\x89PNG", "GIF89a"})
    EXPECT_EQ(image_format(bytes_of(other)), std::nullopt);
}

const Bytes heic = bytes_of(
    "\0\0\0\x18"
    "ftypheic\0\0\0\0mif1heic"sv);
const Bytes webp = bytes_of("RIFF\x24\0\0\0WEBPVP8 "sv);

TEST(ImageFormat, HeicAndWebpAreFoundWhetherTheyCanBeDecodedOrNot) {
  EXPECT_EQ(image_format(webp), ImageFormat::webp);
  EXPECT_EQ(picture_name(webp), "a WebP image");
  for (const auto* const brand : {"heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"}) {
    const Bytes file = joined({big_endian(24), bytes_of("ftyp"), bytes_of(brand)});
    EXPECT_EQ(image_format(file), ImageFormat::heif) << brand;
    EXPECT_EQ(picture_name(file), *brand == 'h' ? "a HEIC photo" : "a HEIF photo") << brand;
    EXPECT_EQ(image_format(part(file, 0, 11)), std::nullopt);
  }
}

TEST(ImageFormat, ReadableFormatsAreThoseWhoseLibrariesAreHere) {
  EXPECT_EQ(readable_formats(), std::string("PNG, JPEG, ") + (webp_library().empty() ? "" : "WebP, ") +
                                    (heif_library().empty() ? "" : "HEIC, ") + "PBM, PGM or PPM");
}

/// Of each of the two the error of a nib without its library; it is what decode_image() says there.
TEST(ImageFormat, WithoutItsLibraryAFormatIsNamedWithWhatToDo) {
  const Problem photo = foreign_image_error(heic, "FILE").problem();
  EXPECT_EQ(photo.problem, "not an image that nib reads here");
  EXPECT_EQ(photo.got, "a HEIC photo");
  EXPECT_THAT(photo.hint, HasSubstr("heif-convert FILE.heic FILE.jpg (Debian package libheif-examples)"));
  const Problem picture = foreign_image_error(webp, "FILE").problem();
  EXPECT_EQ(picture.got, "a WebP image");
  EXPECT_THAT(picture.hint, HasSubstr("dwebp FILE.webp -o FILE.png (Debian package webp)"));
  if (heif_library().empty()) {
    EXPECT_THAT(error_line(heic), HasSubstr("not an image that nib reads here"));
    EXPECT_THAT(photo.hint, AnyOf(StartsWith("install libheif-dev and build nib again, or save it as JPEG: "),
                                  StartsWith("install libheif1, 1.13 or later, or save it as JPEG: ")));
  }
  if (webp_library().empty()) {
    EXPECT_THAT(error_line(webp), HasSubstr("not an image that nib reads here"));
    EXPECT_THAT(picture.hint, StartsWith("install libwebp-dev and build nib again, or save it as PNG: "));
  }
}

struct Foreign {
  std::string_view bytes;
  std::string_view name;
};

TEST(ImageFormat, ForeignFilesAreCalledByTheirName) {
  for (const Foreign& foreign : {
           Foreign{"\0\0\0\x1c"
                   "ftypavif\0\0\0\0"sv,
                   "an AVIF image"},
           Foreign{"\0\0\0\x20"
                   "ftypisom\0\0\2\0"sv,
                   "a video"},
           Foreign{"GIF87a\1\0\1\0"sv, "a GIF image"},
           Foreign{"GIF89a\1\0\1\0"sv, "a GIF image"},
           Foreign{"BM\x46\0\0\0\0\0\0\0\x36\0\0\0"sv, "a BMP image"},
           Foreign{"II*\0\x08\0\0\0"sv, "a TIFF image or a camera's raw photo"},
           Foreign{"MM\0*\0\0\0\x08"sv, "a TIFF image or a camera's raw photo"},
           Foreign{"\xff\x0a\x01\x02"sv, "a JPEG XL image"},
           Foreign{"\0\0\0\x0cJXL \r\n\x87\n"sv, "a JPEG XL image"},
           Foreign{"\0\0\0\x0cjP  \r\n\x87\n"sv, "a JPEG 2000 image"},
           Foreign{"%PDF-1.7\n"sv, "a PDF document"},
           Foreign{"<svg xmlns=\"http://www.w3.org/2000/svg\"/>"sv, "an SVG drawing"},
           Foreign{"<?xml version=\"1.0\"?>\n<!-- made by hand -->\n<svg/>"sv, "an SVG drawing"},
           Foreign{"\xef\xbb\xbf\n<!DOCTYPE html><title>404</title>"sv, "an HTML page"},
           Foreign{"<HTML><body>"sv, "an HTML page"},
           Foreign{"<?xml version=\"1.0\"?><note/>"sv, "an XML file"},
           Foreign{"PK\3\4\x14\0\0\0"sv, "a ZIP archive"},
           Foreign{"\x1f\x8b\x08\0"sv, "gzip data"},
           Foreign{"P7\nWIDTH 1\n"sv, "a PAM image"},
           Foreign{"\0\0\x08\x03\0\0\0\1"sv, "a set of MNIST's format (IDX)"},
           Foreign{"\x89PNG\n\x1a\n\0\0\0\rIHDR"sv, "a PNG file with a damaged signature"},
           Foreign{"BMW drives on\n"sv, "a text file"},
           Foreign{"just some words, saved as digit.png\n"sv, "a text file"},
       }) {
    const Bytes file = bytes_of(foreign.bytes);
    const std::string name(foreign.name);
    EXPECT_EQ(error_line(file),
              "FILE: not an image that nib reads (expected " + readable_formats() + ", got " + name + ")");
    EXPECT_EQ(hint_of(file).empty(), foreign.name == "a text file") << name;
  }
}

TEST(ImageFormat, HintsSayWhatToDo) {
  EXPECT_THAT(hint_of(bytes_of("PK\3\4"sv)), HasSubstr("unpack it first"));
  EXPECT_THAT(hint_of(bytes_of("%PDF-1.7"sv)), HasSubstr("save the page as PNG"));
}

TEST(ImageFormat, AnEmptyFileIsCalledEmpty) {
  EXPECT_EQ(error_line({}), "FILE: file is empty (expected " + readable_formats() + ")");
}

TEST(ImageFormat, BeginningsOfMagicsAreNoMoreThanText) {
  for (const auto* const text : {"B", "BM", "BM\n", "RIFF", "<", "%", "P"})
    EXPECT_THAT(error_line(bytes_of(text)), HasSubstr("got a text file")) << text;
}

TEST(ImageFormat, UnknownBytesAreShown) {
  EXPECT_EQ(error_line({1, 2, 0xAB}), "FILE: not an image that nib reads (expected " + readable_formats() +
                                          ", got a file that begins with 01 02 ab)");
}

TEST(ImageFormat, AFileOverTheLimitIsRefusedWhateverItIs) {
  EXPECT_EQ(error_line(Bytes(largest_image_file + 1)),
            "FILE: file is too large for an image (expected at most 67,108,864 bytes, got 67,108,865 bytes)");
}

}  // namespace
}  // namespace nib
