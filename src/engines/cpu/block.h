#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engines/cpu/buffer.h"
#include "engines/cpu/instructions.h"
#include "engines/cpu/slot_tree.h"
#include "model/plan.h"
#include "nib/arithmetic/step_factors.h"
#include "nib/dataset.h"
#include "nib/parameters.h"

namespace nib::cpu {

/// Channels (and dense units) are padded with zeros to a multiple of this: one AVX-512 vector, two AVX2 ones.
inline constexpr std::uint32_t kChannelTile = 16;

/// A row of an activation is padded with zeros to a multiple of this, the inputs that one task of a dense gradient
/// takes.
inline constexpr std::uint32_t kInputBlock = 64;

/// How one image lies in an activation: NHWC with `channel_stride` numbers for `channels` channels (the rest zeros),
/// or, for the grey input image, a stride of 1. `height` and `width` may be less than the layer's shape says: what
/// pooling drops further on is neither computed nor stored.
struct Extent {
  std::uint32_t height = 0, width = 0, channels = 0, channel_stride = 0;
  std::size_t size() const { return std::size_t{height} * width * channel_stride; }
};

/// For how many rows there is room. A large batch goes through the spatial blocks a portion of its rows at a time, and
/// what they leave for the way back is kept of that portion alone; only what the first dense block is given stays.
struct RowRoom {
  std::uint32_t values = 0, gradients = 0;
};

/// What flows between two blocks: a row for each image of the batch, and, in training, the loss's gradient for it.
struct ActivationBuffer {
  Extent extent;
  RowRoom room;
  std::size_t stride = 0;  ///< floats from row to row: extent.size() rounded up to kInputBlock
  Buffer<float> values, gradients;
  std::uint32_t first_value = 0, first_gradient = 0;  ///< the rows that the room begins with now

  ActivationBuffer(const Extent& shape, RowRoom row_room, bool with_gradients)
      : extent(shape),
        room(row_room),
        stride(round_up(shape.size(), kInputBlock)),
        values(room.values * stride),
        gradients(with_gradients ? room.gradients * stride : 0) {}
  float* row(std::size_t index) { return values.data() + (index - first_value) * stride; }
  float* gradient(std::size_t index) { return gradients.data() + place(index) * stride; }
  /// Where among room.gradients rows a block keeps what it notes of a row for its way back.
  std::size_t place(std::size_t row) const { return row - first_gradient; }
};

/// Parts of a slot's rows, for blocks that can divide nothing else: with 16 slots enough for 64 threads.
inline constexpr std::uint32_t kRowParts = 4;

/// Partial sums of gradients, once each rank has added up its slots: the inputs of Step::tree. A record for each
/// branch, in which every block that sums slot by slot has its place.
struct Branches {
  Rows own_slots;                    ///< of this rank
  SlotTree own_tree;                 ///< over them
  std::array<float*, kSlots> own{};  ///< the records of its roots
  std::array<const float*, kSlots> all{};
};

/// What gradient() reads of every row of the step, whichever rank has computed it: so many bytes of each row.
struct RowArray {
  std::byte* data = nullptr;
  std::size_t stride = 0, bytes = 0;
};

/// What all blocks know of the step (or of the chunk of an evaluation) that is running.
struct Step {
  const Dataset* dataset = nullptr;      ///< the whole set
  const std::uint8_t* labels = nullptr;  ///< null where there are none
  const std::uint32_t* order = nullptr;  ///< the images of this step's rows
  std::uint32_t rows = 0;
  std::uint32_t rows_per_slot = 0;  ///< the last slot may have fewer
  std::uint32_t slots = 0;          ///< slots that hold rows
  std::uint64_t number = 0;         ///< from 1
  std::uint64_t seed = 0;
  bool training = false;
  Rows own;                            ///< the rows that this process computes: all, where it is alone
  SlotTree tree;                       ///< what gradient() adds: the sums of all slots, or of all branches
  const Branches* branches = nullptr;  ///< where it is not alone

  Rows slot_rows(std::uint32_t slot) const {
    return {slot * rows_per_slot, std::min((slot + 1) * rows_per_slot, rows)};
  }
  /// Of rows that begin with a slot.
  Rows slots_of(Rows some) const {
    return {some.begin / rows_per_slot, (some.end + rows_per_slot - 1) / rows_per_slot};
  }
};

/// A block's parameters in its own layout, and the moments that the optimizer keeps of them, which it is given behind
/// its making. `position[i]` is where number i of the canonical tensor lies.
struct ParameterStore {
  Buffer<float> values;
  std::vector<Buffer<float>> moments;
  bool decays = false;  ///< weight decay and the L2 penalty are for weights alone
  std::vector<std::uint32_t> position;

  ParameterStore() = default;
  ParameterStore(std::size_t size, std::vector<std::uint32_t> positions)
      : values(size), position(std::move(positions)) {}
};

/// What is done with the gradients that a task has finished, block by block while they are in the caches: update.h.
struct Update {
  /// `gradients` of `count` parameters (a multiple of 16) from `place` on.
  using Work = void (*)(const Update& update, const float* gradients, std::size_t count, ParameterStore& parameters,
                        std::size_t place);
  Work work = nullptr;
  StepFactors<float> factors{};
  float pull = 0;             ///< of the L2 penalty: each weight times this belongs to its gradient
  bool apply = true;          ///< false: the work only looks at them: whether they and their squares are finite
  double* squares = nullptr;  ///< where looking sums their squares: 8 sums, number i of `gradients` goes to i % 8
  float* poison = nullptr;    ///< 16 zeros, no longer zeros once a gradient (or, behind the update, a parameter) is not

