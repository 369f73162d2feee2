#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "nib/dataset.h"

namespace nib::synthetic {

/// Images that look like digits as far as an engine can tell, made by integer arithmetic alone, so that they are the
/// same everywhere. Image n is of class n mod classes. Every eleventh image is blank. The rest have a blank border of
/// an eighth of each side, and inside it strokes of a direction and distance that belong to the class: the pixel at
/// (row, column) is inked where
///     (row * (class mod 3 + 1) + column * (class mod 4 + 1) + n / classes) mod (class mod 5 + 3) < 2
/// with full ink (255) in every even image, whose flat strokes make pooling windows tie, and in odd ones with a grey of
/// 55 + (row * 31 + column * 17 + n * 13) mod 201.
Dataset digits(std::uint32_t rows, std::uint32_t columns, std::uint32_t classes, std::uint32_t count);

/// The same, as engines take it.
std::shared_ptr<const Dataset> shared_digits(std::uint32_t rows, std::uint32_t columns, std::uint32_t classes,
                                             std::uint32_t count);

/// 0, 1, ..., count - 1.
std::vector<std::uint32_t> file_order(std::size_t count);

}  // namespace nib::synthetic
