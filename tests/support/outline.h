#pragma once

#include <cstddef>

#include "images/preparation/field.h"
#include "nib/dataset.h"

namespace nib::styles {

/// What a digit's strokes are drawn from at any size: how far a point lies inside of their outline (negative: outside),
/// in pixels of the data set.
class Outline {
 public:
  /// The outline of the strokes themselves.
  static Outline of_strokes(const Dataset& dataset, std::size_t index);
  /// That of their middle lines, which have no width: nothing is inside.
  static Outline of_middle_lines(const Dataset& dataset, std::size_t index);

  /// `row` and `column` from 0 to the data set's size.
  float inside(float row, float column) const;

 private:
  explicit Outline(Field distance);

  Field distance_;
};

}  // namespace nib::styles
