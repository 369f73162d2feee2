// What a process that decodes pictures hands back, right and wrong.
#include "images/decoding/picture_pieces.h"

#include <gtest/gtest.h>

#include "images/decoding/image_files.h"

namespace nib {
namespace {

const GreyImage image{.rows = 2, .columns = 3, .light = {1, 2, 3, 4, 5, 6}, .coloured = true};
const std::string senseless = "FILE: HEIC: the process that decodes it handed back what makes no sense";

std::string line(const Bytes& pieces) {
  try {
    picture_of(pieces, "HEIC", "FILE");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_input);
    return error.what();
  }
  return "";
}

TEST(PicturePieces, BringAPictureBack) {
  const GreyImage back = picture_of(pieces_of(image), "HEIC", "FILE");
  EXPECT_EQ(back.rows, image.rows);
  EXPECT_EQ(back.columns, image.columns);
  EXPECT_EQ(back.light, image.light);
  EXPECT_TRUE(back.coloured);
  GreyImage with_colours = image;
  with_colours.colours = {2, 3, {1, 1, 2, 3, 5, 8}, {9, 8, 7, 6, 5, 4}};
  EXPECT_EQ(picture_of(pieces_of(with_colours), "HEIC", "FILE").colours, with_colours.colours);
}

TEST(PicturePieces, BringAProblemBackWithoutWhatATerminalWouldObey) {
  const Problem problem{
      .field = "HEIC", .problem = "is \x1b[31mred", .expected = "a", .got = std::string(5000, 'b'), .hint = "c"};
  try {
    picture_of(pieces_of(problem), "HEIC", "FILE");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.problem().file, "FILE");
    EXPECT_EQ(error.problem().expected, "a");
    EXPECT_EQ(error.problem().hint, "c");
    EXPECT_EQ(error.problem().problem.find('\x1b'), std::string::npos);
    EXPECT_LT(error.problem().got.size(), 400u);
  }
}

TEST(PicturePieces, AreRefusedWhereTheyAreCutOrTooLong) {
  for (const Bytes& whole : {pieces_of(image), pieces_of(Problem{.problem = "p"})}) {
    for (std::size_t size = 0; size < whole.size(); ++size) EXPECT_EQ(line(part(whole, 0, size)), senseless) << size;
    EXPECT_EQ(line(joined({whole, {0}})), senseless);
  }
}

TEST(PicturePieces, AreRefusedWhereNumbersMakeNoSense) {
  const Bytes whole = pieces_of(image);
  for (const std::size_t number : {0u, 1u, 2u})  // kind, rows, columns
    for (const std::uint8_t value : {std::uint8_t{0}, std::uint8_t{77}, std::uint8_t{255}})
      for (const std::size_t byte : {0u, 7u}) {
        Bytes other = whole;
        if (other[8 * number + byte] == value) continue;
        other[8 * number + byte] = value;
        EXPECT_EQ(line(other), senseless) << number << ' ' << int{value};
      }
  EXPECT_EQ(line(pieces_of(Problem{})), senseless) << "a problem that says nothing";
}

}  // namespace
}  // namespace nib
