#include "data/class_counts.h"

namespace nib {

std::vector<std::uint64_t> class_counts(const Dataset& dataset) {
  std::vector<std::uint64_t> counts(dataset.class_names.size());
  for (const std::uint8_t label : dataset.labels) ++counts[label];
  return counts;
}

}  // namespace nib
