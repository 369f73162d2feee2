#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

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

}  // namespace nib
