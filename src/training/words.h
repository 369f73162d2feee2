#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nib {

/// The values of an enum, and what users call each.
template <typename Value, std::size_t count>
using Words = std::array<std::pair<Value, const char*>, count>;

template <typename Value, std::size_t count>
const char* word_in(const Words<Value, count>& words, Value value) {
  return std::ranges::find(words, value, [](const auto& each) { return each.first; })->second;
}

template <typename Value, std::size_t count>
std::optional<Value> value_in(const Words<Value, count>& words, std::string_view word) {
  for (const auto& [value, name] : words)
    if (name == word) return value;
  return std::nullopt;
}

template <typename Value, std::size_t count>
std::vector<std::string> names_in(const Words<Value, count>& words) {
  std::vector<std::string> names;
  for (const auto& each : words) names.emplace_back(each.second);
  return names;
}

}  // namespace nib
