#pragma once

#include "drawing/drawing.h"

namespace nib {

/// How strongly a cell of the confusion matrix is coloured, and the role of a text on it that has a contrast of 4.5 to
/// 1 on paper and in the dark. The shades between 0.5 and 0.85 are left out, for on them neither ink nor paper has it.
struct Shade {
  double opacity;
  Role text;
};

/// Of right ones, by the share of their class that they are: on a log scale of what is missing, so that 97 % differs
/// from 99.9 %. From 99 % on dark.
Shade shade_of_right(double share);

/// Of wrong ones, by the share of their true class: on a log scale from 0.01 % to 10 %.
Shade shade_of_wrong(double share);

}  // namespace nib
