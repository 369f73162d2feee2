#include "pictures/image_grid.h"
#include "pictures/pictures.h"

namespace nib {

Drawing samples_picture(const Dataset& dataset, std::span<const std::size_t> indices) {
  std::vector<GridImage> images;
  for (const std::size_t index : indices)
    images.push_back({.index = index, .above = {"Label: " + dataset.class_names[dataset.labels[index]]}});
  Drawing drawing = image_grid(dataset, images, 3);
  drawing.name = "samples";
  drawing.title = "Sample images";
  drawing.description = "Images of the training set with their labels";
  return drawing;
}

}  // namespace nib
