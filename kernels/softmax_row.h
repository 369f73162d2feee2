#pragma once

#include <cuda_runtime.h>

#include <cmath>
#include <cstdint>

#include "kernels/control.h"
#include "nib/arithmetic/exp_log.h"
#include "nib/arithmetic/smoothed_labels.h"

// Softmax and loss of one row of logits, by one warp: device code that every kernel with a head shares, so that all of
// them compute the same bits. The sums over a row are taken in the order of the classes, not in a tree, each number
// handed to all lanes in turn: so loss and probabilities equal the CPU engine's bit for bit for equal logits, and for
// the usual ten classes it costs no more. Nothing is kept between the passes over a row but its greatest logit and its
// sum: for many classes, e^x is cheaper taken twice than stored.

namespace nib::kernels {

inline constexpr std::uint32_t warp_lanes = 32;
inline constexpr unsigned whole_warp = 0xffffffffu;

/// The first greatest number among those seen; NaN is never seen.
struct Greatest {
  static constexpr std::uint32_t nowhere = 0xffffffffu;
  float value = -HUGE_VALF;
  std::uint32_t place = nowhere;

  __device__ void see(float other, std::uint32_t other_place) {
    if (!(other > value || (other == value && other_place < place))) return;
    value = other;
    place = other_place;
  }

  /// Of all lanes. Where all numbers are NaN it is the first of them, as in the CPU engine.
  __device__ std::uint32_t place_in_warp() {
    for (int offset = warp_lanes / 2; offset > 0; offset /= 2) {
      const float other = __shfl_xor_sync(whole_warp, value, offset);
      see(other, __shfl_xor_sync(whole_warp, place, offset));
    }
    return place == nowhere ? 0 : place;
  }
};

/// All lanes of a warp call it for the same row; `logit(i)` is the logit of class i, on any lane, and `label` its class
/// or -1, trained towards as `smoothed` says. Each probability is handed once to `take(i, probability)`, class i on
/// lane i % warp_lanes. Returns the row's result on all lanes.
template <typename Logit, typename Take>
__device__ inline RowResult softmax_row(std::uint32_t classes, std::int32_t label,
                                        const SmoothedLabels<float>& smoothed, const Logit& logit, const Take& take) {
  const std::uint32_t lane = threadIdx.x % warp_lanes;
  Greatest greatest;
  for (std::uint32_t i = lane; i < classes; i += warp_lanes) greatest.see(logit(i), i);
  const std::uint32_t top = greatest.place_in_warp();
  const float top_logit = logit(top);

  // ln(sum of e^(logit - greatest)) = ln(1 + the others' sum): without the 1, small losses keep all their digits.
  float sum = 0.0f;
  double others = 0, logits_sum = 0;
  for (std::uint32_t begin = 0; begin < classes; begin += warp_lanes) {
    const std::uint32_t i = begin + lane, left = classes - begin;
    const float own = i < classes ? exp_float(logit(i) - top_logit) : 0.0f;
    for (std::uint32_t k = 0; k < left && k < warp_lanes; ++k) {
      const float power = __shfl_sync(whole_warp, own, static_cast<int>(k));
      sum += power;
      if (begin + k != top) others += static_cast<double>(power);
    }
    if (smoothed.share > 0)
      for (std::uint32_t k = 0; k < left && k < warp_lanes; ++k) logits_sum += static_cast<double>(logit(begin + k));
  }

  Greatest likeliest;
  for (std::uint32_t i = lane; i < classes; i += warp_lanes) {
    const float probability = exp_float(logit(i) - top_logit) / sum;
    likeliest.see(probability, i);
    take(i, probability);
  }

  RowResult result;
  result.predicted = likeliest.place_in_warp();
  if (label >= 0) {
    const std::uint32_t label_class = static_cast<std::uint32_t>(label);
    result.loss = log1p_double(others) + (static_cast<double>(top_logit) - static_cast<double>(logit(label_class)));
    if (smoothed.share > 0)
      result.loss =
          smoothed_loss(result.loss, smoothed.share, static_cast<double>(logit(label_class)), logits_sum, classes);
    result.correct = result.predicted == label_class ? 1 : 0;
  }
  return result;
}

/// The loss's gradient for the logit of class `i`, of a row that is not masked.
__device__ inline float logit_gradient(float probability, std::uint32_t i, std::int32_t label,
                                       const SmoothedLabels<float>& smoothed, std::uint32_t live) {
  const float target = i == static_cast<std::uint32_t>(label) ? smoothed.label : smoothed.others;
  return (probability - target) / static_cast<float>(live);
}

/// Where results and probabilities of row `row` of the running step lie in a ring of `ring_rows`; without one, at
/// `row`.
__device__ inline std::uint64_t output_row(const Control& control, std::uint32_t rows, std::uint64_t ring_rows,
                                           std::uint64_t row) {
  return ring_rows == 0 ? row : (control.step * rows + row) % ring_rows;
}

}  // namespace nib::kernels
