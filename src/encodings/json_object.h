#pragma once

#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"

namespace nib {

/// Parses untrusted JSON. Beyond the grammar, a key twice in an object and nesting over `deepest` levels are errors
/// (bad input); `source` names the text in them.
nlohmann::json parse_strict_json(std::string_view text, const std::string& source, int deepest);

/// What was found where something else was expected: a number or word as it stands, else "an object" and so on.
std::string describe_json(const nlohmann::json& value);

/// One JSON object read key by key; every error names the JSON path. finish() refuses keys that nobody asked for.
class JsonObject {
 public:
  JsonObject(const nlohmann::json& value, std::string path, const std::string& source);

  /// The value of a key that must be there.
  const nlohmann::json& value(const std::string& key);
  /// A whole number from 1 to 2^32 - 1.
  std::uint32_t count(const std::string& key);
  /// Two such numbers.
  std::array<std::uint32_t, 2> pair(const std::string& key);
  std::array<std::uint32_t, 2> pair_or(const std::string& key, std::array<std::uint32_t, 2> standard);
  double number(const std::string& key);

  /// One of some words, each with what it stands for; the first is the default.
  template <typename Value>
  Value choice(const std::string& key, const std::vector<std::pair<std::string, Value>>& choices) {
    std::vector<std::string> words;
    for (const auto& [word, meaning] : choices) words.push_back(word);
    return choices[optional(key) ? word_index(key, words) : 0].second;
  }
  /// The index of the key's value among `words`; the key must be there.
  std::size_t word_index(const std::string& key, const std::vector<std::string>& words);

  /// The path of a key, or of an element of its array: "layers[2].kernel[1]".
  std::string path(const std::string& key) const;
  std::string path(const std::string& key, std::size_t index) const;
  /// The error at a path of this object's text.
  Error error(std::string at, std::string problem, std::string expected = {}, std::string got = {}) const;
  /// Reads whole numbers of at least 1 from an array of exactly `size`.
  std::vector<std::uint32_t> counts(const std::string& key, std::size_t size);

  void finish() const;

 private:
  const nlohmann::json* optional(const std::string& key);
  std::uint32_t count(const nlohmann::json& value, const std::string& at) const;

  const nlohmann::json& object_;
  std::string path_;
  const std::string& source_;
  std::vector<std::string> known_;
};

}  // namespace nib
