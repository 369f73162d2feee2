#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "encodings/json.h"

namespace nib {
namespace {

std::string written(const nlohmann::json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

struct PlainText {
  std::string operator()(const JsonNull&) const { return "null"; }
  std::string operator()(const Json::Array&) const { return "[]"; }
  std::string operator()(const Json::Object&) const { return "{}"; }
  template <typename Value>
  std::string operator()(const Value& value) const {
    return written(value);
  }
};

/// A value without elements.
std::string plain_text(const Json& value) { return value.visit(PlainText()); }

/// How the parts of a document are set apart; with `wide`, lines are broken where elements have elements of their own.
struct Writer {
  bool wide;
  std::string text{};

  void write(const Json& value, std::size_t indent) {
    if (value.size() == 0) {
      text += plain_text(value);
      return;
    }
    const bool nested = value.is_object() || std::ranges::any_of(value.items(), &Json::is_structured);
    const bool rows = wide && nested;
    const std::string begin = rows ? '\n' + std::string(indent + 2, ' ') : "";
    std::string separator = begin;
    text += value.is_object() ? '{' : '[';
    const auto next = [&] {
      text += separator;
      separator = rows ? ',' + begin : wide ? ", " : ",";
    };
    if (value.is_object())
      for (const Json::Member& member : value.members()) {
        next();
        text += plain_text(member.key) + (wide ? ": " : ":");
        write(member.value, indent + 2);
      }
    else
      for (const Json& element : value.items()) {
        next();
        write(element, indent + 2);
      }
    if (rows) text += '\n' + std::string(indent, ' ');
    text += value.is_object() ? '}' : ']';
  }
};

}  // namespace

std::string json_text(const Json& document) {
  Writer writer{.wide = true};
  writer.write(document, 0);
  return writer.text + '\n';
}

std::string json_line(const Json& value) {
  Writer writer{.wide = false};
  writer.write(value, 0);
  return writer.text;
}

std::string describe_json(const Json& value) {
  if (value.is_object()) return "an object";
  if (value.is_array()) return fmt::format("an array of {}", value.size());
  return printable(json_line(value), 60);
}

}  // namespace nib
