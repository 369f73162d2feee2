#pragma once

#include <cstddef>
#include <optional>

#include "images/preparation/field.h"
#include "images/preparation/polygon.h"
#include "images/preparation/sheet.h"

namespace nib {

/// A sheet seen from straight above, without what lies around it.
class FlatSheet {
 public:
  /// A sheet of four corners inside the picture: its perspective is undone. Any other: its box, in which what is
  /// outside of the sheet has the light that a smooth surface through the sheet's own light has there.
  FlatSheet(const Field& light, const Sheet& sheet);

  const Field& light() const { return light_; }
  /// The box in the picture around a box on the sheet, both in pixels.
  Box in_picture(const Box& box) const;

 private:
  void undo_perspective(const Field& light, const Quadrilateral& corners);
  void cut_out(const Field& light, const Polygon& outline);
  Place in_picture(const Place& place) const;

  std::size_t picture_rows_, picture_columns_;
  Field light_{};
  std::optional<SquareTo> to_picture_{};
  Place corner_{};  ///< of the box, where there is no perspective
};

}  // namespace nib
