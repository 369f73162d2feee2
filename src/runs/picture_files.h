#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/notes.h"
#include "drawing/drawing.h"
#include "runs/output_folder.h"

namespace nib {

/// NAME.png and NAME.svg for each name.
std::vector<std::string> picture_files(const std::vector<std::string>& names);

/// The files that a command wrote in words; pictures, of which there are many, as a number: "run.json, history.csv and
/// 8 pictures, each as PNG and SVG".
std::string files_in_words(const std::vector<std::string>& written);

/// Writes pictures into a folder, both files of each.
class PictureWriter {
 public:
  PictureWriter(OutputFolder& folder, Notes& notes) : folder_(folder), notes_(notes) {}

  /// Both are named after the drawing. Returns the bytes of the PNG file; none where it cannot be drawn, as without its
  /// font: that is warned of, and everything else is written all the same.
  std::vector<std::uint8_t> write(const Drawing& drawing);

 private:
  OutputFolder& folder_;
  Notes& notes_;
  std::string told_{};  ///< why a picture could not be drawn: once is enough
};

}  // namespace nib
