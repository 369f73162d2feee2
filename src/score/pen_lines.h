#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace nib {

inline constexpr float full_turn = 6.2831853F;  ///< in radians

struct PenPoint {
  float x = 0, y = 0;
};
/// Places that a pen goes through, straight from each to the next.
using PenLine = std::vector<PenPoint>;

/// The same with its corners cut twice (Chaikin's algorithm, 1974): a hand's way around them. Its ends stay.
PenLine rounded(const PenLine& line);

/// What lines are drawn with: an ellipse.
struct Pen {
  float width = 2;  ///< of its longer axis, in 28ths of an image's smaller side
  float flat = 1;   ///< its shorter axis, of the longer: below 1 strokes are wide or narrow by their direction
  float angle = 0;  ///< of the longer axis, from across towards down
};

/// Draws lines of any size as the images of MNIST are: their box fitted into 20/28 of the image's smaller side,
/// proportions kept, moved by whole pixels so that the centre of mass comes into the first pixel beyond the middle; the
/// edge of what is drawn is one pixel soft. `pixels` is (row, column), and written all over.
void draw_as_digit(std::span<const PenLine> lines, const Pen& pen, std::uint32_t rows, std::uint32_t columns,
                   std::span<std::uint8_t> pixels);

/// Moves what is drawn by whole pixels, so that its centre of mass comes into the first pixel beyond the middle.
void centre_by_mass(std::uint32_t rows, std::uint32_t columns, std::span<std::uint8_t> pixels);

}  // namespace nib
