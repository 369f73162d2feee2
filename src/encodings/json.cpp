#include "encodings/json.h"

#include <algorithm>

namespace nib {
namespace {

std::vector<const Json::Member*> sorted(const Json::Object& members) {
  std::vector<const Json::Member*> result;
  for (const Json::Member& member : members) result.push_back(&member);
  std::ranges::sort(result, {}, &Json::Member::key);
  return result;
}

bool equal_members(const Json::Object& one, const Json::Object& other) {
  return std::ranges::equal(sorted(one), sorted(other),
                            [](const auto* left, const auto* right) { return *left == *right; });
}

}  // namespace

Json::Json(Array values) : value_(std::move(values)) {}

Json::Json(Object members) : value_(std::move(members)) {}

Json::Json(std::initializer_list<Member> members) : value_(Object(members)) {}

Json Json::array(std::initializer_list<Json> values) { return Json(Array(values)); }

Json Json::object() { return Json(Object()); }

Json Json::with_sign(std::int64_t number) {
  Json json;
  json.value_ = number;
  return json;
}

bool Json::is_number() const {
  return is_whole() || std::holds_alternative<std::int64_t>(value_) || std::holds_alternative<double>(value_);
}

double Json::number() const {
  if (const auto* whole = std::get_if<std::uint64_t>(&value_)) return static_cast<double>(*whole);
  if (const auto* negative = std::get_if<std::int64_t>(&value_)) return static_cast<double>(*negative);
  return std::get<double>(value_);
}

std::size_t Json::size() const {
  if (is_array()) return items().size();
  return is_object() ? members().size() : 0;
}

const Json* Json::find(std::string_view key) const {
  const auto* object = std::get_if<Object>(&value_);
  if (!object) return nullptr;
  const auto found = std::ranges::find(*object, key, &Member::key);
  return found == object->end() ? nullptr : &found->value;
}

Json* Json::find(std::string_view key) { return const_cast<Json*>(std::as_const(*this).find(key)); }

const Json& Json::operator[](std::string_view key) const {
  static const Json none;
  const Json* found = find(key);
  return found ? *found : none;
}

Json& Json::operator[](std::string_view key) {
  if (is_null()) value_ = Object();
  if (Json* found = find(key)) return *found;
  auto& object = std::get<Object>(value_);
  object.emplace_back(key, Json());
  return object.back().value;
}

void Json::erase(std::string_view key) {
  if (auto* object = std::get_if<Object>(&value_))
    std::erase_if(*object, [&](const Member& member) { return member.key == key; });
}

void Json::update(const Json& other) {
  for (const Member& member : other.members()) (*this)[member.key] = member.value;
}

void Json::push_back(Json value) {
  if (is_null()) value_ = Array();
  std::get<Array>(value_).push_back(std::move(value));
}

bool operator==(const Json& one, const Json& other) {
  if (one.is_object() && other.is_object()) return equal_members(one.members(), other.members());
  const bool same_kind = one.value_.index() == other.value_.index();
  if (!same_kind && one.is_number() && other.is_number()) return one.number() == other.number();
  return one.value_ == other.value_;
}

}  // namespace nib
