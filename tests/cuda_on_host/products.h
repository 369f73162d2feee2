#pragma once

#include <cstddef>
#include <vector>

/// The arithmetic of the stand-ins of cuDNN and cuBLAS: sums in float, in a fixed order.
namespace nib::cuda_on_host {

/// sums[i] += factors[j * stride] * rows[j * width + i] for each row j in ascending order; `rows` is (count, width).
void add_products(float* sums, const float* factors, std::ptrdiff_t stride, const float* rows, int count, int width);

/// The nearest value with TF32's 10 bits of mantissa; ties go away from zero, as PTX's cvt.rna.tf32 rounds.
float rounded_to_tf32(float value);

/// output = alpha * result + beta * output; where beta is 0, output is not read.
inline float scaled(float alpha, float result, float beta, const float& output) {
  return beta == 0 ? alpha * result : alpha * result + beta * output;
}

/// How a tensor of (images, channels, height, width) lies in memory; a filter has filters in place of images.
struct TensorLayout {
  int images = 0, channels = 0, height = 0, width = 0;
  bool channels_last = true;

  std::size_t elements() const {
    return static_cast<std::size_t>(images) * static_cast<std::size_t>(channels) * static_cast<std::size_t>(height) *
           static_cast<std::size_t>(width);
  }
  std::size_t bytes() const { return elements() * sizeof(float); }
  bool operator==(const TensorLayout&) const = default;
};

/// The values as (image, row, column, channel), rounded to TF32 where `tf32` asks for it.
std::vector<float> read_channels_last(const TensorLayout& layout, const float* values, bool tf32);

/// output = alpha * result + beta * output, with `result` as (image, row, column, channel).
void write_scaled(const TensorLayout& layout, const std::vector<float>& result, float alpha, float beta, float* output);

}  // namespace nib::cuda_on_host
