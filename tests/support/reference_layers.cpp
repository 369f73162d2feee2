#include "support/reference_layers.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace nib::reference {
namespace {

/// Calls visit(output pixel, kernel pixel, input pixel) for all that meet; pixels are numbered row by row.
template <typename Visit>
void for_each_meeting(const LinearGeometry& geometry, const Visit& visit) {
  const auto [input, output, kernel, stride, padded] = geometry;
  for (std::uint32_t row = 0; row < output.height; ++row) {
    for (std::uint32_t column = 0; column < output.width; ++column) {
      for (std::uint32_t i = 0; i < kernel[0]; ++i) {
        for (std::uint32_t j = 0; j < kernel[1]; ++j) {
          const std::int64_t y = std::int64_t{row} * stride[0] + i - padded[0];
          const std::int64_t x = std::int64_t{column} * stride[1] + j - padded[1];
          if (y < 0 || y >= input.height || x < 0 || x >= input.width) continue;
          visit(std::size_t{row} * output.width + column, std::size_t{i} * kernel[1] + j,
                static_cast<std::size_t>(y * input.width + x));
        }
      }
    }
  }
}

/// TensorFlow's rule for "same": as many outputs as strides begin in the image, the missing pixels split evenly, the
/// odd one at the end.
std::uint32_t padding_before(std::uint32_t input, std::uint32_t output, std::uint32_t kernel, std::uint32_t stride) {
  const std::uint32_t covered = (output - 1) * stride + kernel;
  return covered > input ? (covered - input) / 2 : 0;
}

}  // namespace

LinearGeometry linear_geometry(const Convolution& layer, const Shape& input, const Shape& output) {
  LinearGeometry geometry{.input = input, .output = output, .kernel = layer.kernel, .stride = layer.stride};
  if (layer.padding == Padding::same) {
    geometry.padded_begin = {padding_before(input.height, output.height, layer.kernel[0], layer.stride[0]),
                             padding_before(input.width, output.width, layer.kernel[1], layer.stride[1])};
  }
  return geometry;
}

LinearGeometry linear_geometry(const Dense& layer, const Shape& input) {
  const Shape output{.height = 1, .width = 1, .channels = layer.units, .flat = true};
  return {.input = input, .output = output, .kernel = {input.height, input.width}};
}

void from_canonical(const LinearGeometry& geometry, std::span<const double> canonical, std::span<double> kernel) {
  const std::size_t pixels = std::size_t{geometry.kernel[0]} * geometry.kernel[1];
  const std::size_t inputs = geometry.input.channels, outputs = geometry.output.channels;
  for (std::size_t o = 0; o < outputs; ++o) {
    for (std::size_t c = 0; c < inputs; ++c) {
      for (std::size_t p = 0; p < pixels; ++p) {
        kernel[(p * inputs + c) * outputs + o] = canonical[(o * inputs + c) * pixels + p];
      }
    }
  }
}

void to_canonical(const LinearGeometry& geometry, std::span<const double> kernel, std::span<double> canonical) {
  const std::size_t pixels = std::size_t{geometry.kernel[0]} * geometry.kernel[1];
  const std::size_t inputs = geometry.input.channels, outputs = geometry.output.channels;
  for (std::size_t o = 0; o < outputs; ++o) {
    for (std::size_t c = 0; c < inputs; ++c) {
      for (std::size_t p = 0; p < pixels; ++p) {
        canonical[(o * inputs + c) * pixels + p] = kernel[(p * inputs + c) * outputs + o];
      }
    }
  }
}

void linear_forward(const LinearGeometry& geometry, std::span<const double> kernel, std::span<const double> bias,
                    std::span<const double> input, std::span<double> output) {
  const std::size_t inputs = geometry.input.channels, outputs = geometry.output.channels;
  for (std::size_t i = 0; i < output.size(); ++i) output[i] = bias[i % outputs];
  for_each_meeting(geometry, [&](std::size_t out, std::size_t tap, std::size_t in) {
    for (std::size_t c = 0; c < inputs; ++c) {
      const double value = input[in * inputs + c];
      if (value == 0.0) continue;  // blank pixels and dead units are common, and the zero adds nothing
      const double* weights = &kernel[(tap * inputs + c) * outputs];
      double* sums = &output[out * outputs];
      for (std::size_t o = 0; o < outputs; ++o) sums[o] += value * weights[o];
    }
  });
}

