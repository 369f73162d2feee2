#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engines/cuda/block.h"

namespace nib::cuda {

/// Where a head leaves what it finds: as kernels::SoftmaxOutputs, without gradients.
struct HeadOutputs {
  kernels::RowResult* results = nullptr;
  float* probabilities = nullptr;
  std::uint64_t output_rows = 0;
};

/// The end of a compiled network, behind its blocks: from what the last of them computed and the labels (rows) to every
/// row's result, and in training back to the loss's gradient for what that block computed.
class Head {
 public:
  Head() = default;
  virtual ~Head() = default;
  Head(const Head&) = delete;
  Head& operator=(const Head&) = delete;

  /// For timings: "softmax+loss".
  virtual std::string name() const = 0;
  /// Whether these are kernels of nib's own in place of a library's, which a device might refuse.
  virtual bool own() const = 0;
  virtual void run(const HeadOutputs& outputs, const std::int32_t* labels) = 0;
  /// Of parameters whose gradients run() leaves in parts, in training.
  virtual std::vector<kernels::PartialGradient> partial_gradients() const { return {}; }
};

/// Bias and softmax of the last dense layer, behind the product `logits`. `bias` is the index of its parameter tensor.
std::unique_ptr<Head> make_softmax_head(const Workshop& workshop, const ActivationBuffer& logits, std::size_t bias);

/// The last two dense layers, but for the first one's products: `hidden` takes the forward one. See kernels/tail.h.
std::unique_ptr<Head> make_tail_head(const Workshop& workshop, const DensePlan& first, const DensePlan& last,
                                     const ActivationBuffer& hidden);

}  // namespace nib::cuda
