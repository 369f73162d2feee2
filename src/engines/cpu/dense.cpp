// A dense layer with relu or nothing behind it (softmax belongs to the head).
//
// All three products skip what is exactly zero: about half of the inputs and of the gradients behind relu. The weights
// live as [input / 64][unit][64]: the gradient of one such block is finished in registers, so that the update runs
// on the spot, and it serves the input gradient; a second copy [input][unit] serves the forward pass.

#include <algorithm>
#include <bit>
#include <utility>

#include "engines/cpu/block.h"
#include "engines/cpu/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engines/cpu/dense.cpp"
#include "hwy/foreach_target.h"
// After foreach_target.h, as it is included once for each target.
#include "engines/cpu/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace nib::cpu::HWY_NAMESPACE {

class DenseBlock : public Block {
 public:
  DenseBlock(DensePlan plan, ActivationBuffer& input, ActivationBuffer& output)
      : plan_(std::move(plan)),
        input_(input),
        output_(output),
        units_(output.extent.channel_stride),
        blocks_(static_cast<std::uint32_t>(input.stride / kInputBlock)),
        row_words_((output.room.values + 63) / 64),
        unit_words_((units_ + 63) / 64),
        forward_weights_(input.stride * units_),
        alive_inputs_(output.room.values * std::size_t{blocks_}),
        alive_rows_(std::size_t{units_} * row_words_),
        alive_units_(output.room.values * std::size_t{unit_words_}),
        bias_gradients_(units_),
        input_bounds_(output.room.values),
        gradient_bounds_(output.room.values) {
    const std::vector<std::uint32_t> input_positions = canonical_positions(input.extent);
    std::vector<std::uint32_t> positions;
    positions.reserve(input_positions.size() * plan_.layer.units);
    for (std::uint32_t unit = 0; unit < plan_.layer.units; ++unit)
      for (const std::uint32_t input_position : input_positions)
        positions.push_back((input_position / kInputBlock * units_ + unit) * kInputBlock +
                            input_position % kInputBlock);
    weights_ = ParameterStore(input.stride * units_, std::move(positions));
    biases_ = ParameterStore(units_, bias_positions(plan_.layer.units));
  }

  std::string name() const override { return plan_.name; }
  ParameterStore* weights() override { return &weights_; }
  ParameterStore* biases() override { return &biases_; }

  void refresh() override {
    for (std::uint32_t block = 0; block < blocks_; ++block) transpose(block);
  }

  void forward(const Step& step, Rows rows, float*) override {
    for (std::uint32_t row = rows.begin; row < rows.end; ++row) {
      find_alive_inputs(row);
      if (step.training) input_bounds_[row] = greatest_absolute(input_.row(row), input_.stride);
    }
    std::uint32_t unit = 0;
    for (; unit + 8 * kLanes <= units_; unit += 8 * kLanes) forward_units<8>(rows, unit);
    for (; unit + 2 * kLanes <= units_; unit += 2 * kLanes) forward_units<2>(rows, unit);
    for (; unit < units_; unit += kLanes) forward_units<1>(rows, unit);
  }

  void backward(const Step&, Rows rows, std::uint32_t, Part, float*) override {
    for (std::uint32_t row = rows.begin; row < rows.end; ++row) {
      if (plan_.layer.activation == Activation::relu) mask_gradients(row);
      gradient_bounds_[row] = greatest_absolute(output_.gradient(row), units_);
      find_alive_units(row);
    }
    if (!plan_.input_gradient) return;
    for (std::uint32_t block = 0; block < blocks_; ++block) {
      std::uint32_t row = rows.begin;
      if constexpr (kManyRegisters)
        for (; row + 2 <= rows.end; row += 2) input_gradients<2>(row, block);
      for (; row < rows.end; ++row) input_gradients<1>(row, block);
    }
  }

  /// Notes, for each unit, the rows whose gradient is not zero, and sums the bias gradients over the rows.
  void finish_backward(const Step& step) override {
    std::memset(alive_rows_.data(), 0, alive_rows_.size() * sizeof(std::uint64_t));
    std::memset(bias_gradients_.data(), 0, units_ * sizeof(float));
    for (std::uint32_t row = 0; row < step.rows; ++row) {
      const float* const gradients = output_.gradient(row);
      for (std::uint32_t unit = 0; unit < units_; unit += kLanes)
        store(add(load(bias_gradients_.data() + unit), load(gradients + unit)), bias_gradients_.data() + unit);
      for (std::size_t word = 0; word < unit_words_; ++word)
        for (std::uint64_t left = alive_units_[row * std::size_t{unit_words_} + word]; left != 0; left &= left - 1)
          alive_rows_[(word * 64 + static_cast<std::size_t>(std::countr_zero(left))) * row_words_ + row / 64] |=
              std::uint64_t{1} << row % 64;
    }
  }

