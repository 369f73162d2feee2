#include "encodings/npy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "nib/error.h"

namespace nib {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

/// A file of version 1 with that header text, and data behind it.
std::vector<std::uint8_t> file_of(std::string_view header, std::string_view data, char version = 1) {
  std::string text = "\x93NUMPY"s + version + '\0';
  text += static_cast<char>(header.size() & 0xFF);
  text += static_cast<char>(header.size() >> 8);
  if (version > 1) text += "\0\0"sv;
  text += header;
  text += data;
  return {text.begin(), text.end()};
}

std::string refusal(const std::vector<std::uint8_t>& bytes) {
  try {
    parse_npy(bytes, "f");
  } catch (const Error& error) {
    return error.code() == ExitCode::bad_input ? error.what() : "another exit code";
  }
  return "was read";
}

NpyArray read(std::string_view header, std::string_view data, char version = 1) {
  return parse_npy(file_of(header, data, version), "f");
}

std::string refusal(std::string_view header, std::string_view data = "") { return refusal(file_of(header, data)); }

// numpy.save of numpy.array([[1, 2, 3], [4, 5, 6]], '<u2'), NumPy 1.24: the 128 bytes in front of the data are filled
// up.
const std::string saved = "\x93NUMPY\x01\x00v\x00{'descr': '<u2', 'fortran_order': False, 'shape': (2, 3), }"s +
                          std::string(58, ' ') + '\n' + "\1\0\2\0\3\0\4\0\5\0\6\0"s;

TEST(Npy, ReadsAndWritesWhatNumPyDoes) {
  const std::vector<std::uint8_t> bytes(saved.begin(), saved.end());
  ASSERT_EQ(bytes.size(), 140u);
  const NpyArray array = parse_npy(bytes, "f");
  EXPECT_EQ(array.kind, 'u');
  EXPECT_EQ(array.item_bytes, 2u);
  EXPECT_THAT(array.shape, ElementsAre(2u, 3u));
  EXPECT_THAT(array.bytes, ElementsAre(1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0));
  EXPECT_EQ(npy_bytes(array), bytes);
}

TEST(Npy, ReadsAllVersions) {
  for (const char version : {'\1', '\2', '\3'})
    EXPECT_THAT(read("{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }", "ab", version).bytes,
                ElementsAre('a', 'b'));
}

TEST(Npy, TurnsColumnsIntoRowsAndOtherByteOrders) {
  EXPECT_THAT(read("{'descr': '|i1', 'fortran_order': True, 'shape': (2, 3), }", "adbecf").bytes,
              ElementsAre('a', 'b', 'c', 'd', 'e', 'f'));
  EXPECT_THAT(read("{'descr': '>i2', 'fortran_order': True, 'shape': (2, 2), }", "\0a\0c\0b\0d"sv).bytes,
              ElementsAre('a', 0, 'b', 0, 'c', 0, 'd', 0));
  EXPECT_THAT(read("{'descr': '>f8', 'fortran_order': False, 'shape': (), }", "12345678").bytes,
              ElementsAre('8', '7', '6', '5', '4', '3', '2', '1'));
}

TEST(Npy, TakesADictionaryInAnyOfPythonsSpellings) {
  EXPECT_THAT(read("{\"shape\":(1L,2,),\"descr\":\"|b1\",\"fortran_order\":False}", "\1\0"sv).shape,
              ElementsAre(1u, 2u));
  EXPECT_THAT(read("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 7), }\n", "").bytes, IsEmpty());
}

TEST(Npy, KnowsTexts) {
  EXPECT_EQ(npy_text(read("{'descr': '|S5', 'fortran_order': False, 'shape': (), }", "abc\0\0"sv)), "abc");
  EXPECT_EQ(npy_text(read("{'descr': '<U2', 'fortran_order': False, 'shape': (), }", "H\0\0\0\xf6\0\0\0"sv)),
            "H\xc3\xb6");
  EXPECT_EQ(npy_text(read("{'descr': '>U1', 'fortran_order': False, 'shape': (), }", "\0\1\xf6\0"sv)),
            "\xf0\x9f\x98\x80");
  EXPECT_EQ(npy_text(read("{'descr': '|S1', 'fortran_order': False, 'shape': (1,), }", "a")), std::nullopt);
  EXPECT_EQ(npy_text(read("{'descr': '|u1', 'fortran_order': False, 'shape': (), }", "a")), std::nullopt);
  EXPECT_EQ(npy_text(parse_npy(npy_bytes(npy_of_text("a \"b\"")), "f")), "a \"b\"");
  EXPECT_EQ(npy_text(parse_npy(npy_bytes(npy_of_text("")), "f")), "");
}

TEST(Npy, RefusesPickledObjectsAndRecords) {
  EXPECT_EQ(refusal("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "\x80\x02]."),
            "f: descr: pickled objects, refused because they can run any code (expected numbers)");
  EXPECT_THAT(refusal("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", "aaaa"),
              StartsWith("f: descr: elements of a type that is not read"));
}

TEST(Npy, RefusesOtherTypes) {
  for (const std::string type : {"<c8", "<f16", "<f3", "=f4", "|f4", "f4", "<M8", "<b2", "<u0", "<u16", "|S9999999",
                                 "<U1048577", "<U4294967297", "<f-4", "", "<f4 "})
    EXPECT_THAT(refusal("{'descr': '" + type + "', 'fortran_order': False, 'shape': (), }", "aaaa"),
                StartsWith("f: descr: elements of a type that is not read"))
        << type;
}

TEST(Npy, RefusesShapesThatDoNotFitTheData) {
  const std::string start = "{'descr': '<f4', 'fortran_order': False, 'shape': ";
  EXPECT_EQ(refusal(start + "(2,), }", "1234"),
            "f: shape: does not fit the bytes behind the header (expected 8 bytes, got 4 bytes)");
  EXPECT_EQ(refusal(start + "(2,), }", "123456789"),
            "f: shape: does not fit the bytes behind the header (expected 8 bytes, got 9 bytes)");
  // 2^62 elements of 4 bytes wrap to 0.
  EXPECT_THAT(refusal(start + "(2147483647, 2147483647, 2147483647), }"), StartsWith("f: shape: does not fit"));
  EXPECT_THAT(refusal(start + "(1073741824, 1073741824, 4), }"), StartsWith("f: shape: does not fit"));
  EXPECT_EQ(refusal(start + "(-1,), }"), "f: shape: not a length (expected 0 to 2147483647, got -1)");
  EXPECT_EQ(refusal(start + "(2147483648,), }"), "f: shape: not a length (expected 0 to 2147483647, got 2147483648)");
  std::string axes;
  for (int axis = 0; axis < 33; ++axis) axes += "1,";
  EXPECT_EQ(refusal(start + "(" + axes + "), }", "1234"), "f: shape: too many axes (expected at most 32)");
}

TEST(Npy, RefusesHeadersThatAreNone) {
  EXPECT_EQ(refusal(std::vector<std::uint8_t>{}), "f: wrong format (expected a NumPy array (.npy))");
  EXPECT_EQ(refusal(std::vector<std::uint8_t>(saved.begin(), saved.begin() + 6)),
            "f: version: unknown version of the format (expected 1 to 3, got 0)");
  EXPECT_THAT(refusal(std::vector<std::uint8_t>(saved.begin(), saved.begin() + 9)), StartsWith("f: header length: "));
  EXPECT_THAT(refusal(std::vector<std::uint8_t>(saved.begin(), saved.begin() + 127)), StartsWith("f: header length: "));
  EXPECT_EQ(refusal(file_of("{}", "", 4)), "f: version: unknown version of the format (expected 1 to 3, got 4)");
  EXPECT_EQ(refusal("{}"), "f: descr: key is missing");
  EXPECT_EQ(refusal("{'shape': (), 'shape': ()}"), "f: shape: key stands twice");
  EXPECT_EQ(refusal("{'order': 1}"), "f: order: unknown key");
  for (const std::string text :
       {"", "{", "x", "{'descr", "{'descr': '<f4'", "{'descr' '<f4'}", "{'fortran_order': Maybe}", "{'shape': 3}",
        "{'shape': (3}", "{'descr': '<f4', 'fortran_order': False, 'shape': ()} x", "{'descr': __import__('os')}"})
    EXPECT_THAT(refusal(text), StartsWith("f: header, byte ")) << text;
}

}  // namespace
}  // namespace nib
