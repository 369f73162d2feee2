#include "encodings/json_reader.h"

#include <gmock/gmock.h>

#include <limits>

namespace nib {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::Pair;
using testing::Property;
using testing::SizeIs;

const std::string name = "a.json";

/// What a call of a reader of this value throws, without the document's name.
template <typename Read>
std::string error_of(const Json& value, Read read) {
  try {
    read(JsonReader(value, name));
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_input);
    EXPECT_EQ(error.problem().file, name);
    return without_file(error);
  }
  return "no error";
}

TEST(JsonReader, GoesToValuesByTheirPath) {
  const Json document = {{"layers", Json::array({1, {{"kernel", Json::array({3, -5})}}})}, {"name", "x"}};
  const JsonReader reader(document, name);
  EXPECT_EQ(reader.path(), "");
  EXPECT_EQ(reader.at("name").text(), "x");
  const JsonReader kernel = reader.at("layers").items(2)[1].at("kernel");
  EXPECT_EQ(kernel.path(), "layers[1].kernel");
  EXPECT_EQ(kernel.item(1).path(), "layers[1].kernel[1]");
  EXPECT_EQ(kernel.item(1).number(), -5);
  EXPECT_EQ(error_of(document, [](const JsonReader& value) { value.at("layers").item(1).at("kernel").pair(); }),
            "layers[1].kernel[1]: number out of range (expected a whole number of at least 1, got -5)");
}

TEST(JsonReader, StartsAtTheGivenPath) {
  const Json value = {{"a", 1}};
  const JsonReader reader(value, name, "part");
  EXPECT_EQ(reader.at("a").path(), "part.a");
  EXPECT_STREQ(reader.error("wrong").what(), "a.json: part: wrong");
}

TEST(JsonReader, TellsMissingKeysFromThoseOfAnotherKind) {
  const Json document = {{"a", {{"b", nullptr}}}};
  EXPECT_EQ(error_of(document, [](const JsonReader& value) { value.at("a").at("c"); }), "a.c: key is missing");
  EXPECT_EQ(error_of(document, [](const JsonReader& value) { value.at("a").at("b").at("c"); }),
            "a.b: wrong type (expected an object, got null)");
  const JsonReader reader(document, name);
  EXPECT_TRUE(reader.at("a").at("b").is_null());
  EXPECT_FALSE(reader.at("a").find("b"));
  EXPECT_FALSE(reader.find("b"));
  EXPECT_EQ(reader.find("a")->path(), "a");
}

TEST(JsonReader, RefusesWhatIsNoObject) {
  const std::string message = "wrong type (expected an object, got an array of 0)";
  EXPECT_EQ(error_of(Json::array(), [](const JsonReader& value) { value.at("a"); }), message);
  EXPECT_EQ(error_of(Json::array(), [](const JsonReader& value) { value.find("a"); }), message);
  EXPECT_EQ(error_of(Json::array(), [](const JsonReader& value) { value.members(); }), message);
  EXPECT_EQ(error_of(Json::array(), [](const JsonReader& value) { value.object(); }), message);
  EXPECT_EQ(error_of(Json::array(), [](const JsonReader& value) { value.refuse_other_keys({}); }), message);
}

TEST(JsonReader, RefusesWhatIsNoArray) {
  const std::string message = "wrong type (expected an array, got an object)";
  EXPECT_EQ(error_of(Json::object(), [](const JsonReader& value) { value.items(); }), message);
  EXPECT_EQ(error_of(Json::object(), [](const JsonReader& value) { value.array(); }), message);
  EXPECT_EQ(error_of(Json::object(), [](const JsonReader& value) { value.item(0); }), message);
  EXPECT_EQ(error_of(Json::object(), [](const JsonReader& value) { value.texts(); }), message);
  EXPECT_EQ(error_of(Json::object(), [](const JsonReader& value) { value.whole_numbers(); }), message);
  EXPECT_EQ(error_of(Json::object(), [](const JsonReader& value) { value.items(3); }),
            "wrong type (expected an array of 3, got an object)");
  EXPECT_EQ(error_of(Json::array({1}), [](const JsonReader& value) { value.items(3); }),
            "wrong length (expected an array of 3, got an array of 1)");
  EXPECT_EQ(error_of(Json::array({1, 2, 3}), [](const JsonReader& value) { value.pair(); }),
            "wrong length (expected an array of 2, got an array of 3)");
}

TEST(JsonReader, ListsMembersAndElementsInOrder) {
  const Json document = {{"z", 1}, {"a", Json::array({"x", "y"})}};
  const JsonReader reader(document, name);
  EXPECT_THAT(reader.members(),
              ElementsAre(Pair("z", Property(&JsonReader::path, "z")), Pair("a", Property(&JsonReader::path, "a"))));
  EXPECT_THAT(reader.at("a").items(),
              ElementsAre(Property(&JsonReader::path, "a[0]"), Property(&JsonReader::path, "a[1]")));
  EXPECT_THAT(reader.at("a").texts(), ElementsAre("x", "y"));
  EXPECT_THAT(reader.at("a").array(), SizeIs(2));
  EXPECT_TRUE(reader.at("a").is_array());
}

