#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engines/cpu/block.h"

namespace nib::cpu {

/// Where a convolution finds its numbers, in floats. A window is what pooling makes one output of; its candidates are
/// the positions of the convolution in it: four, or one without pooling.
struct ConvolutionGeometry {
  ConvolutionGeometry(const ConvolutionPlan& plan, const Extent& input, const Extent& output);

  bool narrow;             ///< the input is the grey image: one float a pixel
  std::uint32_t channels;  ///< of the output, padded
  std::size_t run, taps;   ///< floats of one kernel row, and of one kernel
  std::uint32_t windows, candidates;
  std::size_t image_row, image_size;         ///< of the input with its padding
  bool padded;                               ///< that is not the input as it lies
  std::uint32_t candidate_offset[4] = {};    ///< from a window's first input to that of each candidate
  std::vector<std::uint32_t> window_offset;  ///< from an image's first input to that of each window
  std::vector<std::uint32_t> tap_offset;     ///< from a candidate's first input to that of each (kernel row, column)

  /// Where the canonical weight (out, in, y, x) lies: narrow inputs have [out / 16][y][x][out % 16], others
  /// [in / 16][out][y][x][in % 16].
  std::vector<std::uint32_t> weight_positions(const ConvolutionPlan& plan) const;
};

}  // namespace nib::cpu
