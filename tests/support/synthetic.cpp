#include "support/synthetic.h"

#include <numeric>
#include <stdexcept>

namespace nib::synthetic {
namespace {

std::uint8_t pixel(std::uint32_t image, std::uint32_t kind, std::uint32_t turn, std::uint32_t row,
                   std::uint32_t column) {
  const bool inked = (row * (kind % 3 + 1) + column * (kind % 4 + 1) + turn) % (kind % 5 + 3) < 2;
  if (!inked) return 0;
  return static_cast<std::uint8_t>(image % 2 == 0 ? 255 : 55 + (row * 31 + column * 17 + image * 13) % 201);
}

}  // namespace

Dataset digits(std::uint32_t rows, std::uint32_t columns, std::uint32_t classes, std::uint32_t count) {
  if (classes == 0) throw std::invalid_argument("synthetic images are of at least one class");
  Dataset dataset{.rows = rows, .columns = columns, .class_names = {}, .pixels = {}, .labels = {}};
  for (std::uint32_t kind = 0; kind < classes; ++kind) dataset.class_names.push_back(std::to_string(kind));
  dataset.pixels.resize(std::size_t{count} * rows * columns);
  std::uint8_t* next = dataset.pixels.data();
  for (std::uint32_t image = 0; image < count; ++image) {
    const std::uint32_t kind = image % classes;
    dataset.labels.push_back(static_cast<std::uint8_t>(kind));
    for (std::uint32_t row = 0; row < rows; ++row) {
      for (std::uint32_t column = 0; column < columns; ++column, ++next) {
        const bool border =
            row < rows / 8 || row >= rows - rows / 8 || column < columns / 8 || column >= columns - columns / 8;
        if (!border && image % 11 != 10) *next = pixel(image, kind, image / classes, row, column);
      }
    }
  }
  return dataset;
}

std::shared_ptr<const Dataset> shared_digits(std::uint32_t rows, std::uint32_t columns, std::uint32_t classes,
                                             std::uint32_t count) {
  return std::make_shared<const Dataset>(digits(rows, columns, classes, count));
}

std::vector<std::uint32_t> file_order(std::size_t count) {
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0u);
  return order;
}

}  // namespace nib::synthetic
