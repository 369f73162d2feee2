#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>
#include "encodings/json.h"

namespace nib {

struct ClassProbability {
  std::size_t index;
  float probability;
};

/// The three classes with the highest probabilities (fewer where there are fewer), the first of equals first.
std::vector<ClassProbability> top_classes(std::span<const float> probabilities);

/// "7  98.12 %", a line each.
std::vector<std::string> top_lines(std::span<const ClassProbability> top, const std::vector<std::string>& names);

/// An array of class, name and probability.
Json top_json(std::span<const ClassProbability> top, const std::vector<std::string>& names);

}  // namespace nib