  float gradient_bound(const Step& step) const override {
    float inputs = 1, gradients = 0;  // the bias counts as an input of 1
    for (std::uint32_t row = 0; row < step.rows; ++row) {
      inputs = std::max(inputs, input_bounds_[row]);
      gradients = std::max(gradients, gradient_bounds_[row]);
    }
    const float bound = inputs * gradients * static_cast<float>(step.rows);
    return bound <= HUGE_VALF ? bound : HUGE_VALF;  // infinity times zero counts as infinity
  }

  std::size_t scratch_size() const override { return std::size_t{output_.room.values} * kInputBlock; }

  std::uint32_t gradient_tasks() const override { return blocks_; }

  void gradient(const Step& step, std::uint32_t block, const Update& update, float* scratch) override {
    // This block's inputs of all rows side by side, so that they stay in the first cache.
    float* const inputs = scratch;
    for (std::uint32_t row = 0; row < step.rows; ++row)
      std::memcpy(inputs + std::size_t{row} * kInputBlock, input_.row(row) + std::size_t{block} * kInputBlock,
                  kInputBlock * sizeof(float));
    const GradientTask task{step.rows, block, inputs};
    std::uint32_t unit = 0;
    if constexpr (kManyRegisters)
      for (; unit + 2 <= plan_.layer.units; unit += 2) unit_gradients<2>(task, unit, update);
    for (; unit < plan_.layer.units; ++unit) unit_gradients<1>(task, unit, update);
    if (block == 0) update.finish(bias_gradients_.data(), units_, biases_, 0);
    if (update.apply) transpose(block);
  }

  void list_shared_rows(std::vector<RowArray>& arrays) override {
    const auto list = [&](auto* data, std::size_t stride, std::size_t count) {
      arrays.push_back({reinterpret_cast<std::byte*>(data), stride * sizeof(*data), count * sizeof(*data)});
    };
    list(input_.row(0), input_.stride, input_.stride);
    list(output_.gradient(0), output_.stride, units_);
    list(alive_units_.data(), unit_words_, unit_words_);
    list(input_bounds_.data(), 1, 1);
    list(gradient_bounds_.data(), 1, 1);
  }

  std::size_t weights_of_task() const override { return std::size_t{units_} * kInputBlock; }
  void take(std::uint32_t block, const Update& update) override {
    if (block == 0) update.finish(bias_gradients_.data(), units_, biases_, 0);
    transpose(block);
  }

 private:
  void find_alive_inputs(std::size_t row) {
    const float* const inputs = input_.row(row);
    for (std::uint32_t block = 0; block < blocks_; ++block) {
      std::uint64_t alive = 0;
      HWY_UNROLL(8)
      for (std::uint32_t i = 0; i < kInputBlock; i += kLanes)
        alive |= std::uint64_t{nonzero_lanes(inputs + std::size_t{block} * kInputBlock + i)} << i;
      alive_inputs_[row * blocks_ + block] = alive;
    }
  }

  /// output = bias + sum over alive inputs in ascending order, then relu. Blocks of 64 inputs on the outside, so that
  /// the rows share the weights they load.
  template <int kVectors>
  void forward_units(Rows rows, std::uint32_t unit) {
    for (std::uint32_t block = 0; block < blocks_; ++block) {
      std::uint32_t row = rows.begin;
      if constexpr (kManyRegisters)
        for (; row + 2 <= rows.end; row += 2) forward_block<kVectors, 2>(row, block, unit);
      for (; row < rows.end; ++row) forward_block<kVectors, 1>(row, block, unit);
    }
  }

