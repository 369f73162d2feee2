#include "hdf5/pieces.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace nib::hdf5 {
namespace {

using Bytes = std::vector<std::uint8_t>;

const Hdf5Array floats{.path = "/a", .shape = {2, 1}, .type = "F32", .values = {1, 2}, .whole = {}};

template <typename Fill>
Bytes pieces(const Fill& fill) {
  Bytes bytes;
  PieceWriter writer(
      [&](std::span<const std::uint8_t> piece) { bytes.insert(bytes.end(), piece.begin(), piece.end()); });
  fill(writer);
  return bytes;
}

std::string refusal(const Bytes& bytes) {
  try {
    read_pieces(bytes, "f");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_input);
    return error.what();
  }
  return "none";
}

const std::string senseless = "f: HDF5: the process that reads it handed back what makes no sense";

TEST(Pieces, AreReadAsTheyWereWritten) {
  const Hdf5Array whole{.path = "/n", .shape = {}, .type = "I64", .values = {}, .whole = {-7}};
  const Hdf5Content content = read_pieces(pieces([&](PieceWriter& writer) {
                                            writer.array(floats);
                                            writer.array(whole);
                                            writer.texts({"/", "names", {"a", ""}});
                                            writer.end();
                                          }),
                                          "f");
  ASSERT_EQ(content.arrays.size(), 2u);
  EXPECT_EQ(content.array("/a")->values, floats.values);
  EXPECT_EQ(content.array("/n")->whole, whole.whole);
  EXPECT_EQ(*content.texts("/", "names"), (std::vector<std::string>{"a", ""}));
  EXPECT_EQ(content.texts("/a", "names"), nullptr);
}

TEST(Pieces, TellTheErrorInPrintableWords) {
  EXPECT_EQ(refusal(pieces([](PieceWriter& writer) {
              writer.error({.field = "/x", .problem = "bad\n", .expected = "good", .got = std::string(999, 'y')});
            })),
            "f: /x: bad\\x0a (expected good, got " + std::string(297, 'y') + "...)");
}

TEST(Pieces, AreRefusedAtEveryLengthThatIsTooShort) {
  const Bytes bytes = pieces([](PieceWriter& writer) {
    writer.array(floats);
    writer.texts({"/", "names", {"a"}});
    writer.end();
  });
  for (std::size_t length = 0; length < bytes.size(); ++length)
    EXPECT_EQ(refusal(Bytes(bytes.begin(), bytes.begin() + std::ptrdiff_t(length))), senseless) << length;
}

TEST(Pieces, AreRefusedWhereTheyContradictThemselves) {
  const auto refusal_of = [](const Hdf5Array& array, int times = 1) {
    return refusal(pieces([&](PieceWriter& writer) {
      for (int i = 0; i < times; ++i) writer.array(array);
      writer.end();
    }));
  };
  EXPECT_EQ(refusal_of(floats), "none");
  EXPECT_EQ(refusal_of(floats, 2), senseless);
  Hdf5Array array = floats;
  array.shape = {3, 1};
  EXPECT_EQ(refusal_of(array), senseless);
  array.shape = {1U << 31, 1U << 31, 4};  // wraps to 0
  array.values.clear();
  EXPECT_EQ(refusal_of(array), senseless);
  array = floats;
  array.type = "I64";
  EXPECT_EQ(refusal_of(array), senseless);
  EXPECT_EQ(refusal(Bytes(8, 0xFF)), senseless);
}

}  // namespace
}  // namespace nib::hdf5
