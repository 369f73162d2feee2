#include "formats/foreign_formats.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "base/text.h"
#include "formats/tiny_file.h"
#include "nib/error.h"

namespace nib {
namespace {

using namespace std::string_view_literals;

/// What is said of a file that begins with these bytes and goes on with zeros.
std::string said_of(std::string_view start) {
  std::vector<std::uint8_t> bytes(start.begin(), start.end());
  bytes.resize(std::max<std::size_t>(bytes.size(), 1000));
  return refusal(bytes);
}

std::string wrong_format(const std::string& name) {
  return "f: wrong format (expected a weights file, got " + name + ")";
}

const std::string pickle = "a pickle (.pt, .pth, .ckpt), refused because it can run any code";

TEST(ForeignFormats, AreCalledByTheirNames) {
  EXPECT_EQ(said_of("PK\x03\x04\x00\x00\x08\x08\x00\x00model/data.pkl"sv), wrong_format(pickle));
  EXPECT_EQ(said_of("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20"sv), wrong_format(pickle));
  EXPECT_EQ(said_of("\x80\x04\x95\x1b\x00\x00\x00\x00\x00\x00"sv), wrong_format(pickle));
  EXPECT_EQ(said_of("PK\x03\x04\x2d\x00\x00\x00\x00\x00weight.npy"sv), wrong_format("a NumPy archive (.npz)"));
  EXPECT_EQ(said_of("PK\x03\x04\x14\x00\x00\x00\x00\x00model.safetensors"sv), wrong_format("a ZIP archive"));
  EXPECT_EQ(said_of("\x1f\x8b\x08\x08\x12\x34\x56\x78"sv), wrong_format("gzip data"));
  EXPECT_EQ(said_of("<!DOCTYPE html><title>404"sv), wrong_format("an HTML page"));
  EXPECT_EQ(said_of("\r\n  <HTML>"sv), wrong_format("an HTML page"));
  EXPECT_EQ(said_of("GGUF\x03\x00\x00\x00\x23\x01"sv), wrong_format("a GGUF file"));
  EXPECT_EQ(said_of("\x1c\x00\x00\x00TFL3\x14\x00"sv), wrong_format("a TensorFlow Lite model (.tflite)"));
  EXPECT_EQ(said_of("\x93NUMPY\x01\x00v\x00{'descr'"sv), wrong_format("a NumPy array"));
  EXPECT_EQ(said_of("BZh91AY&SY"sv), wrong_format("bzip2 data"));
  EXPECT_EQ(said_of("\xfd\x37zXZ\x00\x00\x04\xe6\xd6"sv), wrong_format("xz data"));
  EXPECT_EQ(said_of("\x28\xb5\x2f\xfd\x04\x58\x21\x00"sv), wrong_format("Zstandard data"));
  EXPECT_EQ(said_of("model.safetensors" + std::string(240, '\0') + "ustar"), wrong_format("a tar archive"));
  EXPECT_EQ(said_of("\x00\x00\x08\x03\x00\x00\xea\x60\x00\x00"sv), wrong_format("a set of MNIST's format (IDX)"));
  EXPECT_EQ(said_of(std::string(1000, 'x')), wrong_format("a text file"));
  EXPECT_EQ(said_of("\xef\xbb\xbf{}" + std::string(1000, ' ')), wrong_format("a JSON text"));
  EXPECT_EQ(said_of("  <?xml version=\"1.0\"?>" + std::string(1000, ' ')), wrong_format("an XML file"));
  EXPECT_EQ(said_of("{\"input\": [28, 28, 1], \"layers\": []}" + std::string(1000, '\n')), wrong_format("a JSON text"));
  EXPECT_EQ(said_of("version https://git-lfs.github.com/spec/v1\noid sha256:" + std::string(1000, '0')),
            wrong_format("a Git LFS pointer"));
  EXPECT_EQ(said_of("Gr\xc3\xb6\xc3\x9f"
                    "e und Zahl\n" +
                    std::string(1000, ' ')),
            wrong_format("a text file"));
  EXPECT_EQ(refusal({'h', 'i', '\n'}), wrong_format("a text file"));
}

TEST(ForeignFormats, GzipWithoutATimeLooksLikeASmallLength) {
  // 1f 8b 08 and zeros are a length of 559,903 bytes: only the header that is none gives the file away.
  std::vector<std::uint8_t> bytes = {0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0, 3, 0xed};
  bytes.resize(600'000);
  EXPECT_EQ(refusal(bytes), wrong_format("gzip data"));
}

TEST(ForeignFormats, ArePicturesToo) {
  EXPECT_EQ(said_of("\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR"sv), wrong_format("a PNG image"));
  EXPECT_EQ(said_of("\xff\xd8\xff\xe0\x00\x10JFIF"sv), wrong_format("a JPEG image"));
  EXPECT_EQ(said_of("P5\n28 28\n255\n"sv), wrong_format("a PNM image"));
  EXPECT_EQ(said_of("\x00\x00\x00\x18"
                    "ftypheic"sv),
            wrong_format("a HEIC photo"));
  EXPECT_EQ(said_of("RIFF\x10\x20\x00\x00WEBPVP8 "sv), wrong_format("a WebP image"));
  EXPECT_EQ(said_of("GIF89a\x01\x00\x01\x00"sv), wrong_format("a GIF image"));
}

TEST(ForeignFormats, AreNotSeenInAHeaderThatIsCutOff) {
  // The lengths are the first bytes of a gzip file, an icon and a pickle.
  for (const std::uint64_t length : {std::uint64_t{0x8b1f}, std::uint64_t{0x10000}, std::uint64_t{0x0280}}) {
    std::vector<std::uint8_t> bytes = safetensors_of(tiny_header(), 40);
    for (unsigned index = 0; index < 8; ++index) bytes[index] = static_cast<std::uint8_t>(length >> (8 * index));
    EXPECT_EQ(refusal(bytes), "f: header length: header is longer than the file (expected at most 184 bytes, got " +
                                  with_commas(length) + " bytes)");
  }
}

TEST(ForeignFormats, AHeaderLengthMayLookLikeAnything) {
  for (const std::size_t length : {0x280u, 0x380u, 0x480u}) {  // as the first two bytes of a pickle
    std::string header = tiny_header();
    header.resize(length, ' ');
    EXPECT_NO_THROW(parse_tiny(safetensors_of(header, 40)));
  }
}

TEST(ForeignFormats, UnknownBytesAreShown) {
  EXPECT_EQ(said_of("\xfe\xff\xff\xff\xff\xff\xff\xff"sv),
            wrong_format("one that begins with fe ff ff ff ff ff ff ff"));
}

TEST(ForeignFormats, SayHowToGetAtTheWeights) {
  const auto hint = [](std::string_view start) {
    const auto foreign = recognise_foreign_format({reinterpret_cast<const std::uint8_t*>(start.data()), start.size()});
    return name_settings(foreign.value_or(ForeignFormat{}).hint,
                         [](std::string_view name) { return std::string(name); });
  };
  EXPECT_EQ(hint("GGUF\x03"), "it is of a program for other networks: nib reads safetensors");
  EXPECT_EQ(hint("\x93NUMPY"), "numpy.savez makes an archive of all arrays, with their names");
  EXPECT_EQ(hint("\x80\x02."),
            "in Python, where it comes from: import torch, safetensors.torch; "
            "safetensors.torch.save_file(torch.load(\"FILE\", weights_only=True), \"FILE.safetensors\")");
  EXPECT_EQ(hint("\x89PNG\r\n\x1a\n"), "the weights come before the images: nib predict WEIGHTS IMAGE");
  EXPECT_EQ(hint("{}"), "a run's weights are in its model.safetensors; network takes networks");
  EXPECT_EQ(hint(std::string("\0\0\x08\x01", 4)), "data DIR takes the folder of such a set");
}

}  // namespace
}  // namespace nib