TEST(JsonReader, ReadsPlainValues) {
  const Json yes = true, half = 0.5, seven = 7, seconds = Json::array({1, 2, 3});
  EXPECT_TRUE(JsonReader(yes, name).boolean());
  EXPECT_EQ(JsonReader(half, name).number(), 0.5);
  EXPECT_EQ(JsonReader(seven, name).number(), 7);
  EXPECT_EQ(JsonReader(seven, name).whole_number(), 7U);
  EXPECT_EQ(JsonReader(seven, name).count(), 7U);
  EXPECT_THAT(JsonReader(seconds, name).counts(3), ElementsAre(1, 2, 3));
  EXPECT_THAT(JsonReader(seconds, name).whole_numbers(), ElementsAre(1, 2, 3));
}

TEST(JsonReader, RefusesPlainValuesOfAnotherKind) {
  EXPECT_EQ(error_of(7, [](const JsonReader& value) { value.text(); }), "wrong type (expected a string, got 7)");
  EXPECT_EQ(error_of(1, [](const JsonReader& value) { value.boolean(); }),
            "wrong type (expected true or false, got 1)");
  EXPECT_EQ(error_of("7", [](const JsonReader& value) { value.number(); }),
            "wrong type (expected a number, got \"7\")");
  EXPECT_EQ(error_of(std::numeric_limits<double>::infinity(), [](const JsonReader& value) { value.number(); }),
            "wrong type (expected a number, got null)");
  for (const Json& value : {Json(-1), Json(1.0), Json::with_sign(0), Json("1"), Json()})
    EXPECT_EQ(error_of(value, [](const JsonReader& reader) { reader.whole_number(); }),
              "wrong type (expected a whole number, got " + json_line(value) + ")");
  EXPECT_EQ(error_of(Json::array({"a", 1}), [](const JsonReader& value) { value.texts(); }),
            "[1]: wrong type (expected a string, got 1)");
  EXPECT_EQ(error_of(Json::array({0, -1}), [](const JsonReader& value) { value.whole_numbers(); }),
            "[1]: wrong type (expected a whole number, got -1)");
}

TEST(JsonReader, CountsFromOneTo32Bits) {
  const Json most = 4294967295U;
  EXPECT_EQ(JsonReader(most, name).count(), 4294967295U);
  const Json also_whole = 10.0;  // how Python writes a number that was computed
  EXPECT_EQ(JsonReader(also_whole, name).count(), 10U);
  for (const Json& value : {Json(0), Json(-1), Json(1.5), Json(0.0), Json(-0.5), Json(4294967295.5), Json(4294967296U)})
    EXPECT_EQ(error_of(value, [](const JsonReader& reader) { reader.count(); }),
              "number out of range (expected a whole number of at least 1, got " + json_line(value) + ")");
  EXPECT_EQ(error_of("1", [](const JsonReader& value) { value.count(); }),
            "wrong type (expected a whole number of at least 1, got \"1\")");
}

TEST(JsonReader, TakesOneOfTheWords) {
  const Json same = "same";
  EXPECT_EQ(JsonReader(same, name).word_index({"valid", "same"}), 1U);
  const auto read = [](const JsonReader& value) { value.word_index({"valid", "same", ""}); };
  EXPECT_EQ(error_of("full", read), "unknown value (expected valid or same or , got \"full\")");
  EXPECT_EQ(error_of(1, read), "wrong type (expected valid or same or , got 1)");
  EXPECT_EQ(error_of(nullptr, read), "wrong type (expected valid or same or , got null)");
}

TEST(JsonReader, RefusesOtherKeysWithTheNearest) {
  const Json document = {{"a", {{"units", 1}, {"unist", 2}, {"xyz", 3}}}};
  const JsonReader reader(document, name);
  EXPECT_NO_THROW(reader.at("a").refuse_other_keys({"units", "unist", "xyz"}));
  try {
    reader.at("a").refuse_other_keys({"type", "units"});
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "a.json: a.unist: unknown key (expected type and units)");
    EXPECT_EQ(error.problem().hint, "did you mean \"units\"?");
  }
  try {
    reader.at("a").refuse_other_keys({"units", "unist"});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.problem().field, "a.xyz");
    EXPECT_EQ(error.problem().hint, "");
  }
}

TEST(JsonReader, CutsLongKeysInPaths) {
  const std::string key(1'000'000, 'k');
  const Json document = {{key, Json::array({1})}, {"a\nb", 1}};
  const JsonReader reader(document, name);
  EXPECT_EQ(reader.at(key).item(0).path(), std::string(197, 'k') + "...[0]");
  EXPECT_EQ(reader.at("a\nb").path(), "a\\x0ab");
}

TEST(JsonReader, ReadsManyElementsUnderALongKeyInTimeOfTheirNumber) {
  constexpr std::size_t size = 200'000;
  const std::string key(1'000'000, 'k');
  Json document;
  document[key] = std::vector<std::uint32_t>(size, 1);
  const JsonReader reader(document, name);
  EXPECT_THAT(reader.at(key).items(), SizeIs(size));
  EXPECT_THAT(reader.at(key).whole_numbers(), SizeIs(size));
}

}  // namespace
}  // namespace nib
