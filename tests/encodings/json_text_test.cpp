#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "encodings/json.h"

namespace nib {
namespace {

using nlohmann::ordered_json;

TEST(JsonText, HasALineForEachElementButARowInOne) {
  const Json document = {{"empty", Json::object()},
                         {"none", Json::array()},
                         {"row", Json::array({1, "two", nullptr})},
                         {"matrix", Json::array({Json::array({1, 2}), Json::array({3, 4})})},
                         {"files", Json::array({{{"path", "a"}, {"bytes", 1}}})},
                         {"deep", {{"deeper", {{"deepest", true}}}}}};
  EXPECT_EQ(json_text(document), R"({
  "empty": {},
  "none": [],
  "row": [1, "two", null],
  "matrix": [
    [1, 2],
    [3, 4]
  ],
  "files": [
    {
      "path": "a",
      "bytes": 1
    }
  ],
  "deep": {
    "deeper": {
      "deepest": true
    }
  }
}
)");
}

TEST(JsonText, OfAPlainValueIsOneLine) {
  EXPECT_EQ(json_text(nullptr), "null\n");
  EXPECT_EQ(json_text(Json::array({1, 2})), "[1, 2]\n");
  EXPECT_EQ(json_text(Json::array({Json::object(), 1})), "[\n  {},\n  1\n]\n");
  EXPECT_EQ(json_text(Json::object()), "{}\n");
}

TEST(JsonLine, HasNoSpaces) {
  EXPECT_EQ(json_line({{"a", Json::array({1, Json::array(), Json::object()})}, {"b c", {{"d", " "}}}}),
            R"({"a":[1,[],{}],"b c":{"d":" "}})");
}

TEST(JsonLine, WritesNumbersAsTheLibraryDoes) {
  const double numbers[] = {0.0,
                            -0.0,
                            1.0,
                            -1.0,
                            0.1,
                            0.001,
                            1e-5,
                            1.5e-7,
                            1.0 / 3,
                            100.0,
                            1e15,
                            1e16,
                            1e17,
                            123456.0,
                            0x1p53,
                            0x1p64,
                            1e100,
                            -2.5e-300,
                            5e-324,
                            2.2250738585072014e-308,
                            1.7976931348623157e308,
                            0.9786,
                            18.843202318,
                            std::numeric_limits<double>::infinity(),
                            std::nan("")};
  for (const double number : numbers) EXPECT_EQ(json_line(number), ordered_json(number).dump());
  for (const std::int64_t number : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1}, std::int64_t{0},
                                    std::numeric_limits<std::int64_t>::max()})
    EXPECT_EQ(json_line(number), ordered_json(number).dump());
  EXPECT_EQ(json_line(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615");
  EXPECT_EQ(json_line(0.5F), "0.5");
  EXPECT_EQ(json_line(std::nan("")), "null");
}

TEST(JsonLine, EscapesWhatJsonDoes) {
  for (const std::string text : {"\"\\/\b\f\n\r\t", "\x01\x1f\x7f", "é – 字 🙂", ""}) {
    EXPECT_EQ(json_line(text), ordered_json(text).dump());
    EXPECT_EQ(json_line({{text, 1}}), ordered_json({{text, 1}}).dump());
  }
  EXPECT_EQ(json_line(std::string("a\0b", 3)), R"("a\u0000b")");
}

TEST(JsonLine, ReplacesWhatIsNoUtf8) {
  const std::string sign = "\xEF\xBF\xBD";
  EXPECT_EQ(json_line("a\xff.txt"), "\"a" + sign + ".txt\"");
  EXPECT_EQ(json_line({{"\xc3(", "\xed\xa0\x80"}}), "{\"" + sign + "(\":\"" + sign + sign + sign + "\"}");
}

TEST(DescribeJson, ShowsPlainValuesAsTheyStand) {
  EXPECT_EQ(describe_json({{"a", 1}}), "an object");
  EXPECT_EQ(describe_json(Json::array({1, 2})), "an array of 2");
  EXPECT_EQ(describe_json(nullptr), "null");
  EXPECT_EQ(describe_json(-1.5), "-1.5");
  EXPECT_EQ(describe_json("a\nb"), R"("a\nb")");
  const std::string cut = describe_json(std::string(100, 'x'));
  EXPECT_EQ(cut, '"' + std::string(56, 'x') + "...");
}

}  // namespace
}  // namespace nib