void linear_backward(const LinearGeometry& geometry, std::span<const double> kernel, std::span<const double> input,
                     std::span<const double> output_gradient, std::span<double> kernel_gradient,
                     std::span<double> bias_gradient, std::span<double> input_gradient) {
  const std::size_t inputs = geometry.input.channels, outputs = geometry.output.channels;
  for (std::size_t i = 0; i < output_gradient.size(); ++i) bias_gradient[i % outputs] += output_gradient[i];
  std::fill(input_gradient.begin(), input_gradient.end(), 0.0);
  std::vector<std::size_t> alive;  // behind pooling and ReLU few outputs of a pixel carry a gradient
  for_each_meeting(geometry, [&](std::size_t out, std::size_t tap, std::size_t in) {
    const double* gradients = &output_gradient[out * outputs];
    alive.clear();
    for (std::size_t o = 0; o < outputs; ++o) {
      if (gradients[o] != 0.0) alive.push_back(o);
    }
    if (alive.empty()) return;
    for (std::size_t c = 0; c < inputs; ++c) {
      const std::size_t first = (tap * inputs + c) * outputs;
      const double value = input[in * inputs + c];
      double sum = 0;
      for (const std::size_t o : alive) {
        kernel_gradient[first + o] += value * gradients[o];
        sum += kernel[first + o] * gradients[o];
      }
      if (!input_gradient.empty()) input_gradient[in * inputs + c] += sum;
    }
  });
}

double rounded_to_tf32(double value) {
  int exponent = 0;
  const double mantissa = std::frexp(value, &exponent);  // at least 0.5, below 1
  return std::ldexp(std::round(std::ldexp(mantissa, 11)), exponent - 11);
}

void max_pool_choose(const MaxPool& layer, const Shape& input_shape, const Shape& output_shape,
                     std::span<const double> input, std::span<std::uint32_t> chosen) {
  const std::uint32_t channels = input_shape.channels;
  const auto index = [&](std::uint32_t y, std::uint32_t x, std::uint32_t c) {
    return (y * input_shape.width + x) * channels + c;
  };
  std::size_t next = 0;
  for (std::uint32_t row = 0; row < output_shape.height; ++row) {
    for (std::uint32_t column = 0; column < output_shape.width; ++column) {
      for (std::uint32_t c = 0; c < channels; ++c) {
        const std::uint32_t top = row * layer.stride[0], left = column * layer.stride[1];
        std::uint32_t best = index(top, left, c);
        for (std::uint32_t y = top; y < top + layer.size[0]; ++y) {
          for (std::uint32_t x = left; x < left + layer.size[1]; ++x) {
            if (input[index(y, x, c)] > input[best]) best = index(y, x, c);
          }
        }
        chosen[next++] = best;
      }
    }
  }
}

namespace {

/// Calls visit(output, input) for each number of each window.
template <typename Visit>
void for_each_pooled(const AveragePool& layer, const Shape& input, const Shape& output, const Visit& visit) {
  for (std::uint32_t row = 0; row < output.height; ++row)
    for (std::uint32_t column = 0; column < output.width; ++column)
      for (std::uint32_t c = 0; c < input.channels; ++c)
        for (std::uint32_t i = 0; i < layer.size[0]; ++i)
          for (std::uint32_t j = 0; j < layer.size[1]; ++j) {
            const std::size_t y = row * layer.stride[0] + i, x = column * layer.stride[1] + j;
            visit((std::size_t{row} * output.width + column) * input.channels + c,
                  (y * input.width + x) * input.channels + c);
          }
}

double window_size(const AveragePool& layer) { return static_cast<double>(layer.size[0]) * layer.size[1]; }

}  // namespace

void average_pool_forward(const AveragePool& layer, const Shape& input_shape, const Shape& output_shape,
                          std::span<const double> input, std::span<double> output) {
  for_each_pooled(layer, input_shape, output_shape,
                  [&](std::size_t out, std::size_t in) { output[out] += input[in] / window_size(layer); });
}

void average_pool_backward(const AveragePool& layer, const Shape& input_shape, const Shape& output_shape,
                           std::span<const double> output_gradient, std::span<double> input_gradient) {
  for_each_pooled(layer, input_shape, output_shape, [&](std::size_t out, std::size_t in) {
    input_gradient[in] += output_gradient[out] / window_size(layer);
  });
}

}  // namespace nib::reference