  template <int kVectors, int kRows>
  HWY_INLINE void forward_block(std::uint32_t row, std::uint32_t block, std::uint32_t unit) {
    const float* const weights = forward_weights_.data() + std::size_t{block} * kInputBlock * units_ + unit;
    const float* inputs[kRows];
    std::uint64_t alive[kRows];
    Vec sum[kRows][kVectors];
    HWY_UNROLL(2) for (std::uint32_t r = 0; r < kRows; ++r) {
      inputs[r] = input_.row(row + r) + std::size_t{block} * kInputBlock;
      alive[r] = alive_inputs_[(row + r) * std::size_t{blocks_} + block];
      const float* const from = block == 0 ? biases_.values.data() : output_.row(row + r);
      HWY_UNROLL(8) for (int v = 0; v < kVectors; ++v) sum[r][v] = load(from + unit + v * kLanes);
    }
    walk_lists<kRows>(
        alive, [&](int r, std::size_t i) HWY_ATTR
        __attribute__((always_inline)) { add_product<kVectors>(inputs[r][i], weights + i * units_, sum[r]); });
    HWY_UNROLL(2) for (std::uint32_t r = 0; r < kRows; ++r) {
      if (block + 1 == blocks_ && plan_.layer.activation == Activation::relu) HWY_UNROLL(8)
      for (int v = 0; v < kVectors; ++v) sum[r][v] = select(greater(zero(), sum[r][v]), zero(), sum[r][v]);
      HWY_UNROLL(8) for (int v = 0; v < kVectors; ++v) store(sum[r][v], output_.row(row + r) + unit + v * kLanes);
    }
  }

  /// sum[v] += factor * row[v].
  template <int kVectors>
  static HWY_INLINE void add_product(float factor, const float* row, Vec (&sum)[kVectors]) {
    const Vec x = broadcast(factor);
    HWY_UNROLL(8) for (int v = 0; v < kVectors; ++v) sum[v] = multiply_add(x, load(row + v * kLanes), sum[v]);
  }

  /// Calls `add(list, i)` for each bit i of each list in ascending order. Two lists go side by side as long as both
  /// last: one alone has too few sums to hide the latency of their additions.
  template <int kLists, typename Add>
  static HWY_INLINE void walk_lists(std::uint64_t (&left)[kLists], const Add& add) {
    if constexpr (kLists == 2)
      for (; left[0] != 0 && left[1] != 0; left[0] &= left[0] - 1, left[1] &= left[1] - 1) {
        add(0, static_cast<std::size_t>(std::countr_zero(left[0])));
        add(1, static_cast<std::size_t>(std::countr_zero(left[1])));
      }
    for (; left[0] != 0; left[0] &= left[0] - 1) add(0, static_cast<std::size_t>(std::countr_zero(left[0])));
    if constexpr (kLists == 2)
      for (; left[1] != 0; left[1] &= left[1] - 1) add(1, static_cast<std::size_t>(std::countr_zero(left[1])));
  }

  /// The gradient before relu: zero where the output is (a NaN passes, so that it is noticed).
  void mask_gradients(std::size_t row) {
    float* const gradients = output_.gradient(row);
    const float* const outputs = output_.row(row);
    for (std::uint32_t unit = 0; unit < units_; unit += kLanes)
      store(select(greater(load(outputs + unit), zero()), load(gradients + unit), zero()), gradients + unit);
  }

  void find_alive_units(std::size_t row) {
    std::uint64_t* const alive = alive_units_.data() + row * unit_words_;
    std::fill(alive, alive + unit_words_, 0);
    for (std::uint32_t unit = 0; unit < units_; unit += kLanes)
      alive[unit / 64] |= std::uint64_t{nonzero_lanes(output_.gradient(row) + unit)} << unit % 64;
  }

  template <int kRows>
  HWY_INLINE void input_gradients(std::uint32_t row, std::uint32_t block) {
    constexpr int kVectors = kInputBlock / kLanes;
    Vec sum[kRows][kVectors];
    HWY_UNROLL(2) for (int r = 0; r < kRows; ++r) HWY_UNROLL(8) for (int v = 0; v < kVectors; ++v) sum[r][v] = zero();
    for (std::uint32_t word = 0; word < unit_words_; ++word) {
      const float* const weights =
          weights_.values.data() + (std::size_t{block} * units_ + std::size_t{word} * 64) * kInputBlock;
      const float* gradients[kRows];
      std::uint64_t alive[kRows];
      HWY_UNROLL(2) for (std::uint32_t r = 0; r < kRows; ++r) {
        gradients[r] = output_.gradient(row + r) + std::size_t{word} * 64;
        alive[r] = alive_units_[(row + r) * std::size_t{unit_words_} + word];
      }
      walk_lists<kRows>(
          alive, [&](int r, std::size_t j) HWY_ATTR __attribute__((always_inline)) {
            add_product<kVectors>(gradients[r][j], weights + j * kInputBlock, sum[r]);
          });
    }
    HWY_UNROLL(2)
    for (std::uint32_t r = 0; r < kRows; ++r) HWY_UNROLL(8)
    for (int v = 0; v < kVectors; ++v)
      store(sum[r][v], input_.gradient(row + r) + std::size_t{block} * kInputBlock + v * kLanes);
  }

