// The outermost boxes of HEIF files, looked at before any library sees them.
#include "images/decoding/heif_boxes.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "images/decoding/image_files.h"

namespace nib {
namespace {

Bytes box(std::string_view type, std::size_t content) {
  return joined({big_endian(static_cast<std::uint32_t>(8 + content)), bytes_of(type), Bytes(content)});
}

std::string line(const Bytes& file) {
  try {
    heif_boxes(file, "FILE");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_input);
    return error.what();
  }
  return "";
}

TEST(HeifBoxes, AreTakenWhole) {
  const Bytes boxes = joined({box("ftyp", 16), box("meta", 0), box("mdat", 1000)});
  EXPECT_EQ(heif_boxes(boxes, "FILE").size(), boxes.size());
}

TEST(HeifBoxes, WhatComesBehindThemIsLeftOut) {
  const Bytes boxes = joined({box("ftyp", 16), box("mdat", 10)});
  for (const Bytes& behind : {Bytes{1, 2, 3}, Bytes(7, 'x'), Bytes(1000, 0)})
    EXPECT_EQ(heif_boxes(joined({boxes, behind}), "FILE").size(), boxes.size());
}

TEST(HeifBoxes, ALengthOfZeroMeansToTheEnd) {
  const Bytes file = joined({box("ftyp", 16), big_endian(0), bytes_of("mdat"), Bytes(50)});
  EXPECT_EQ(heif_boxes(file, "FILE").size(), file.size());
}

TEST(HeifBoxes, ALongLengthIsRead) {
  const Bytes start = joined({box("ftyp", 16), big_endian(1), bytes_of("mdat"), big_endian(0), big_endian(20)});
  const Bytes file = joined({start, Bytes(4)});
  EXPECT_EQ(heif_boxes(file, "FILE").size(), file.size());
  EXPECT_EQ(line(part(file, 0, file.size() - 1)),
            "FILE: HEIC box mdat at byte 24: file is cut off (expected 20 bytes, got 19)");
  EXPECT_EQ(line(part(file, 0, start.size() - 1)),
            "FILE: HEIC box mdat at byte 24: file is cut off (expected 16 bytes, got 15)");
  EXPECT_EQ(line(joined({box("ftyp", 16), big_endian(1), bytes_of("mdat"), Bytes(8, 0xFF)})),
            "FILE: HEIC box mdat at byte 24: file is cut off (expected 18,446,744,073,709,551,615 bytes, got 16)");
}

TEST(HeifBoxes, ACutBoxIsNamed) {
  const Bytes file = joined({box("ftyp", 16), box("mdat", 2000)});
  EXPECT_EQ(line(part(file, 0, 1000)),
            "FILE: HEIC box mdat at byte 24: file is cut off (expected 2,008 bytes, got 976)");
}

TEST(HeifBoxes, ABoxShorterThanItsHeaderIsDamaged) {
  EXPECT_EQ(line(joined({box("ftyp", 16), big_endian(7), bytes_of("mdat"), Bytes(50)})),
            "FILE: HEIC box mdat at byte 24: is shorter than its own header: the file is damaged (expected at least 8 "
            "bytes, got 7)");
  EXPECT_EQ(line(joined({box("ftyp", 16), big_endian(1), bytes_of("mdat"), big_endian(0), big_endian(15), Bytes(9)})),
            "FILE: HEIC box mdat at byte 24: is shorter than its own header: the file is damaged (expected at least 16 "
            "bytes, got 15)");
}

}  // namespace
}  // namespace nib
