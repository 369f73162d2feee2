#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "encodings/json.h"

namespace nib {
namespace {

using nlohmann::ordered_json;

constexpr int levels = 8;

Json parsed(const std::string& text, int deepest = levels) { return parse_json(text, "a.json", deepest); }

std::string error_of(const std::string& text, int deepest = levels) {
  try {
    parsed(text, deepest);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_input);
    EXPECT_EQ(error.problem().file, "a.json");
    return without_file(error);
  }
  return "no error";
}

std::string nested(int depth, const std::string& inside = "") {
  const auto size = static_cast<std::size_t>(depth);
  return std::string(size, '[') + inside + std::string(size, ']');
}

TEST(JsonParser, ReadsEveryKindOfValueInOrder) {
  for (const std::string text : {"null", "true", "false", "0", "-1", "1.5", "\"\"", "\"text\"", "[]", "{}",
                                 "[[],{},[1,[2]]]", R"({"z":1,"a":{"z":[1,2,{"y":null,"b":[]}]},"m":"x"})",
                                 "18446744073709551615", "-9223372036854775808", "1e+300", "-0.0"})
    EXPECT_EQ(json_line(parsed(text)), text);
  EXPECT_EQ(json_line(parsed(" \t\r\n{ \"a\" : [ 1 , 2 ] }\n")), R"({"a":[1,2]})");
}

TEST(JsonParser, ReadsTextsAsTheLibraryDoes) {
  for (const std::string text : {R"("\"\\\/\b\f\n\r\t")", R"("\u00e9\u5b57\ud83d\ude42\u0000")", "\"é字🙂\""})
    EXPECT_EQ(parsed(text).text(), ordered_json::parse(text).get<std::string>());
}

TEST(JsonParser, TakesOnlyDigitsForAWholeNumber) {
  for (const char* const text : {"0", "7", "18446744073709551615"}) EXPECT_TRUE(parsed(text).is_whole()) << text;
  for (const char* const text : {"-0", "-1", "1.0", "1e2", "18446744073709551616", "-9223372036854775809"}) {
    EXPECT_FALSE(parsed(text).is_whole()) << text;
    EXPECT_TRUE(parsed(text).is_number()) << text;
  }
  EXPECT_EQ(parsed("18446744073709551616").number(), 0x1p64);
  EXPECT_EQ(parsed("0.1").number(), 0.1);
  EXPECT_EQ(parsed("5e-324").number(), 5e-324);
  EXPECT_EQ(parsed("1e-400").number(), 0);
}

TEST(JsonParser, RefusesANulBecauseItCouldHideWhatFollows) {
  const auto with_nul = [](std::string before, const std::string& behind) {
    return error_of(before.append(1, '\0').append(behind));
  };
  EXPECT_EQ(with_nul("{\"a\": 1}\n", "{"), "line 2, column 1: NUL byte in the JSON text");
  EXPECT_EQ(with_nul("[1]", ""), "line 1, column 4: NUL byte in the JSON text");
  EXPECT_EQ(with_nul("", "[1]"), "line 1, column 1: NUL byte in the JSON text");
  EXPECT_EQ(with_nul("[\"a", "\"]"), "line 1, column 4: NUL byte in the JSON text");
  EXPECT_EQ(json_line(parsed(R"(["\u0000"])")), R"(["\u0000"])");
}

TEST(JsonParser, SaysWhenATextIsInUtf16) {
  try {
    parsed(std::string("\xff\xfe{\0}\0", 6));  // as PowerShell's > writes {}
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(without_file(error), "line 1, column 4: NUL byte in the JSON text");
    EXPECT_EQ(error.hint(), "the text is in UTF-16: save it as UTF-8");
  }
}

TEST(JsonParser, RefusesNumbersOutOfRange) {
  for (const char* const text : {"1e400", "-1e400", "[1, 1e999]", "{\"a\": 1e309}"})
    EXPECT_EQ(error_of(text), "JSON holds a number out of range") << text;
}

TEST(JsonParser, NamesLineAndColumnOfAnError) {
  EXPECT_EQ(error_of("x"), "line 1, column 1: not valid JSON");
  EXPECT_EQ(error_of("[1,\n 2 3]"), "line 2, column 4: not valid JSON");
  EXPECT_EQ(error_of("{\"a\": 1,\n\n  b: 2}"), "line 3, column 3: not valid JSON");
  EXPECT_EQ(error_of("[1] 2"), "line 1, column 5: not valid JSON");
  EXPECT_EQ(error_of("[\"\n\"]"), "line 1, column 3: not valid JSON");
}

