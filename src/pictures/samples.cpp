#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "pictures/image_grid.h"
#include "pictures/pictures.h"

namespace nib {

Drawing samples_picture(const Dataset& dataset, std::span<const std::size_t> indices, Sheet sheet) {
  std::vector<GridImage> images;
  for (const std::size_t index : indices)
    images.push_back({.index = index,
                      .above = {dataset.labels.empty() ? fmt::format("Image {}", index)
                                                       : "Label: " + dataset.class_names[dataset.labels[index]]}});
  const auto square = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(images.size()))));
  Drawing drawing = sheet == Sheet::narrow ? image_grid(dataset, images, 3, small_image)
                                           : image_grid(dataset, images, std::max<std::size_t>(3, square));
  drawing.name = "samples";
  drawing.title = "Sample images";
  drawing.description = "Images of the training set with their labels";
  return drawing;
}

}  // namespace nib
