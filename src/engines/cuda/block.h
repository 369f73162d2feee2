#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engines/cuda/library/context.h"
#include "engines/cuda/library/library_choices.h"
#include "engines/cuda/library/memory.h"
#include "engines/cuda/parameter_store.h"
#include "kernels/control.h"
#include "kernels/gradients.h"
#include "kernels/image_maps.h"
#include "model/plan.h"
#include "nib/engine.h"

namespace nib::cuda {

/// What flows between two blocks: packed NHWC floats, and in training the loss's gradient for them. Height and width
/// may be less than the layer's shape says: what pooling drops further on is neither computed nor stored.
struct ActivationBuffer {
  std::uint32_t rows = 0, height = 0, width = 0, channels = 0;
  ArenaArray<float> values;     ///< (rows, height, width, channels)
  ArenaArray<float> gradients;  ///< as `values`; empty where no gradient is wanted
  std::uint64_t size() const { return std::uint64_t{rows} * height * width * channels; }
  std::uint64_t pixels() const { return std::uint64_t{rows} * height * width; }
};

/// What blocks are made from. All of it outlives them.
struct Workshop {
  const Context& context;
  Arena& arena;
  const ParameterStore& parameters;
  const ArenaArray<kernels::Control>& control;  ///< one
  std::uint64_t seed;
  Kernels kernels;
  bool training;
  double label_smoothing;
};

/// What a step's rows are, beside their pixels.
struct BatchRows {
  ArenaArray<std::int32_t> labels;  ///< (rows)
  ArenaArray<ImageMap> maps;        ///< (rows): how the images are moved; empty where they are not
};

/// One piece of a compiled network: one layer, or several that run as one. Made with its place in the arena reserved;
/// behind the arena's allocation prepare() settles what is left, and from then on forward() and backward() put the same
/// calls into the context's lanes each time, for all rows of the batch.
class Block {
 public:
  Block() = default;
  virtual ~Block() = default;
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;

  /// For timings: "conv1+relu+pool".
  virtual std::string name() const = 0;

  /// Bytes of scratch memory that all blocks share: what runs in a lane uses that lane's.
  virtual PerLane<std::size_t> workspace_bytes() const { return {}; }
  virtual void prepare(const PerLane<void*>& /*workspaces*/) {}
  /// Behind prepare().
  virtual LibraryChoices library_choices() const { return {}; }

  /// A kernel of nib's own that chooses the step's images itself, in place of gather(): forward() leaves labels, too.
  virtual bool gathers() const { return false; }

  virtual void forward() = 0;
  /// From the output's gradients, which it may overwrite: the input's, where it has any, and the weights'. Those of the
  /// weights may be left to the side lane, to be there when the step has joined it behind all blocks: until then what
  /// they are made from stays as it is.
  virtual void backward() = 0;

  /// The bias whose gradient is the sum over an output's pixels, and where they are behind all backward().
  virtual std::optional<kernels::BiasSegment> bias() const { return std::nullopt; }
  /// Gradients that backward() (or, for the one of bias(), the sum) leaves in parts: the step adds them up.
  virtual std::vector<kernels::PartialGradient> partial_gradients() const { return {}; }
};

std::unique_ptr<Block> make_convolution(const Workshop& workshop, ConvolutionPlan plan, const ActivationBuffer& input,
                                        const ActivationBuffer& output);

/// The front of a program, of an own kernel that has to fit: from the set's images, of shape `images`, to the pooled
/// output and the rows' labels.
std::unique_ptr<Block> make_first_convolution(const Workshop& workshop, const Shape& images, ConvolutionPlan plan,
                                              const ActivationBuffer& output, const BatchRows& batch);

/// What is left to the head, see head.h: of the layer with softmax all behind its product and what is found there, but
/// for the sum of its bias's gradient; of a layer in the tail that, too, so backward() finds the product's gradient.
enum class DenseEnd { own_or_softmax, tail };
std::unique_ptr<Block> make_dense(const Workshop& workshop, DensePlan plan, const ActivationBuffer& input,
                                  const ActivationBuffer& output, DenseEnd end);
std::unique_ptr<Block> make_max_pool(const Workshop& workshop, MaxPoolPlan plan, const ActivationBuffer& input,
                                     const ActivationBuffer& output);
std::unique_ptr<Block> make_average_pool(const Workshop& workshop, AveragePoolPlan plan, const ActivationBuffer& input,
                                         const ActivationBuffer& output);
std::unique_ptr<Block> make_dropout(const Workshop& workshop, DropoutPlan plan, const ActivationBuffer& input,
                                    const ActivationBuffer& output);

/// Reserves the partial sums of a bias's gradient.
inline ArenaArray<float> reserve_bias_partials(const Workshop& workshop, std::uint32_t channels) {
  return ArenaArray<float>(workshop.arena, std::size_t{kernels::bias_parts} * channels);
}

}  // namespace nib::cuda
