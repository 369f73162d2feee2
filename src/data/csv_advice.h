#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "data/csv_images.h"

namespace nib {

/// Rows and columns of a square image of so many pixels; nullopt where there is none that a set may have.
std::optional<std::uint32_t> square_side(std::size_t pixels);

/// In a table without names whose first column is one number throughout, while the last one has all numbers from 0 or
/// 1 to some other: the labels are there, and the first column is a pixel of the margin. `images` are as they were
/// read, with labels in the first column, and are changed and told so.
void take_labels_from_the_end(CsvImages& images);

/// What to do about a table that cannot be read; nothing where that is not known. Of a line that ends nowhere; of a
/// first line whose columns, so many of which may be pixels, are no image; of a cell that is no number from 0 to 255.
std::string hint_at_line_ends(std::string_view line);
std::string hint_at_columns(std::string_view line, std::size_t pixels, bool has_names);
std::string hint_at_cell(std::string_view cell, bool is_label);

}  // namespace nib
