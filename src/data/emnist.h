#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace nib {

/// What a set of EMNIST's is told of, besides its format.
inline constexpr std::string_view turned_upright = ", turned upright",
                                  counted_from_0 = ", labels from 1 counted from 0";

/// By the name of a set or of its files, such as emnist-letters. Its images are stored with rows and columns swapped,
/// and the labels of its letters begin at 1.
bool is_emnist(const std::string& name);

/// Swaps rows and columns of square images in place.
void turn_upright(std::vector<std::uint8_t>& pixels, std::size_t side);

/// The names of classes from the set's mapping file NAME-mapping.txt in a folder, whose lines are a label and the codes
/// of the characters that it stands for: "1 65 97" is class 1, "Aa". Nothing without such a file. Throws Error (bad
/// input, io).
std::vector<std::string> mapped_names(const std::filesystem::path& folder, const std::string& name);

}  // namespace nib
