#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "encodings/json.h"

namespace nib {

/// The rows of the classification report as numbers: of each class its number and name, precision, recall, f1 and how
/// many test images it has (`support`). `confusion` is a row a true class.
Json class_figures(std::span<const std::uint64_t> confusion, const std::vector<std::string>& class_names);

}  // namespace nib
