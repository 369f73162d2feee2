// The head: a row of logits is one warp's work. The sums over a row are taken in the order of the classes, not in a
// tree, each number handed to all lanes in turn: so loss and probabilities equal the CPU engine's bit for bit for equal
// logits, and for the usual ten classes it costs no more. Nothing is kept between the passes over a row but its
// greatest logit and its sum: for many classes, e^x is cheaper taken twice than stored.

#include "kernels/softmax_loss.h"

#include <cmath>

#include "kernels/launch.h"
#include "nib/arithmetic/exp_log.h"

namespace nib::kernels {
namespace {

constexpr std::uint32_t loss_threads = 128;
constexpr std::uint32_t warp_threads = 32;
constexpr std::uint32_t block_rows = loss_threads / warp_threads;
constexpr unsigned whole_warp = 0xffffffffu;
constexpr std::uint32_t nowhere = 0xffffffffu;

/// The first greatest number among those seen; NaN is never seen.
struct Greatest {
  float value = -HUGE_VALF;
  std::uint32_t place = nowhere;

  __device__ void see(float other, std::uint32_t other_place) {
    if (!(other > value || (other == value && other_place < place))) return;
    value = other;
    place = other_place;
  }

  /// Of all lanes. Where all numbers are NaN it is the first of them, as in the CPU engine.
  __device__ std::uint32_t place_in_warp() {
    for (int offset = warp_threads / 2; offset > 0; offset /= 2) {
      const float other = __shfl_xor_sync(whole_warp, value, offset);
      see(other, __shfl_xor_sync(whole_warp, place, offset));
    }
    return place == nowhere ? 0 : place;
  }
};

__global__ void __launch_bounds__(loss_threads)
    head(SoftmaxOutputs outputs, SoftmaxInputs inputs, const Control* control, SoftmaxShape shape) {
  const std::uint32_t classes = shape.classes, lane = threadIdx.x % warp_threads;
  const std::uint32_t live = live_rows(*control, shape.rows);
  const std::uint64_t first_output = outputs.probabilities != nullptr ? control->step * shape.rows : 0;
  const std::uint64_t output_rows = outputs.probabilities != nullptr ? outputs.output_rows : shape.rows;

  for (std::uint64_t row = std::uint64_t{blockIdx.x} * block_rows + threadIdx.x / warp_threads; row < shape.rows;
       row += std::uint64_t{gridDim.x} * block_rows) {
    const auto logit = [&](std::uint32_t i) { return inputs.logits[row * classes + i] + inputs.bias[i]; };

    Greatest greatest;
    for (std::uint32_t i = lane; i < classes; i += warp_threads) greatest.see(logit(i), i);
    const std::uint32_t top = greatest.place_in_warp();
    const float top_logit = logit(top);

    // ln(sum of e^(logit - greatest)) = ln(1 + the others' sum): without the 1, small losses keep all their digits.
    float sum = 0.0f;
    double others = 0;
    for (std::uint32_t begin = 0; begin < classes; begin += warp_threads) {
      const std::uint32_t i = begin + lane, left = classes - begin;
      const float own = i < classes ? exp_float(logit(i) - top_logit) : 0.0f;
      for (std::uint32_t k = 0; k < left && k < warp_threads; ++k) {
        const float power = __shfl_sync(whole_warp, own, static_cast<int>(k));
        sum += power;
        if (begin + k != top) others += static_cast<double>(power);
      }
    }

    const std::uint64_t output_row = (first_output + row) % output_rows;
    const bool masked = row >= live;
    const std::int32_t label = inputs.labels[row];
    const std::uint32_t label_class = static_cast<std::uint32_t>(label);
    Greatest likeliest;
    for (std::uint32_t i = lane; i < classes; i += warp_threads) {
      const float probability = exp_float(logit(i) - top_logit) / sum;
      likeliest.see(probability, i);
      if (outputs.probabilities != nullptr) outputs.probabilities[output_row * classes + i] = probability;
      if (outputs.logits_gradient != nullptr)
        outputs.logits_gradient[row * classes + i] =
            masked ? 0.0f : (probability - (i == label_class ? 1.0f : 0.0f)) / static_cast<float>(live);
    }

    RowResult result;
    result.predicted = likeliest.place_in_warp();
    if (!masked && label >= 0) {
      result.loss = log1p_double(others) + (static_cast<double>(top_logit) - static_cast<double>(logit(label_class)));
      result.correct = result.predicted == label_class ? 1 : 0;
    }
    if (lane == 0) outputs.results[output_row] = result;
  }
}

}  // namespace

void softmax_loss(const SoftmaxOutputs& outputs, const SoftmaxInputs& inputs, const Control* control,
                  const SoftmaxShape& shape, cudaStream_t stream) {
  launch(head, dim3(blocks_for(shape.rows, block_rows)), dim3(loss_threads), stream, outputs, inputs, control, shape);
}

}  // namespace nib::kernels
