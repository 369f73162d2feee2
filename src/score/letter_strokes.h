#pragma once

#include <cstddef>
#include <vector>

#include "score/pen_lines.h"

namespace nib {

/// How many letters there are: upper and lower case, without those that look like a digit (O o I l S s Z z B b g q),
/// some of them in two ways.
std::size_t letter_count();

/// The strokes of a letter on a grid of 0 to 4 across and 0 to 6 down, as a person draws it, and which of them are to
/// be rounded().
struct LetterStroke {
  PenLine line{};
  bool round = false;
};
std::vector<LetterStroke> letter_strokes(std::size_t letter);

}  // namespace nib
