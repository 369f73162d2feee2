#pragma once

#include <cairo.h>

#include <cstdint>
#include <string>
#include <vector>

#include "images/decoding/decode.h"
#include "images/preparation/field.h"
#include "support/random_numbers.h"

namespace nib::styles {

/// Numbers that belong to one picture of one kind, from Philox: the same on every machine.
class PictureRandom : public test::RandomNumbers {
 public:
  PictureRandom(std::uint32_t set, std::uint32_t kind, std::uint32_t picture)
      : RandomNumbers(21, {picture, kind, set}) {}
};

/// Ink to draw on with Cairo: 0 on paper, 1 in full ink. The pen is round, and as wide as is asked for.
class Canvas {
 public:
  Canvas(std::size_t rows, std::size_t columns);
  ~Canvas();
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;

  cairo_t* pen() { return pen_; }
  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return columns_; }
  /// Through these points, (x, y) after (x, y), each led astray by up to `shake` pixels.
  void line(const std::vector<double>& points, double shake, PictureRandom& random, bool closed = false);
  void circle(double x, double y, double radius);
  Field ink() const;

 private:
  std::size_t rows_, columns_;
  cairo_surface_t* surface_;
  cairo_t* pen_;
};

/// Families of installed fonts that have the Latin letters, sorted.
std::vector<std::string> letter_fonts();

/// A photo of ink on paper as styles.h has them: a pen of 30 to 80 on paper of 190 to 240 or, every fourth time, chalk;
/// edges 1.5 to 3 pixels soft, light that falls off by up to 12 %, a mottle of up to 3 levels, noise of 3 to 6.
GreyImage photograph(const Field& ink, PictureRandom& random);

}  // namespace nib::styles
