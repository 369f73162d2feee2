#pragma once

#include <filesystem>

#include "data/data_format.h"

namespace nib {

/// Of a set without a test part, every so many-eth picture in the order of its list is the test part.
inline constexpr std::size_t pictures_a_test_picture = 7;

/// True for a folder of pictures by class: 7/*.png, or that in a folder of the training and one of the test part.
bool holds_picture_set(const std::filesystem::path& path);

/// Reads the pictures of a set (see picture_list.h), prepared or as they are: then all of one size, light ink on a dark
/// ground. Colours become grey as decode_image() does it. The parts are the folders with "train" and "test" in their
/// names; without them pictures are drawn for the test part (see above). Other folders with pictures are left out,
/// and told. Throws Error: io; bad input naming the picture.
LoadedSet read_picture_set(const std::filesystem::path& path, const Reading& reading);

}  // namespace nib
