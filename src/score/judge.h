#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "nib/network.h"
#include "nib/parameters.h"
#include "score/no_digits.h"

namespace nib {

/// Says of what a network's last hidden layer makes of an image whether it lies where digits lie, and if not, where
/// else: a network of one hidden layer on these features. It is kept in one byte a weight.
struct Judge {
  std::uint32_t features = 0;         ///< numbers that it is given
  std::uint32_t hidden = 0;           ///< units of its hidden layer
  float full = 1;                     ///< a feature of this much, or more, counts as 1
  float first_scale = 0;              ///< what 1 means in `first`
  float second_scale = 0;             ///< and in `second`
  std::vector<std::int8_t> first{};   ///< (unit, feature), then a bias a unit
  std::vector<std::int8_t> second{};  ///< (kind, unit), then a bias a kind
  bool operator==(const Judge&) const = default;

  /// The probability of each kind of Shown: behind relu and softmax, as all networks are.
  std::array<double, shown_kinds> verdict(std::span<const float> values) const;
};

/// A probability that is precise near 0: that the image shows no digit.
double none(const std::array<double, shown_kinds>& verdict);

/// The network that learns to be a judge: its images are features, of one byte each, in rows of 64.
Network judge_network(std::size_t features);
/// Features as such images.
Dataset judge_images(std::span<const float> values, std::size_t features, float full);
/// A judge of what that network has learnt.
Judge judge_of(const Parameters& parameters, std::size_t features, float full);

}  // namespace nib
