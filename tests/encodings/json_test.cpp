#include "encodings/json.h"

#include <gmock/gmock.h>

#include <limits>

namespace nib {
namespace {

using testing::ElementsAre;
using testing::Field;

constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();
constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();

std::vector<std::string> keys_of(const Json& object) {
  std::vector<std::string> keys;
  for (const Json::Member& member : object.members()) keys.push_back(member.key);
  return keys;
}

TEST(Json, IsWrittenAsNestedLists) {
  const std::string name = "set";
  const std::vector<std::string> classes = {"cat", "dog"};
  const Json document = {{"name", name},
                         {"images", {{"training", 54000}, {"test", {{"all", 10000U}}}}},
                         {"files", Json::array()},
                         {"classes", classes},
                         {"rows", Json::array({1, 0.5F, "x", nullptr, true, Json::array({-1})})},
                         {"nothing", Json::object()}};
  EXPECT_EQ(json_line(document),
            R"({"name":"set","images":{"training":54000,"test":{"all":10000}},"files":[],"classes":["cat","dog"],)"
            R"("rows":[1,0.5,"x",null,true,[-1]],"nothing":{}})");
}

TEST(Json, IsNullForNothing) {
  EXPECT_TRUE(Json().is_null());
  EXPECT_TRUE(Json(nullptr).is_null());
  EXPECT_TRUE(Json(std::optional<double>()).is_null());
  EXPECT_EQ(Json(std::optional<double>(0.5)), Json(0.5));
  EXPECT_TRUE(Json(std::optional<bool>(true)).boolean());
}

TEST(Json, KnowsItsKind) {
  EXPECT_TRUE(Json(false).is_bool());
  EXPECT_FALSE(Json(false).is_number());
  for (const char* const text : {"", "a"}) EXPECT_TRUE(Json(text).is_text());
  EXPECT_TRUE(Json(std::string_view("a")).is_text());
  EXPECT_TRUE(Json(std::string("a")).is_text());
  EXPECT_TRUE(Json::array().is_array());
  EXPECT_TRUE(Json::object().is_object());
  EXPECT_TRUE(Json::array().is_structured() && Json::object().is_structured());
  EXPECT_FALSE(Json("{}").is_structured());
}

TEST(Json, TakesNoPointerForABool) {
  EXPECT_FALSE((std::is_constructible_v<Json, const int*>));
  EXPECT_FALSE((std::is_constructible_v<Json, const void*>));
}

TEST(Json, HasWholeNumbersFromZeroWhateverTheirType) {
  for (const Json& number : {Json(0), Json(0U), Json(std::int8_t{7}), Json(std::size_t{7}), Json(largest)}) {
    EXPECT_TRUE(number.is_whole());
    EXPECT_TRUE(number.is_number());
  }
  EXPECT_EQ(Json(largest).whole(), largest);
  for (const Json& number : {Json(-1), Json(lowest), Json(1.0), Json(0.0F), Json::with_sign(0)}) {
    EXPECT_FALSE(number.is_whole());
    EXPECT_TRUE(number.is_number());
  }
  EXPECT_EQ(Json(lowest).number(), -0x1p63);
  EXPECT_EQ(Json(largest).number(), 0x1p64);
}

TEST(Json, RefusesToBeWhatItIsNot) {
  EXPECT_THROW(static_cast<void>(Json("1").number()), std::bad_variant_access);
  EXPECT_THROW(static_cast<void>(Json(-1).whole()), std::bad_variant_access);
  EXPECT_THROW(static_cast<void>(Json(1).text()), std::bad_variant_access);
  EXPECT_THROW(static_cast<void>(Json(1).boolean()), std::bad_variant_access);
  EXPECT_THROW(static_cast<void>(Json::object().items()), std::bad_variant_access);
  EXPECT_THROW(static_cast<void>(Json::array().members()), std::bad_variant_access);
  Json number = 1, object = Json::object();
  EXPECT_THROW(number["key"] = 1, std::bad_variant_access);
  EXPECT_THROW(object.push_back(1), std::bad_variant_access);
}

TEST(Json, KeepsTheOrderOfItsKeys) {
  Json object;
  for (const char* const key : {"z", "a", "m"}) object[key] = key;
  object["a"] = 1;
  EXPECT_THAT(keys_of(object), ElementsAre("z", "a", "m"));
  EXPECT_EQ(object["a"], 1);
  object.update({{"m", 2}, {"b", 3}, {"z", nullptr}});
  EXPECT_EQ(json_line(object), R"({"z":null,"a":1,"m":2,"b":3})");
  object.erase("a");
  object.erase("none");
  EXPECT_THAT(keys_of(object), ElementsAre("z", "m", "b"));
}

TEST(Json, FindsItsKeys) {
  Json object = {{"a", nullptr}, {"b", {{"c", 1}}}};
  const Json& fixed = object;
  EXPECT_TRUE(fixed.find("a") && fixed.find("a")->is_null());
  EXPECT_EQ(fixed.find("c"), nullptr);
  EXPECT_EQ(fixed["b"]["c"], 1);
  EXPECT_TRUE(fixed["c"]["d"].is_null());
  EXPECT_EQ(object.size(), 2U);
  *object.find("a") = 2;
  EXPECT_EQ(fixed["a"], 2);
  EXPECT_EQ(Json(1).find("a"), nullptr);
  EXPECT_TRUE(std::as_const(object)["b"]["c"]["d"].is_null());
}

TEST(Json, HasAsManyElementsAsItHolds) {
  Json array;
  array.push_back(1);
  array.push_back(Json::array());
  EXPECT_EQ(array.size(), 2U);
  EXPECT_EQ((Json{{"a", 1}}.size()), 1U);
  for (const Json& value : {Json(), Json("abc"), Json(3), Json::array(), Json::object()}) EXPECT_EQ(value.size(), 0U);
}

TEST(Json, EqualsNumbersOfAnotherKind) {
  EXPECT_EQ(Json(1), Json(1.0));
  EXPECT_EQ(Json(-1), Json(-1.0));
  EXPECT_EQ(Json(0), Json::with_sign(0));
  EXPECT_EQ(Json(0), Json(-0.0));
  EXPECT_NE(Json(1), Json(1.5));
  EXPECT_NE(Json(1), Json(-1));
  EXPECT_NE(Json(largest), Json(largest - 1));  // the same as doubles
  EXPECT_NE(Json(lowest), Json(lowest + 1));
  EXPECT_NE(Json(std::numeric_limits<double>::quiet_NaN()), Json(std::numeric_limits<double>::quiet_NaN()));
}

TEST(Json, EqualsMembersInAnyOrderAndElementsInTheirs) {
  EXPECT_EQ(Json({{"a", 1}, {"b", Json::array({1, 2})}}), Json({{"b", Json::array({1.0, 2})}, {"a", 1}}));
  EXPECT_NE(Json({{"a", 1}}), Json({{"a", 2}}));
  EXPECT_NE(Json({{"a", 1}}), Json({{"b", 1}}));
  EXPECT_NE(Json({{"a", 1}}), Json({{"a", 1}, {"b", 1}}));
  EXPECT_NE(Json::array({1, 2}), Json::array({2, 1}));
  EXPECT_NE(Json::array({1, 2}), Json::array({1}));
}

TEST(Json, EqualsNothingOfAnotherKind) {
  const Json values[] = {Json(), false, 0, "", Json::array(), Json::object(), "0", "false"};
  for (const Json& one : values)
    for (const Json& other : values) EXPECT_EQ(one == other, &one == &other) << json_line(one) << json_line(other);
}

TEST(Json, EqualsWideObjectsInOtherOrderInLittleMoreThanTheirSize) {
  Json::Object forwards, backwards;
  for (int key = 0; key < 200'000; ++key) forwards.emplace_back(std::to_string(key), key);
  backwards.assign(forwards.rbegin(), forwards.rend());
  EXPECT_EQ(Json(std::move(forwards)), Json(std::move(backwards)));
}

}  // namespace
}  // namespace nib
