#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "data/catalogue.h"
#include "data/grey_levels.h"

namespace nib {

/// Two images that are equal or near (see near_images.h), by their indices in their parts.
struct ImagePair {
  std::size_t image = 0, other = 0;  ///< `other` is the earlier one, or that of the training part
  double distance = 0;               ///< grey levels
};

/// The images that have another one like them.
struct PairFigures {
  static constexpr std::size_t most_pairs = 10;

  std::size_t images = 0;          ///< that have an earlier one, or one in the training part, like them
  std::size_t other_label = 0;     ///< of those, where that one has another label
  std::vector<ImagePair> pairs{};  ///< the closest ones
};

struct PartFigures {
  std::size_t images = 0;
  GreyLevels grey{};
  std::vector<std::uint64_t> class_counts{};   ///< empty without labels
  std::vector<std::size_t> constant{}, odd{};  ///< see grey_levels.h
  PairFigures equal{}, near{};                 ///< within the part
};

/// What the images of a set are like.
struct SetFigures {
  PartFigures training, test;
  PairFigures equal, near;  ///< test images that are, or nearly are, in the training part
};

SetFigures set_figures(const DataCollection& set);

/// For pictures: the first images of each class, the classes in their order, as many of each as `most` has room for;
/// without labels the first ones.
std::vector<std::size_t> sample_images(const Dataset& dataset, std::size_t most);

}  // namespace nib
