#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace nib {

inline constexpr std::uint64_t largest_csv_file = std::uint64_t{4} << 30;  ///< bytes

/// The images of a CSV table, a row each: Kaggle's "label,pixel0,...,pixel783" and its like.
struct CsvImages {
  std::uint32_t count = 0;
  std::uint32_t side = 0;            ///< rows and columns of an image
  std::vector<std::uint8_t> pixels;  ///< (image, row, column)
  std::vector<std::uint8_t> labels;  ///< one an image; empty where the table has none
  bool named = false;                ///< the first line has names of the columns
  std::string columns{};             ///< what is unusual about its columns, in words; mostly empty
};

/// True where a file that begins so is a table of some kind: its first line is text with a few commas in it.
bool may_be_csv(std::span<const std::uint8_t> beginning);

/// Reads a table row by row: the whole text is never in memory. The first line may be a header: its column label,
/// labels, class, digit, target or y holds the labels; id, index, ImageId, pandas's "Unnamed: 0" and a column without a
/// name are left out. Without names the labels are in the first column, where there is one column more than a square
/// image has pixels; or in the last one, where that has all numbers from 0 to some other and the first is one number
/// throughout. Values are whole numbers from 0 to 255, in quotes or not, also as 5.0 or 5.00e+00. Lines may end as
/// Windows ends them; a byte order mark and empty last lines are nothing. Throws Error: io, or bad input naming line
/// and column.
CsvImages read_csv_images(const std::filesystem::path& path);

}  // namespace nib
