#include "formats/foreign_formats.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "formats/tiny_file.h"

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
  return "f: wrong format (expected a safetensors file, got " + name + ")";
}

const std::string pickle = "a pickle (.pt, .pth), refused because it can run any code";

TEST(ForeignFormats, AreCalledByTheirNames) {
  EXPECT_EQ(said_of("PK\x03\x04\x00\x00\x08\x08\x00\x00model/data.pkl"sv), wrong_format(pickle));
  EXPECT_EQ(said_of("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20"sv), wrong_format(pickle));
  EXPECT_EQ(said_of("\x80\x04\x95\x1b\x00\x00\x00\x00\x00\x00"sv), wrong_format(pickle));
  EXPECT_EQ(said_of("PK\x03\x04\x14\x00\x00\x00\x00\x00metadata.json"sv), wrong_format("a ZIP archive (.keras, .npz)"));
  EXPECT_EQ(said_of("\x89HDF\r\n\x1a\n"sv), wrong_format("an HDF5 file (.h5)"));
  EXPECT_EQ(said_of("\x1f\x8b\x08\x08\x12\x34\x56\x78"sv), wrong_format("a gzip file"));
  EXPECT_EQ(said_of("<!DOCTYPE html><title>404"sv), wrong_format("an HTML page"));
  EXPECT_EQ(said_of("\r\n  <HTML>"sv), wrong_format("an HTML page"));
  EXPECT_EQ(said_of(std::string(1000, 'x')), wrong_format("a text file"));
  EXPECT_EQ(refusal({'h', 'i', '\n'}), wrong_format("a text file"));
}

TEST(ForeignFormats, GzipWithoutATimeLooksLikeASmallLength) {
  // 1f 8b 08 and zeros are a length of 559,903 bytes: only the header that is none gives the file away.
  std::vector<std::uint8_t> bytes = {0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0, 3, 0xed};
  bytes.resize(600'000);
  EXPECT_EQ(refusal(bytes), wrong_format("a gzip file"));
}

TEST(ForeignFormats, AHeaderLengthMayLookLikeAnything) {
  for (const std::size_t length : {0x280u, 0x380u, 0x480u}) {  // as the first two bytes of a pickle
    std::string header = tiny_header();
    header.resize(length, ' ');
    EXPECT_NO_THROW(parse_tiny(safetensors_of(header, 40)));
  }
}

TEST(ForeignFormats, UnknownBytesAreDescribedAsTheyAre) {
  EXPECT_EQ(said_of("\xfe\xff\xff\xff\xff\xff\xff\xff"sv),
            "f: header length: header too long (expected at most 992 bytes, got 18,446,744,073,709,551,614 bytes)");
}

TEST(ForeignFormats, SayHowToGetAtTheWeights) {
  const std::string start = "\x89HDF\r\n\x1a\n";
  const auto foreign = recognise_foreign_format({reinterpret_cast<const std::uint8_t*>(start.data()), start.size()});
  EXPECT_EQ(foreign.value_or(ForeignFormat{}).hint, "tools/convert_keras_weights.py converts Keras's .weights.h5");
}

}  // namespace
}  // namespace nib
