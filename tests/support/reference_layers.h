#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "nib/network.h"

namespace nib::reference {

/// A convolution or a dense layer: a dense layer behind Flatten is a convolution whose kernel is as large as its image,
/// any other dense layer one over a single pixel.
struct LinearGeometry {
  Shape input, output;
  std::array<std::uint32_t, 2> kernel{1, 1};        ///< height, width
  std::array<std::uint32_t, 2> stride{1, 1};        ///< vertical, horizontal
  std::array<std::uint32_t, 2> padded_begin{0, 0};  ///< rows above, columns left of the image that count as zeros

  std::size_t taps() const { return std::size_t{kernel[0]} * kernel[1] * input.channels; }
};

LinearGeometry linear_geometry(const Convolution& layer, const Shape& input, const Shape& output);
LinearGeometry linear_geometry(const Dense& layer, const Shape& input);

/// Images are (height, width, channel). Kernels are (height, width, input channel, output channel) here, so that the
/// innermost loops run over neighbours; to_canonical() and from_canonical() change from and to the layout
/// (output channel, input channel, height, width) of parameter_specs(), which for a dense layer behind Flatten is its
/// channel-first one.
void from_canonical(const LinearGeometry& geometry, std::span<const double> canonical, std::span<double> kernel);
void to_canonical(const LinearGeometry& geometry, std::span<const double> kernel, std::span<double> canonical);

/// output = kernel * input + bias.
void linear_forward(const LinearGeometry& geometry, std::span<const double> kernel, std::span<const double> bias,
                    std::span<const double> input, std::span<double> output);

/// Adds to kernel_gradient and bias_gradient; sets input_gradient unless that is empty.
void linear_backward(const LinearGeometry& geometry, std::span<const double> kernel, std::span<const double> input,
                     std::span<const double> output_gradient, std::span<double> kernel_gradient,
                     std::span<double> bias_gradient, std::span<double> input_gradient);

/// The nearest number with TF32's 11 significant bits, of two equally near ones the one farther from zero.
double rounded_to_tf32(double value);

/// For each output of a pooling layer the index of the input it takes: the largest, of equal ones the first in
/// row-major order.
void max_pool_choose(const MaxPool& layer, const Shape& input_shape, const Shape& output_shape,
                     std::span<const double> input, std::span<std::uint32_t> chosen);

/// The mean of each window, and the gradient that it gives each of its inputs. `input_gradient` is zeros before.
void average_pool_forward(const AveragePool& layer, const Shape& input_shape, const Shape& output_shape,
                          std::span<const double> input, std::span<double> output);
void average_pool_backward(const AveragePool& layer, const Shape& input_shape, const Shape& output_shape,
                           std::span<const double> output_gradient, std::span<double> input_gradient);

}  // namespace nib::reference