  struct GradientTask {
    std::uint32_t rows;   ///< of the step
    std::uint32_t block;  ///< of 64 inputs
    const float* inputs;  ///< (row, 64)
  };

  /// Some units' gradients for a block of inputs: each one's alive rows in ascending order.
  template <int kUnits>
  HWY_INLINE void unit_gradients(const GradientTask& task, std::uint32_t unit, const Update& update) {
    constexpr int kVectors = kInputBlock / kLanes;
    const std::size_t place = (std::size_t{task.block} * units_ + unit) * kInputBlock, count = kUnits * kInputBlock;
    fetch_to_update(place + count, count);
    Vec sum[kUnits][kVectors];
    HWY_UNROLL(2) for (int u = 0; u < kUnits; ++u) HWY_UNROLL(8) for (int v = 0; v < kVectors; ++v) sum[u][v] = zero();
    for (std::uint32_t word = 0; word * 64 < task.rows; ++word) {
      const float* const gradients = output_.gradient(std::size_t{word} * 64) + unit;
      const float* const inputs = task.inputs + std::size_t{word} * 64 * kInputBlock;
      std::uint64_t alive[kUnits];
      HWY_UNROLL(2)
      for (std::uint32_t u = 0; u < kUnits; ++u) alive[u] = alive_rows_[(unit + u) * std::size_t{row_words_} + word];
      walk_lists<kUnits>(
          alive, [&](int u, std::size_t row) HWY_ATTR __attribute__((always_inline)) {
            add_product<kVectors>(gradients[row * output_.stride + static_cast<std::size_t>(u)],
                                  inputs + row * kInputBlock, sum[u]);
          });
    }
    alignas(64) float finished[count];
    HWY_UNROLL(2)
    for (std::size_t u = 0; u < kUnits; ++u) HWY_UNROLL(8)
    for (std::size_t v = 0; v < kVectors; ++v) store(sum[u][v], finished + u * kInputBlock + v * kLanes);
    update.finish(finished, count, weights_, place);
  }

  /// Has weights and moments on their way while the gradients before theirs are summed.
  HWY_INLINE void fetch_to_update(std::size_t place, std::size_t count) const {
    for (std::size_t i = place; i < place + count; i += 16) {
      __builtin_prefetch(weights_.values.data() + i, 1);
      for (const Buffer<float>& moment : weights_.moments) __builtin_prefetch(moment.data() + i, 1);
    }
  }

  /// Renews the forward copy of one block of inputs.
  void transpose(std::uint32_t block) {
    const float* const from = weights_.values.data() + std::size_t{block} * units_ * kInputBlock;
    float* const to = forward_weights_.data() + std::size_t{block} * kInputBlock * units_;
    for (std::size_t i = 0; i < kInputBlock; i += 4)
      for (std::size_t unit = 0; unit < units_; unit += 4)
        transpose_4x4(from + unit * kInputBlock + i, kInputBlock, to + i * units_ + unit, units_);
  }

  DensePlan plan_;
  ActivationBuffer& input_;
  ActivationBuffer& output_;
  std::uint32_t units_;                   ///< padded
  std::uint32_t blocks_;                  ///< of 64 inputs
  std::uint32_t row_words_, unit_words_;  ///< words of a mask over the rows, over the units
  ParameterStore weights_;                ///< [input / 64][unit][64]
  ParameterStore biases_;
  Buffer<float> forward_weights_;       ///< [input][unit]
  Buffer<std::uint64_t> alive_inputs_;  ///< (row, block): inputs that are not zero
  Buffer<std::uint64_t> alive_rows_;    ///< (unit, word): rows whose gradient is not zero
  Buffer<std::uint64_t> alive_units_;   ///< (row, word): units whose gradient is not zero
  Buffer<float> bias_gradients_;
  Buffer<float> input_bounds_, gradient_bounds_;  ///< a row's greatest absolute input and output gradient
};

std::unique_ptr<Block> new_dense(DensePlan plan, ActivationBuffer& input, ActivationBuffer& output) {
  return std::make_unique<DenseBlock>(std::move(plan), input, output);
}

}  // namespace nib::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include "engines/cpu/dispatch.h"
namespace nib::cpu {

std::unique_ptr<Block> make_dense(Instructions instructions, DensePlan plan, ActivationBuffer& input,
                                  ActivationBuffer& output) {
  return NIB_DISPATCH(instructions, new_dense)(std::move(plan), input, output);
}

}  // namespace nib::cpu
#endif
