#pragma once

#include <cstddef>
#include <limits>
#include <vector>

#include "data/both_parts.h"

namespace nib {

/// Two images are near where the root of the mean squared difference of their pixels is at most so many grey levels: as
/// after another compression, or as two plain shirts.
inline constexpr double near_distance = 8;

/// Another image that is near, and how near.
struct NearImage {
  std::size_t image = none;
  double distance = near_distance;  ///< grey levels

  static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();
  bool found() const { return image != none; }
};

/// Of each image the nearest ones that were found before it in its row of both parts.
struct NearImages {
  std::vector<NearImage> training, test;  ///< in that part
};

/// Looks for near images among those that `candidates` names, of which no two are equal, in a time that grows with
/// their number n as n log n: what it finds is near, but it does not find all. Images that look alike from far away, as
/// means of 4 x 4 cells in coarse steps, are compared with the next few of their like in the order of their ink; eight
/// times, with other borders of the steps. (Locality-sensitive hashing with p-stable projections: Datar, Immorlica,
/// Indyk and Mirrokni, 2004; here the projections are the cells.) Of pairs that differ by noise nearly all are found.
NearImages find_near_images(const BothParts& images, const std::vector<std::size_t>& candidates);

}  // namespace nib
