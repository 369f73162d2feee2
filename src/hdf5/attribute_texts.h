#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nib {

/// The texts of an attribute, read from the bytes of an HDF5 file (HDF5 File Format Specification, versions 2 and 3):
/// fixed or variable length, one or an array of one dimension. `object_header` is where the header of the object begins
/// that has it. Nothing where there is no such attribute, an empty list where it holds no texts but other things.
/// libhdf5 is not asked, because it crashes on damaged texts of variable length. Throws Error (bad input) naming the
/// attribute.
std::optional<std::vector<std::string>> attribute_texts(std::span<const std::uint8_t> file, std::uint64_t object_header,
                                                        std::string_view name);

}  // namespace nib
