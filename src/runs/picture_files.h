#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "drawing/drawing.h"
#include "runs/output_folder.h"

namespace nib {

/// NAME.png and NAME.svg for each name.
std::vector<std::string> picture_files(const std::vector<std::string>& names);

/// The files that a command wrote in words; pictures, of which there are many, as a number: "run.json, history.csv and
/// 8 pictures, each as PNG and SVG".
std::string files_in_words(const std::vector<std::string>& written);

/// Writes both files of a picture, named after it. Returns the bytes of the PNG file.
std::vector<std::uint8_t> write_picture(OutputFolder& folder, const Drawing& drawing);

}  // namespace nib
