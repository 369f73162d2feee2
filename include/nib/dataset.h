#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "nib/packed_images.h"

namespace nib {

/// A set of equally sized grey images with a class for each: what an IDX pair of files holds.
struct Dataset {
  std::uint32_t rows = 0;                        ///< pixels, 1 to 256
  std::uint32_t columns = 0;                     ///< pixels, 1 to 256
  std::vector<std::string> class_names;          ///< one a class; labels are indices into it
  std::vector<std::uint8_t> pixels;              ///< (image, row, column), 0 is background, 255 is full ink
  std::vector<std::uint8_t> labels;              ///< one an image; empty where the classes are not known
  std::shared_ptr<const PackedImages> packed{};  ///< in place of the pixels, see pack_images()

  std::size_t size() const {
    if (packed) return packed->size();
    return rows && columns ? pixels.size() / (std::size_t{rows} * columns) : 0;
  }
  /// (row, column), of a set that is not packed.
  const std::uint8_t* image(std::size_t index) const {
    if (packed) throw std::logic_error("the images are packed");
    return pixels.data() + index * rows * columns;
  }
  /// The same of any set: where it is packed, the image is unpacked into `room` and lasts as long as that.
  const std::uint8_t* image(std::size_t index, std::vector<std::uint8_t>& room) const {
    if (!packed) return image(index);
    room.resize(std::size_t{rows} * columns + PackedImages::slack);
    packed->unpack(index, room.data());
    return room.data();
  }
  /// Has the processor fetch an image that is wanted soon.
  void fetch(std::size_t index) const {
    if (packed) return packed->fetch(index);
    const std::size_t size = std::size_t{rows} * columns;
    for (std::size_t i = 0; i < size; i += 64) __builtin_prefetch(pixels.data() + index * size + i);
  }
};

/// Packs the images of a set on so many threads, where that takes fewer bytes: for a set that is kept for long and of
/// which a few images are looked at at a time. Who reads it has to take any set, see Dataset::image().
void pack_images(Dataset& dataset, unsigned threads);

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
