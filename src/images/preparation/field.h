#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "images/decoding/decode.h"

namespace nib {

/// One number a pixel.
struct Field {
  std::size_t rows = 0, columns = 0;
  std::vector<float> values{};  ///< (row, column)

  float& at(std::size_t row, std::size_t column) { return values[row * columns + column]; }
  float at(std::size_t row, std::size_t column) const { return values[row * columns + column]; }
  std::span<float> row(std::size_t index) { return std::span(values).subspan(index * columns, columns); }
  std::span<const float> row(std::size_t index) const { return std::span(values).subspan(index * columns, columns); }
};

Field field_of(std::size_t rows, std::size_t columns, float value = 0);

/// Of a field that is not empty.
float largest_value(const Field& field);

/// The light of an image, 0 to 255, each new pixel the mean of `factor` x `factor` old ones (fewer at the far edges).
Field reduced_light(const GreyImage& image, std::size_t factor);
/// The same of a field.
Field reduced(const Field& field, std::size_t factor);

/// Each pixel the mean of the pixels at most `radius` rows and columns away; windows end at the edge.
Field box_mean(const Field& field, std::size_t radius);

/// Each pixel the largest (smallest) of those at most `radius` rows and columns away.
Field box_maximum(const Field& field, std::size_t radius);
Field box_minimum(const Field& field, std::size_t radius);

/// A field of `rows` x `columns` whose pixel (r, c) lies at ((r + 0.5) / factor - 0.5, ...) of `field`, between four of
/// its pixels (bilinear): the way back from reduced().
Field enlarged(const Field& field, std::size_t factor, std::size_t rows, std::size_t columns);

/// Rows as columns.
Field transposed(const Field& field);

}  // namespace nib
