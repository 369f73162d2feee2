#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "nib/network.h"

namespace nib {

/// Ways to move an image, by as many pixels as are a twenty-eighth of its smaller side.
inline constexpr std::size_t moves = 4;

/// An image (row, column) moved up, down, to the left and to the right; what comes in is background. Nothing for images
/// of less than 20 pixels a side, in which a pixel is much.
std::optional<std::array<std::vector<std::uint8_t>, moves>> moved_images(std::span<const std::uint8_t> pixels,
                                                                         const Shape& input);

/// Below this mean probability an answer is not stable; chosen on pictures, see docs/own-images.md.
inline constexpr double least_stable = 0.65;

/// How an answer holds where the image is moved.
struct Stability {
  double probability = 0;  ///< of the image's own likeliest class, the mean over the image and the moved ones
  std::size_t own = 0;     ///< that class
  std::size_t other = 0;   ///< the likeliest of the others in that mean
  bool agreed = true;      ///< all of them have the same likeliest class
  /// `least`: least_stable, or where a score tells more of the image already, its least_sure.
  bool stable(double least) const { return probability >= least; }
};

/// Of the probabilities of an image and of its moved ones, a class each.
Stability stability_of(std::span<const float> own, const std::array<std::vector<float>, moves>& moved);

/// What to say of an answer that is not stable; `input` is the network's.
std::string unstable_warning(const Stability& stability, const Shape& input,
                             const std::vector<std::string>& class_names);

}  // namespace nib
