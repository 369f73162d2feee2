#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace nib {

/// A set of equally sized grey images with a class for each: what an IDX pair of files holds.
struct Dataset {
  std::uint32_t rows = 0;                ///< pixels, 1 to 256
  std::uint32_t columns = 0;             ///< pixels, 1 to 256
  std::vector<std::string> class_names;  ///< one a class; labels are indices into it
  std::vector<std::uint8_t> pixels;      ///< (image, row, column), 0 is background, 255 is full ink
  std::vector<std::uint8_t> labels;      ///< one an image; empty where the classes are not known

  std::size_t size() const { return rows && columns ? pixels.size() / (std::size_t{rows} * columns) : 0; }
  const std::uint8_t* image(std::size_t index) const { return pixels.data() + index * rows * columns; }
};

/// The two parts of a training set. `validation` is null when nothing is held out.
struct Split {
  std::shared_ptr<const Dataset> training;
  std::shared_ptr<const Dataset> validation;
};

/// How many images of `count` stay for training: floor(count * (1 - fraction)) in doubles, as Keras
/// computes it (so 0.8 of 60,000 leaves 11,999, not 12,000).
std::size_t training_count(std::size_t count, double fraction);

/// Holds out the last images, before any shuffle. Throws Error (usage) when either part would be empty;
/// a fraction of 0 holds nothing out.
Split split_validation(Dataset dataset, double fraction);

}  // namespace nib
