#include "encodings/json_object.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>

#include "base/text.h"

namespace nib {

using nlohmann::json;

json parse_strict_json(std::string_view text, const std::string& source, int deepest) {
  std::vector<std::set<std::string>> keys;  // of the objects that are open
  const auto check = [&](int depth, json::parse_event_t event, json& value) {
    if (depth > deepest)
      throw input_error({.file = source,
                         .problem = "JSON is nested too deep",
                         .expected = fmt::format("at most {} levels", deepest)});
    if (event == json::parse_event_t::object_start) keys.emplace_back();
    if (event == json::parse_event_t::object_end) keys.pop_back();
    if (event == json::parse_event_t::key && !keys.back().insert(value.get<std::string>()).second)
      throw input_error(
          {.file = source, .field = value.get<std::string>(), .problem = "key stands twice in an object"});
    return true;
  };
  try {
    return json::parse(text.begin(), text.end(), check);
  } catch (const json::parse_error& error) {
    const std::string_view before = text.substr(0, error.byte ? std::min(error.byte - 1, text.size()) : 0);
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0: the first line
    throw input_error({.file = source,
                       .field = fmt::format("line {}, column {}", line, before.size() - line_start + 1),
                       .problem = before.size() == text.size() ? "JSON ends too early" : "not valid JSON"});
  } catch (const json::exception&) {
    throw input_error({.file = source, .problem = "JSON holds a number out of range"});
  }
}

std::string describe_json(const json& value) {
  switch (value.type()) {
    case json::value_t::object:
      return "an object";
    case json::value_t::array:
      return fmt::format("an array of {}", value.size());
    default:
      return printable(value.dump(), 60);
  }
}

JsonObject::JsonObject(const json& value, std::string path, const std::string& source)
    : object_(value), path_(std::move(path)), source_(source) {
  if (!value.is_object()) throw error(path_, "wrong type", "an object", describe_json(value));
}

const json* JsonObject::optional(const std::string& key) {
  known_.push_back(key);
  const auto found = object_.find(key);
  return found == object_.end() ? nullptr : &*found;
}

const json& JsonObject::value(const std::string& key) {
  const json* found = optional(key);
  if (!found) throw error(path(key), "key is missing");
  return *found;
}

std::uint32_t JsonObject::count(const std::string& key) { return count(value(key), path(key)); }

std::uint32_t JsonObject::count(const json& value, const std::string& at) const {
  constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() < 1 || value.get<std::uint64_t>() > most)
    throw error(at, value.is_number() ? "number out of range" : "wrong type", "a whole number of at least 1",
                describe_json(value));
  return value.get<std::uint32_t>();
}

std::vector<std::uint32_t> JsonObject::counts(const std::string& key, std::size_t size) {
  const json& array = value(key);
  if (!array.is_array() || array.size() != size)
    throw error(path(key), array.is_array() ? "wrong length" : "wrong type", fmt::format("an array of {}", size),
                describe_json(array));
  std::vector<std::uint32_t> numbers;
  for (const json& element : array) numbers.push_back(count(element, path(key, numbers.size())));
  return numbers;
}

std::array<std::uint32_t, 2> JsonObject::pair(const std::string& key) {
  const std::vector<std::uint32_t> numbers = counts(key, 2);
  return {numbers[0], numbers[1]};
}

std::array<std::uint32_t, 2> JsonObject::pair_or(const std::string& key, std::array<std::uint32_t, 2> standard) {
  return optional(key) ? pair(key) : standard;
}

double JsonObject::number(const std::string& key) {
  const json& found = value(key);
  if (!found.is_number()) throw error(path(key), "wrong type", "a number", describe_json(found));
  return found.get<double>();
}

std::size_t JsonObject::word_index(const std::string& key, const std::vector<std::string>& words) {
  const json& found = value(key);
  const auto word = std::find(words.begin(), words.end(), found.is_string() ? found.get<std::string>() : "");
  if (word == words.end())
    throw error(path(key), found.is_string() ? "unknown value" : "wrong type",
                fmt::format("{}", fmt::join(words, " or ")), describe_json(found));
  return static_cast<std::size_t>(word - words.begin());
}

std::string JsonObject::path(const std::string& key) const { return path_.empty() ? key : path_ + "." + key; }

std::string JsonObject::path(const std::string& key, std::size_t index) const {
  return fmt::format("{}[{}]", path(key), index);
}

Error JsonObject::error(std::string at, std::string problem, std::string expected, std::string got) const {
  return input_error({.file = source_,
                      .field = std::move(at),
                      .problem = std::move(problem),
                      .expected = std::move(expected),
                      .got = std::move(got)});
}

void JsonObject::finish() const {
  for (const auto& [key, value] : object_.items())
    if (std::find(known_.begin(), known_.end(), key) == known_.end()) {
      const auto meant = nearest(key, known_);
      throw input_error({.file = source_,
                         .field = path(key),
                         .problem = "unknown key",
                         .expected = join_words(known_),
                         .hint = meant ? "did you mean \"" + *meant + "\"?" : ""});
    }
}

}  // namespace nib
