#include "cuda_on_host/convolution_loops.h"

#include <algorithm>
#include <cstddef>
#include <tuple>
#include <utility>

namespace nib::cuda_on_host {
namespace {

using Offset = std::ptrdiff_t;

/// One tap of the filter and the outputs for which it lies inside the input.
struct Tap {
  int row = 0, column = 0;
  int first_row = 0, end_row = 0, first_column = 0, end_column = 0;  // outputs
};

/// Outputs [first, end) of `outputs` along one axis whose input position output * stride - pad + tap is inside.
std::pair<int, int> outputs_inside(int tap, int pad, int stride, int inputs, int outputs) {
  const int missing = pad - tap;
  const int first = missing > 0 ? (missing + stride - 1) / stride : 0;
  const int last_input = inputs - 1 + missing;
  const int end = last_input < 0 ? 0 : last_input / stride + 1;
  return {first, std::max(first, std::min(end, outputs))};
}

Tap tap_of(const ConvolutionShape& shape, int number) {
  Tap tap{.row = number / shape.w.width, .column = number % shape.w.width};
  std::tie(tap.first_row, tap.end_row) =
      outputs_inside(tap.row, shape.pad_height, shape.stride_height, shape.x.height, shape.y.height);
  std::tie(tap.first_column, tap.end_column) =
      outputs_inside(tap.column, shape.pad_width, shape.stride_width, shape.x.width, shape.y.width);
  return tap;
}

/// Where the channels of the input under `tap` begin, for an output.
Offset input_at(const ConvolutionShape& shape, const Tap& tap, int image, int out_row, int out_column) {
  const Offset row = static_cast<Offset>(out_row) * shape.stride_height - shape.pad_height + tap.row;
  const Offset column = static_cast<Offset>(out_column) * shape.stride_width - shape.pad_width + tap.column;
  return ((image * static_cast<Offset>(shape.x.height) + row) * shape.x.width + column) * shape.x.channels;
}

Offset output_at(const ConvolutionShape& shape, int image, int row, int column) {
  return ((image * static_cast<Offset>(shape.y.height) + row) * shape.y.width + column) * shape.y.channels;
}

/// Elements of one tap of all filters.
Offset tap_size(const ConvolutionShape& shape) { return static_cast<Offset>(shape.w.images) * shape.w.channels; }

/// Calls visit(position as (filter, tap, channel), tap, filter, channel) for each weight.
template <typename Visit>
void for_each_weight(const ConvolutionShape& shape, Visit visit) {
  Offset i = 0;
  for (int filter = 0; filter < shape.w.images; ++filter)
    for (int tap = 0; tap < shape.taps(); ++tap)
      for (int channel = 0; channel < shape.w.channels; ++channel) visit(i++, tap, filter, channel);
}

}  // namespace

std::vector<float> convolution(const ConvolutionShape& shape, const std::vector<float>& x,
                               const std::vector<float>& w) {
  const int channels = shape.w.channels, filters = shape.w.images;
  std::vector<float> by_tap(w.size());  // (tap, channel, filter)
  for_each_weight(shape, [&](Offset i, int tap, int filter, int channel) {
    by_tap.data()[tap * tap_size(shape) + static_cast<Offset>(channel) * filters + filter] = w.data()[i];
  });
  std::vector<float> y(shape.y.elements());
  for (int image = 0; image < shape.x.images; ++image)
    for (int number = 0; number < shape.taps(); ++number) {
      const Tap tap = tap_of(shape, number);
      for (int row = tap.first_row; row < tap.end_row; ++row)
        for (int column = tap.first_column; column < tap.end_column; ++column)
          add_products(y.data() + output_at(shape, image, row, column),
                       x.data() + input_at(shape, tap, image, row, column), 1, by_tap.data() + number * tap_size(shape),
                       channels, filters);
    }
  return y;
}

std::vector<float> convolution_input_gradient(const ConvolutionShape& shape, const std::vector<float>& w,
                                              const std::vector<float>& dy, std::span<const unsigned> tap_order) {
  const int channels = shape.w.channels, filters = shape.w.images;
  std::vector<float> by_tap(w.size());  // (tap, filter, channel)
  for_each_weight(shape, [&](Offset i, int tap, int filter, int channel) {
    by_tap.data()[tap * tap_size(shape) + static_cast<Offset>(filter) * channels + channel] = w.data()[i];
  });
  std::vector<float> dx(shape.x.elements());
  for (int image = 0; image < shape.x.images; ++image)
    for (const unsigned number : tap_order) {
      const Tap tap = tap_of(shape, static_cast<int>(number));
      for (int row = tap.first_row; row < tap.end_row; ++row)
        for (int column = tap.first_column; column < tap.end_column; ++column)
          add_products(dx.data() + input_at(shape, tap, image, row, column),
                       dy.data() + output_at(shape, image, row, column), 1, by_tap.data() + number * tap_size(shape),
                       filters, channels);
    }
  return dx;
}

std::vector<float> convolution_filter_gradient(const ConvolutionShape& shape, const std::vector<float>& x,
                                               const std::vector<float>& dy, std::span<const unsigned> image_order) {
  const int channels = shape.w.channels, filters = shape.w.images;
  std::vector<float> sum(shape.w.elements()), of_image(shape.w.elements());  // (tap, channel, filter)
  for (const unsigned of : image_order) {
    const int image = static_cast<int>(of);
    std::fill(of_image.begin(), of_image.end(), 0.0f);
    for (int number = 0; number < shape.taps(); ++number) {
      const Tap tap = tap_of(shape, number);
      const int columns = tap.end_column - tap.first_column;
      if (columns == 0) continue;
      for (int channel = 0; channel < channels; ++channel)
        for (int row = tap.first_row; row < tap.end_row; ++row)
          add_products(of_image.data() + number * tap_size(shape) + static_cast<Offset>(channel) * filters,
                       x.data() + input_at(shape, tap, image, row, tap.first_column) + channel,
                       static_cast<Offset>(shape.stride_width) * channels,
                       dy.data() + output_at(shape, image, row, tap.first_column), columns, filters);
    }
    for (std::size_t i = 0; i < sum.size(); ++i) sum.data()[i] += of_image.data()[i];
  }
  std::vector<float> dw(shape.w.elements());
  for_each_weight(shape, [&](Offset i, int tap, int filter, int channel) {
    dw.data()[i] = sum.data()[tap * tap_size(shape) + static_cast<Offset>(channel) * filters + filter];
  });
  return dw;
}

}  // namespace nib::cuda_on_host
