#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace nib {

/// A template, so that it can be used before Json is complete.
template <typename Value>
struct JsonMember {
  JsonMember(std::string_view name, Value content) : key(name), value(std::move(content)) {}
  std::string key;
  Value value;
  friend bool operator==(const JsonMember&, const JsonMember&) = default;
};

/// The value null. It is not trivially copyable, on purpose: libstdc++ takes a variant of trivial types, strings and
/// vectors for one that always has a value, and then destroys one that it does not have where copying it throws.
struct JsonNull {
  JsonNull() = default;
  JsonNull(const JsonNull&) {}
  JsonNull& operator=(const JsonNull&) { return *this; }
  friend bool operator==(const JsonNull&, const JsonNull&) { return true; }
};

/// A JSON value; objects keep the order of their keys. Documents are written as nested lists:
/// `Json document = {{"name", name}, {"images", {{"training", 54000}}}, {"files", Json::array()}};`
/// This header is small on purpose: the library that parses and writes JSON stands behind it, in two files.
class Json {
 public:
  using Member = JsonMember<Json>;
  using Array = std::vector<Json>;
  using Object = std::vector<Member>;

  Json() = default;  ///< null
  Json(std::nullptr_t) {}
  /// Of a bool alone: no pointer becomes one.
  template <std::same_as<bool> Bool>
  Json(Bool value) : value_(value) {}
  Json(const char* text) : value_(std::string(text)) {}
  Json(std::string_view text) : value_(std::string(text)) {}
  Json(std::string text) : value_(std::move(text)) {}
  template <std::floating_point Number>
  Json(Number number) : value_(static_cast<double>(number)) {}
  template <std::unsigned_integral Number>
    requires(!std::same_as<Number, bool>)
  Json(Number number) : value_(static_cast<std::uint64_t>(number)) {}
  /// Zero and above are whole numbers, whatever their type.
  template <std::signed_integral Number>
  Json(Number number) {
    if (number < 0)
      value_ = static_cast<std::int64_t>(number);
    else
      value_ = static_cast<std::uint64_t>(number);
  }
  /// Null for nothing.
  template <typename Value>
  Json(const std::optional<Value>& value) {
    if (value) *this = Json(*value);
  }
  template <typename Value>
    requires(!std::same_as<Value, Json> && !std::same_as<Value, Member>)
  Json(const std::vector<Value>& values) : value_(Array(values.begin(), values.end())) {}
  Json(Array values);
  Json(Object members);  ///< no key twice
  Json(std::initializer_list<Member> members);

  static Json array(std::initializer_list<Json> values = {});
  static Json object();
  /// As a text with a minus sign has it: "-0" is no whole number.
  static Json with_sign(std::int64_t number);

  bool is_null() const { return std::holds_alternative<JsonNull>(value_); }
  bool is_bool() const { return std::holds_alternative<bool>(value_); }
  bool is_text() const { return std::holds_alternative<std::string>(value_); }
  bool is_whole() const { return std::holds_alternative<std::uint64_t>(value_); }  ///< a whole number from 0
  bool is_number() const;
  bool is_array() const { return std::holds_alternative<Array>(value_); }
  bool is_object() const { return std::holds_alternative<Object>(value_); }
  bool is_structured() const { return is_array() || is_object(); }

  /// What the value is: throws std::bad_variant_access for another kind.
  bool boolean() const { return std::get<bool>(value_); }
  const std::string& text() const { return std::get<std::string>(value_); }
  std::uint64_t whole() const { return std::get<std::uint64_t>(value_); }
  double number() const;  ///< any number
  const Array& items() const { return std::get<Array>(value_); }
  const Object& members() const { return std::get<Object>(value_); }

  /// Elements or members; 0 for anything else.
  std::size_t size() const;

  /// The value of a key, or null where this is no object or has no such key.
  const Json* find(std::string_view key) const;
  Json* find(std::string_view key);
  /// The value of a key, null where there is none.
  const Json& operator[](std::string_view key) const;
  /// The value of a key, which is added where there is none; null becomes an object.
  Json& operator[](std::string_view key);
  void erase(std::string_view key);
  /// Sets each of the other object's keys.
  void update(const Json& other);

  /// Calls `visitor` with what the value is: JsonNull for null.
  template <typename Visitor>
  auto visit(const Visitor& visitor) const {
    return std::visit(visitor, value_);
  }

  /// Adds an element; null becomes an array.
  void push_back(Json value);

  /// Numbers are equal when their values are, members in any order.
  friend bool operator==(const Json& one, const Json& other);

 private:
  std::variant<JsonNull, bool, std::int64_t, std::uint64_t, double, std::string, Array, Object> value_;
};

/// A document as this program writes it, in files as on standard output: objects and nested arrays have a line for each
/// element; an array of plain values is one line, as a row of a matrix is. What is not UTF-8, as a path may be, is
/// replaced.
std::string json_text(const Json& document);

/// The same without spaces, in one line.
std::string json_line(const Json& value);

/// A value takes many times the two bytes that it may have in a text: this many take about 200 MB at most.
inline constexpr std::size_t most_json_values = 1'000'000;

/// Parses untrusted JSON. Beyond the grammar, a key twice in an object, more than `deepest` objects and arrays within
/// each other and more than most_json_values in all are errors (bad input), and so is a NUL byte anywhere, which could
/// hide what stands behind it; `source` names the text in them.
Json parse_json(std::string_view text, const std::string& source, int deepest);

/// What was found where something else was expected: a number or word as it stands, else "an object" and so on.
std::string describe_json(const Json& value);

}  // namespace nib
