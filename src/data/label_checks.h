#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "data/catalogue.h"

namespace nib {

/// True where each number from 1 to the largest label is there, at least two of them, and 0 is not.
bool begin_at_1(std::span<const std::uint8_t> labels);

/// Throws Error (bad input) where a label is no class, naming its file, its number, its byte where there is one, and
/// its value. `problem` says whose classes these are ("there are 10 classes only"); `hint` is for labels of which
/// nothing better is known than that they are too large: it gives way where they begin at 1.
void check_labels(std::span<const std::uint8_t> labels, const DataFile& file, std::size_t classes,
                  const std::string& problem, const std::string& hint = "");

}  // namespace nib
