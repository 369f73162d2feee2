#include "terminal/sample_grids.h"

#include <algorithm>

#include "terminal/digit_grid.h"

namespace nib {
namespace {

constexpr std::size_t grid_images = 9;
constexpr unsigned grid_columns = 3;

}  // namespace

std::string sample_grid(const Dataset& dataset, const Terminal& terminal) {
  std::vector<GridCell> cells;
  for (std::size_t index = 0; index < std::min(grid_images, dataset.size()); ++index)
    cells.push_back({.index = index, .caption = {"Label: " + dataset.class_names[dataset.labels[index]]}});
  return digit_grid(dataset, cells, grid_columns, terminal);
}

std::string prediction_grid(const Dataset& dataset, const Predictions& predictions, const Terminal& terminal) {
  std::vector<GridCell> cells;
  for (std::size_t index = 0; index < std::min(grid_images, dataset.size()); ++index) {
    const std::uint32_t predicted = predictions.predicted[index];
    const std::uint32_t label = dataset.labels[index];
    cells.push_back({.index = index,
                     .caption = {"Predicted: " + dataset.class_names[predicted], "True: " + dataset.class_names[label]},
                     .wrong = predicted != label});
  }
  return digit_grid(dataset, cells, grid_columns, terminal);
}

}  // namespace nib
