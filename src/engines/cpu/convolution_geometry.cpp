#include "engines/cpu/convolution_geometry.h"

#include <algorithm>

namespace nib::cpu {

ConvolutionGeometry::ConvolutionGeometry(const ConvolutionPlan& plan, const Extent& input, const Extent& output)
    : narrow(input.channel_stride == 1),
      channels(output.channel_stride),
      run(std::size_t{plan.layer.kernel[1]} * input.channel_stride),
      taps(plan.layer.kernel[0] * run),
      windows(output.height * output.width),
      candidates(plan.pool ? 4 : 1),
      image_row(std::max(plan.padding[1] + input.width, plan.covered()[1]) * std::size_t{input.channel_stride}),
      image_size(std::max(plan.padding[0] + input.height, plan.covered()[0]) * image_row),
      padded(image_size != input.size()) {
  const std::size_t across = std::size_t{plan.layer.stride[1]} * input.channel_stride;
  const std::size_t down = plan.layer.stride[0] * image_row;
  const std::uint32_t pool = plan.pool ? 2 : 1;  // the window's side
  for (std::uint32_t candidate = 0; candidate < candidates; ++candidate)
    candidate_offset[candidate] = static_cast<std::uint32_t>(candidate / pool * down + candidate % pool * across);
  for (std::uint32_t y = 0; y < output.height; ++y)
    for (std::uint32_t x = 0; x < output.width; ++x)
      window_offset.push_back(static_cast<std::uint32_t>(pool * (y * down + x * across)));
  for (std::uint32_t y = 0; y < plan.layer.kernel[0]; ++y)
    for (std::uint32_t x = 0; x < plan.layer.kernel[1]; ++x)
      tap_offset.push_back(static_cast<std::uint32_t>(y * image_row + std::size_t{x} * input.channel_stride));
}

std::vector<std::uint32_t> ConvolutionGeometry::weight_positions(const ConvolutionPlan& plan) const {
  const auto [height, width] = plan.layer.kernel;
  std::vector<std::uint32_t> positions;
  positions.reserve(std::size_t{plan.layer.filters} * plan.input.channels * height * width);
  for (std::uint32_t out = 0; out < plan.layer.filters; ++out)
    for (std::uint32_t in = 0; in < plan.input.channels; ++in)
      for (std::uint32_t y = 0; y < height; ++y)
        for (std::uint32_t x = 0; x < width; ++x) {
          const std::size_t tap = std::size_t{y} * width + x;
          positions.push_back(static_cast<std::uint32_t>(
              narrow
                  ? (out / kChannelTile * taps + tap) * kChannelTile + out % kChannelTile
                  : ((in / kChannelTile * channels + out) * height * width + tap) * kChannelTile + in % kChannelTile));
        }
  return positions;
}

}  // namespace nib::cpu
