// The head: a row of logits is one warp's work, as softmax_row.h has it.

#include "kernels/softmax_loss.h"

#include "kernels/launch.h"
#include "kernels/softmax_row.h"

namespace nib::kernels {
namespace {

constexpr std::uint32_t loss_threads = 128;
constexpr std::uint32_t block_rows = loss_threads / warp_lanes;

__global__ void __launch_bounds__(loss_threads)
    head(SoftmaxOutputs outputs, SoftmaxInputs inputs, const Control* control, SoftmaxShape shape) {
  const std::uint32_t classes = shape.classes;
  const std::uint32_t live = live_rows(*control, shape.rows);
  const std::uint64_t ring_rows = outputs.probabilities != nullptr ? outputs.output_rows : 0;

  for (std::uint64_t row = std::uint64_t{blockIdx.x} * block_rows + threadIdx.x / warp_lanes; row < shape.rows;
       row += std::uint64_t{gridDim.x} * block_rows) {
    const bool masked = row >= live;
    const std::int32_t label = masked ? -1 : inputs.labels[row];
    const std::uint64_t place = output_row(*control, shape.rows, ring_rows, row);
    const auto logit = [&](std::uint32_t i) { return inputs.logits[row * classes + i] + inputs.bias[i]; };
    const auto take = [&](std::uint32_t i, float probability) {
      if (outputs.probabilities != nullptr) outputs.probabilities[place * classes + i] = probability;
      if (outputs.logits_gradient != nullptr)
        outputs.logits_gradient[row * classes + i] =
            masked ? 0.0f : logit_gradient(probability, i, label, shape.smoothed, live);
    };
    const RowResult result = softmax_row(classes, label, shape.smoothed, logit, take);
    if (threadIdx.x % warp_lanes == 0) outputs.results[place] = result;
  }
}

}  // namespace

void softmax_loss(const SoftmaxOutputs& outputs, const SoftmaxInputs& inputs, const Control* control,
                  const SoftmaxShape& shape, cudaStream_t stream) {
  launch(head, dim3(blocks_for(shape.rows, block_rows)), dim3(loss_threads), stream, outputs, inputs, control, shape);
}

}  // namespace nib::kernels
