#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "nib/network.h"
#include "nib/parameters.h"
#include "score/no_digits.h"

namespace nib {

/// What a judge is given of an image: a byte each for the units of a network's last hidden layer, which know what they
/// take an image for, and for means of its feature maps, which know of what strokes it consists.
struct JudgeInput {
  std::uint32_t units = 0, maps = 0;    ///< how many numbers, see cpu::FeatureReader
  std::uint32_t cells = 3;              ///< a side, that feature maps are divided into
  float full_units = 1, full_maps = 1;  ///< a number of this much, or more, is 255
  bool operator==(const JudgeInput&) const = default;

  std::size_t size() const { return std::size_t{units} + maps; }
  /// Writes the units' and then the maps' bytes.
  void write(std::span<const float> unit_values, std::span<const float> map_values,
             std::span<std::uint8_t> bytes) const;
};

/// Says of what a network makes of an image whether it lies where digits lie, and if not, where else: a network of one
/// hidden layer. It is kept in one byte a weight.
struct Judge {
  JudgeInput input{};
  std::uint32_t hidden = 0;           ///< units of its hidden layer
  float first_scale = 0;              ///< what 1 means in `first`, whose inputs are 0 to 1
  float second_scale = 0;             ///< and in `second`
  std::vector<std::int8_t> first{};   ///< (unit, input), then a bias a unit
  std::vector<std::int8_t> second{};  ///< (kind, unit), then a bias a kind
  bool operator==(const Judge&) const = default;

  /// The probability of each kind of Shown: behind relu and softmax, as all networks are. Sums of whole numbers up to
  /// the hidden layer's relu: the same on every machine.
  std::array<double, shown_kinds> verdict(std::span<const std::uint8_t> bytes) const;
};

/// A probability that is precise near 0: that the image shows no digit.
double none(const std::array<double, shown_kinds>& verdict);

/// The network that learns to be a judge: its images are the bytes of an input, in rows of 64, the last one filled up
/// with zeros.
Network judge_network(const JudgeInput& input);
/// A judge of what that network has learnt.
Judge judge_of(const Parameters& parameters, const JudgeInput& input);

}  // namespace nib