  void finish(const float* gradients, std::size_t count, ParameterStore& parameters, std::size_t place) const {
    work(*this, gradients, count, parameters, place);
  }
};

/// From a canonical tensor to where its numbers lie.
inline void scatter(const Tensor& tensor, const std::vector<std::uint32_t>& position, Buffer<float>& to) {
  for (std::size_t i = 0; i < position.size(); ++i) to[position[i]] = tensor.values[i];
}

/// Where each number of an image lies, in the canonical order (channel, row, column); a vector is that with one row and
/// column.
std::vector<std::uint32_t> canonical_positions(const Extent& extent);

/// 0, 1, 2 ...: biases lie as they are numbered.
std::vector<std::uint32_t> bias_positions(std::uint32_t count);

/// One piece of a compiled network: one layer, or several that run as one. Bound to its activations when it is made.
///
/// A step calls forward() and backward() for ranges of rows that cover the batch, on any thread and in any order; then
/// finish_backward() once; then gradient() once for each task below gradient_tasks(), after every backward() of the
/// network is done. All methods are safe to call side by side for different rows, parts or tasks.
///
/// Ranks each call forward() and backward() for rows of their own. Before finish_backward() they exchange what
/// list_shared_rows() names, and the branches that add_branches() has made of their slots; then each of them calls
/// gradient() for all tasks, or, where weights_of_task() says that these can be shared out, for some of them, exchanges
/// the weights that they change, and calls take() for those of the others.
class Block {
 public:
  Block() = default;
  virtual ~Block() = default;
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;

  /// For timings: "conv1+relu+pool".
  virtual std::string name() const = 0;

  /// Floats of scratch memory that forward(), backward() and gradient() need. They are the calling thread's own and
  /// hold anything.
  virtual std::size_t scratch_size() const { return 0; }

  virtual void forward(const Step& step, Rows rows, float* scratch) = 0;

  /// From the output's gradients: the input's (unless this is the first block) and what the parameters' gradients need.
  /// Spatial blocks are called with the rows of slot `slot`, once for each part: it sends back the gradients of its
  /// share of the rows, and sums those of its share of the output channels over all of them. No sum depends on how many
  /// parts there are.
  virtual void backward(const Step& step, Rows rows, std::uint32_t slot, Part part, float* scratch) = 0;

  /// The most parts that each have a share of everything that backward() does.
  virtual std::uint32_t backward_parts() const { return 1; }

  virtual void finish_backward(const Step&) {}

  /// After finish_backward(): a bound that no gradient (nor any partial sum of one) exceeds; infinite where something
  /// was not finite.
  virtual float gradient_bound(const Step&) const { return 0; }

  virtual std::uint32_t gradient_tasks() const { return 0; }
  virtual void gradient(const Step&, std::uint32_t /*task*/, const Update&, float* /*scratch*/) {}

  /// Appends what ranks exchange of each row.
  virtual void list_shared_rows(std::vector<RowArray>&) {}

  /// Takes a place in the records of branches, from number `begin` on; returns how many numbers that are.
  virtual std::size_t take_place(std::size_t /*begin*/) { return 0; }
  /// Writes what the rank's slots add up to: the part of it that gradient() reads in this task.
  virtual void add_branches(const Branches&, std::uint32_t /*task*/) {}

  /// How many weights a gradient task changes, where task i changes those from i times so many on, and beside them no
  /// more than (the first one) the biases: such tasks can be shared out. Otherwise 0.
  virtual std::size_t weights_of_task() const { return 0; }
  /// Does what is left of a task whose weights came from another rank.
  virtual void take(std::uint32_t /*task*/, const Update&) {}

  /// Weights and biases; both null where the block has none. After the values were written from outside, refresh()
  /// renews what is derived from them.
  virtual ParameterStore* weights() { return nullptr; }
  virtual ParameterStore* biases() { return nullptr; }
  virtual void refresh() {}
};

std::unique_ptr<Block> make_convolution(Instructions instructions, ConvolutionPlan plan, ActivationBuffer& input,
                                        ActivationBuffer& output);
/// The first block of many networks: 3x3, stride 1, no padding, relu, 2x2 pooling, on the grey image. Same results as
/// make_convolution()'s block, faster.
std::unique_ptr<Block> make_image_convolution(Instructions instructions, ConvolutionPlan plan, ActivationBuffer& input,
                                              ActivationBuffer& output);
bool image_convolution_fits(const ConvolutionPlan& plan, const Extent& input, const Extent& output);
std::unique_ptr<Block> make_dense(Instructions instructions, DensePlan plan, ActivationBuffer& input,
                                  ActivationBuffer& output);
std::unique_ptr<Block> make_max_pool(MaxPoolPlan plan, ActivationBuffer& input, ActivationBuffer& output);
std::unique_ptr<Block> make_average_pool(AveragePoolPlan plan, ActivationBuffer& input, ActivationBuffer& output);
std::unique_ptr<Block> make_dropout(DropoutPlan plan, ActivationBuffer& input, ActivationBuffer& output);

}  // namespace nib::cpu
