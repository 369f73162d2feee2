#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "nib/dataset.h"

namespace nib {

/// The images of both parts of a set in one row: first those of the training part. A view.
class BothParts {
 public:
  /// Images of the two are of one size where there are any; both must outlive this.
  BothParts(const Dataset& training, const Dataset& test) : training_(training), test_(test) {}

  std::size_t size() const { return training_.size() + test_.size(); }
  std::uint32_t rows() const { return some().rows; }
  std::uint32_t columns() const { return some().columns; }
  std::size_t pixels() const { return std::size_t{rows()} * columns(); }  ///< of an image

  bool is_test(std::size_t image) const { return image >= training_.size(); }
  const Dataset& part(std::size_t image) const { return is_test(image) ? test_ : training_; }
  std::size_t index_in_part(std::size_t image) const { return is_test(image) ? image - training_.size() : image; }
  std::span<const std::uint8_t> image(std::size_t image) const {
    return {part(image).image(index_in_part(image)), pixels()};
  }
  /// nullopt in a part without labels.
  std::optional<std::uint8_t> label(std::size_t image) const {
    if (part(image).labels.empty()) return std::nullopt;
    return part(image).labels[index_in_part(image)];
  }

 private:
  const Dataset& some() const { return training_.size() > 0 ? training_ : test_; }

  const Dataset& training_;
  const Dataset& test_;
};

}  // namespace nib
