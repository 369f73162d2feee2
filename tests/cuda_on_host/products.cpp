#include "cuda_on_host/products.h"

#include <bit>
#include <cmath>
#include <cstdint>

namespace nib::cuda_on_host {
namespace {

/// Calls visit(position in memory, position in (image, row, column, channel) order) for each element.
template <typename Visit>
void for_each_element(const TensorLayout& layout, Visit visit) {
  const auto elements = static_cast<std::ptrdiff_t>(layout.elements());
  if (layout.channels_last) {
    for (std::ptrdiff_t i = 0; i < elements; ++i) visit(i, i);
    return;
  }
  const std::ptrdiff_t pixels = static_cast<std::ptrdiff_t>(layout.height) * layout.width;
  for (std::ptrdiff_t i = 0; i < elements; ++i) {
    const std::ptrdiff_t plane = i / pixels, image = plane / layout.channels, channel = plane % layout.channels;
    visit(i, (image * pixels + i % pixels) * layout.channels + channel);
  }
}

}  // namespace

void add_products(float* sums, const float* factors, std::ptrdiff_t stride, const float* rows, int count, int width) {
  float* const __restrict sum = sums;
  int j = 0;
  // Four rows at a time touch each sum once; the order of additions stays the same.
  for (; j + 4 <= count; j += 4) {
    const float* const __restrict row0 = rows + static_cast<std::ptrdiff_t>(j) * width;
    const float* const __restrict row1 = row0 + width;
    const float* const __restrict row2 = row1 + width;
    const float* const __restrict row3 = row2 + width;
    const float factor0 = factors[j * stride], factor1 = factors[(j + 1) * stride];
    const float factor2 = factors[(j + 2) * stride], factor3 = factors[(j + 3) * stride];
    for (int i = 0; i < width; ++i)
      sum[i] = (((sum[i] + factor0 * row0[i]) + factor1 * row1[i]) + factor2 * row2[i]) + factor3 * row3[i];
  }
  for (; j < count; ++j) {
    const float* const __restrict row = rows + static_cast<std::ptrdiff_t>(j) * width;
    const float factor = factors[j * stride];
    for (int i = 0; i < width; ++i) sum[i] += factor * row[i];
  }
}

float rounded_to_tf32(float value) {
  if (!std::isfinite(value)) return value;
  const auto bits = std::bit_cast<std::uint32_t>(value);
  return std::bit_cast<float>((bits + 0x1000u) & ~0x1fffu);  // half of the last kept bit, then 13 bits off
}

std::vector<float> read_channels_last(const TensorLayout& layout, const float* values, bool tf32) {
  std::vector<float> result(layout.elements());
  float* const to = result.data();
  for_each_element(layout, [&](std::ptrdiff_t in_memory, std::ptrdiff_t i) { to[i] = values[in_memory]; });
  if (tf32)
    for (float& value : result) value = rounded_to_tf32(value);
  return result;
}

void write_scaled(const TensorLayout& layout, const std::vector<float>& result, float alpha, float beta,
                  float* output) {
  const float* const from = result.data();
  for_each_element(layout, [&](std::ptrdiff_t in_memory, std::ptrdiff_t i) {
    output[in_memory] = scaled(alpha, from[i], beta, output[in_memory]);
  });
}

}  // namespace nib::cuda_on_host
