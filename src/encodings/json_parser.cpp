#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>
#include <variant>

#include "base/error.h"
#include "base/text.h"
#include "encodings/json.h"

namespace nib {
namespace {

/// The place behind a part of a text: line and column, from 1.
std::string place_behind(std::string_view before) {
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0: the first line
  return fmt::format("line {}, column {}", line, before.size() - line_start + 1);
}

/// Where the text stops being JSON.
Error syntax_error(std::string_view text, std::size_t byte, const std::string& source) {
  const std::string_view before = text.substr(0, byte ? std::min(byte - 1, text.size()) : 0);
  return input_error({.file = source,
                      .field = place_behind(before),
                      .problem = before.size() == text.size() ? "JSON ends too early" : "not valid JSON"});
}

/// The library takes a NUL for the end of the text.
void refuse_nul(std::string_view text, const std::string& source) {
  const std::size_t nul = text.find('\0');
  if (nul == std::string_view::npos) return;
  const bool utf16 = text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff");
  throw input_error({.file = source,
                     .field = place_behind(text.substr(0, nul)),
                     .problem = "NUL byte in the JSON text",
                     .hint = utf16 ? "the text is in UTF-16: save it as UTF-8" : ""});
}

/// Builds the value from the library's events, in the order of the text and with few steps for each of them: whatever a
/// text holds, time grows with its length alone (but for a logarithm).
class Builder {
 public:
  Builder(std::string_view text, const std::string& source, int deepest)
      : text_(text), source_(source), deepest_(deepest) {}

  bool null() { return add(nullptr); }
  bool boolean(bool value) { return add(value); }
  bool number_integer(std::int64_t value) { return add(Json::with_sign(value)); }
  bool number_unsigned(std::uint64_t value) { return add(value); }
  bool number_float(double value, const std::string&) { return add(value); }
  bool string(std::string& value) { return add(std::move(value)); }
  bool binary(nlohmann::json::binary_t&) { return false; }  // never in a text

  bool start_object(std::size_t) { return open(Json::Object()); }
  bool start_array(std::size_t) { return open(Json::Array()); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool key(std::string& value) {
    if (!open_.back().keys.insert(value).second)
      throw input_error({.file = source_, .field = value, .problem = "key stands twice in an object"});
    open_.back().key = std::move(value);
    return true;
  }

  bool parse_error(std::size_t byte, const std::string&, const nlohmann::json::exception& error) {
    if (dynamic_cast<const nlohmann::json::parse_error*>(&error)) throw syntax_error(text_, byte, source_);
    throw input_error({.file = source_, .problem = "JSON holds a number out of range"});
  }

  Json result() && { return std::move(result_); }

 private:
  /// An object or array whose end has not come yet.
  struct Open {
    std::variant<Json::Object, Json::Array> elements;
    std::set<std::string> keys{};
    std::string key{};  ///< of the member that comes next
  };

  bool open(std::variant<Json::Object, Json::Array> elements) {
    if (open_.size() >= static_cast<std::size_t>(deepest_))
      throw input_error({.file = source_,
                         .problem = "JSON is nested too deep",
                         .expected = fmt::format("at most {} levels", deepest_)});
    open_.push_back({.elements = std::move(elements)});
    return true;
  }

  bool add(Json value) {
    if (++values_ > most_json_values)
      throw input_error({.file = source_,
                         .problem = "JSON holds too many values",
                         .expected = fmt::format("at most {}", with_commas(most_json_values))});
    if (open_.empty())
      result_ = std::move(value);
    else if (auto* object = std::get_if<Json::Object>(&open_.back().elements))
      object->emplace_back(open_.back().key, std::move(value));
    else
      std::get<Json::Array>(open_.back().elements).push_back(std::move(value));
    return true;
  }

  bool close() {
    Json value = std::visit([](auto& elements) { return Json(std::move(elements)); }, open_.back().elements);
    open_.pop_back();
    return add(std::move(value));
  }

  std::string_view text_;
  const std::string& source_;
  int deepest_;
  std::vector<Open> open_;
  std::size_t values_ = 0;
  Json result_;
};

}  // namespace

Json parse_json(std::string_view text, const std::string& source, int deepest) {
  refuse_nul(text, source);
  Builder builder(text, source, deepest);
  nlohmann::json::sax_parse(text.begin(), text.end(), &builder);
  return std::move(builder).result();
}

}  // namespace nib