TEST(JsonParser, NamesTheEndOfATextThatEndsTooEarly) {
  EXPECT_EQ(error_of(""), "line 1, column 1: JSON ends too early");
  EXPECT_EQ(error_of("[1, "), "line 1, column 5: JSON ends too early");
  EXPECT_EQ(error_of("{\"a\":\n"), "line 2, column 1: JSON ends too early");
  EXPECT_EQ(error_of("\"abc"), "line 1, column 5: JSON ends too early");
}

TEST(JsonParser, RefusesWhatIsNoJson) {
  for (const char* const text : {"nul", "True", "NaN", "Infinity", "-", "01", ".5", "5.", "+1", "[1,]", "{\"a\":1,}",
                                 "{1:2}", "{\"a\" 1}", "'a'", "// a\n1", "\"\\x\"", "\"\\ud83d\"", "\"\xff\"", "]"})
    EXPECT_THAT(error_of(text),
                testing::AnyOf(testing::EndsWith("not valid JSON"), testing::EndsWith("JSON ends too early")))
        << text;
}

TEST(JsonParser, RefusesAKeyThatStandsTwice) {
  EXPECT_EQ(error_of(R"({"a": 1, "b": 2, "a": 1})"), "a: key stands twice in an object");
  EXPECT_EQ(error_of(R"([{"b": {"c": 1, "\u0063": 2}}])"), "c: key stands twice in an object");
  EXPECT_EQ(error_of(R"({"": 1, "": 1})"), "key stands twice in an object");
  EXPECT_EQ(error_of(R"({"a": {"a": 1}, "b": [{"a": 1}, {"a": 2}]})"), "no error");
}

TEST(JsonParser, LimitsTheDepthExactly) {
  const std::string too_deep = "JSON is nested too deep (expected at most 3 levels)";
  EXPECT_EQ(error_of(nested(3), 3), "no error");
  EXPECT_EQ(error_of(nested(3, "1"), 3), "no error");
  EXPECT_EQ(error_of(nested(4), 3), too_deep);
  EXPECT_EQ(error_of(nested(4, "1"), 3), too_deep);
  EXPECT_EQ(error_of(R"({"a":{"b":{"c":1}}})", 3), "no error");
  EXPECT_EQ(error_of(R"({"a":{"b":{"c":{}}}})", 3), too_deep);
  EXPECT_EQ(error_of("[[[1],[2]],[[3]],{}]", 3), "no error");
  EXPECT_EQ(error_of("1", 0), "no error");
  EXPECT_EQ(error_of("[]", 0), "JSON is nested too deep (expected at most 0 levels)");
}

TEST(JsonParser, RefusesWhatIsHostilyDeepAtOnce) {
  for (const std::string level : {"[", "{\"a\":", "[{\"a\":"}) {
    std::string text;
    for (int depth = 0; depth < 100'000; ++depth) text += level;
    EXPECT_EQ(error_of(text), "JSON is nested too deep (expected at most 8 levels)");
  }
}

TEST(JsonParser, LimitsTheNumberOfValuesExactly) {
  std::string text = "[0";  // the array is a value, too
  for (std::size_t value = 2; value < most_json_values; ++value) text += ",0";
  EXPECT_EQ(parsed(text + ']').size(), most_json_values - 1);
  EXPECT_EQ(error_of(text + ",{}]"), "JSON holds too many values (expected at most 1,000,000)");
}

TEST(JsonParser, TakesTimeInTheLengthOfAWideText) {
  std::string object, array;
  constexpr std::size_t size = 200'000;
  for (std::size_t index = 0; index < size; ++index) {
    object += (object.empty() ? "{\"key" : ",\"key") + std::to_string(index) + "\":[]";
    array += array.empty() ? "[{}" : ",{}";
  }
  EXPECT_EQ(parsed(object + '}').size(), size);
  EXPECT_EQ(parsed(array + ']').size(), size);
  EXPECT_EQ(error_of(object + ",\"key0\":1}"), "key0: key stands twice in an object");
}

}  // namespace
}  // namespace nib
