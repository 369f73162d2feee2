#include "data/limit.h"

namespace nib {
namespace {

/// True when there was something to cut.
bool cut(Dataset& dataset, std::uint64_t limit) {
  if (dataset.size() <= limit) return false;
  dataset.pixels.resize(limit * dataset.rows * dataset.columns);
  dataset.pixels.shrink_to_fit();
  dataset.labels.resize(limit);
  return true;
}

}  // namespace

void limit_images(DataCollection& collection, std::uint64_t limit) {
  if (limit == 0) return;
  const bool training_was_cut = cut(collection.training, limit), test_was_cut = cut(collection.test, limit);
  if (training_was_cut || test_was_cut) collection.limit = limit;
}

}  // namespace nib
